"""Rounds, ratios and spreads."""

from __future__ import annotations

import gc
from typing import Any

import pytest

from benchmarks.measuring import Spread, in_turn, ratios, spread
from benchmarks.results import duration, ratio


def test_a_spread_is_the_median_and_the_tenths() -> None:
    assert spread([float(number) for number in range(11)]) == Spread(5.0, 1.0, 9.0)
    assert spread([3.0]) == Spread(3.0, 3.0, 3.0)


def test_ratios_are_taken_within_a_round() -> None:
    seconds = {"one": [1.0, 10.0, 4.0], "other": [2.0, 20.0, 8.0]}
    assert ratios(seconds, "one")["other"] == Spread(2.0, 2.0, 2.0)


def test_each_rival_gets_each_slice_and_they_take_turns_in_coming_first() -> None:
    calls: list[tuple[str, Any]] = []
    rivals = {name: lambda item, name=name: calls.append((name, item)) for name in ("a", "b")}
    seconds = in_turn(rivals, [[1], [2]], 2)
    assert {name: len(own) for name, own in seconds.items()} == {"a": 2, "b": 2}
    turns = calls[::2]  # each item warms the rival first, then it counts
    assert calls[1::2] == turns
    before, first, second = turns[:2], turns[2:4], turns[4:]
    assert [item for _, item in before] == [2, 2]
    assert first == [("a", 1), ("b", 1)]
    assert second == [("b", 2), ("a", 2)]


def test_the_collector_rests_within_a_round_and_works_again_after() -> None:
    states: list[bool] = []
    in_turn({"a": lambda _: states.append(gc.isenabled())}, [[1]], 1)
    assert states == [True, False, True, False]  # warming is not timed
    assert gc.isenabled()


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (2.5, "2.50 s"),
        (0.0125, "12.5 ms"),
        (3.16e-7, "316 ns"),
        (9.1e-6, "9.10 µs"),
        (1200, "1,200 s"),
    ],
)
def test_durations_have_three_digits(seconds: float, expected: str) -> None:
    assert duration(seconds) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(0.654, "0.65"), (12.34, "12.3"), (1717.2, "1,717")]
)
def test_ratios_have_the_decimals_they_deserve(value: float, expected: str) -> None:
    assert ratio(value) == expected
