"""Checking selections: ``a.b``, ``a.?b`` and ``has(a.b)``, of the request and of other values."""

from __future__ import annotations

from typing import Any, Final

from evaluator.diagnostics import did_you_mean
from evaluator.language import check_problems as problems
from evaluator.language import type_problems
from evaluator.language.checking.facts import PRESENT, Facts, Location
from evaluator.language.checking.names import attributes_of, resolve
from evaluator.language.checking.overloads import NO_ERRORS
from evaluator.language.checking.state import NO_OVERLOAD, State, Term
from evaluator.language.checking.tables import report_missing, without_key
from evaluator.language.syntax import Attribute, Expr, Name, Select, SelectMode
from evaluator.language.types import (
    BOOL,
    DYN,
    ERROR,
    STRING,
    EnumType,
    MapType,
    ObjectType,
    OptionalType,
    Type,
    TypeParameter,
)
from evaluator.language.values import Map
from evaluator.source import Span

__all__ = ["visit_select"]

_PLAIN: Final = SelectMode.PLAIN
_OPTIONAL: Final = SelectMode.OPTIONAL
_HAS: Final = SelectMode.HAS

_INVALID: Final = frozenset({"invalid_attribute"})
_NO_KEY: Final = frozenset({"no_such_key"})
_NO_FIELD: Final = frozenset({"no_such_field"})
_SELECTED_FROM: Final = (ObjectType, MapType)
# What selecting from a value of an unknown type may come to.
_UNKNOWN: Final = frozenset({"no_such_field", "no_such_key"}) | NO_OVERLOAD


def visit_select(state: State, node: Select) -> Term:
    """A selection with all that it selects from, ``a.b.c``, without recursion."""
    chain = [node]
    base: Expr = node.operand
    while isinstance(base, Select):
        chain.append(base)
        base = base.operand
    chain.reverse()
    used = 0
    if isinstance(base, Name):
        term, used = resolve(state, base, chain)
        state.record(base.id, term)
        for select in chain[:used]:
            state.record(select.id, term)
    else:
        term = state.visit(base)
    for select in chain[used:]:
        term = _select(state, term, select)
        state.record(select.id, term)
    if isinstance(base, Name):
        _note_read(state, term)
    return term


def _note_read(state: State, term: Term) -> None:
    """Enter the attribute that a chain of selections reads."""
    node = term.node
    asked: str | None = None
    while isinstance(node, Select):
        asked = node.field if node.mode is _HAS else None
        node = node.operand
    if isinstance(node, Attribute):
        path = node.path if asked is None else (*node.path, asked)
        if path:
            state.reads.add((node.root, path))
        # Deciding at another moment replaces `context.time`, so it moves as `now` does.
        if node.root == "context" and path == ("time",) and asked is None:
            term.volatile = True


def _select(state: State, operand: Term, select: Select) -> Term:
    type_ = operand.type
    optional = type(type_) is OptionalType
    if optional:
        assert isinstance(type_, OptionalType)
        inner = state.narrowed(type_.value, operand.location)
        type_ = state.without_null(Term(operand.node, inner), _SELECTED_FROM)
    else:
        type_ = state.without_null(operand, _SELECTED_FROM)
    location: Location | None = None
    if operand.location is not None:
        location = (*operand.location, select.field)
    member, errors, values = _member(state, operand, select, type_, location, optional)
    term = Term(
        _node(operand, select, type_), member, operand.errors | errors, operand.volatile, location
    )
    if select.mode is _HAS:
        term.type = BOOL if member != ERROR else ERROR
        term.when_true = _presence(operand, location)
        term.location = None
        term.volatile = False
    elif member == ERROR:
        pass
    elif optional or select.mode is _OPTIONAL:
        term.type = OptionalType(member)
        term.when_true = term.when_false = _presence(operand, location)
    else:
        term.type = state.narrowed(member, location)
        term.values = values
        state.placed(term)
    return term


def _presence(operand: Term, location: Location | None) -> Facts:
    """That a selected field is there; the optional that it is selected from then is not empty."""
    if location is None:
        return operand.when_true if type(operand.type) is OptionalType else Facts()
    found = Facts.present(location)
    return found & operand.when_true if type(operand.type) is OptionalType else found


def _node(operand: Term, select: Select, type_: Type) -> Expr:
    """The selection in the resolved tree: one attribute for a whole path through the request."""
    node = operand.node
    if select.mode is not _HAS and isinstance(node, Attribute) and _is_read_through(type_):
        start = node.optional_from
        if start is None and select.mode is _OPTIONAL:
            start = len(node.path)
        return Attribute(select.id, node.root, (*node.path, select.field), start)
    if node is select.operand:
        return select
    return Select(select.id, node, select.field, select.mode)


