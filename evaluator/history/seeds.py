"""Seeds: a request of each kind that is decided in the same way, to make others from."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from evaluator.history.groups import Size, size_of
from evaluator.suites.model import Question

__all__ = ["Seeds"]

_MOST: Final = 400


class Seeds:
    """The smallest request of each resource type, action and way to be decided."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[Size, Question]] = {}

    def add(self, question: Question, decided: Hashable) -> None:
        """Takes a question that was decided in some way, if it is wanted."""
        try:
            request = question.request
            key = (request["resource"]["type"], request["action"]["name"], decided)
            kept = self._known.get(key)
        except (KeyError, TypeError):  # a broken envelope, which has no neighbours
            return
        if kept is None and len(self._known) >= _MOST:
            return
        size = size_of(question)
        if kept is None or size < kept[0]:
            self._known[key] = (size, question)

    @property
    def questions(self) -> list[Question]:
        """The seeds, in the order in which their kinds were met."""
        return [question for _, question in self._known.values()]
