"""Compiling comprehensions: loops over lists, maps and records."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from evaluator.language.compiling.forms import Form, UnsupportedError, Value
from evaluator.language.compiling.natives import membership
from evaluator.language.compiling.runtime import (
    pairs,
    present,
    put,
    put_all,
    sorted_by_key,
    turns,
)
from evaluator.language.compiling.selections import attributes
from evaluator.language.syntax import Attribute, Comprehension, ComprehensionKind, Expr
from evaluator.language.types import BOOL, DYN, INT, ListType, MapType, Type
from evaluator.language.values import NONE, Map, Optional

if TYPE_CHECKING:
    from evaluator.language.compiler import Compiler

__all__ = ["visit_comprehension"]

_OPTIONAL: Final = (ComprehensionKind.OPT_MAP, ComprehensionKind.OPT_FLAT_MAP)


def visit_comprehension(compiler: Compiler, node: Comprehension) -> Value:
    """A macro that binds variables."""
    emit = _EMITTERS.get(node.kind)
    if emit is None and node.kind not in _OPTIONAL:
        raise UnsupportedError(node.kind)
    over = compiler.visit(node.range)
    if emit is None:
        return _optional(compiler, node, over)
    return emit(compiler, node, over)


@contextmanager
def _looping(compiler: Compiler, node: Comprehension, over: Value) -> Iterator[Value]:
    """The code made inside runs at every turn, with the variables of the comprehension bound.

    The value that is yielded is the element.
    """
    builder = compiler.builder
    kept, fixed = compiler.locals, compiler.fixed_cost
    assigned = compiler.branch()
    if over.form is not Form.RECORDS:
        over = _iterable(compiler, node, over)
    for attribute in _attributes(node):
        compiler.attributes.read(attribute.root, attribute.path)
    place = builder.place
    with assigned, builder.block() as body:
        compiler.depth += 1
        compiler.fixed_cost = 0
        try:
            target, element = _bind(compiler, node, over)
            yield element
        finally:
            compiler.depth -= 1
            compiler.locals = kept
            each, compiler.fixed_cost = 1 + compiler.fixed_cost, fixed
    builder.place = place
    _charge(compiler, over, each)
    target_node = _target(compiler, target)
    builder.add(
        ast.copy_location(
            ast.For(target_node, _walked(compiler, node, over), body, [], None), over.code
        )
    )


def _attributes(node: Comprehension) -> Iterator[Attribute]:
    """The attributes that a body reads, which are better read before the loop."""
    for part in (node.filter, node.body):
        if part is not None:
            yield from attributes(part)


def _charge(compiler: Compiler, over: Value, each: int) -> None:
    builder = compiler.builder
    count = builder.call(len, over.code)
    if each > 1:
        count = builder.binary(count, ast.Mult(), builder.constant(each))
    compiler.spend(count)


def _iterable(compiler: Compiler, node: Comprehension, over: Value) -> Value:
    """What is gone through, as a name; its class is asked for where the type does not tell."""
    code = compiler.plain(over)
    if not isinstance(over.type, (ListType, MapType)):
        code = compiler.builder.call(turns, code)
    return Value(compiler.named(code, "over"), over.type)


def _walked(compiler: Compiler, node: Comprehension, over: Value) -> ast.expr:
    builder = compiler.builder
    if len(node.variables) == 1:
        return over.code
    if over.form is Form.RECORDS or isinstance(over.type, ListType):
        return builder.call(enumerate, over.code)
    if isinstance(over.type, MapType):
        return builder.method(over.code, "items")
    return builder.call(pairs, over.code)


def _bind(compiler: Compiler, node: Comprehension, over: Value) -> tuple[list[str], Value]:
    """The loop's targets, and the element; the variables are bound to them."""
    builder = compiler.builder
    names = [builder.fresh("x") for _ in node.variables]
    types = _element_types(over.type, len(names))
    values = [Value(builder.load(name), type_) for name, type_ in zip(names, types, strict=True)]
    if over.form is Form.RECORDS:
        values[-1] = _record(compiler, names[-1], over)
    compiler.locals = {**compiler.locals, **dict(zip(node.variables, values, strict=True))}
    return names, values[-1]


def _element_types(over: Type, count: int) -> list[Type]:
    if isinstance(over, ListType):
        return [over.element] if count == 1 else [INT, over.element]
    if isinstance(over, MapType):
        return [over.key] if count == 1 else [over.key, over.value]
    return [DYN] * count


def _record(compiler: Compiler, name: str, over: Value) -> Value:
    """The record of a turn, unpacked into a local variable for each member."""
    builder = compiler.builder
    layout = over.layout
    assert layout is not None
    locals_ = {field: builder.fresh("f") for field in layout.fields}
    builder.unpack(list(locals_.values()), builder.load(name))
    members: Mapping[str, Value] = {
        field: Value(builder.load(local), type_, form, may_be_absent)
        for (field, (type_, form, may_be_absent)), local in zip(
            layout.fields.items(), locals_.values(), strict=True
        )
    }
    return Value(builder.load(name), DYN, Form.RECORD, layout=layout, members=members)


def _target(compiler: Compiler, names: list[str]) -> ast.expr:
    builder = compiler.builder
    stores: list[ast.expr] = []
    for name in names:
        load = builder.load(name)
        stores.append(ast.copy_location(ast.Name(name, ast.Store()), load))
    if len(stores) == 1:
        return stores[0]
    return ast.copy_location(ast.Tuple(stores, ast.Store()), stores[0])


