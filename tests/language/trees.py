"""Syntax trees in tests: compared and written down without ids, and made by chance."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from hypothesis import strategies as st

from evaluator.language.syntax import (
    Bind,
    Call,
    Comprehension,
    ComprehensionKind,
    Conditional,
    Entry,
    Expr,
    ListExpr,
    Literal,
    Logical,
    MapExpr,
    Message,
    Name,
    Select,
    SelectMode,
)
from evaluator.language.values import INT_MAX, INT_MIN, UINT_MAX, UInt

__all__ = ["expressions", "lisp", "shape"]


def shape(node: Any) -> Any:
    """A tree as nested tuples without ids; the types of constants are told apart."""
    if isinstance(node, Expr):
        parts = (getattr(node, field.name) for field in fields(node) if field.name != "id")
        return (type(node).__name__, *map(shape, parts))
    if isinstance(node, tuple):
        return tuple(map(shape, node))
    return (type(node).__name__, repr(node))


def lisp(node: Expr) -> str:
    """A tree as a line that people read: ``(_+_ a (_*_ b 2))``."""
    match node:
        case Literal(value=value):
            return (
                {True: "true", False: "false", None: "null"}.get(value, repr(value))
                if (value is None or isinstance(value, bool))
                else repr(value)
            )
        case Name(name=name):
            return name
        case Select(operand=operand, field=field, mode=mode):
            word = {"plain": ".", "optional": ".?", "has": "has"}[mode]
            return f"({word} {lisp(operand)} {field})"
        case Call(function=function, target=None, args=args):
            return _list(function, *map(lisp, args))
        case Call(function=function, target=Expr() as target, args=args):
            return _list(f".{function}()", lisp(target), *map(lisp, args))
        case Logical(operator=operator, operands=operands):
            return _list(operator, *map(lisp, operands))
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            return _list("?:", lisp(condition), lisp(then), lisp(otherwise))
        case ListExpr(elements=elements, optional=optional):
            marks = ("?" * (index in optional) for index in range(len(elements)))
            return _list("list", *map("".join, zip(marks, map(lisp, elements), strict=True)))
        case Entry(key=key, value=value, optional=optional):
            return f"{'?' * optional}{lisp(key)}: {lisp(value)}"
        case MapExpr(entries=entries):
            return _list("map", *map(lisp, entries))
        case Message(name=name, entries=entries):
            return _list(name + "{}", *map(lisp, entries))
        case Comprehension():
            parts = [node.filter, node.body] if node.filter else [node.body]
            return _list(node.kind, lisp(node.range), *node.variables, *map(lisp, parts))
        case Bind(name=name, value=value, body=body):
            return _list("bind", name, lisp(value), lisp(body))
    raise TypeError(type(node))


def _list(*parts: str) -> str:
    return f"({' '.join(parts)})"


_WORDS = st.sampled_from(["a", "b", "lot", "x1", "_y", "Total", "size", "timestamp", "e5", "cel"])
_FIELDS = _WORDS | st.sampled_from(["in", "if", "null", "has", "r"])
_QUOTED = st.text("aZ09_.-/ ", min_size=1, max_size=5)
_LITERALS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(INT_MIN, INT_MAX),
    st.integers(-3, 3),
    st.integers(0, UINT_MAX).map(UInt),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text("\"'\\`\n\r\tr?", max_size=6),
    st.binary(),
).map(lambda value: Literal(0, value))
_BINARY = [
    *("_+_", "_-_", "_*_", "_/_", "_%_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_"),
    *("@in", "_[_]", "_[?_]"),
]
_ONE_VARIABLE = [kind for kind in ComprehensionKind if not kind.startswith("transform")]
_TWO_VARIABLES = [
    *(ComprehensionKind.ALL, ComprehensionKind.EXISTS, ComprehensionKind.EXISTS_ONE),
    *(kind for kind in ComprehensionKind if kind.startswith("transform")),
]
_FILTERED = [
    ComprehensionKind.MAP,
    *(kind for kind in ComprehensionKind if kind.startswith("transform")),
]


def _larger(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    several = st.lists(inner, max_size=3).map(tuple)
    modes = st.sampled_from(SelectMode)
    pair = st.lists(_WORDS, min_size=2, max_size=2, unique=True)
    entries = st.lists(st.builds(Entry, st.just(0), inner, inner, st.booleans()), max_size=3)
    keys = (_FIELDS | _QUOTED).map(lambda name: Literal(0, name))
    assignments = st.lists(st.builds(Entry, st.just(0), keys, inner, st.booleans()), max_size=3)
    names = st.tuples(st.sampled_from(["", "."]), _WORDS).map("".join)
    qualified = st.tuples(names, st.lists(_FIELDS.filter(_plain), max_size=2))
    return st.one_of(
        st.builds(Select, st.just(0), inner, _FIELDS | _QUOTED, modes),
        st.builds(_binary, st.sampled_from(_BINARY), inner, inner),
        st.builds(_unary, st.sampled_from(["!_", "-_"]), inner),
        st.builds(Call, st.just(0), names, st.none(), several),
        st.builds(Call, st.just(0), _WORDS, inner, several),
        st.builds(_logical, st.sampled_from(["&&", "||"]), st.lists(inner, min_size=2, max_size=4)),
        st.builds(Conditional, st.just(0), inner, inner, inner),
        st.builds(_listed, st.lists(st.tuples(inner, st.booleans()), max_size=3)),
        st.builds(MapExpr, st.just(0), entries.map(tuple)),
        st.builds(
            Message,
            st.just(0),
            qualified.map(lambda name: ".".join((name[0], *name[1]))),
            assignments.map(tuple),
        ),
        st.builds(_loop, st.sampled_from(_ONE_VARIABLE), inner, _WORDS.map(_one), inner),
        st.builds(_loop, st.sampled_from(_TWO_VARIABLES), inner, pair, inner),
        st.builds(_filtered, st.sampled_from(_FILTERED), inner, pair, inner, inner),
        st.builds(Bind, st.just(0), _WORDS, inner, inner),
    )


def expressions() -> st.SearchStrategy[Expr]:
    """Trees as the parser makes them, with ids 0: of every node, with every kind of constant."""
    leaves = _LITERALS | _WORDS.map(lambda name: Name(0, name)) | st.just(Name(0, ".a"))
    return st.recursive(leaves, _larger, max_leaves=12)


def _plain(name: str) -> bool:
    return name not in ("in", "null")


def _one(name: str) -> list[str]:
    return [name]


def _binary(function: str, left: Expr, right: Expr) -> Expr:
    return Call(0, function, None, (left, right))


def _unary(function: str, operand: Expr) -> Expr:
    return Call(0, function, None, (operand,))


def _listed(items: list[tuple[Expr, bool]]) -> Expr:
    optional = frozenset(index for index, (_, marked) in enumerate(items) if marked)
    return ListExpr(0, tuple(item for item, _ in items), optional)


def _logical(operator: str, parts: list[Expr]) -> Expr:
    """A chain, flat as the parser makes it."""
    operands: list[Expr] = []
    for part in parts:
        same = isinstance(part, Logical) and part.operator == operator
        operands.extend(part.operands if same and isinstance(part, Logical) else [part])
    return Logical(0, operator, tuple(operands))


def _loop(kind: ComprehensionKind, over: Expr, names: list[str], body: Expr) -> Expr:
    return Comprehension(0, kind, over, tuple(names), None, body)


def _filtered(
    kind: ComprehensionKind, over: Expr, names: list[str], condition: Expr, body: Expr
) -> Expr:
    variables = tuple(names if kind is not ComprehensionKind.MAP else names[:1])
    return Comprehension(0, kind, over, variables, condition, body)
