"""Two versions of policies compared: every request is decided by both."""

from __future__ import annotations

import hashlib
import marshal
from collections.abc import Callable, Iterable
from functools import partial

from evaluator.history.changes import Change, causes, changes, flip
from evaluator.history.edits import Edit, Reach, edits
from evaluator.history.groups import Example, Group, Groups
from evaluator.history.reporting import Finding, place_of
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
        self._noticed: set[int] = set()  # edits, by identity

    def ask(
        self,
        question: Question,
        kind: str,
        *,
        origin: str = "",
        each: bool = False,
        validity: bool = True,
    ) -> bool:
        """Decides a question by both versions; whether they differ.

        A question that was asked before is passed over, unless ``each`` counts. ``kind`` is what it
        is counted as, ``origin`` what its example is called. Without ``validity`` it does not
        matter until when the decisions hold.
        """
        if not each and not self._is_fresh(question):
            return False
        self.groups.count(kind)
        example = self.difference(question, origin, validity=validity)
        self._take_seed(example)
        if not example.changes:
            return False
        turned = flip(example.old, example.new)
        by = self.causes(example)
        self.groups.add(example, turned, by, kind)
        self._notice(example, by)
        return True

    def seed(self, question: Question) -> None:
        """Takes a question to make others from, which does not count itself."""
        example = self.difference(question, validity=False)
        self._take_seed(example)

    def difference(self, question: Question, origin: str = "", *, validity: bool = True) -> Example:
        """What both versions say of a question, and how that differs."""
        old = self.old.answer(question, validity=validity)
        new = self.new.answer(question, validity=validity)
        return Example(question, old, new, changes(old, new), origin)

    def causes(self, example: Example) -> tuple[Change, ...]:
        """The differences that explain the others."""
        return causes(example.old, example.new, example.changes, edited=self._is_edited)

    def behind(self, group: Group) -> tuple[Edit, ...]:
        """The edits that a group comes from, as far as that can be said."""
        cause = group.key.cause
        if cause.kind == "default":  # by what decided before, or decides now
            reasons = [one for one in group.example.changes if one.part == "reason"]
            found = [edit for one in reasons if one != cause for edit in self._edits_of(one)]
            return tuple({id(edit): edit for edit in found}.values()) or self.reach.edits
        return self._edits_of(cause)

    def _edits_of(self, change: Change) -> tuple[Edit, ...]:
        if change.part == "output":
            return self.reach.behind("output", change.name)
        if change.rule is not None:
            found = self.reach.behind("rule", change.rule, _pack(change))
            return found or self.reach.behind("output", change.rule)
        return self.reach.edits if change.part in ("order", "valid_until") else ()

    def _notice(self, example: Example, by: tuple[Change, ...]) -> None:
        """Remembers which edits a difference shows."""
        found = set(by)
        if any(change.kind == "default" for change in by):  # of outputs too, which went with all
            found.update(example.changes)
        found.update(change for change in example.changes if change.part == "reason")
        for change in found:
            if change.part != "valid_until":
                self._noticed.update(id(edit) for edit in self._edits_of(change))

    def finish(
        self,
        validity: Callable[[Question], Callable[[Question], bool]],
        moments: Callable[[Question], Iterable[int]],
    ) -> None:
        """Makes the examples that were made up as small as they can be, and complete.

        They are moved to the moment from which on the difference is there. ``validity`` gives what
        tells whether a smaller request may stand for one, ``moments`` the moments at which
        something in it begins or ends.
        """
        for group in self.groups.groups:
            if not group.example.origin:
                counts = partial(self._is_example, group=group)
                question = group.example.question
                question = shrunk(question, counts, validity(question))
                group.example = self._first(question, counts, moments(question))

    def _first(
        self,
        question: Question,
        counts: Callable[[Question], bool],
        moments: Iterable[int],
    ) -> Example:
        """The example at the moment from which on it is one, where it has not been one always."""
        for moment in sorted(moment for moment in moments if moment < question.now):
            earlier = Question(question.request, moment)
            if counts(earlier):
                example = self.difference(earlier)
                if example.until is not None and example.until > question.now:
                    if counts(Question(question.request, moment - 1)):
                        break
                    return example
        return self.difference(question)

    def findings(self) -> tuple[Finding, ...]:
        """The groups with where they come from."""
        return tuple(
            Finding(
                group,
                place_of(self.old.definitions, group.key.cause),
                place_of(self.new.definitions, group.key.cause),
                self.behind(group),
            )
            for group in self.groups.groups
        )

    def unnoticed(self) -> tuple[Edit, ...]:
        """The decisive edits that no difference is known to come from."""
        return tuple(edit for edit in self.reach.edits if id(edit) not in self._noticed)

    def _take_seed(self, example: Example) -> None:
        old, new = example.old, example.new
        self.seeds.add(example.question, (old.effect, old.reasons, new.effect, new.reasons))

    def _is_example(self, question: Question, *, group: Group) -> bool:
        by_time = group.key.cause.part == "valid_until"
        example = self.difference(question, validity=by_time)
        if not example.changes or group.key.cause not in self.causes(example):
            return False
        return group.key.flip in (flip(example.old, example.new), None)

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
