"""A search for a question of which something is true: from known ones, change by change."""

from __future__ import annotations

import heapq
import marshal
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from itertools import count
from typing import Final

from evaluator.suites.model import Question
from evaluator.suites.search.domains import Domains
from evaluator.suites.search.neighbours import neighbours

__all__ = ["Found", "search"]

_CHANGES: Final = 2  # that are tried in all ways
_MOST_CHANGES: Final = 6
_DETOUR: Final = 1.0  # how much farther a question of another kind may be


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to.

    ``question`` is None when none was found; ``tried`` is how many were looked at. ``exhausted``
    tells that these were all questions with up to two changes: more effort would find no other.
    """

    question: Question | None
    tried: int
    exhausted: bool


def search(
    goal: Callable[[Question], bool],
    seeds: Iterable[Question],
    domains: Domains,
    *,
    budget: int = 20_000,
    distance: Callable[[Question], float] | None = None,
    signature: Callable[[Question], Hashable] | None = None,
) -> Found:
    """Looks for a question that ``goal`` is true of: the seeds, then one change, then two.

    At most ``budget`` questions are tried. With ``distance`` (the nearer, the less) the nearest are
    changed first, and changes that come nearer are followed further than two. With ``signature``
    so are those that lead to a signature not seen before, though they may be a step away. The same
    arguments give the same answer always.
    """
    numbers = count()
    waiting: list[tuple[float, float, int, int, Question]] = []
    seen: set[bytes] = set()
    known: set[Hashable] = set()
    tried = 0

    def is_fresh(question: Question) -> bool:
        key = marshal.dumps((dict(question.request), question.now), 2)
        if key in seen:
            return False
        seen.add(key)
        return True

    def add(question: Question, changes: int, limit: float) -> None:
        """Puts a question among those to change, if it is near enough or of a new kind."""
        far = distance(question) if distance is not None else 0.0
        kind = signature(question) if signature is not None else None
        alike = signature is None or kind in known
        known.add(kind)
        if (
            changes < _CHANGES
            or far < limit
            or (not alike and far <= limit + _DETOUR and changes < _MOST_CHANGES)
        ):
            urgency = far + _DETOUR * alike
            heapq.heappush(waiting, (urgency, far, changes, next(numbers), question))

    for seed in filter(is_fresh, seeds):
        if tried >= budget:
            return Found(None, tried, exhausted=False)
        tried += 1
        if goal(seed):
            return Found(seed, tried, exhausted=False)
        add(seed, 0, 0.0)
    while waiting:
        _, far, changes, _, question = heapq.heappop(waiting)
        for other in filter(is_fresh, neighbours(question, domains)):
            if tried >= budget:
                return Found(None, tried, exhausted=False)
            tried += 1
            if goal(other):
                return Found(other, tried, exhausted=False)
            add(other, changes + 1, far)
    return Found(None, tried, exhausted=True)
