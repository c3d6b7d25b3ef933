"""Checking ``format``: a format that is written out, against the types of the values it writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from evaluator.language import check_problems as problems
from evaluator.language import type_problems
from evaluator.language.checking.inference import Fit
from evaluator.language.checking.overloads import NO_ERRORS, Resolution
from evaluator.language.checking.state import State, Term
from evaluator.language.functions.formatting import ACCEPTED, clauses
from evaluator.language.syntax import Call, ListExpr
from evaluator.language.types import (
    BYTES,
    DYN,
    ERROR,
    STRING,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    OpaqueType,
    OptionalType,
    Type,
    TypeParameter,
)
from evaluator.language.values import ErrorValue

__all__ = ["FORMATS"]

_ARGUMENT: Final = frozenset({"invalid_argument"})


def _format(state: State, node: Call, terms: list[Term], resolution: Resolution) -> frozenset[str]:
    """Report a format that always fails; the error of its arguments where none can be wrong."""
    formats = terms[0].values
    if resolution.certain is None or formats is None or len(formats) != 1:
        return NO_ERRORS
    letters = clauses(formats[0])
    if isinstance(letters, ErrorValue):
        _fails(state, node, terms[0], letters.message)
        return NO_ERRORS
    values = terms[1].node
    if not isinstance(values, ListExpr) or values.optional:
        return NO_ERRORS
    given = len(values.elements)
    if given < len(letters):
        clause = "clause" if len(letters) == 1 else "clauses"
        value = "value is" if given == 1 else "values are"
        _fails(
            state,
            node,
            terms[1],
            f"the format has {len(letters)} {clause}, and {given or 'no'} {value} given",
        )
        return NO_ERRORS
    fit = Fit.YES
    for letter, element in zip(letters, values.elements, strict=False):
        type_ = state.types[element.id]
        one = _fit(letter, type_)
        if one is Fit.NO:
            accepted = ACCEPTED[letter][0]
            state.report_failure(
                type_problems.format_argument(state.span(element), f"%{letter}", accepted, type_)
            )
        fit = min(fit, one)
    return _ARGUMENT if fit is Fit.YES else NO_ERRORS


def _fails(state: State, node: Call, place: Term, message: str) -> None:
    state.report_failure(problems.call_fails(state.span(place.node), state.text(node), message))


def _fit(letter: str, type_: Type) -> Fit:
    """Whether a clause writes the values of a type."""
    if type_ in (DYN, ERROR) or isinstance(type_, TypeParameter):
        return Fit.MAYBE
    if letter == "s":
        return _as_text(type_)
    if isinstance(type_, NullableType):
        return min(Fit.MAYBE, _fit(letter, type_.value))
    if isinstance(type_, EnumType):
        type_ = STRING
    return Fit.YES if type_ in ACCEPTED[letter][1] else Fit.NO


def _as_text(type_: Type) -> Fit:
    """Whether ``%s`` writes the values of a type; of bytes it does those that are UTF-8."""
    if isinstance(type_, (OptionalType, OpaqueType)):
        return Fit.NO
    # Of an object, as of dyn, it is not known how deep it is nested.
    if type_ in (DYN, BYTES) or isinstance(type_, (ObjectType, TypeParameter)):
        return Fit.MAYBE
    if isinstance(type_, NullableType):
        return _as_text(type_.value)
    if isinstance(type_, ListType):
        # An empty list is written whatever its elements would be.
        return max(Fit.MAYBE, _as_text(type_.element))
    if isinstance(type_, MapType):
        return max(Fit.MAYBE, min(_as_text(type_.key), _as_text(type_.value)))
    return Fit.YES


FORMATS: Final[Mapping[str, Callable[[State, Call, list[Term], Resolution], frozenset[str]]]] = {
    "format": _format
}
"""By function: the kinds of error of its overload that its arguments rule out."""
