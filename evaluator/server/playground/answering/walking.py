"""Walking through time: the stretches in which a request has one decision, one after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

from evaluator.server.playground.answering.workspace import Loaded

__all__ = ["Segment", "Walk"]

_MOST_SEGMENTS: Final = 200
_SAMPLES: Final = 100


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of time, up to not including ``until`` (None: for ever), with one decision."""

    start: int
    until: int | None
    effect: str
    rules: tuple[str, ...]
    messages: tuple[str, ...]


class Walk:
    """Goes through time from one change of the decision to the next.

    ``complete`` is false afterwards where not all of them were found.
    """

    def __init__(self, loaded: Loaded, request: Mapping[str, Any], locale: str) -> None:
        self._loaded = loaded
        self._request = request
        self._locale = locale
        self.complete = True

    def segments(
        self, start: int, end: int, *, seconds: float, most: int = _MOST_SEGMENTS
    ) -> Iterator[Segment]:
        """The segments from an instant on, up to one that reaches another.

        They are looked for during so many seconds, and no more than ``most`` are found.
        """
        latest = perf_counter() + seconds
        at, count = start, 0
        before: Segment | None = None
        while at < end:
            until, segment = self._segment(at)
            if until == at:  # it changes with every moment: looked at now and then
                self.complete = False
                until = min(end, at + max(1, (end - start) // _SAMPLES))
                segment = Segment(at, until, segment.effect, segment.rules, segment.messages)
            if before is not None and _alike(before, segment):
                before = Segment(before.start, until, before.effect, before.rules, before.messages)
            else:
                if before is not None:
                    yield before
                    count += 1
                before = segment
            if until is None:
                break
            at = until
            if count >= most - 1 or perf_counter() > latest:
                self.complete = self.complete and at >= end
                break
        if before is not None:
            yield before

    def _segment(self, at: int) -> tuple[int | None, Segment]:
        decision = self._loaded.decide(self._request, at, self._locale)
        valid_until = decision.valid_until
        until = None if valid_until is None else valid_until.nanoseconds
        messages = tuple(reason.message for reason in decision.reasons)
        return until, Segment(at, until, decision.effect, decision.rule_ids, messages)


def _alike(one: Segment, other: Segment) -> bool:
    return (one.effect, one.rules, one.messages) == (other.effect, other.rules, other.messages)
