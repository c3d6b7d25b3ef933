"""Smaller examples: what can be left out of a request while it still differs as it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from evaluator.history.groups import Example
from evaluator.suites.model import Question

__all__ = ["shrunk"]

Place = tuple[str | int, ...]


def shrunk(
    example: Example,
    difference: Callable[[Question, str], Example],
    counts: Callable[[Example], bool],
    is_valid: Callable[[Question], bool],
) -> Example:
    """The example with everything left out that can be: nothing more can be, one at a time.

    ``difference`` decides a smaller question, ``counts`` tells whether that is still an example.
    """
    done = False
    while not done:
        done = True
        for place in list(_places(example.question.request)):
            request = _without(example.question.request, place)
            if request is None:  # it went with something else
                continue
            question = Question(request, example.question.now)
            if not is_valid(question):
                continue
            smaller = difference(question, example.origin)
            if counts(smaller):
                example = smaller
                done = False
    return example


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
