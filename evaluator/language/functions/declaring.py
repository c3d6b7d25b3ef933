"""Short forms for declaring functions, shared by the families."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from evaluator.language.functions.registry import Example, Function, Overload
from evaluator.language.types import ListType, MapType, OptionalType, Type, TypeParameter
from evaluator.language.values import INT_MAX, INT_MIN, UINT_MAX, ErrorValue, UInt

__all__ = [
    "LIST_A",
    "MAP_AB",
    "OPTIONAL_A",
    "A",
    "B",
    "Cost",
    "fails",
    "function",
    "int_result",
    "invalid",
    "overload",
    "uint_result",
]

A: Final = TypeParameter("A")
B: Final = TypeParameter("B")
LIST_A: Final = ListType(A)
MAP_AB: Final = MapType(A, B)
OPTIONAL_A: Final = OptionalType(A)

Cost = Callable[..., int]


def overload(
    id: str,
    parameters: Iterable[Type],
    result: Type,
    implementation: Callable[..., Any],
    *errors: str,
    member: bool = False,
    cost: Cost | None = None,
) -> Overload:
    """An overload; ``errors`` are the error kinds that it can end in."""
    return Overload(id, tuple(parameters), result, implementation, member, frozenset(errors), cost)


def function(
    name: str,
    summary: str,
    *overloads: Overload,
    examples: Iterable[tuple[str, str] | Example] = (),
    family: str = "standard",
    cost: str = "",
    forms: Iterable[str] = (),
) -> Function:
    """A function; ``examples`` are expressions with their values as printed, or with ``fails``."""
    made = (one if isinstance(one, Example) else Example(*one) for one in examples)
    return Function(name, summary, overloads, tuple(made), family, cost, tuple(forms))


def fails(expression: str, kind: str) -> Example:
    """The example of an error."""
    return Example(expression, error=kind)


def int_result(value: int) -> int | ErrorValue:
    """A result of int arithmetic, or the overflow that it is."""
    if INT_MIN <= value <= INT_MAX:
        return value
    return ErrorValue("overflow", "the result does not fit into a 64-bit integer")


def uint_result(value: int) -> UInt | ErrorValue:
    """A result of uint arithmetic, or the overflow that it is."""
    if 0 <= value <= UINT_MAX:
        return UInt(value)
    return ErrorValue("overflow", "the result does not fit into an unsigned 64-bit integer")


def invalid(message: str) -> ErrorValue:
    """The error for an argument whose value a function does not accept."""
    return ErrorValue("invalid_argument", message)
