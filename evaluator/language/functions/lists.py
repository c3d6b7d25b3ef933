"""Lists: sums, order, parts, and what is first and last."""

from __future__ import annotations

from typing import Any

from evaluator.language.functions.declaring import (
    LIST_A,
    OPTIONAL_A,
    fails,
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
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
)
from evaluator.language.values import NONE, Duration, ErrorValue, Map, Optional, UInt, equal

__all__ = ["FUNCTIONS"]


LIST_DYN = ListType(DYN)


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


def _slice_cost(items: list[Any], start: int, end: int) -> int:
    return end - start if 0 <= start <= end <= len(items) else 0


# More than any budget that we know of; memory is safe even where nothing counts the cost.
_LONGEST_RANGE = 1_000_000


def _range(size: int) -> list[int] | ErrorValue:
    if size < 0:
        return invalid(f"a range cannot have {size} elements, a negative number")
    if size > _LONGEST_RANGE:
        return invalid(f"a range has at most {_LONGEST_RANGE} elements")
    return list(range(size))


def _range_cost(size: int) -> int:
    return max(size, 0)


def _is_list(value: Any) -> bool:
    return type(value) is list or type(value) is tuple


def _flatten(items: list[Any], depth: int = 1) -> list[Any] | ErrorValue:
    if depth < 0:
        return invalid(f"a list cannot be flattened by {depth} levels, a negative number")
    flat: list[Any] = []
    inside = [iter(items)]
    while inside:
        for item in inside[-1]:
            if len(inside) <= depth and _is_list(item):
                inside.append(iter(item))
                break
            flat.append(item)
        else:
            inside.pop()
    return flat


def _flatten_cost(items: list[Any], depth: int = 1) -> int:
    """The elements of all the lists that are opened.

    A few steps can nest one list in itself over and over, so equal parts are counted and not
    gone through: by identity, with how often each is there.
    """
    cost = 0
    level: dict[int, tuple[Any, int]] = {id(items): (items, 1)}
    while level and depth >= 0:
        below: dict[int, tuple[Any, int]] = {}
        for opened, times in level.values():
            cost += len(opened) * times
            for item in filter(_is_list, opened):
                below[id(item)] = (item, below.get(id(item), (item, 0))[1] + times)
        level = below
        depth -= 1
    return cost


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
        examples=(
            ("sum([1, 2, 3])", "6"),
            ("sum([])", "0"),
            ("sum([duration('1h'), duration('30m')])", 'duration("5400s")'),
            ("sum([{'n': 2}, {'n': 3}].map(x, x.n))", "5"),
            fails("sum([9223372036854775807, 1])", "overflow"),
        ),
        family="lists",
        cost="the size of the list",
    ),
    function(
        "distinct",
        "The elements of a list, each once, in the order of their first places.",
        overload("list_distinct", (LIST_A,), LIST_A, _distinct, member=True, cost=_distinct_cost),
        examples=(
            ("[1, 2, 1].distinct()", "[1, 2]"),
            ("['b', 'a', 'b'].distinct().size()", "2"),
        ),
        family="lists",
        cost="the size of the list, and half its square where lists, maps or optionals are in it",
    ),
    function(
        "sort",
        "The elements of a list in ascending order.",
        *_sorts(),
        examples=(
            ("[3, 1, 2].sort()", "[1, 2, 3]"),
            ("['b', 'B', 'a'].sort()", '["B", "a", "b"]'),
        ),
        family="lists",
        cost="the size of the list",
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
        examples=(
            ("[1, 2].reverse()", "[2, 1]"),
            ("'abc'.reverse()", '"cba"'),
        ),
        family="lists",
        cost="the size of the list, or the length of the text",
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
            cost=_slice_cost,
        ),
        examples=(
            ("[1, 2, 3, 4].slice(1, 3)", "[2, 3]"),
            fails("[1, 2, 3].slice(2, 4)", "index_out_of_range"),
        ),
        family="lists",
        cost="the number of elements taken",
    ),
    function(
        "flatten",
        "A list with the elements of the lists in it, one level deep or as deep as is said.",
        overload(
            "list_flatten",
            (ListType(LIST_A),),
            LIST_A,
            _flatten,
            member=True,
            cost=_flatten_cost,
        ),
        # Elements that are no lists stay as they are.
        overload(
            "list_flatten_mixed", (LIST_DYN,), LIST_DYN, _flatten, member=True, cost=_flatten_cost
        ),
        overload(
            "list_flatten_int",
            (LIST_DYN, INT),
            LIST_DYN,
            _flatten,
            "invalid_argument",
            member=True,
            cost=_flatten_cost,
        ),
        examples=(
            ("[[1, 2], [], [3]].flatten()", "[1, 2, 3]"),
            ("[1, [2, [3, 4]]].flatten()", "[1, 2, [3, 4]]"),
            ("[1, [2, [3, [4]]]].flatten(2)", "[1, 2, 3, [4]]"),
            fails("[[1]].flatten(-1)", "invalid_argument"),
        ),
        family="lists",
        cost="the size of every list that is opened",
    ),
    function(
        "lists.range",
        "The integers from 0 up to, not including, a number.",
        overload(
            "lists_range", (INT,), ListType(INT), _range, "invalid_argument", cost=_range_cost
        ),
        examples=(
            ("lists.range(4)", "[0, 1, 2, 3]"),
            ("lists.range(3).map(i, i * i)", "[0, 1, 4]"),
            fails("lists.range(-1)", "invalid_argument"),
            fails("lists.range(1000000000000)", "cost_exceeded"),
        ),
        family="lists",
        cost="the number of elements made",
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
        examples=(
            ("[1, 2].first()", "optional.of(1)"),
            ("[].first()", "optional.none()"),
        ),
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
        examples=(
            ("[1, 2].last()", "optional.of(2)"),
            ("[].last()", "optional.none()"),
        ),
        family="lists",
    ),
)
