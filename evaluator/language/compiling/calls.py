"""Compiling calls: operators on known types as Python's own, everything else by its function."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from evaluator.language.compiling.forms import (
    Form,
    UnsupportedError,
    Value,
    form_of,
    plain_type,
)
from evaluator.language.compiling.natives import NATIVES
from evaluator.language.compiling.runtime import Doubt, dispatch, index_dispatch, sure
from evaluator.language.functions.registry import Overload
from evaluator.language.instants import MAX_DURATION, MAX_INSTANT, MIN_DURATION, MIN_INSTANT
from evaluator.language.syntax import Call, Expr
from evaluator.language.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NULL,
    STRING,
    TIMESTAMP,
    UINT,
    NullableType,
    OptionalType,
    Type,
)
from evaluator.language.values import INT_MAX, INT_MIN, Map, Optional, equal

if TYPE_CHECKING:
    from evaluator.language.compiler import Compiler

__all__ = ["MOMENTS", "visit_call"]

Emit = Callable[["Compiler", Call, Sequence[Value]], "Value | None"]
"""The code of a call in Python's own terms; None where the values are of no form for that."""

MOMENTS: Final = "moments"
"""The name of the record of ``language.temporal`` where moving times are followed."""

_INDEXING: Final = ("_[_]", "_[?_]")


def visit_call(compiler: Compiler, node: Call) -> Value:
    """A call of a function or operator."""
    nodes = node.args if node.target is None else (node.target, *node.args)
    if node.target is not None and node.function in ("or", "orValue") and len(nodes) == 2:
        return _alternative(compiler, node, nodes)
    values = [compiler.visit(part) for part in nodes]
    return _call(compiler, node, nodes, values)


def _call(compiler: Compiler, node: Call, nodes: Sequence[Expr], values: Sequence[Value]) -> Value:
    if node.function in ("_==_", "_!=_"):
        return _equality(compiler, node, nodes, values)
    chosen = compiler.overloads.get(node.id, ())
    if len(chosen) == 1:
        emit = _EMITTERS.get(chosen[0])
        made = emit(compiler, node, values) if emit is not None else None
        if made is not None:
            return made
        return _applied(compiler, node, compiler.functions.overload(chosen[0]), values)
    functions = compiler.functions
    member = node.target is not None
    if chosen:
        candidates = tuple(map(functions.overload, chosen))
    else:
        candidates = functions.candidates(node.function, member, len(values))
    if not candidates:
        raise UnsupportedError(node.function)
    return _dispatched(compiler, node, candidates, values)


def _applied(compiler: Compiler, node: Call, overload: Overload, values: Sequence[Value]) -> Value:
    """The call of the one overload that it can be."""
    builder = compiler.builder
    codes = [compiler.plain(value) for value in values]
    if overload.cost is not None:
        codes = [compiler.named(code) for code in codes]
        compiler.spend(builder.call(overload.cost, *codes))
    code = builder.call(overload.implementation, *codes)
    if overload.errors:
        code = builder.call(sure, code)
    return Value(code, compiler.type_of(node))


def _dispatched(
    compiler: Compiler, node: Call, candidates: Sequence[Overload], values: Sequence[Value]
) -> Value:
    """A call whose overload is chosen by the values."""
    builder = compiler.builder
    choose = index_dispatch if node.function in _INDEXING else dispatch
    codes = [compiler.plain(value) for value in values]
    result, cost = builder.fresh("t"), builder.fresh("units")
    builder.unpack(
        [result, cost], builder.call(choose, builder.constant(candidates, "overloads"), *codes)
    )
    if any(candidate.cost is not None for candidate in candidates):
        compiler.spend(builder.load(cost))
    return Value(builder.load(result), compiler.type_of(node))


