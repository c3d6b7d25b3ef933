"""Two versions of policies compared: every request is decided by both."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Callable

from evaluator.history.changes import Change, Flip, causes, changes, flip
from evaluator.history.edits import Edit, Reach, edits
from evaluator.history.groups import Example, Group, Groups
from evaluator.history.seeds import Seeds
from evaluator.history.shrinking import shrunk
from evaluator.history.versions import Version
from evaluator.suites.model import Question

__all__ = ["Comparison"]


class Comparison:
    """What an old and a new version of policies decide differently.

    ``edits`` are the definitions that differ, ``reach`` tells what these may change, ``groups`` is
    what has been found so far, and ``seeds`` are requests to make others from.
    """

    def __init__(self, old: Version, new: Version) -> None:
        self.old = old
        self.new = new
        self.edits = edits(old.definitions, new.definitions)
        self.reach = Reach(self.edits, old.definitions, new.definitions)
        self.groups = Groups()
        self.seeds = Seeds()
        self._seen: set[bytes] = set()

    def ask(self, question: Question, kind: str, *, origin: str = "", each: bool = False) -> bool:
        """Decides a question by both versions; whether they differ.

        A question that was asked before is passed over, unless ``each`` counts. ``kind`` is what it
        is counted as, ``origin`` what its example is called.
        """
        if not each and not self._is_fresh(question):
            return False
        self.groups.decided += 1
        example = self.difference(question, origin)
        old, new = example.old, example.new
        self.seeds.add(question, (old.effect, old.reasons, new.effect, new.reasons))
        if not example.changes:
            return False
        self.groups.add(example, flip(old, new), self.causes(example), kind)
        return True

    def difference(self, question: Question, origin: str = "") -> Example:
        """What both versions say of a question, and how that differs."""
        old, new = self.old.answer(question), self.new.answer(question)
        return Example(question, old, new, changes(old, new), origin)

    def causes(self, example: Example) -> tuple[Change, ...]:
        """The differences that explain the others."""
        return causes(example.old, example.new, example.changes, edited=self._is_edited)

    def behind(self, group: Group) -> tuple[Edit, ...]:
        """The edits that a group comes from, as far as that can be said."""
        cause = group.key.cause
        if cause.part == "output":
            return self.reach.behind("output", cause.name)
        if cause.rule is not None:
            found = self.reach.behind("rule", cause.rule, _pack(cause))
            return found or self.reach.behind("output", cause.rule)
        return self.reach.edits

    def shrink(self, is_valid: Callable[[Question], bool]) -> None:
        """Makes the examples that were made up as small as they can be."""
        for group in self.groups.groups:
            if not group.example.origin:
                group.example = shrunk(
                    group.example,
                    self.difference,
                    lambda example, group=group: self._is_of(example, group),
                    is_valid,
                )

    def _is_of(self, example: Example, group: Group) -> bool:
        if not example.changes or group.key.cause not in self.causes(example):
            return False
        turned: Flip | None = flip(example.old, example.new)
        return group.key.flip in (turned, None)

    def _is_edited(self, change: Change) -> bool:
        return change.rule is not None and bool(
            self.reach.behind("rule", change.rule, _pack(change))
        )

    def _is_fresh(self, question: Question) -> bool:
        try:
            text = marshal.dumps((dict(question.request), question.now), 2)
        except ValueError:
            return True
        key = hashlib.blake2b(text, digest_size=16).digest()
        if key in self._seen:
            return False
        self._seen.add(key)
        return True


def _pack(change: Change) -> str | None:
    return None if change.policy is None else change.policy.partition(".")[0]
