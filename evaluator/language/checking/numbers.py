"""Checking ``math.greatest`` and ``math.least``, which take any mixture of numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from evaluator.language import check_problems as problems
from evaluator.language import type_problems
from evaluator.language.checking.overloads import NO_ERRORS, Resolution
from evaluator.language.checking.state import NO_OVERLOAD, State, Term
from evaluator.language.syntax import Call, Expr, ListExpr
from evaluator.language.types import (
    DOUBLE,
    DYN,
    ERROR,
    INT,
    UINT,
    ListType,
    NullableType,
    Type,
    TypeParameter,
)

__all__ = ["NUMBERS"]

_NUMBERS: Final = frozenset({INT, UINT, DOUBLE})
_ARGUMENT: Final = frozenset({"invalid_argument"})


def _numbers(state: State, node: Call, terms: list[Term], resolution: Resolution) -> frozenset[str]:
    """Report what is no number; the errors that cannot occur where all are numbers.

    Signatures cannot say this: their number would be three to the power of that of the arguments.
    """
    excused = NO_OVERLOAD
    for part, type_ in _parts(state, terms):
        if type_ in (DYN, ERROR) or isinstance(type_, TypeParameter):
            excused = NO_ERRORS
        elif type_ not in _NUMBERS:
            excused = NO_ERRORS
            _refuse(state, node, part, type_, terms)
    values = terms[0].node
    if (
        len(terms) == 1
        and isinstance(values, ListExpr)
        and len(values.elements) > len(values.optional)
    ):
        excused = excused | _ARGUMENT
    return excused


def _parts(state: State, terms: list[Term]) -> Iterator[tuple[Expr, Type]]:
    """What is compared, with its type: the arguments, or the elements of a list."""
    if len(terms) > 1:
        yield from ((term.node, term.type) for term in terms)
        return
    (term,) = terms
    if isinstance(term.node, ListExpr) and not term.node.optional:
        yield from ((element, state.types[element.id]) for element in term.node.elements)
    elif isinstance(term.type, ListType):
        yield term.node, term.type.element
    else:
        yield term.node, term.type


def _refuse(state: State, node: Call, part: Expr, type_: Type, terms: list[Term]) -> None:
    span = state.span(part)
    if isinstance(type_, NullableType) and type_.value in _NUMBERS:
        state.report(problems.nullable_unguarded(span, state.text(part)))
        return
    function = state.environment.functions.get(_name(node))
    forms = () if function is None else function.forms
    if len(terms) == 1 and part is terms[0].node:
        type_ = terms[0].type
    state.report(type_problems.number_expected(span, _name(node), type_, forms))


def _name(node: Call) -> str:
    return f"math.{node.function.removeprefix('math.')}"


_Check = Callable[[State, Call, list[Term], Resolution], frozenset[str]]
NUMBERS: Final[Mapping[str, _Check]] = {"math.greatest": _numbers, "math.least": _numbers}
"""By function: the kinds of error of its overload that its arguments rule out."""