def _alternative(compiler: Compiler, node: Call, nodes: Sequence[Expr]) -> Value:
    """``a.orValue(b)`` and ``a.or(b)``, which look at ``b`` only when ``a`` is empty."""
    builder = compiler.builder
    receiver = compiler.named(compiler.plain(compiler.visit(nodes[0])), "o")
    first = Value(receiver, compiler.type_of(nodes[0]))
    local = builder.fresh("o")
    is_there = builder.logical(
        "&&",
        [
            builder.is_(builder.class_of(receiver), builder.constant(Optional, "optional")),
            builder.attribute(receiver, "present"),
        ],
    )
    if isinstance(first.type, OptionalType):
        is_there = builder.attribute(receiver, "present")
    with builder.block() as then:
        builder.assign(
            local,
            builder.attribute(receiver, "value") if node.function == "orValue" else receiver,
        )
    with compiler.branch(), builder.block() as otherwise:
        second = compiler.visit(nodes[1])
        made = _call(compiler, node, nodes, [first, second])
        builder.assign(local, compiler.plain(made))
    builder.choose(is_there, then, otherwise)
    return Value(builder.load(local), compiler.type_of(node))


# Equality

_SCALARS: Final = frozenset({BOOL, INT, UINT, DOUBLE, STRING, BYTES})


def _equality(
    compiler: Compiler, node: Call, nodes: Sequence[Expr], values: Sequence[Value]
) -> Value:
    builder = compiler.builder
    left, right = values
    one, other = (
        _comparable(compiler, part, value) for part, value in zip(nodes, values, strict=True)
    )
    same = node.function == "_==_"
    operator: ast.cmpop = ast.Eq() if same else ast.NotEq()
    if Form.NANOS in (left.form, right.form) and one == other:
        watched = _watched(compiler, node.function, left, right)
        if watched is not None:
            return watched
        return Value(builder.compare(compiler.nanos(left), operator, compiler.nanos(right)), BOOL)
    if NULL in (one, other):
        kind: ast.cmpop = ast.Is() if same else ast.IsNot()
        return Value(builder.compare(compiler.plain(left), kind, compiler.plain(right)), BOOL)
    if _inner(one) == _inner(other) and _inner(one) in _SCALARS:
        return Value(builder.compare(compiler.plain(left), operator, compiler.plain(right)), BOOL)
    codes = [compiler.named(compiler.plain(value)) for value in values]
    cost = compiler.functions.overload("equals").cost
    if one not in _SCALARS and other not in _SCALARS:
        compiler.spend(builder.call(cost, *codes))
    code = builder.call(equal, *codes)
    return Value(code if same else builder.negated(code), BOOL)


def _comparable(compiler: Compiler, node: Expr, value: Value) -> Type:
    found = compiler.type_of(node)
    return value.type if found == DYN else found


def _inner(type_: Type) -> Type:
    return plain_type(type_.value) if isinstance(type_, NullableType) else plain_type(type_)


# Operators on known types


def _comparison(operator: type[ast.cmpop]) -> Emit:
    def emit(compiler: Compiler, node: Call, values: Sequence[Value]) -> Value:
        left, right = map(compiler.plain, values)
        return Value(compiler.builder.compare(left, operator(), right), BOOL)

    return emit


def _comparison_of_times(operator: type[ast.cmpop]) -> Emit:
    def emit(compiler: Compiler, node: Call, values: Sequence[Value]) -> Value:
        left, right = values
        watched = _watched(compiler, node.function, left, right)
        if watched is not None:
            return watched
        code = compiler.builder.compare(compiler.nanos(left), operator(), compiler.nanos(right))
        return Value(code, BOOL)

    return emit


def _watched(compiler: Compiler, function: str, left: Value, right: Value) -> Value | None:
    """A comparison of times of which one moves against the other: when it flips is noted."""
    rate = left.rate - right.rate
    if not rate:
        return None
    builder = compiler.builder
    codes = [compiler.nanos(left), compiler.nanos(right)]
    about = [builder.constant(function), builder.constant(rate)]
    return Value(builder.method(builder.load(MOMENTS), "compare", *about, *codes), BOOL)


def _ranged(
    operator: type[ast.operator], low: int, high: int, type_: Type, *, nanos: bool = False
) -> Emit:
    """Arithmetic of integers, whose result has to lie in a range."""

    def emit(compiler: Compiler, node: Call, values: Sequence[Value]) -> Value:
        builder = compiler.builder
        form = compiler.nanos if nanos else compiler.plain
        left, right = map(form, values)
        result = compiler.named(builder.binary(left, operator(), right), "n")
        inside = builder.between(builder.constant(low), result, builder.constant(high))
        with builder.when(builder.negated(inside)):
            builder.fail(Doubt)
        rate = values[0].rate + (values[1].rate if operator is ast.Add else -values[1].rate)
        if rate:
            about = [builder.constant(rate), result]
            builder.do(builder.method(builder.load(MOMENTS), "bound", *about))
        return Value(result, type_, form_of(type_), rate=rate)

    return emit


