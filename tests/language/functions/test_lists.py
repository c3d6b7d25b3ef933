"""The functions of lists at their edges, and what they cost."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.language.functions import STANDARD
from evaluator.language.values import equal
from tests.language.evaluating import checked_and_evaluated, evaluated, kind_of, values

VALUES: dict[str, Any] = {
    "[].flatten()": [],
    "[[], [[]]].flatten()": [[]],
    "[1, [2], [[3]]].flatten()": [1, 2, [3]],
    "[1, 2].flatten()": [1, 2],
    "[[1]].flatten(0)": [[1]],
    "[1, [2, [3, [4]]]].flatten(9223372036854775807)": [1, 2, 3, 4],
    "[{'a': [1]}].flatten()[0].a": [1],
    "['ab'].flatten()": ["ab"],
    "lists.range(0)": [],
    "lists.range(3)": [0, 1, 2],
    "lists.range(50000).size()": 50_000,
    "[1, 2, 3].slice(0, 3)": [1, 2, 3],
    "[1, 2, 3].slice(3, 3)": [],
    "[].slice(0, 0)": [],
    "[1, 1.0, 1u, 'a', 'a', true].distinct()": [1, "a", True],
    "[[1], [1.0], {'a': 1}, {'a': 1u}].distinct().size()": 2,
    "[0.0 / 0.0, 0.0 / 0.0].distinct().size()": 2,
    "[false, true, false].sort()": [False, False, True],
    "['b', '', 'B'].sort()": ["", "B", "b"],
    "[b'b', b'a'].sort()": [b"a", b"b"],
    "[].sort()": [],
    "[].reverse()": [],
    "'æøå'.reverse()": "åøæ",
    "[].first().hasValue()": False,
    "[[1]].first().value()": [1],
    "[null].last().hasValue()": True,
}
ERRORS = {
    "[[1]].flatten(-1)": "invalid_argument",
    "[1].flatten('a')": "no_such_overload",
    "'ab'.flatten()": "no_such_overload",
    "lists.range(-1)": "invalid_argument",
    "lists.range(1.0)": "no_such_overload",
    "lists.range(1000000000000)": "cost_exceeded",
    "lists.range(dyn(9223372036854775807))": "cost_exceeded",
    "lists.range(100001)": "cost_exceeded",
    "[1, 2].slice(-1, 1)": "index_out_of_range",
    "[1, 2].slice(1, 0)": "index_out_of_range",
    "[1, 2].slice(0, 3)": "index_out_of_range",
    "[1, 'a'].sort()": "no_such_overload",
    "[1, 1u].sort()": "no_such_overload",
    "[[1]].sort()": "no_such_overload",
    "{'a': 1}.reverse()": "no_such_overload",
}


@pytest.mark.parametrize("text", VALUES)
def test_values(text: str) -> None:
    assert evaluated(text) == VALUES[text]
    assert checked_and_evaluated(text) == VALUES[text]


@pytest.mark.parametrize("text", ERRORS)
def test_errors(text: str) -> None:
    assert kind_of(evaluated(text)) == ERRORS[text]


# What it costs

COSTS: dict[str, tuple[tuple[Any, ...], int]] = {
    "list_flatten": (([[1, 2], [3]],), 5),
    "list_flatten_int": (([[1, [2, 3]], 4], 2), 6),
    "list_slice": (([1, 2, 3, 4], 1, 3), 2),
    "lists_range": ((10**12,), 10**12),
    "list_reverse": (([1, 2, 3],), 3),
    "list_int_sort": (([3, 1, 2],), 3),
    "list_distinct": (([1, 2, 1],), 3),
    "list_sets_contains_list": (([1, 2], [3, 4, 5]), 11),
    "list_sets_intersects_list": (([1, 2], [3, 4, 5]), 11),
    "list_sets_equivalent_list": (([1, 2], [3, 4, 5]), 22),
    "string_substring_int": (("abcdef", 2), 4),
    "string_substring_int_int": (("abcdef", 2, 3), 1),
}


@pytest.mark.parametrize("id", COSTS)
def test_costs(id: str) -> None:
    args, units = COSTS[id]
    cost = STANDARD.overload(id).cost
    assert cost is not None
    assert cost(*args) == units


@pytest.mark.parametrize("id", ["list_slice", "string_substring_int_int"])
def test_what_fails_costs_nothing(id: str) -> None:
    cost = STANDARD.overload(id).cost
    assert cost is not None
    assert cost("abc", 2, 9) == 0


def test_a_range_that_is_too_long_takes_no_memory() -> None:
    tracemalloc.start()
    try:
        assert kind_of(evaluated("lists.range(1000000000000)")) == "cost_exceeded"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000


def test_a_list_that_unfolds_without_end_is_measured_first() -> None:
    doubled = "".join(f"cel.bind(x{n}, [x{n - 1}, x{n - 1}], " for n in range(1, 40))
    text = f"cel.bind(x0, [1], {doubled}x39.flatten(100).size()){')' * 39}"
    assert kind_of(evaluated(text)) == "cost_exceeded"


# Laws

nested = st.recursive(
    st.integers(-3, 3) | st.text(max_size=2),
    lambda inner: st.lists(inner, max_size=4),
    max_leaves=12,
)


def flat(value: Any, depth: int) -> list[Any]:
    return [
        part
        for item in value
        for part in (flat(item, depth - 1) if isinstance(item, list) and depth else [item])
    ]


def opened(value: list[Any], depth: int) -> int:
    inner = [item for item in value if isinstance(item, list)] if depth else []
    return len(value) + sum(opened(item, depth - 1) for item in inner)


@given(st.lists(nested, max_size=4), st.integers(0, 4))
def test_flatten_opens_as_deep_as_it_is_told(items: list[Any], depth: int) -> None:
    found = evaluated("items.flatten(depth)", {"items": items, "depth": depth})
    assert found == flat(items, depth)
    overload = STANDARD.overload("list_flatten_int")
    assert overload.cost is not None
    assert overload.cost(items, depth) == opened(items, depth)


@given(st.lists(values, max_size=6))
def test_distinct_keeps_the_first_of_what_is_equal(items: list[Any]) -> None:
    found = evaluated("items.distinct()", {"items": items})
    wanted: list[Any] = []
    for item in items:
        if not any(equal(item, other) for other in wanted):
            wanted.append(item)
    assert [id(item) for item in found] == [id(item) for item in wanted]


@given(st.lists(st.integers(), max_size=6), st.integers(-1, 7), st.integers(-1, 7))
def test_slice_is_that_of_python_inside_the_list(items: list[int], start: int, end: int) -> None:
    found = evaluated("items.slice(a, b)", {"items": items, "a": start, "b": end})
    if 0 <= start <= end <= len(items):
        assert found == items[start:end]
    else:
        assert kind_of(found) == "index_out_of_range"
