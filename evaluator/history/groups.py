"""Differences grouped by what explains them, with one smallest example each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from evaluator.history.answers import Answer
from evaluator.history.changes import Change, Flip
from evaluator.language.instants import parse_instant
from evaluator.suites.model import Question
from evaluator.suites.search.neighbours import moment_of

__all__ = ["Example", "Group", "Groups", "Key", "Size", "size_of"]

_MOST: Final = 2_000
"""So many groups are kept apart: a log may name any rules it likes."""

Size = tuple[int, int, int, str]

_PARTS: Final = (
    "decision",
    "reason",
    "order",
    "remedy",
    "output",
    "notice",
    "error",
    "valid_until",
)


@dataclass(frozen=True, slots=True)
class Key:
    """What the differences of a group have in common: the flip if there is one, and the cause."""

    flip: Flip | None
    cause: Change


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A request that is decided otherwise: both answers, all that differs, where it comes from.

    ``origin`` is a place in a log, the name of a step of a suite, or "" for a request that was
    made up.
    """

    question: Question
    old: Answer
    new: Answer
    changes: tuple[Change, ...]
    origin: str

    @property
    def size(self) -> Size:
        """What makes an example smaller than another."""
        return size_of(self.question)

    @property
    def now(self) -> int:
        """The moment that it is decided at: the request's own, or the question's."""
        return moment_of(self.question)

    @property
    def until(self) -> int | None:
        """The first later moment at which one of the answers may be another; None if never."""
        ends = [
            end
            for text in (self.old.valid_until, self.new.valid_until)
            if isinstance(text, str) and (end := parse_instant(text)) is not None
        ]
        return min(ends, default=None)


@dataclass(slots=True, eq=False)
class Group:
    """The requests that differ by one cause. ``origins`` counts them by what they come from."""

    key: Key
    example: Example
    size: Size
    count: int = 0
    origins: dict[str, int] = field(default_factory=dict)


class Groups:
    """Groups as they grow, in constant memory.

    ``asked`` counts all requests by what they come from, ``differing`` those that differ, ``flips``
    those whose decision does, by what it has become. ``ungrouped`` counts the differences of groups
    beyond what is kept.
    """

    def __init__(self) -> None:
        self.asked: dict[str, int] = {}
        self.differing = 0
        self.ungrouped = 0
        self.flips: dict[Flip, int] = {"allow": 0, "deny": 0}
        self._groups: dict[Key, Group] = {}

    @property
    def decided(self) -> int:
        return sum(self.asked.values())

    def count(self, kind: str) -> None:
        """Counts a request that is decided."""
        self.asked[kind] = self.asked.get(kind, 0) + 1

    def add(
        self, example: Example, turned: Flip | None, causes: Sequence[Change], kind: str
    ) -> None:
        """Counts a request that differs. ``kind`` is what it is counted as in ``origins``."""
        self.differing += 1
        if turned is not None:
            self.flips[turned] += 1
        size = example.size
        for cause in causes:
            key = Key(turned if cause.part not in ("notice", "error") else None, cause)
            group = self._groups.get(key)
            if group is None:
                if len(self._groups) >= _MOST:
                    self.ungrouped += 1
                    continue
                group = self._groups[key] = Group(key, example, size)
            elif size < group.size:
                group.example, group.size = example, size
            group.count += 1
            group.origins[kind] = group.origins.get(kind, 0) + 1

    def __bool__(self) -> bool:
        return bool(self._groups)

    @property
    def groups(self) -> list[Group]:
        """The groups, what matters most first: allowed now, denied now, the rest."""

        def weight(group: Group) -> tuple[Any, ...]:
            flip, cause = group.key.flip, group.key.cause
            turned = 0 if flip == "allow" else 1 if flip == "deny" else 2
            part = _PARTS.index(cause.part)
            return (turned, part, -group.count, cause.name, cause.how, str(cause.policy))

        return sorted(self._groups.values(), key=weight)


def size_of(question: Question) -> Size:
    """What makes a question smaller than another: properties, length, an earlier moment."""
    request = question.request
    text = json.dumps(request, sort_keys=True, default=str)
    # What has no name is no good example, though it is short.
    nameless = text.count('"id": ""')
    return (_leaves(request) + nameless, len(text), question.now, text)


def _leaves(value: Any) -> int:
    if isinstance(value, Mapping):
        return sum(map(_leaves, value.values())) + 1
    if isinstance(value, (list, tuple)):
        return sum(map(_leaves, value)) + 1
    return 1
