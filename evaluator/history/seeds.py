"""Seeds: a few requests of each kind that is decided in the same way, to make others from."""

from __future__ import annotations

from collections.abc import Hashable

from evaluator.history.groups import size_of
from evaluator.suites.model import Question

__all__ = ["Seeds"]

_EACH = 3
_MOST = 400


class Seeds:
    """The smallest requests of each resource type, action and way to be decided."""

    def __init__(self) -> None:
        self._known: dict[Hashable, list[Question]] = {}

    def add(self, question: Question, decided: Hashable) -> None:
        """Takes a question that was decided in some way, if it is wanted."""
        try:
            request = question.request
            key = (request["resource"]["type"], request["action"]["name"], decided)
            hash(key)
        except (KeyError, TypeError):  # a broken envelope, which has no neighbours
            return
        kept = self._known.get(key)
        if kept is None:
            if len(self._known) < _MOST:
                self._known[key] = [question]
        elif len(kept) < _EACH:
            kept.append(question)
        elif size_of(question) < size_of(kept[-1]):
            kept[-1] = question
            kept.sort(key=size_of)

    @property
    def questions(self) -> list[Question]:
        """The seeds, the smallest of each kind first."""
        return [
            kept[number]
            for number in range(_EACH)
            for kept in self._known.values()
            if number < len(kept)
        ]
