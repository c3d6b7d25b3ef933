"""Checking strings against what is known of them: enums of the schema, and the keys of tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from evaluator.language import check_problems as problems
from evaluator.language.checking.environment import Declaration
from evaluator.language.checking.state import State, Term
from evaluator.language.syntax import Expr, ListExpr, Literal
from evaluator.language.types import (
    EnumType,
    ListType,
    MapType,
    NullableType,
    Type,
)
from evaluator.language.values import Map
from evaluator.source import Span

__all__ = [
    "check_membership",
    "check_strings",
    "covers",
    "enum_of",
    "remaining",
    "report_missing",
    "string_edit",
    "without_key",
]


def enum_of(type_: Type) -> EnumType | None:
    """The enum that a type is, perhaps beside null."""
    if isinstance(type_, NullableType):
        type_ = type_.value
    return type_ if isinstance(type_, EnumType) else None


def remaining(state: State, term: Term) -> tuple[str, ...] | None:
    """The strings that a term can be: of its enum without those excluded, or of constants."""
    enum = enum_of(term.type)
    if enum is not None:
        return tuple(value for value in enum.values if not state.holds(term.location, value))
    if term.values is not None and all(type(value) is str for value in term.values):
        return term.values
    return None


# Comparisons


def check_strings(state: State, enum: EnumType, tested: Term, other: Term) -> bool:
    """Report the strings that ``other`` may be and the enum has not; whether there are any."""
    if other.values is None:
        return False
    return _report_unknown(state, enum, tested, other, other.values)


def check_membership(state: State, element: Term, container: Term) -> None:
    """Report what can never be in ``element in list``: on either side a string no enum has."""
    enum = enum_of(element.type)
    if enum is not None:
        if isinstance(container.node, ListExpr):
            for item in container.node.elements:
                if isinstance(item, Literal):
                    _report_unknown(state, enum, element, _literal(item), (item.value,))
        elif container.values is not None:
            members = [
                value
                for values in container.values
                if isinstance(values, (list, tuple))
                for value in values
            ]
            _report_unknown(state, enum, element, container, members)
        return
    type_ = container.type
    if isinstance(type_, ListType) and element.values is not None:
        enum = enum_of(type_.element)
        if enum is not None:
            _report_unknown(state, enum, container, element, element.values)


def _literal(node: Literal) -> Term:
    return Term(node, EnumType(()))


def _report_unknown(
    state: State, enum: EnumType, tested: Term, other: Term, values: Iterable[Any]
) -> bool:
    unknown = [
        value
        for value in dict.fromkeys(item for item in values if type(item) is str)
        if value not in enum.values
    ]
    literal = isinstance(other.node, Literal)
    for value in unknown:
        state.report(
            problems.enum_value_unknown(
                state.span(other.node),
                value,
                state.text(tested.node),
                enum.values,
                in_list=isinstance(tested.type, ListType),
                holder=None if literal else state.text(other.node),
                edit=string_edit(state, other.node, value),
            )
        )
    return bool(unknown)


def string_edit(state: State, node: Expr, value: str) -> Span | None:
    """The place of a literal's characters between its quotes, if they are written as they are."""
    if not isinstance(node, Literal):
        return None
    fragment, start, end = state.parsed.places[node.id]
    written = fragment.text[start:end]
    if written not in (f'"{value}"', f"'{value}'"):
        return None
    span = fragment.span(start + 1, end - 1)
    return span if span.text == value else None


# Keys


def without_key(table: Term, type_: MapType, keys: Sequence[str]) -> tuple[str, ...] | None:
    """Those of some keys that a table lacks; None when its keys are not known."""
    if table.values is not None:
        maps = [value for value in table.values if isinstance(value, Map)]
        return tuple(key for key in keys if any(key not in entries for entries in maps))
    if type_.keys is not None:
        return tuple(key for key in keys if key not in type_.keys)
    return None


def covers(state: State, table: Term, type_: MapType, key: Term) -> bool:
    """Whether a table surely has an entry for a key; reported when it surely lacks one."""
    wanted = remaining(state, key)
    if wanted is None:
        return False
    missing = without_key(table, type_, wanted)
    if missing is None:
        return False
    # Two things that are written out side by side may be meant to differ; a table is not.
    if missing and (table.values is not None or enum_of(key.type) is not None):
        edit = string_edit(state, key.node, missing[0])
        text = state.text(table.node)
        report_missing(state, state.span(key.node), text, table, type_, missing, edit)
    return not missing


def report_missing(
    state: State,
    span: Span,
    text: str,
    table: Term,
    type_: MapType,
    missing: Sequence[str],
    edit: Span | None,
) -> None:
    """Report the entries that a table lacks."""
    keys: set[Any] = set(type_.keys or ())
    for value in table.values or ():
        keys.update(value if isinstance(value, Map) else ())
    location = table.location
    declared = None
    if location is not None and isinstance(location[0], Declaration):
        declared = location[0].span
    state.report(
        problems.key_missing(
            span,
            text,
            missing,
            [key for key in keys if isinstance(key, str)],
            declared=declared,
            edit=edit,
        )
    )
