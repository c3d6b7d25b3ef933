"""Deciding inside an event loop, whichever kind of policies there are, in the reader's language."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from evaluator.decision.interface import AnyDecision
from evaluator.decision.languages import locale_of
from evaluator.decision.messages import pack_locales
from evaluator.engine import PolicySet
from evaluator.integrations.policies import AsyncPolicies, Policies

__all__ = ["Decider"]


class Decider:
    """Decides for an event loop.

    Policies of this process decide at once, which takes microseconds; an ``AsyncClient`` is waited
    for; anything else is asked in a thread.
    """

    __slots__ = ("_decide", "_locales")

    def __init__(self, policies: Policies | AsyncPolicies) -> None:
        self._decide: Callable[..., Awaitable[AnyDecision]]
        self._locales: tuple[str, ...] | None = None
        if isinstance(policies, PolicySet):
            self._locales = pack_locales(policies.packs)
            self._decide = _at_once(policies)
        elif inspect.iscoroutinefunction(policies.decide):
            self._decide = policies.decide
        else:
            self._decide = _in_a_thread(policies.decide)

    async def decide(self, request: Mapping[str, Any], accepted: str | None) -> AnyDecision:
        """The decision, in the language that ``Accept-Language`` asks for.

        Raises ``ServiceError`` where a client has no answer.
        """
        return await self._decide(request, locale=self.locale(accepted))

    def locale(self, accepted: str | None) -> str | None:
        """The locale of the texts, None for the packs' own. A service chooses among its own."""
        if accepted is None or self._locales is None:
            return accepted
        return locale_of(accepted, self._locales)


def _at_once(policies: PolicySet) -> Callable[..., Awaitable[AnyDecision]]:
    async def decide(request: Mapping[str, Any], *, locale: str | None) -> AnyDecision:
        return policies.decide(request, locale=locale)

    return decide


def _in_a_thread(ask: Callable[..., Any]) -> Callable[..., Awaitable[AnyDecision]]:
    async def decide(request: Mapping[str, Any], *, locale: str | None) -> AnyDecision:
        decision: AnyDecision = await asyncio.to_thread(ask, request, locale=locale)
        return decision

    return decide
