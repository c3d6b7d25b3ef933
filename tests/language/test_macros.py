"""The macros that make what they go through anew: ``sortBy`` and ``transformMapEntry``."""

from __future__ import annotations

import tracemalloc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.language.types import INT, STRING, ListType
from tests.language.checking_setting import checked
from tests.language.evaluating import checked_and_evaluated, evaluated, kind_of

VALUES: dict[str, Any] = {
    "[].sortBy(x, x)": [],
    "[3, 1, 2].sortBy(x, x)": [1, 2, 3],
    "[3, 1, 2].sortBy(x, -x)": [3, 2, 1],
    "['bb', 'a', 'aa', 'b'].sortBy(x, size(x))": ["a", "b", "bb", "aa"],
    "[true, false].sortBy(x, x)": [False, True],
    "[2u, 1u].sortBy(x, x).map(x, int(x))": [1, 2],
    "['1h', '30m'].sortBy(x, duration(x))": ["30m", "1h"],
    "[[2], [1]].sortBy(x, x[0])": [[1], [2]],
    "{'a': 2, 'b': 1}.sortBy(k, {'a': 2, 'b': 1}[k])": ["b", "a"],
    "[1, 'a'].sortBy(x, string(x))": [1, "a"],
    "[2, 1].sortBy(x, x).sortBy(x, -x)": [2, 1],
}
ERRORS = {
    "[1, 'a'].sortBy(x, x)": "no_such_overload",
    "[1, 2.0].sortBy(x, dyn(x))": "no_such_overload",
    "[null].sortBy(x, x)": "no_such_overload",
    "[[1]].sortBy(x, x)": "no_such_overload",
    "[1].sortBy(x, type(x))": "no_such_overload",
    "'ab'.sortBy(x, x)": "no_such_overload",
    "[2, 0].sortBy(x, 1 / x)": "divide_by_zero",
    "lists.range(60000).sortBy(x, x)": "cost_exceeded",
}


@pytest.mark.parametrize("text", VALUES)
def test_values(text: str) -> None:
    assert evaluated(text) == VALUES[text]
    assert checked_and_evaluated(text) == VALUES[text]


@pytest.mark.parametrize("text", ERRORS)
def test_errors(text: str) -> None:
    assert kind_of(evaluated(text)) == ERRORS[text]


def test_an_error_says_what_is_wrong_with_the_keys() -> None:
    assert evaluated("[1, 'a'].sortBy(x, x)").message == (
        "the keys of `sortBy` are of two types, int and string"
    )
    assert evaluated("[[1]].sortBy(x, x)").message == (
        "a key of `sortBy` has no order: it is of type list(dyn)"
    )


@given(st.lists(st.tuples(st.integers(0, 3), st.integers()).map(list), max_size=8))
def test_equal_keys_keep_their_order(pairs: list[list[int]]) -> None:
    found = evaluated("pairs.sortBy(p, p[0])", {"pairs": pairs})
    assert found == sorted(pairs, key=lambda pair: pair[0])


def test_a_map_given_by_every_turn_is_not_collected() -> None:
    entries = ", ".join(f"{number}: 0" for number in range(2000))
    text = f"cel.bind(m, {{{entries}}}, lists.range(90000).transformMapEntry(i, x, m))"
    tracemalloc.start()
    try:
        assert kind_of(evaluated(text)) == "duplicate_key"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 50_000_000


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("[true, 1].transformMapEntry(i, x, {x: i})", 2),
        ("[1, 2].transformMapEntry(i, x, {x: i, -x: i})", 4),
        ("[].transformMapEntry(i, x, {x: i})", 0),
    ],
)
def test_entries_of_different_keys(text: str, size: int) -> None:
    assert len(evaluated(text)) == size


@pytest.mark.parametrize("keys", ["1, 1", "1, 1u", "true, true", "'a', 'a'"])
def test_entries_of_one_key(keys: str) -> None:
    assert kind_of(evaluated(f"[{keys}].transformMapEntry(i, x, {{x: i}})")) == "duplicate_key"


@pytest.mark.parametrize(
    ("key", "type_"),
    [
        ("l", "an object"),
        ("[l.quantity]", "`list(int)`"),
        ("optional.of(1)", "`optional(int)`"),
    ],
)
def test_a_key_without_order_is_refused(key: str, type_: str) -> None:
    text = f"resource.lines.sortBy(l, {key})"
    (found,) = checked(text).diagnostics
    assert (found.code, found.message) == (
        "EVL306",
        f"`sortBy` needs a key that has an order, and this is {type_}",
    )
    assert found.span is not None
    assert text[found.span.start : found.span.end] == key


def test_the_elements_stay_what_they_were() -> None:
    found = checked("resource.lines.sortBy(l, l.state).map(l, l.product)")
    assert found.diagnostics == ()
    assert found.type == ListType(STRING)
    assert found.errors == {"cost_exceeded", "invalid_attribute"}
    assert checked("[1].sortBy(x, x)").type == ListType(INT)
    assert "no_such_overload" in checked("[1].sortBy(x, dyn(x))").errors


def test_what_a_filter_asked_holds_behind_it() -> None:
    guarded = "resource.lines.filter(l, has(l.note)).sortBy(l, l.note).map(l, l.note)"
    assert checked(guarded).diagnostics == ()
    assert [item.code for item in checked("resource.lines.sortBy(l, l.note)").diagnostics] == [
        "EVL308"
    ]
