"""Compiling reads of the request, and selections from maps, optionals and records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from evaluator.language.compiling.forms import Form, NotPlainError, Value
from evaluator.language.compiling.runtime import FIELDS, Doubt, optional_of, there
from evaluator.language.syntax import Attribute, Expr, Select, SelectMode, children
from evaluator.language.types import BOOL
from evaluator.language.values import ABSENT

if TYPE_CHECKING:
    from evaluator.language.compiler import Compiler

__all__ = ["attributes", "visit_attribute", "visit_select"]


def attributes(node: Expr) -> Iterator[Attribute]:
    """The attributes that an expression reads, not those it only asks ``has`` of."""
    stack = [node]
    while stack:
        node = stack.pop()
        if type(node) is Attribute:
            yield node
        elif (
            type(node) is Select and node.mode is SelectMode.HAS and type(node.operand) is Attribute
        ):
            if node.operand.optional_from is not None:
                yield node.operand
        else:
            stack.extend(children(node))


def visit_attribute(compiler: Compiler, node: Attribute) -> Value:
    """An attribute of the request; behind ``.?`` as an optional."""
    root, path, optional_from = node.root, node.path, node.optional_from
    if optional_from is None:
        return _there(compiler, compiler.attributes.read(root, path), node)
    builder = compiler.builder
    if optional_from > 0:
        above = compiler.attributes.has(root, path[:optional_from])
        with builder.when(builder.negated(above)):
            builder.fail(Doubt)
    value = compiler.attributes.read(root, path)
    if value.form is Form.NANOS and value.may_be_absent:
        code = compiler.named(value.code)
        absent = builder.constant(ABSENT, "absent")
        plain = compiler.plain(replace(value, code=code))
        held = builder.conditional(builder.is_(code, absent), absent, plain)
    else:
        held = compiler.plain(value)
    return Value(builder.call(optional_of, held), compiler.type_of(node))


def _there(compiler: Compiler, value: Value, node: Attribute | Select) -> Value:
    """A value that must be there; where the checker has proved that, nothing is asked."""
    if not value.may_be_absent:
        return value
    if compiler.may_miss(node):
        return replace(value, code=compiler.builder.call(there, value.code), may_be_absent=False)
    return replace(value, may_be_absent=False)


def visit_select(compiler: Compiler, node: Select) -> Value:
    """A selection from anything but the request itself."""
    builder = compiler.builder
    operand, field, mode = node.operand, node.field, node.mode
    if type(operand) is Attribute and mode is SelectMode.HAS and operand.optional_from is None:
        return Value(compiler.attributes.has(operand.root, (*operand.path, field)), BOOL)
    value = compiler.visit(operand)
    if value.form is Form.RECORD:
        return _member(compiler, value, node)
    name = builder.constant(field)
    return Value(builder.call(FIELDS[mode], compiler.plain(value), name), compiler.type_of(node))


def _member(compiler: Compiler, record: Value, node: Select) -> Value:
    assert record.layout is not None
    member = record.members.get(node.field)
    if member is None:
        raise NotPlainError(record.layout.origin)
    if node.mode is SelectMode.PLAIN:
        return _there(compiler, member, node)
    builder = compiler.builder
    absent = builder.constant(ABSENT, "absent")
    if node.mode is SelectMode.HAS:
        if not member.may_be_absent:
            return Value(builder.constant(value=True), BOOL)
        return Value(builder.is_not(member.code, absent), BOOL)
    raise NotPlainError(record.layout.origin)
