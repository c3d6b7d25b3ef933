"""Timing rivals against each other in one process: in rounds, in turn, the collector paused.

A machine slows down and speeds up; rivals that take turns within a round share that. Ratios are
therefore taken within a round, and what is told is their median and how far they spread.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

__all__ = ["Spread", "in_turn", "once", "ratios", "repeatedly", "spread"]

_WARMING: Final = 50


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some figures, and what a tenth of them lie below and above."""

    median: float
    p10: float
    p90: float

    def as_json(self) -> dict[str, float]:
        return {name: round(value, 6) for name, value in asdict(self).items()}


def spread(figures: Sequence[float]) -> Spread:
    """The median and the tenths of at least one figure."""
    ordered = sorted(figures)
    last = len(ordered) - 1
    return Spread(
        statistics.median(ordered), ordered[round(last * 0.1)], ordered[round(last * 0.9)]
    )


def in_turn(
    rivals: Mapping[str, Callable[[Any], object]],
    slices: Sequence[Sequence[Any]],
    rounds: int,
) -> dict[str, list[float]]:
    """Seconds per item, for each rival and round.

    A round gives one slice of the items to every rival; the next begins with another rival, since
    whoever comes first may find the machine in another state. One round before does not count, nor
    do some items before each turn.
    """
    names = list(rivals)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for number in range(-1, rounds):
        items = slices[number % len(slices)]
        start = number % len(names)
        for name in names[start:] + names[:start]:
            taken = _timed(rivals[name], items)
            if number >= 0:
                seconds[name].append(taken / len(items))
    return seconds


def ratios(seconds: Mapping[str, Sequence[float]], reference: str) -> dict[str, Spread]:
    """How many times as long as the reference each rival took, within the same rounds."""
    return {
        name: spread([mine / its for mine, its in zip(own, seconds[reference], strict=True)])
        for name, own in seconds.items()
    }


def once(work: Callable[[], object]) -> float:
    """Seconds that a piece of work takes, the collector as it is."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def repeatedly(work: Callable[[], object], rounds: int) -> Spread:
    """Seconds that a piece of work takes, over some rounds; one before them does not count."""
    work()
    return spread([once(work) for _ in range(rounds)])


def _timed(rival: Callable[[Any], object], items: Sequence[Any]) -> float:
    for item in items[:_WARMING]:  # the rival before it has filled the processor's caches
        rival(item)
    gc.collect(0)
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        start = time.perf_counter()
        for item in items:
            rival(item)
        return time.perf_counter() - start
    finally:
        if was_enabled:
            gc.enable()
