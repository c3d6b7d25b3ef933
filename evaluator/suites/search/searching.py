"""A search for a question of which something is true: from known ones, change by change."""

from __future__ import annotations

import heapq
import marshal
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count

from evaluator.suites.model import Question
from evaluator.suites.search.domains import Domains
from evaluator.suites.search.neighbours import neighbours

__all__ = ["Found", "search"]

_CHANGES = 2


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
) -> Found:
    """Looks for a question that ``goal`` is true of: the seeds, then one change, then two.

    At most ``budget`` questions are tried. With ``distance`` (the nearer, the less) the nearest are
    changed first, and changes that come nearer are followed further than two. The same arguments
    give the same answer always.
    """
    numbers = count()
    waiting: list[tuple[float, int, int, Question]] = []
    seen: set[bytes] = set()
    tried = 0

    def fresh(question: Question) -> bool:
        key = marshal.dumps((dict(question.request), question.now), 2)
        if key in seen:
            return False
        seen.add(key)
        return True

    for seed in seeds:
        if not fresh(seed):
            continue
        if tried >= budget:
            return Found(None, tried, exhausted=False)
        tried += 1
        if goal(seed):
            return Found(seed, tried, exhausted=False)
        far = distance(seed) if distance is not None else 0.0
        heapq.heappush(waiting, (far, 0, next(numbers), seed))
    while waiting:
        far, changes, _, question = heapq.heappop(waiting)
        for other in neighbours(question, domains):
            if not fresh(other):
                continue
            if tried >= budget:
                return Found(None, tried, exhausted=False)
            tried += 1
            if goal(other):
                return Found(other, tried, exhausted=False)
            its = distance(other) if distance is not None else 0.0
            if changes + 1 < _CHANGES or its < far:
                heapq.heappush(waiting, (its, changes + 1, next(numbers), other))
    return Found(None, tried, exhausted=True)
