"""Compiling functions of texts and lists that Python has itself."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from evaluator.language.compiling.forms import Form, Value, plain_type
from evaluator.language.compiling.runtime import Doubt
from evaluator.language.regex import compile_pattern
from evaluator.language.syntax import Call, Comprehension, ComprehensionKind, Expr, Name, walk
from evaluator.language.types import BOOL, INT, STRING, ListType
from evaluator.language.values import INT_MAX, INT_MIN, Map

if TYPE_CHECKING:
    from evaluator.language.compiler import Compiler

__all__ = ["NATIVES", "as_set", "membership"]

Emit = Callable[["Compiler", Call, Sequence[Value]], "Value | None"]


def _in_list(compiler: Compiler, node: Call, values: Sequence[Value]) -> Value | None:
    """``text in texts``."""
    element, over = values
    builder = compiler.builder
    if element.type != STRING or element.form is not Form.PLAIN:
        return None
    if over.is_constant:
        texts = as_set(compiler, over.known)
        if texts is None:
            return None
        compiler.spend_always(len(over.known))
        code = compiler.plain(element)
        return Value(builder.compare(code, ast.In(), builder.constant(texts, "set")), BOOL)
    if not is_texts(over):
        return None
    items = compiler.named(compiler.plain(over))
    compiler.spend(builder.call(len, items))
    return Value(builder.compare(compiler.plain(element), ast.In(), items), BOOL)


def is_texts(value: Value) -> bool:
    """Whether a value is a plain list of texts."""
    type_ = value.type
    return (
        value.form is Form.PLAIN
        and isinstance(type_, ListType)
        and plain_type(type_.element) == STRING
    )


def as_set(compiler: Compiler, items: Sequence[Any]) -> frozenset[str] | None:
    """Constant texts as a set; None when there is anything else among them."""
    if not isinstance(items, (list, tuple)) or not all(type(item) is str for item in items):
        return None
    texts: frozenset[str] = compiler.shared.setdefault(("set", *items), frozenset(items))
    return texts


def membership(compiler: Compiler, node: Comprehension, over: Value) -> Value | None:
    """``texts.exists(t, t in set)`` and its like as one operation on sets."""
    found = _membership(node) if is_texts(over) else None
    if found is None:
        return None
    within, negated = found
    made = _set_of(compiler, within)
    if made is None:
        return None
    texts, most = made
    builder = compiler.builder
    items = compiler.named(compiler.plain(over))
    count = builder.call(len, items)
    compiler.spend(builder.binary(count, ast.Mult(), builder.constant(1 + most)))
    # Some are in it: not disjoint. All are: superset. Some are not: no superset. None is: disjoint.
    exists = node.kind is ComprehensionKind.EXISTS
    method = "isdisjoint" if exists is not negated else "issuperset"
    code = builder.method(texts, method, items)
    return Value(builder.negated(code) if exists else code, BOOL)


def _membership(node: Comprehension) -> tuple[Expr, bool] | None:
    """The set of ``x in set`` or ``!(x in set)``, where ``x`` is the variable."""
    body, negated = node.body, False
    if isinstance(body, Call) and body.function == "!_":
        body, negated = body.args[0], True
    if not isinstance(body, Call) or body.function != "@in" or len(node.variables) != 1:
        return None
    element, within = body.args
    (variable,) = node.variables
    if not isinstance(element, Name) or element.name != variable:
        return None
    if any(isinstance(part, Name) and part.name == variable for part in walk(within)):
        return None
    return within, negated


def _set_of(compiler: Compiler, node: Expr) -> tuple[ast.expr, int] | None:
    """The code of a set of texts, and how many it has at most."""
    builder = compiler.builder
    if isinstance(node, Call) and node.function == "_[_]":
        table = compiler.visit(node.args[0])
        if not table.is_constant or type(table.known) is not Map:
            return None
        sets = {key: as_set(compiler, value) for key, value in table.known.items()}
        key = compiler.visit(node.args[1])
        if key.type != STRING or None in sets.values() or set(map(type, sets)) != {str}:
            return None
        shared = compiler.shared.setdefault(("sets", id(table.known)), sets)
        code = builder.item(builder.constant(shared, "sets"), compiler.plain(key))
        return code, max(len(value) for _, value in table.known.items())
    # What is not constant is tried in vain only where that emits nothing.
    is_local = isinstance(node, Name) and isinstance(compiler.locals.get(node.name), Value)
    if is_local or (not isinstance(node, Name) and _has_names(node)):
        return None
    value = compiler.visit(node)
    texts = as_set(compiler, value.known) if value.is_constant else None
    return None if texts is None else (builder.constant(texts, "set"), len(value.known))


def _has_names(node: Expr) -> bool:
    return any(isinstance(part, (Name, Comprehension)) for part in walk(node))


# Texts


def _matches(compiler: Compiler, node: Call, values: Sequence[Value]) -> Value | None:
    """``text.matches(pattern)`` of a constant pattern, which is compiled here."""
    text, pattern = values
    compiled = compile_pattern(pattern.known) if pattern.is_constant else None
    if compiled is None:
        return None
    builder = compiler.builder
    code = compiler.named(compiler.plain(text))
    size = builder.constant(len(pattern.known))
    compiler.spend(builder.binary(builder.call(len, code), ast.Add(), size))
    found = compiler.shared.setdefault(("matches", pattern.known), compiled.found_in)
    return Value(builder.call(found, code), BOOL)


def _method(name: str) -> Emit:
    """A test of a text that costs nothing."""

    def emit(compiler: Compiler, node: Call, values: Sequence[Value]) -> Value:
        text, part = map(compiler.plain, values)
        return Value(compiler.builder.method(text, name, part), BOOL)

    return emit


def _replace(compiler: Compiler, node: Call, values: Sequence[Value]) -> Value | None:
    """``text.replace(old, new)`` of constants that do not make the text longer."""
    text, old, new = values
    if not old.is_constant or not new.is_constant or len(new.known) > len(old.known):
        return None
    builder = compiler.builder
    code = compiler.named(compiler.plain(text))
    compiler.spend(builder.call(len, code))
    return Value(builder.method(code, "replace", old.code, new.code), STRING)


def _cased(name: str, function_of: str) -> Emit:
    """``lowerAscii`` and ``upperAscii``."""

    def emit(compiler: Compiler, node: Call, values: Sequence[Value]) -> Value:
        builder = compiler.builder
        code = compiler.named(compiler.plain(values[0]))
        compiler.spend(builder.call(len, code))
        slow = compiler.functions.overload(function_of).implementation
        return Value(
            builder.conditional(
                builder.method(code, "isascii"),
                builder.method(code, name),
                builder.call(slow, code),
            ),
            STRING,
        )

    return emit


# Lists


def _distinct(compiler: Compiler, node: Call, values: Sequence[Value]) -> Value | None:
    """``texts.distinct()``."""
    (value,) = values
    if not is_texts(value):
        return None
    builder = compiler.builder
    items = compiler.named(compiler.plain(value))
    compiler.spend(builder.call(len, items))
    once = builder.call(dict.fromkeys, items)
    return Value(builder.call(list, once), value.type)


def _sum(compiler: Compiler, node: Call, values: Sequence[Value]) -> Value | None:
    """``sum`` of a list of ints."""
    builder = compiler.builder
    items = compiler.named(compiler.plain(values[0]))
    compiler.spend(builder.call(len, items))
    total = compiler.named(builder.call(sum, items), "sum")
    inside = builder.between(builder.constant(INT_MIN), total, builder.constant(INT_MAX))
    with builder.when(builder.negated(inside)):
        builder.fail(Doubt)
    return Value(total, INT)


NATIVES: Final[Mapping[str, Emit]] = {
    "in_list": _in_list,
    "matches": _matches,
    "matches_string": _matches,
    "starts_with_string": _method("startswith"),
    "ends_with_string": _method("endswith"),
    "string_replace_string_string": _replace,
    "string_lower_ascii": _cased("lower", "string_lower_ascii"),
    "string_upper_ascii": _cased("upper", "string_upper_ascii"),
    "list_distinct": _distinct,
    "sum_list_int": _sum,
}
