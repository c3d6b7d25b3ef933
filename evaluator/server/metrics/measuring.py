"""Requests and decisions counted and timed as they go by."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import Final

from evaluator.server.metrics.tallies import Tally
from evaluator.server.seams import Made

__all__ = ["BOUNDS", "HISTOGRAM", "Measuring"]

BOUNDS: Final = (
    *(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01),
    *(0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
"""The upper bounds of the buckets of histograms, in seconds; the last bucket has none."""
HISTOGRAM: Final = len(BOUNDS) + 2  # the buckets, then the sum of what was observed
_UNDECIDED: Final = frozenset({"invalid-request", "no-policy-applies"})
_MOST: Final = 10_000  # combinations of rules that are remembered
_Decided = tuple[str, str, tuple[str, ...]]  # the packs, the effect, the rules


class Measuring:
    """Counts into a tally; the labels of what is counted are those of policies and endpoints.

    No label is taken from a request, so there are no more of them than policies have.
    """

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._numbers = tally.numbers
        # Labels are looked up by what identifies them cheaply.
        self._answers: dict[tuple[str, int], int] = {}
        self._decisions: dict[_Decided, tuple[int, tuple[int, ...]]] = {}
        self._gauges: dict[str, Callable[[], float]] = {}

    def decided(self, made: Made, seconds: float) -> None:
        """See ``seams.Observer``."""
        decision = made.decision
        packs = decision.packs
        names = packs[0].name if len(packs) == 1 else ",".join(pack.name for pack in packs)
        decided = names, decision.effect, decision.rule_ids
        found = self._decisions.get(decided)
        if found is None:
            found = self._decision_places(decided)
        place, rules = found
        numbers = self._numbers
        numbers[place + bisect_left(BOUNDS, seconds)] += 1.0
        numbers[place + HISTOGRAM - 1] += seconds
        for rule in rules:
            numbers[rule] += 1.0

    def answered(self, endpoint: str, status: int, seconds: float) -> None:
        """See ``seams.Observer``."""
        place = self._answers.get((endpoint, status))
        if place is None:
            place = self._answers[endpoint, status] = self._tally.place(
                ("request_seconds", endpoint or "other", f"{status // 100}xx"), HISTOGRAM
            )
        self._numbers[place + bisect_left(BOUNDS, seconds)] += 1.0
        self._numbers[place + HISTOGRAM - 1] += seconds

    def count(self, name: str, *labels: str) -> None:
        """Counts one more of something that does not happen often."""
        self._numbers[self._tally.place((name, *labels))] += 1.0

    def counter(self, name: str) -> Callable[[int], None]:
        """What counts so many more of something; one thread at a time, which may be any."""
        place = self._tally.place((name,))
        numbers = self._numbers

        def add(count: int) -> None:
            numbers[place] += count

        return add

    def set(self, name: str, value: float) -> None:
        """Sets what may go down as well."""
        self._numbers[self._tally.place((name,))] = value

    def watch(self, name: str, value: Callable[[], float]) -> None:
        """Sets what ``value`` tells whenever ``sample`` is called."""
        self._gauges[name] = value

    def sample(self) -> None:
        """Sets what is watched."""
        for name, value in self._gauges.items():
            self.set(name, value())
        self.set("series_dropped", float(self._tally.dropped))

    def _decision_places(self, decided: _Decided) -> tuple[int, tuple[int, ...]]:
        packs, effect, rules = decided
        if rules[0] in _UNDECIDED:  # by no pack; the decision names all
            packs = ""
        place = self._tally.place(("decision_seconds", packs, effect), HISTOGRAM)
        counted = tuple(self._tally.place(("rule_decisions", packs, rule)) for rule in rules)
        if len(self._decisions) >= _MOST:
            self._decisions.clear()
        self._decisions[decided] = place, counted
        return place, counted
