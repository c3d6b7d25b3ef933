"""Requests made up to find what two versions decide differently."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from evaluator.history.boundaries import Boundaries
from evaluator.history.comparing import Comparison
from evaluator.history.edits import Edit, Reach
from evaluator.suites.model import Question
from evaluator.suites.search.domains import Domains
from evaluator.suites.search.searching import search

__all__ = ["KIND", "Explored", "explore"]

KIND: Final = "boundaries"
"""What requests that were made up are counted as."""

_MOST_EDITS: Final = 20
_MOST_BEGINNINGS: Final = 10
_FOR_EACH: Final = 1_000
_FOR_ALLOWED: Final = 200


@dataclass(frozen=True, slots=True, eq=False)
class Explored:
    """What exploring came to.

    ``exhausted`` tells that all requests there are were tried. ``unnoticed`` are edits that no
    request was found for which makes a difference by them.
    """

    exhausted: bool
    unnoticed: tuple[Edit, ...]


def explore(
    comparison: Comparison,
    examples: Sequence[Question],
    *,
    now: int,
    budget: int,
    advance: Callable[[int], None] = lambda _: None,
) -> Explored:
    """Asks the comparison what lies at the boundaries of the edits, ``budget`` requests at most.

    The requests are made from the comparison's seeds; ``examples`` are where values are taken from,
    ``now`` is the moment of requests that are made of nothing. ``advance`` is told how many more
    were asked. Edits that nothing notices then get a search of their own.
    """
    if not comparison.reach.edits:
        return Explored(True, ())
    boundaries = Boundaries.of(comparison.old, comparison.new, comparison.reach, examples)
    exhausted = True
    for question in _requests(boundaries, comparison, now):
        before = comparison.groups.asked.get(KIND, 0)
        if before >= budget:
            exhausted = False
            break
        comparison.ask(question, KIND, validity=False)
        advance(comparison.groups.asked.get(KIND, 0) - before)
    for edit in comparison.unnoticed()[:_MOST_EDITS]:
        if edit in comparison.unnoticed():
            exhausted &= _search(comparison, edit, examples, now)
    comparison.finish(boundaries.validity, boundaries.moments)
    return Explored(exhausted, comparison.unnoticed())


def _requests(boundaries: Boundaries, comparison: Comparison, now: int) -> Iterator[Question]:
    beginnings = list(boundaries.beginnings(now))
    yield from beginnings
    seeds = comparison.seeds.questions
    if not any(comparison.new.effect(seed) == "allow" for seed in seeds):
        # Where nothing is allowed, a denial more makes no difference.
        for allowed in _allowed(comparison, beginnings):
            yield allowed
            seeds.append(allowed)
    yield from boundaries.requests(seeds or beginnings)


def _allowed(comparison: Comparison, beginnings: Sequence[Question]) -> Iterator[Question]:
    """Requests that are allowed, made from ones that need not be; some of them."""
    domains = Domains.of(comparison.new.packs)
    for beginning in beginnings[:_MOST_BEGINNINGS]:
        found = search(
            lambda question: comparison.new.effect(question) == "allow",
            [beginning],
            domains,
            budget=_FOR_ALLOWED,
        )
        if found.question is not None:
            yield found.question


def _search(comparison: Comparison, edit: Edit, examples: Sequence[Question], now: int) -> bool:
    """Looks for a request that an edit matters to; whether more effort would find no other."""
    old, new = comparison.old, comparison.new
    reach = Reach([edit], old.definitions, new.definitions)
    boundaries = Boundaries.of(old, new, reach, examples)
    seeds = comparison.seeds.questions or list(boundaries.beginnings(now))
    found = search(
        lambda question: (
            comparison.ask(question, KIND, validity=False) and edit not in comparison.unnoticed()
        ),
        seeds,
        boundaries.domains[0],
        budget=_FOR_EACH,
    )
    return found.question is not None or found.exhausted
