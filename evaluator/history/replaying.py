"""Logged decisions made again by other policies, each at its own time."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.diagnostics import Diagnostic
from evaluator.history import problems
from evaluator.history.changes import Change, causes, changes, flip
from evaluator.history.groups import Example, Group, Groups
from evaluator.history.log import Record
from evaluator.history.masked import Masked
from evaluator.history.reporting import Finding, Place, place_of
from evaluator.history.versions import Version
from evaluator.suites.model import Question

__all__ = ["KIND", "Replay"]

KIND = "log"
"""What logged requests are counted as."""


class Replay:
    """What the policies decide otherwise than was logged; it does not grow with the log.

    ``masked`` counts the records whose differences may come from what is masked in them.
    """

    def __init__(self, version: Version) -> None:
        self.version = version
        self.groups = Groups()
        self.masked = 0
        self._masked = Masked(version.packs)

    def add(self, record: Record, origin: str) -> Diagnostic | None:
        """Decides a record again; says what it lacks if it cannot be compared."""
        if record.answer is None:
            return problems.record_without_decision()
        if record.decided_at is None:
            return problems.record_without_moment()
        self.groups.count(KIND)
        question = Question(record.request, record.decided_at)
        new = self.version.answer(question)
        found = changes(record.answer, new)
        if found and record.masked:
            found = self._masked.certain(record.answer, found, record.masked)
            self.masked += not found
        if found:
            example = Example(question, record.answer, new, found, origin)
            turned = flip(record.answer, new)
            self.groups.add(example, turned, causes(record.answer, new, found), KIND)
        return None

    def findings(self) -> Sequence[Finding]:
        """The groups; where rules stood is what the log tells of it."""
        return tuple(
            Finding(group, _logged(group), place_of(self.version.definitions, group.key.cause))
            for group in self.groups.groups
        )


def _logged(group: Group) -> Place | None:
    cause: Change = group.key.cause
    answer = group.example.old
    for given in (*(answer.reasons or ()), *(answer.notices or ())):
        if given.rule == cause.rule and given.file is not None and given.line is not None:
            return Place(given.file, given.line)
    return None
