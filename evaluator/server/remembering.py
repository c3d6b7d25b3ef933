"""Answers that are told again while what they tell still holds.

A decision knows until when it and every word of it hold, so that a question that is asked again
before then, octet for octet, needs no second decision.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from evaluator.decision.decision import Decision
from evaluator.engine import PolicySet
from evaluator.language.instants import MIN_INSTANT
from evaluator.language.values import Timestamp

__all__ = ["Memory", "Remembered"]

_LONGEST: Final = 16 * 1024  # octets of a question
_NOW: Final = MIN_INSTANT - 1  # before any moment


@dataclass(frozen=True, slots=True, eq=False)
class Remembered:
    """A decision that was told, and the request it was made on.

    ``ignored`` are the pointers of what was taken away from that first. It may be told again before
    ``until``, in nanoseconds since the epoch; None is for ever.
    """

    request: Mapping[str, Any]
    ignored: tuple[str, ...]
    decision: Decision
    told: Mapping[str, Any]
    until: int | None

    def told_at(self, now: int) -> dict[str, Any]:
        """What is told of it at a later moment."""
        if self.decision.now_from == "request":
            return {**self.told}
        return {**self.told, "decided_at": str(Timestamp(now))}


class Memory:
    """The answers of one set of policies: so many of those that were asked for last.

    A set with host functions remembers nothing, since their results may change at any time.
    """

    def __init__(self, policies: PolicySet, *, entries: int) -> None:
        impure = any(pack.functions.has_host_functions for pack in policies.packs)
        self._most = 0 if impure else entries
        self._policies = policies
        self._entries: OrderedDict[Hashable, Remembered] = OrderedDict()

    def find(self, question: bytes, locale: str | None) -> tuple[Remembered, int] | None:
        """What a question was answered in a locale, if it still holds, and the present moment."""
        key = (question, locale)
        found = self._entries.get(key)
        if found is None:
            return None
        now = self._policies.now()
        # A clock that was set back is at a moment that nothing is known of.
        if found.decision.now_from == "clock" and not (
            found.decision.decided_at.nanoseconds <= now
            and (found.until is None or now < found.until)
        ):
            del self._entries[key]
            return None
        self._entries.move_to_end(key)
        return found, now

    def keep(
        self,
        question: bytes,
        locale: str | None,
        decision: Decision,
        told: Mapping[str, Any],
        request: Mapping[str, Any],
        ignored: tuple[str, ...],
    ) -> Remembered:
        """What is remembered of an answer, if it holds for a while."""
        until = _until(decision) if self._most and len(question) <= _LONGEST else _NOW
        made = Remembered(request, ignored, decision, told, until)
        if until != _NOW:
            self._entries[question, locale] = made
            if len(self._entries) > self._most:
                self._entries.popitem(last=False)
        return made


def _until(decision: Decision) -> int | None:
    """Until when an answer may be told again; ``_NOW`` where it may not."""
    if decision.rules_erred:
        return _NOW
    if decision.now_from == "request":
        return None
    until = decision.told_until
    if until is None:
        return None
    return _NOW if until == decision.decided_at else until.nanoseconds
