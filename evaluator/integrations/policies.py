"""What decides, as far as a program needs to know it: policies in this process, or a service.

``evaluator.load`` returns ``Policies``, and so does ``Client(url)``; a program that takes either
can be moved from one to the other.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import Any, Protocol

from evaluator.decision.explanation import RuleExplanation
from evaluator.decision.interface import AnyDecision
from evaluator.policy.request import Request

__all__ = ["AnyDecision", "AnyExplanation", "AsyncPolicies", "Policies"]


class AnyExplanation(Protocol):
    """A decision, and every rule that was for the request."""

    @property
    def decision(self) -> AnyDecision: ...

    @property
    def rules(self) -> tuple[RuleExplanation, ...]: ...

    def to_dict(self, locale: str | None = None) -> dict[str, Any]: ...


class Policies(Protocol):
    """Decides requests. ``PolicySet`` says what each of these does, ``Client`` does the same."""

    def decide(
        self, request: Mapping[str, Any] | Request, *, locale: str | None = None
    ) -> AnyDecision: ...

    def decide_many(
        self, requests: Iterable[Mapping[str, Any] | Request], *, locale: str | None = None
    ) -> Iterator[AnyDecision]: ...

    def allowed(self, request: Mapping[str, Any] | Request) -> bool: ...

    def require(self, request: Mapping[str, Any] | Request) -> AnyDecision: ...

    def explain(
        self, request: Mapping[str, Any] | Request, *, locale: str | None = None
    ) -> AnyExplanation: ...


class AsyncPolicies(Protocol):
    """Decides requests, and lets others work while it waits: ``AsyncClient``."""

    async def decide(
        self, request: Mapping[str, Any] | Request, *, locale: str | None = None
    ) -> AnyDecision: ...

    def decide_many(
        self, requests: Iterable[Mapping[str, Any] | Request], *, locale: str | None = None
    ) -> AsyncIterator[AnyDecision]: ...

    async def allowed(self, request: Mapping[str, Any] | Request) -> bool: ...

    async def require(self, request: Mapping[str, Any] | Request) -> AnyDecision: ...

    async def explain(
        self, request: Mapping[str, Any] | Request, *, locale: str | None = None
    ) -> AnyExplanation: ...
