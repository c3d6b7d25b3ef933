"""Checking what has a syntax of its own: literals, ``&&`` and ``||``, ``? :``, lists, maps."""

from __future__ import annotations

from typing import Final

from evaluator.language import check_problems as problems
from evaluator.language import type_problems
from evaluator.language.checking.facts import IMPOSSIBLE, NOTHING, Facts
from evaluator.language.checking.guards import enum_with
from evaluator.language.checking.inference import common, join, type_of_value
from evaluator.language.checking.overloads import NO_ERRORS
from evaluator.language.checking.state import NO_OVERLOAD, State, Term
from evaluator.language.syntax import (
    Conditional,
    Entry,
    ListExpr,
    Literal,
    Logical,
    MapExpr,
    Message,
)
from evaluator.language.types import (
    BOOL,
    DYN,
    ERROR,
    INT,
    NULL,
    STRING,
    UINT,
    EnumType,
    ListType,
    MapType,
    NullableType,
    OptionalType,
    Type,
    TypeParameter,
)
from evaluator.language.values import Map

__all__ = [
    "condition",
    "visit_conditional",
    "visit_list",
    "visit_literal",
    "visit_logical",
    "visit_map",
    "visit_message",
]

_DUPLICATE: Final = frozenset({"duplicate_key"})
_KEYS: Final = (BOOL, INT, UINT, STRING)


def visit_literal(state: State, node: Literal) -> Term:
    """A constant, of any value."""
    value = node.value
    term = Term(node, type_of_value(value))
    term.values = (value,)
    if value is True:
        term.when_false = IMPOSSIBLE
    elif value is False:
        term.when_true = IMPOSSIBLE
    return term


def condition(state: State, term: Term, what: str) -> frozenset[str]:
    """Report what is no condition where ``what`` needs one; the errors of what may be none."""
    type_ = term.type
    if type_ in (BOOL, ERROR) or isinstance(type_, TypeParameter):
        return NO_ERRORS
    if type_ == NullableType(BOOL):
        state.without_null(term)
    elif type_ != DYN:
        state.report(type_problems.operand_no_condition(state.span(term.node), what, type_))
    return NO_OVERLOAD


def visit_logical(state: State, node: Logical) -> Term:
    """A chain of ``&&`` or ``||``: each operand is checked knowing what those before it say."""
    conjunction = node.operator == "&&"
    before = state.known
    errors = NO_ERRORS
    operands = []
    both, either = NOTHING, IMPOSSIBLE
    changed = False
    for operand in node.operands:
        term = state.visit(operand)
        changed = changed or term.node is not operand
        operands.append(term.node)
        errors |= term.errors
        if term.type != BOOL:
            errors |= condition(state, term, node.operator)
        passed, stopped = (
            (term.when_true, term.when_false) if conjunction else (term.when_false, term.when_true)
        )
        if passed:
            both &= passed
            state.known = before & both
        # The operands before may have failed: one that stops the chain absorbs their errors.
        either |= stopped
    state.known = before
    resolved = Logical(node.id, node.operator, tuple(operands)) if changed else node
    result = Term(resolved, BOOL, errors)
    if conjunction:
        result.when_true, result.when_false = both, either
    else:
        result.when_true, result.when_false = either, both
    return result


def visit_conditional(state: State, node: Conditional) -> Term:
    """``condition ? then : otherwise``."""
    test = state.visit(node.condition)
    errors = test.errors
    if test.type != BOOL:
        errors |= condition(state, test, "? :")
    then = state.visit_knowing(node.then, test.when_true)
    otherwise = state.visit_knowing(node.otherwise, test.when_false)
    resolved = node
    if (
        test.node is not node.condition
        or then.node is not node.then
        or otherwise.node is not node.otherwise
    ):
        resolved = Conditional(node.id, test.node, then.node, otherwise.node)
    term = Term(
        resolved,
        _branches(state, then, otherwise),
        errors | then.errors | otherwise.errors,
        then.volatile or otherwise.volatile,
    )
    if then.values is not None and otherwise.values is not None:
        term.values = then.values + otherwise.values
    term.when_true = _either(test, then.when_true, otherwise.when_true)
    term.when_false = _either(test, then.when_false, otherwise.when_false)
    return term


def _either(test: Term, then: Facts, otherwise: Facts) -> Facts:
    return (test.when_true & then) | (test.when_false & otherwise)


