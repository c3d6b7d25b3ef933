"""Equality, order, membership, size and access by index."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from evaluator.language.functions.declaring import (
    LIST_A,
    MAP_AB,
    A,
    B,
    fails,
    function,
    overload,
)
from evaluator.language.functions.registry import Function, Overload
from evaluator.language.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    OptionalType,
    Type,
)
from evaluator.language.values import ABSENT, NONE, ErrorValue, Map, Optional, equal, type_of

__all__ = ["FUNCTIONS", "index_list", "index_map"]

_NAMES: dict[Type, str] = {
    BOOL: "bool",
    INT: "int64",
    UINT: "uint64",
    DOUBLE: "double",
    STRING: "string",
    BYTES: "bytes",
    TIMESTAMP: "timestamp",
    DURATION: "duration",
}


def _ordering(sign: str, id: str, compare: Callable[[Any, Any], bool], words: str) -> Function:
    """``<`` and the like.

    Of an integer and a double the integer is taken as a double, as the conformance facts ask:
    9223372036854775807 is not less than 9223372036854775808.0.
    """
    same = [overload(f"{id}_{name}", (kind, kind), BOOL, compare) for kind, name in _NAMES.items()]
    numbers = (INT, UINT, DOUBLE)

    def as_doubles(left: Any, right: Any) -> bool:
        return compare(float(left), float(right))

    mixed = [
        overload(
            f"{id}_{_NAMES[left]}_{_NAMES[right]}",
            (left, right),
            BOOL,
            as_doubles if DOUBLE in (left, right) else compare,
        )
        for left in numbers
        for right in numbers
        if left is not right
    ]
    return function(
        f"_{sign}_",
        f"Whether the left value is {words} the right one.",
        *same,
        *mixed,
        examples=tuple(
            (f"{left} {sign} {right}", "true" if held else "false")
            for left, right, held in (
                ("1", "2", compare(1, 2)),
                ("2.0", "2", compare(2, 2)),
                ("'Z'", "'a'", compare("Z", "a")),
                ("duration('60m')", "duration('1h')", compare(1, 1)),
            )
        ),
        family="operators",
    )


def index_list(items: Any, index: Any) -> Any:
    """The element at an index from 0, which may be any number of integral value."""
    if isinstance(index, float) and not index.is_integer():
        return ErrorValue("invalid_argument", f"{index} is no index of a list")
    if not 0 <= index < len(items):
        return ErrorValue(
            "index_out_of_range", f"index {int(index)} is outside a list of {len(items)}"
        )
    return items[int(index)]


def index_map(entries: Map, key: Any) -> Any:
    """The value at a key."""
    value = entries.get(key, ABSENT)
    if value is ABSENT:
        return ErrorValue("no_such_key", f"there is no key {_shown(key)}")
    return value


def _shown(key: Any) -> str:
    if isinstance(key, str):
        return f"`{key}`"
    if key is None:
        return "null"
    if isinstance(key, bool):
        return "true" if key else "false"
    return repr(key) if isinstance(key, (int, float)) else f"of type {type_of(key)}"


def _optional_index(container: Any, key: Any) -> Any:
    if isinstance(container, Optional):
        if not container.present:
            return NONE
        container = container.value
    if isinstance(container, Map):
        value = container.get(key, ABSENT)
        return NONE if value is ABSENT else Optional(value)
    if isinstance(container, (list, tuple)):
        value = index_list(container, key)
        return NONE if isinstance(value, ErrorValue) else Optional(value)
    return ErrorValue("no_such_overload", "only lists and maps have elements")


def _in_list(value: Any, items: Any) -> bool:
    return any(equal(value, item) for item in items)


def _sizes(member: bool) -> tuple[Overload, ...]:
    suffix = "_member" if member else ""
    return tuple(
        overload(f"size_{name}{suffix}", (kind,), INT, len, member=member)
        for name, kind in (("string", STRING), ("bytes", BYTES), ("list", LIST_A), ("map", MAP_AB))
    )


def _compared(left: Any, right: Any) -> int:
    """How many elements and entries are compared at most; what has none costs nothing."""
    if type(left) is Map and type(right) is Map and len(left) == len(right):
        missing = object()
        return len(left) + sum(
            _compared(value, right.get(key, missing)) for key, value in left.items()
        )
    if type(left) in _LISTS and type(right) in _LISTS and len(left) == len(right):
        return len(left) + sum(map(_compared, left, right))
    if type(left) is Optional and type(right) is Optional:
        return _compared(left.value, right.value)
    return 0


_LISTS = (list, tuple)


def _searched(value: Any, items: Any) -> int:
    if type(value) in (Map, Optional, *_LISTS):
        return len(items) + sum(_compared(value, item) for item in items)
    return len(items)


FUNCTIONS = (
    function(
        "_==_",
        "Whether two values are equal. Numbers compare by value whatever their types.",
        overload("equals", (A, A), BOOL, equal, cost=_compared),
        examples=(
            ("dyn(1) == 1.0", "true"),
            ("[1, 2] == [1, 2]", "true"),
            ("'a' == 'A'", "false"),
        ),
        family="operators",
        cost="the elements and entries of both, where they are lists or maps of one size",
    ),
    function(
        "_!=_",
        "Whether two values differ.",
        overload("not_equals", (A, A), BOOL, lambda a, b: not equal(a, b), cost=_compared),
        examples=(
            ("'a' != 'b'", "true"),
            ("[1] != [1, 1]", "true"),
        ),
        family="operators",
        cost="the elements and entries of both, where they are lists or maps of one size",
    ),
    _ordering("<", "less", operator.lt, "less than"),
    _ordering("<=", "less_equals", operator.le, "less than or equal to"),
    _ordering(">", "greater", operator.gt, "greater than"),
    _ordering(">=", "greater_equals", operator.ge, "greater than or equal to"),
    function(
        "!_",
        "Whether a condition does not hold.",
        overload("logical_not", (BOOL,), BOOL, operator.not_),
        examples=(
            ("!false", "true"),
            ("!('a' in ['b'])", "true"),
        ),
        family="operators",
    ),
    function(
        "@in",
        "Whether a list has an element, or a map a key.",
        overload("in_list", (A, LIST_A), BOOL, _in_list, cost=_searched),
        overload("in_map", (A, MAP_AB), BOOL, lambda key, entries: key in entries),
        examples=(
            ("2 in [1, 2]", "true"),
            ("'a' in {'a': 1}", "true"),
            ("'b' in {'a': 1}", "false"),
        ),
        family="operators",
        cost="the length of the list, and what its elements cost to compare; nothing for a map",
    ),
    function(
        "_[_]",
        "The element of a list at an index from 0, or the value of a map at a key.",
        overload(
            "index_list", (LIST_A, INT), A, index_list, "index_out_of_range", "invalid_argument"
        ),
        overload("index_map", (MAP_AB, A), B, index_map, "no_such_key"),
        # Like selection, indexing goes on inside an optional.
        overload(
            "index_optional_list", (OptionalType(LIST_A), INT), OptionalType(A), _optional_index
        ),
        overload("index_optional_map", (OptionalType(MAP_AB), A), OptionalType(B), _optional_index),
        examples=(
            ("[1, 2][1]", "2"),
            ("{'a': 5}['a']", "5"),
            fails("[1, 2][2]", "index_out_of_range"),
            fails("{'a': 5}['b']", "no_such_key"),
        ),
        family="operators",
    ),
    function(
        "_[?_]",
        "The element at an index or key as an optional, empty when there is none.",
        overload("optional_index_list", (LIST_A, INT), OptionalType(A), _optional_index),
        overload("optional_index_map", (MAP_AB, A), OptionalType(B), _optional_index),
        overload(
            "optional_list_index",
            (OptionalType(LIST_A), INT),
            OptionalType(A),
            _optional_index,
        ),
        overload(
            "optional_map_index",
            (OptionalType(MAP_AB), A),
            OptionalType(B),
            _optional_index,
        ),
        examples=(
            ("[1, 2][?0]", "optional.of(1)"),
            ("[1, 2][?5]", "optional.none()"),
            ("{'a': 5}[?'b'].orValue(0)", "0"),
        ),
        family="operators",
    ),
    function(
        "size",
        "How many code points, octets, elements or entries there are.",
        *_sizes(member=False),
        *_sizes(member=True),
        examples=(
            ("size('abc')", "3"),
            ("[1, 2].size()", "2"),
            ("size({'a': 1})", "1"),
            ("'Ærø'.size()", "3"),
        ),
        family="lists",
    ),
)