def _start(compiler: Compiler, hint: str, value: ast.expr) -> str:
    local = compiler.builder.fresh(hint)
    compiler.builder.assign(local, value)
    return local


def _quantifier(compiler: Compiler, node: Comprehension, over: Value) -> Value:
    """``all`` and ``exists``: the first turn that decides ends the loop."""
    at_once = membership(compiler, node, over)
    if at_once is not None:
        return at_once
    builder = compiler.builder
    found = node.kind is ComprehensionKind.EXISTS
    local = _start(compiler, "q", builder.constant(not found))
    with _looping(compiler, node, over):
        test = compiler.truth(node.body)
        with builder.when(test if found else builder.negated(test)):
            builder.assign(local, builder.constant(found))
            builder.leave()
    return Value(builder.load(local), BOOL)


def _exists_one(compiler: Compiler, node: Comprehension, over: Value) -> Value:
    builder = compiler.builder
    local = _start(compiler, "n", builder.constant(0))
    with _looping(compiler, node, over), builder.when(compiler.truth(node.body)):
        builder.increase(local, ast.Add(), builder.constant(1))
    one = builder.compare(builder.load(local), ast.Eq(), builder.constant(1))
    return Value(one, BOOL)


def _filter(compiler: Compiler, node: Comprehension, over: Value) -> Value:
    builder = compiler.builder
    local = _start(compiler, "kept", builder.listed([]))
    with _looping(compiler, node, over) as element:
        first = compiler.locals[node.variables[0]]
        assert isinstance(first, Value)
        with builder.when(compiler.truth(node.body)):
            builder.do(builder.method(builder.load(local), "append", first.code))
    if over.form is Form.RECORDS and len(node.variables) == 1:
        return Value(builder.load(local), over.type, Form.RECORDS, layout=element.layout)
    return Value(builder.load(local), compiler.type_of(node))


def _kept(compiler: Compiler, condition: Expr | None) -> None:
    """Ends the turn unless the middle argument of the macro holds."""
    if condition is not None:
        builder = compiler.builder
        with builder.when(builder.negated(compiler.truth(condition))):
            builder.skip()


def _map(compiler: Compiler, node: Comprehension, over: Value) -> Value:
    builder = compiler.builder
    local = _start(compiler, "made", builder.listed([]))
    with _looping(compiler, node, over):
        _kept(compiler, node.filter)
        item = compiler.plain(compiler.visit(node.body))
        builder.do(builder.method(builder.load(local), "append", item))
    return Value(builder.load(local), compiler.type_of(node))


def _sort_by(compiler: Compiler, node: Comprehension, over: Value) -> Value:
    builder = compiler.builder
    local = _start(compiler, "keyed", builder.listed([]))
    with _looping(compiler, node, over) as element:
        key = compiler.plain(compiler.visit(node.body))
        pair = builder.tupled([key, compiler.plain(element)])
        builder.do(builder.method(builder.load(local), "append", pair))
    return Value(builder.call(sorted_by_key, builder.load(local)), compiler.type_of(node))


def _transform_map(compiler: Compiler, node: Comprehension, over: Value) -> Value:
    builder = compiler.builder
    local = _start(compiler, "made", builder.call(dict))
    with _looping(compiler, node, over):
        _kept(compiler, node.filter)
        item = compiler.plain(compiler.visit(node.body))
        made = builder.load(local)
        if node.kind is ComprehensionKind.TRANSFORM_MAP_ENTRY:
            builder.do(builder.call(put_all, made, item))
        else:
            key = compiler.locals[node.variables[0]]
            assert isinstance(key, Value)
            builder.do(builder.call(put, made, key.code, item))
    entries = builder.method(builder.load(local), "values")
    return Value(builder.call(Map, entries), compiler.type_of(node))


def _optional(compiler: Compiler, node: Comprehension, over: Value) -> Value:
    """``optMap`` and ``optFlatMap``."""
    builder = compiler.builder
    code = compiler.named(compiler.plain(over), "o")
    local = _start(compiler, "o", builder.constant(NONE, "none"))
    kept = compiler.locals
    with compiler.branch(), builder.when(builder.call(present, code)):
        inner = builder.fresh("x")
        builder.assign(inner, builder.attribute(code, "value"))
        compiler.locals = {**kept, node.variables[0]: Value(builder.load(inner), DYN)}
        body = compiler.plain(compiler.visit(node.body))
        if node.kind is ComprehensionKind.OPT_MAP:
            builder.assign(local, builder.call(Optional, body))
        else:
            body = compiler.named(body)
            builder.do(builder.call(present, body))
            builder.assign(local, body)
        compiler.locals = kept
    return Value(builder.load(local), compiler.type_of(node))


_Kind = ComprehensionKind
_EMITTERS: Final[Mapping[ComprehensionKind, Callable[[Compiler, Comprehension, Value], Value]]] = {
    _Kind.ALL: _quantifier,
    _Kind.EXISTS: _quantifier,
    _Kind.EXISTS_ONE: _exists_one,
    _Kind.FILTER: _filter,
    _Kind.MAP: _map,
    _Kind.SORT_BY: _sort_by,
    _Kind.TRANSFORM_LIST: _map,
    _Kind.TRANSFORM_MAP: _transform_map,
    _Kind.TRANSFORM_MAP_ENTRY: _transform_map,
}
