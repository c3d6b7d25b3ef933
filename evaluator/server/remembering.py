"""Answers that are told again while what they tell still holds.

A decision knows until when it and every word of it hold, so that a question that is asked again
before then, octet for octet, needs no second decision.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from evaluator.decision.decision import Decision
from evaluator.engine import PolicySet
from evaluator.language.values import Timestamp
from evaluator.server.http import encoded
from evaluator.server.seams import Gist

__all__ = ["Again", "Memory"]

_LONGEST: Final = 16 * 1024  # octets of a question
_DECODE: Final = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    """An answer, as octets: thousands of trees would keep the collector of garbage busy.

    It may be told again in [since, until), nanoseconds since the epoch; both are None for what is
    decided at the moment that the question names.
    """

    request: bytes
    ignored: tuple[str, ...]
    gist: Gist
    told: bytes
    since: int | None
    until: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Again:
    """An answer that still holds: the request it was made on, and what is told at this moment.

    ``ignored`` are the pointers of what was taken away from the question first.
    """

    request: Mapping[str, Any]
    ignored: tuple[str, ...]
    gist: Gist
    told: dict[str, Any]


class Memory:
    """The answers of one set of policies: so many of those that were asked for last.

    A set with host functions remembers nothing, since their results may change at any time.
    """

    def __init__(self, policies: PolicySet, *, entries: int) -> None:
        impure = any(pack.functions.has_host_functions for pack in policies.packs)
        self._most = 0 if impure else entries
        self._policies = policies
        self._entries: OrderedDict[tuple[bytes, str | None], _Kept] = OrderedDict()

    def find(self, question: bytes, locale: str | None) -> Again | None:
        """What a question was answered in a locale, if it still holds."""
        key = (question, locale)
        kept = self._entries.get(key)
        if kept is None:
            return None
        told = _DECODE(kept.told)
        if kept.since is not None:
            now = self._policies.now()
            # A clock that was set back is at a moment that nothing is known of.
            if now < kept.since or (kept.until is not None and now >= kept.until):
                del self._entries[key]
                return None
            told["decided_at"] = str(Timestamp(now))
        self._entries.move_to_end(key)
        return Again(_DECODE(kept.request), kept.ignored, kept.gist, told)

    def keep(
        self,
        question: bytes,
        locale: str | None,
        decision: Decision,
        gist: Gist,
        told: Mapping[str, Any],
        request: bytes,
        ignored: tuple[str, ...],
    ) -> None:
        """Remembers an answer, if it holds for a while; ``request`` is the JSON it was made on."""
        if not self._most or len(question) > _LONGEST or decision.rules_erred:
            return
        since = until = None
        if decision.now_from == "clock":
            since = decision.decided_at.nanoseconds
            told_until = decision.told_until
            until = None if told_until is None else told_until.nanoseconds
            if until == since:
                return
        kept = _Kept(request, ignored, gist, encoded(told), since, until)
        self._entries[question, locale] = kept
        if len(self._entries) > self._most:
            self._entries.popitem(last=False)
