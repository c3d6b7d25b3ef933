"""Lists: sums, order, and what is first and last."""

from __future__ import annotations

from typing import Any

from evaluator.language.functions.declaring import (
    LIST_A,
    OPTIONAL_A,
    function,
    int_result,
    invalid,
    overload,
    uint_result,
)
from evaluator.language.functions.registry import Overload
from evaluator.language.instants import MAX_DURATION, MIN_DURATION
from evaluator.language.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
)
from evaluator.language.values import NONE, Duration, ErrorValue, Optional, UInt, equal

__all__ = ["FUNCTIONS"]


def _size(items: Any, *_: Any) -> int:
    return len(items)


def _sum(items: list[Any]) -> Any:
    """The sum; of an empty list, whose element type is not known at run time, the int 0."""
    if not items:
        return 0
    first = items[0]
    if isinstance(first, Duration):
        total = sum(item.nanoseconds for item in items)
        if not MIN_DURATION <= total <= MAX_DURATION:
            return ErrorValue("overflow", "the sum is a duration of more than about 292 years")
        return Duration(total)
    if isinstance(first, float):
        result = 0.0  # as `+` adds: Python's sum() of floats compensates from 3.12 on
        for item in items:
            result += item
        return result
    if isinstance(first, UInt):
        return uint_result(sum(map(int, items)))
    return int_result(sum(items))


def _sum_uint(items: list[Any]) -> Any:
    return uint_result(sum(map(int, items)))


def _sum_double(items: list[Any]) -> Any:
    return _sum(items) if items else 0.0


def _sum_duration(items: list[Any]) -> Any:
    return _sum(items) if items else Duration(0)


def _distinct(items: list[Any]) -> list[Any]:
    if all(type(item) is str for item in items):
        return list(dict.fromkeys(items))
    found: list[Any] = []
    for item in items:
        if not any(equal(item, other) for other in found):
            found.append(item)
    return found


def _sort(items: list[Any]) -> list[Any] | ErrorValue:
    if len({_order_class(item) for item in items}) > 1:
        return invalid("elements of different types have no order")
    return sorted(items)


def _order_class(value: Any) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return "uint" if isinstance(value, UInt) else type(value).__name__
    return type(value).__name__


_SORTABLE = {
    "int": INT,
    "uint": UINT,
    "double": DOUBLE,
    "bool": BOOL,
    "string": STRING,
    "bytes": BYTES,
    "timestamp": TIMESTAMP,
    "duration": DURATION,
}


def _sorts() -> tuple[Overload, ...]:
    return tuple(
        overload(
            f"list_{name}_sort",
            (ListType(element),),
            ListType(element),
            _sort,
            "invalid_argument",
            member=True,
            cost=_size,
        )
        for name, element in _SORTABLE.items()
    )


FUNCTIONS = (
    function(
        "sum",
        "The sum of a list of numbers or durations; of an empty list 0.",
        overload("sum_list_int", (ListType(INT),), INT, _sum, "overflow", cost=_size),
        overload("sum_list_uint", (ListType(UINT),), UINT, _sum_uint, "overflow", cost=_size),
        overload("sum_list_double", (ListType(DOUBLE),), DOUBLE, _sum_double, cost=_size),
        overload(
            "sum_list_duration",
            (ListType(DURATION),),
            DURATION,
            _sum_duration,
            "overflow",
            cost=_size,
        ),
        examples=(("sum([1, 2, 3])", "6"), ("sum([])", "0")),
        family="lists",
    ),
    function(
        "distinct",
        "The elements of a list, each once, in the order of their first places.",
        overload("list_distinct", (LIST_A,), LIST_A, _distinct, member=True, cost=_size),
        examples=(("[1, 2, 1].distinct()", "[1, 2]"),),
        family="lists",
    ),
    function(
        "sort",
        "The elements of a list in ascending order.",
        *_sorts(),
        examples=(("[3, 1, 2].sort()", "[1, 2, 3]"),),
        family="lists",
    ),
    function(
        "first",
        "The first element as an optional, empty for an empty list.",
        overload(
            "list_first",
            (LIST_A,),
            OPTIONAL_A,
            lambda items: Optional(items[0]) if items else NONE,
            member=True,
        ),
        examples=(("[1, 2].first().value()", "1"),),
        family="lists",
    ),
    function(
        "last",
        "The last element as an optional, empty for an empty list.",
        overload(
            "list_last",
            (LIST_A,),
            OPTIONAL_A,
            lambda items: Optional(items[-1]) if items else NONE,
            member=True,
        ),
        examples=(("[1, 2].last().value()", "2"),),
        family="lists",
    ),
)