def _is_read_through(type_: Type) -> bool:
    return isinstance(type_, ObjectType) or type_ in (DYN, ERROR)


_Member = tuple[Type, frozenset[str], tuple[Any, ...] | None]


def _member(
    state: State,
    operand: Term,
    select: Select,
    type_: Type,
    location: Location | None,
    optional: bool,
) -> _Member:
    """The type of the field as it is there, and the kinds of error of selecting it."""
    required = select.mode is _PLAIN and not optional
    attribute = isinstance(operand.node, Attribute)
    errors = _INVALID if attribute and _is_read_through(type_) else NO_ERRORS
    if isinstance(type_, ObjectType):
        missing = _NO_FIELD if attribute else _NO_KEY
        member, there = _object_field(state, operand, select, type_)
        if required and not there and member != ERROR and not state.holds(location, PRESENT):
            _report_unguarded(state, operand, select, type_)
            errors |= missing
        return member, errors, None
    if type_ == ERROR:
        return ERROR, errors, None
    if type_ == DYN or isinstance(type_, TypeParameter):
        known = required and state.holds(location, PRESENT)
        return DYN, errors if known else errors | _UNKNOWN, None
    if isinstance(type_, MapType) and _takes_strings(type_.key):
        values, excused = _entry(state, operand, select, type_, required)
        if required and not excused and not state.holds(location, PRESENT):
            errors |= _NO_KEY
        return type_.value, errors, values
    text = _operand_text(state, operand, select)
    state.report(type_problems.no_fields(_field_span(state, select), text, select.field, type_))
    return ERROR, errors, None


def _takes_strings(key: Type) -> bool:
    return key in (STRING, DYN) or isinstance(key, (EnumType, TypeParameter))


def _object_field(
    state: State, operand: Term, select: Select, type_: ObjectType
) -> tuple[Type, bool]:
    """The type of an object's field, and whether it is always there."""
    known = type_.fields.get(select.field)
    if known is not None:
        return known.type, known.always
    owner = _operand_text(state, operand, select)
    span = _field_span(state, select)
    if type_.open:
        meant = did_you_mean(select.field, type_.fields)
        # An unguarded read is reported anyway, with a note of what may have been meant.
        if meant is not None and select.mode is not _PLAIN:
            state.report(problems.attribute_undeclared(span, owner, select.field, meant))
        return DYN, False
    elsewhere = [
        f"{root}.{select.field}"
        for root, structure in state.environment.roots.items()
        if select.field in attributes_of(structure)
    ]
    state.report(
        problems.attribute_unknown(span, owner, select.field, list(type_.fields), elsewhere)
    )
    return ERROR, False


def _report_unguarded(state: State, operand: Term, select: Select, type_: ObjectType) -> None:
    owner = _operand_text(state, operand, select)
    note = None
    if select.field not in type_.fields:
        meant = did_you_mean(select.field, type_.fields)
        note = "the request schema does not declare it" + (
            f"; it declares `{meant}`" if meant else ""
        )
    state.report(
        problems.optional_unguarded(
            state.span(select), f"{owner}.{select.field}", f"{owner}.?{select.field}", note=note
        )
    )


def _entry(
    state: State, operand: Term, select: Select, type_: MapType, required: bool
) -> tuple[tuple[Any, ...] | None, bool]:
    """The values that a constant map may have under a key, and whether the key is surely there."""
    field = select.field
    missing = without_key(operand, type_, (field,))
    if missing and required and operand.values is not None:
        text = _operand_text(state, operand, select)
        span = _field_span(state, select)
        report_missing(state, span, text, operand, type_, missing, span)
    if operand.values is None:
        return None, missing is not None and not missing
    maps = [value for value in operand.values if isinstance(value, Map)]
    found = tuple(value.get(field) for value in maps if field in value)
    return found, missing is not None and not missing


def _operand_text(state: State, operand: Term, select: Select) -> str:
    return state.text(select.operand)


def _field_span(state: State, select: Select) -> Span:
    """The place of the field's name alone."""
    if select.mode is not _HAS:
        return state.parsed.name_span(select)
    # The name of `has(a.b)` is `has`; the field is the last word in it.
    fragment, start, end = state.parsed.places[select.id]
    at = fragment.text.rfind(select.field, start, end)
    if at < 0:
        return state.span(select)
    return fragment.span(at, at + len(select.field))