def _branches(state: State, then: Term, otherwise: Term) -> Type:
    joined = join(then.type, otherwise.type)
    if joined is not None:
        joined = enum_with(then.type, otherwise, joined)
        return enum_with(otherwise.type, then, joined)
    for one, other in ((then, otherwise), (otherwise, then)):
        if one.type == NULL:
            return NullableType(other.type)
    state.report(
        type_problems.branches_differ(
            state.span(otherwise.node), then.type, otherwise.type, state.span(then.node)
        )
    )
    return ERROR


def visit_list(state: State, node: ListExpr) -> Term:
    """``[a, ?b]``; elements without a common type make a ``list(dyn)``."""
    errors = NO_ERRORS
    volatile = False
    terms = []
    types = []
    for index, element in enumerate(node.elements):
        term = state.visit(element)
        terms.append(term)
        errors |= term.errors
        volatile = volatile or term.volatile
        if index in node.optional:
            type_, more = _content(state, term)
            types.append(type_)
            errors |= more
        else:
            types.append(term.type)
    resolved = node
    if any(term.node is not old for term, old in zip(terms, node.elements, strict=True)):
        resolved = ListExpr(node.id, tuple(term.node for term in terms), node.optional)
    result = Term(resolved, ListType(common(types)), errors, volatile)
    if not node.optional and all(isinstance(element, Literal) for element in node.elements):
        result.values = ([item.value for item in node.elements if isinstance(item, Literal)],)
    return result


def _content(state: State, term: Term, what: str = "`?`") -> tuple[Type, frozenset[str]]:
    """The type of an optional's value, and the errors of what may be no optional."""
    type_ = state.without_null(term)
    if isinstance(type_, OptionalType):
        return type_.value, NO_ERRORS
    if type_ in (DYN, ERROR) or isinstance(type_, TypeParameter):
        return type_, NO_OVERLOAD if type_ == DYN else NO_ERRORS
    state.report(type_problems.optional_expected(state.span(term.node), what, type_))
    return ERROR, NO_ERRORS


def visit_map(state: State, node: MapExpr) -> Term:
    """``{k: v, ?k: v}``. With literal strings for keys its type knows them, as that of a table."""
    errors = NO_ERRORS
    volatile = False
    entries = []
    key_types: list[Type] = []
    value_types: list[Type] = []
    changed = False
    for entry in node.entries:
        key, value = state.visit(entry.key), state.visit(entry.value)
        errors |= key.errors | value.errors
        volatile = volatile or key.volatile or value.volatile
        key_type, more = _key(state, key)
        key_types.append(key_type)
        errors |= more
        if entry.optional:
            type_, more = _content(state, value)
            value_types.append(type_)
            errors |= more
        else:
            value_types.append(value.type)
        if key.node is not entry.key or value.node is not entry.value:
            changed = True
            entry = Entry(entry.id, key.node, value.node, entry.optional)
        entries.append(entry)
    literals = [entry.key.value for entry in node.entries if isinstance(entry.key, Literal)]
    literal = len(literals) == len(node.entries)
    if not literal or len(Map((key, None) for key in literals)) < len(literals):
        errors |= _DUPLICATE
    known = None
    if literal and not any(entry.optional for entry in node.entries):
        known = frozenset(literals) if all(type(key) is str for key in literals) else None
    resolved = MapExpr(node.id, tuple(entries)) if changed else node
    return Term(resolved, MapType(common(key_types), common(value_types), known), errors, volatile)


def _key(state: State, term: Term) -> tuple[Type, frozenset[str]]:
    type_ = state.without_null(term)
    if type_ in _KEYS or type_ == ERROR or isinstance(type_, (EnumType, TypeParameter)):
        return type_, NO_ERRORS
    if type_ == DYN:
        return DYN, NO_OVERLOAD
    state.report(type_problems.key_type(state.span(term.node), type_))
    return ERROR, NO_ERRORS


def visit_message(state: State, node: Message) -> Term:
    """``Name{field: value}``: there are no protocol buffer messages."""
    entries = []
    for entry in node.entries:
        entries.append(Entry(entry.id, entry.key, state.visit(entry.value).node, entry.optional))
    state.report(problems.message_unsupported(state.span(node), node.name))
    return Term(Message(node.id, node.name, tuple(entries)), ERROR)
