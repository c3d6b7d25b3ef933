"""Lists: sums, order, and what is first and last."""

from __future__ import annotations

from typing import Any

from evaluator.language.functions.declaring import (
    LIST_A,
    OPTIONAL_A,
    function,
    int_result,
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
from evaluator.language.values import NONE, Duration, ErrorValue, Map, Optional, UInt, equal

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
    found: list[Any] = []
    alike: dict[Any, list[Any]] = {}
    for item in items:
        others = alike.setdefault(_place(item), [])
        if not any(equal(item, other) for other in others):
            others.append(item)
            found.append(item)
    return found


def _place(value: Any) -> Any:
    """A hashable that equal values share; of lists and maps only their kind and size."""
    if isinstance(value, bool):
        return "bool", value
    if isinstance(value, (int, float)):
        # A double, as `equal` compares numbers. NaN equals nothing and has a place of its own.
        return float(value) if value == value else object()
    if isinstance(value, _CONTAINERS):
        return isinstance(value, Map), len(value)
    return Optional if isinstance(value, Optional) else value


_CONTAINERS = (list, tuple, Map)


def _distinct_cost(items: list[Any]) -> int:
    """Scalars are found by hashing, lists and the like compared with one another."""
    compared = sum(isinstance(item, (*_CONTAINERS, Optional)) for item in items)
    return len(items) + compared * compared // 2


def _slice(items: list[Any], start: int, end: int) -> list[Any] | ErrorValue:
    if not 0 <= start <= end <= len(items):
        return ErrorValue(
            "index_out_of_range", f"{start} to {end} is outside a list of {len(items)}"
        )
    return list(items[start:end])


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
            sorted,
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
        overload("list_distinct", (LIST_A,), LIST_A, _distinct, member=True, cost=_distinct_cost),
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
        "reverse",
        "A list or a text from its end to its start.",
        overload(
            "list_reverse",
            (LIST_A,),
            LIST_A,
            lambda items: list(reversed(items)),
            member=True,
            cost=_size,
        ),
        overload(
            "string_reverse",
            (STRING,),
            STRING,
            lambda text: text[::-1],
            member=True,
            cost=_size,
        ),
        examples=(("[1, 2].reverse()", "[2, 1]"), ("'abc'.reverse()", "'cba'")),
        family="lists",
    ),
    function(
        "slice",
        "The elements from an index up to, not including, another.",
        overload(
            "list_slice",
            (LIST_A, INT, INT),
            LIST_A,
            _slice,
            "index_out_of_range",
            member=True,
            cost=_size,
        ),
        examples=(("[1, 2, 3, 4].slice(1, 3)", "[2, 3]"),),
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
