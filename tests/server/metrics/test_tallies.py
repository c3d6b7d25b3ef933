"""Numbers that several processes count."""

from __future__ import annotations

import os
import signal

import pytest

from evaluator.server.metrics import tallies as module
from evaluator.server.metrics.tallies import Tallies


# Python warns of forks beside threads, which those who run tests in parallel have.
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_what_one_process_counts_another_reads() -> None:
    tallies = Tallies(2)
    child = os.fork()
    if not child:
        tally = tallies.of(1)
        tally.numbers[tally.place(("seen", "æ\n"), 2)] = 3.0
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    ours = tallies.of(0)
    ours.numbers[ours.place(("seen", "æ\n"), 2) + 1] = 4.0
    assert list(tallies.read()) == [(("seen", "æ\n"), [0.0, 4.0]), (("seen", "æ\n"), [3.0, 0.0])]


def test_who_comes_after_goes_on() -> None:
    tallies = Tallies(1)
    before = tallies.of(0)
    before.numbers[before.place(("a",))] += 1
    before.numbers[before.place(("b",), 3) + 2] += 1
    after = tallies.of(0)
    after.numbers[after.place(("c",))] += 1
    after.numbers[after.place(("b",), 3) + 2] += 1
    assert dict(tallies.read()) == {("a",): [1.0], ("b",): [0.0, 0.0, 2.0], ("c",): [1.0]}


def test_names_without_room() -> None:
    tallies = Tallies(1)
    tally = tallies.of(0)
    size = module._NUMBERS // 4
    for number in range(10):
        tally.numbers[tally.place((str(number),), size)] += 1
    assert tally.dropped
    told = dict(tallies.read())
    assert list(told) == [("0",), ("1",), ("2",)]  # the last places are of what has none
    assert all(sum(numbers) == 1 for numbers in told.values())
    tally.place(("long", "x" * module._NAMES))
    assert len(dict(tallies.read())) == 3