def _doubles(operator: type[ast.operator]) -> Emit:
    def emit(compiler: Compiler, node: Call, values: Sequence[Value]) -> Value:
        left, right = map(compiler.plain, values)
        return Value(compiler.builder.binary(left, operator(), right), DOUBLE)

    return emit


def _not(compiler: Compiler, node: Call, values: Sequence[Value]) -> Value:
    return Value(compiler.builder.negated(compiler.plain(values[0])), BOOL)


def _size(compiler: Compiler, node: Call, values: Sequence[Value]) -> Value:
    (value,) = values
    code = value.code if value.form is Form.RECORDS else compiler.plain(value)
    return Value(compiler.builder.call(len, code), INT)


def _same(compiler: Compiler, node: Call, values: Sequence[Value]) -> Value:
    """``timestamp(t)`` and the like, which give what they are given."""
    return values[0]


def _index_map(compiler: Compiler, node: Call, values: Sequence[Value]) -> Value | None:
    """``table[text]`` of a constant table; where there is no such key Python raises."""
    table, key = values
    if not table.is_constant or type(table.known) is not Map or key.type != STRING:
        return None
    if not all(type(name) is str for name in table.known):
        return None
    entries = compiler.shared.setdefault(id(table.known), dict(table.known.items()))
    builder = compiler.builder
    found = builder.item(builder.constant(entries, "table"), compiler.plain(key))
    return Value(found, compiler.type_of(node))


_ORDER: Final[Mapping[str, type[ast.cmpop]]] = {
    "less": ast.Lt,
    "less_equals": ast.LtE,
    "greater": ast.Gt,
    "greater_equals": ast.GtE,
}
_INT_RANGE: Final = (INT_MIN, INT_MAX)
_INSTANTS: Final = (MIN_INSTANT, MAX_INSTANT)
_LENGTHS: Final = (MIN_DURATION, MAX_DURATION)

_EMITTERS: Final[Mapping[str, Emit]] = {
    **{
        f"{name}_{kind}": _comparison(operator)
        for name, operator in _ORDER.items()
        for kind in ("bool", "int64", "uint64", "double", "string", "bytes")
    },
    **{
        f"{name}_{kind}": _comparison_of_times(operator)
        for name, operator in _ORDER.items()
        for kind in ("timestamp", "duration")
    },
    "add_int64": _ranged(ast.Add, *_INT_RANGE, INT),
    "subtract_int64": _ranged(ast.Sub, *_INT_RANGE, INT),
    "multiply_int64": _ranged(ast.Mult, *_INT_RANGE, INT),
    "add_timestamp_duration": _ranged(ast.Add, *_INSTANTS, TIMESTAMP, nanos=True),
    "add_duration_timestamp": _ranged(ast.Add, *_INSTANTS, TIMESTAMP, nanos=True),
    "add_duration_duration": _ranged(ast.Add, *_LENGTHS, DURATION, nanos=True),
    "subtract_timestamp_timestamp": _ranged(ast.Sub, *_LENGTHS, DURATION, nanos=True),
    "subtract_timestamp_duration": _ranged(ast.Sub, *_INSTANTS, TIMESTAMP, nanos=True),
    "subtract_duration_duration": _ranged(ast.Sub, *_LENGTHS, DURATION, nanos=True),
    "add_double": _doubles(ast.Add),
    "subtract_double": _doubles(ast.Sub),
    "multiply_double": _doubles(ast.Mult),
    "logical_not": _not,
    **{
        f"size_{kind}{member}": _size
        for kind in ("string", "bytes", "list", "map")
        for member in ("", "_member")
    },
    "timestamp_to_timestamp": _same,
    "duration_to_duration": _same,
    "index_map": _index_map,
    **NATIVES,
}
