"""Smaller examples: what can be left out of a request while it still differs as it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from evaluator.suites.model import Question

__all__ = ["shrunk"]

Place = tuple[str | int, ...]


def shrunk(
    question: Question,
    counts: Callable[[Question], bool],
    is_valid: Callable[[Question], bool],
) -> Question:
    """The question with everything left out that can be: no single thing more can.

    ``counts`` tells whether a smaller question still is what it has to be.
    """
    done = False
    while not done:
        done = True
        for place in list(_places(question.request)):
            request = _without(question.request, place)
            if request is None:  # it went with something else
                continue
            smaller = Question(request, question.now)
            if is_valid(smaller) and counts(smaller):
                question = smaller
                done = False
    return question


def _places(request: Mapping[str, Any]) -> Iterator[Place]:
    """Where something may be left out: attributes and items of lists, whole ones first."""
    for root in ("subject", "action", "resource"):
        entity = request.get(root)
        if isinstance(entity, dict) and "properties" in entity:
            yield (root, "properties")
            yield from _inside(entity["properties"], (root, "properties"))
    if "context" in request:
        yield ("context",)
        yield from _inside(request["context"], ("context",))


def _inside(value: Any, place: Place) -> Iterator[Place]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield (*place, name)
            yield from _inside(item, (*place, name))
    elif isinstance(value, list):
        # From the end, so that those before keep their numbers.
        for number in range(len(value) - 1, -1, -1):
            yield (*place, number)
            yield from _inside(value[number], (*place, number))


def _without(container: Any, place: Place) -> Any:
    """A copy without what is at a place; None where nothing is."""
    step, rest = place[0], place[1:]
    if isinstance(container, list):
        if not isinstance(step, int) or step >= len(container):
            return None
        inner = _without(container[step], rest) if rest else None
        if rest and inner is None:
            return None
        return [*container[:step], *([inner] if rest else []), *container[step + 1 :]]
    if not isinstance(container, Mapping) or step not in container:
        return None
    inner = _without(container[step], rest) if rest else None
    if rest and inner is None:
        return None
    made = {key: item for key, item in container.items() if key != step or rest}
    if rest:
        made[str(step)] = inner
    return made
