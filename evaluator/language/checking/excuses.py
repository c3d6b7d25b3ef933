"""What the arguments of a call say of its errors: which cannot occur, and which always will."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from evaluator.language import check_problems as problems
from evaluator.language.checking.facts import PRESENT
from evaluator.language.checking.guards import step_to
from evaluator.language.checking.overloads import NO_ERRORS, Resolution
from evaluator.language.checking.state import State, Term
from evaluator.language.checking.tables import covers
from evaluator.language.regex import objection
from evaluator.language.syntax import Call, Expr, ListExpr, Literal, MapExpr
from evaluator.language.types import (
    DYN,
    INT,
    TIMESTAMP,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    OptionalType,
    Type,
    TypeParameter,
)
from evaluator.language.values import ErrorValue, Timestamp

__all__ = ["EXCUSED"]

_NOT_FOUND: Final = frozenset({"index_out_of_range", "no_such_key"})
_ARGUMENT: Final = frozenset({"invalid_argument"})
_NO_VALUE: Final = frozenset({"no_value"})
_ZERO: Final = frozenset({"divide_by_zero"})
_COST: Final = frozenset({"cost_exceeded"})
_OVERFLOW: Final = frozenset({"overflow"})


def _index(state: State, node: Call, terms: list[Term], resolution: Resolution) -> frozenset[str]:
    container, key = terms
    type_ = container.type
    # An int is always integral; that is asked of doubles, which may be indices at run time.
    excused = _ARGUMENT if resolution.certain is not None and key.type == INT else NO_ERRORS
    if isinstance(type_, MapType) and covers(state, container, type_, key):
        return excused | _NOT_FOUND
    step = step_to(type_, key)
    if container.location is None or step is None:
        return excused
    if state.holds((*container.location, step), PRESENT):
        return excused | _NOT_FOUND
    return excused


def _compare(state: State, node: Call, terms: list[Term], resolution: Resolution) -> frozenset[str]:
    """Only lists and maps of one size take work to compare."""
    plain = any(_is_scalar(term.type) or _is_empty(term.node) for term in terms)
    return _COST if plain else NO_ERRORS


def _is_empty(node: Expr) -> bool:
    return (isinstance(node, ListExpr) and not node.elements) or (
        isinstance(node, MapExpr) and not node.entries
    )


def _is_scalar(type_: Type) -> bool:
    if isinstance(type_, (NullableType, OptionalType)):
        return _is_scalar(type_.value)
    return type_ != DYN and not isinstance(type_, (ListType, MapType, ObjectType, TypeParameter))


def _value(state: State, node: Call, terms: list[Term], resolution: Resolution) -> frozenset[str]:
    return _NO_VALUE if state.holds(terms[0].location, PRESENT) else NO_ERRORS


def _divide(state: State, node: Call, terms: list[Term], resolution: Resolution) -> frozenset[str]:
    divisor = terms[1].node
    if not isinstance(divisor, Literal) or divisor.value == 0:
        return NO_ERRORS
    return _ZERO if divisor.value == -1 else _ZERO | _OVERFLOW


# Arguments that are written out: such a call always succeeds or always fails


def _convert(state: State, node: Call, terms: list[Term], resolution: Resolution) -> frozenset[str]:
    if resolution.certain is None or len(terms) != 1 or not isinstance(terms[0].node, Literal):
        return NO_ERRORS
    return _tried(state, node, resolution, terms[0].node.value)


def _zone(state: State, node: Call, terms: list[Term], resolution: Resolution) -> frozenset[str]:
    """The time zone of an accessor such as ``getHours``, tried on some time."""
    if len(terms) != 2 or terms[0].type != TIMESTAMP or not isinstance(terms[1].node, Literal):
        return NO_ERRORS
    return _tried(state, node, resolution, Timestamp(0), terms[1].node.value) & _ARGUMENT


def _tried(state: State, node: Call, resolution: Resolution, *arguments: Any) -> frozenset[str]:
    """The errors of a call that a trial shows to succeed, or a report of its failure."""
    if resolution.certain is None:
        return NO_ERRORS
    value = resolution.certain.implementation(*arguments)
    if isinstance(value, ErrorValue):
        state.report_failure(problems.call_fails(state.span(node), state.text(node), value.message))
        return NO_ERRORS
    return resolution.errors


def _pattern(state: State, node: Call, terms: list[Term], resolution: Resolution) -> frozenset[str]:
    """Report a constant pattern that is none, or none for this call.

    A text may still be one that RE2 does not take, so that no error is ruled out.
    """
    _text, pattern, *others = terms
    for value in pattern.values or ():
        reason = objection(value) if type(value) is str else None
        if reason is not None:
            problem = problems.pattern_bad(state.span(pattern.node), value, reason)
            state.report_failure(problem)
            return NO_ERRORS
    written = [term.node.value for term in (pattern, *others) if isinstance(term.node, Literal)]
    if len(written) == len(terms) - 1:
        _tried(state, node, resolution, "", *written)  # what is refused is so with every text
    return NO_ERRORS


_Excuse = Callable[[State, Call, list[Term], Resolution], frozenset[str]]

EXCUSED: Final[dict[str, _Excuse]] = {
    "_==_": _compare,
    "_!=_": _compare,
    "_[_]": _index,
    "_/_": _divide,
    "_%_": _divide,
    "value": _value,
    **dict.fromkeys(("matches", "regex.extract", "regex.extractAll", "regex.replace"), _pattern),
    **dict.fromkeys(
        ("bool", "bytes", "double", "duration", "int", "string", "timestamp", "uint"), _convert
    ),
    **dict.fromkeys(
        (
            "getDate",
            "getDayOfMonth",
            "getDayOfWeek",
            "getDayOfYear",
            "getFullYear",
            "getHours",
            "getMilliseconds",
            "getMinutes",
            "getMonth",
            "getSeconds",
        ),
        _zone,
    ),
}
"""By function: the kinds of error of its overload that its arguments rule out."""
