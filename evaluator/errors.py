"""The exceptions of the public API."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from evaluator.diagnostics import Diagnostic
from evaluator.source import Span

if TYPE_CHECKING:
    from evaluator.decision.interface import AnyDecision

__all__ = [
    "Denied",
    "EvaluationError",
    "EvaluatorError",
    "PolicyError",
    "RequestError",
    "ServiceError",
]


class EvaluatorError(Exception):
    """The root of every exception that this library raises on purpose."""


class _DiagnosticsError(EvaluatorError):
    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n".join(str(diagnostic) for diagnostic in self.diagnostics)


class PolicyError(_DiagnosticsError):
    """Policies or an expression that cannot be used. ``diagnostics`` holds every problem."""


class RequestError(_DiagnosticsError):
    """A request that is none, or one that was changed after it was decided."""


class EvaluationError(EvaluatorError):
    """An expression that was evaluated on its own ended in an error of the language.

    ``kind`` is the error kind, such as ``divide_by_zero``; ``span`` is where it arose.
    """

    def __init__(self, kind: str, message: str, span: Span | None = None) -> None:
        self.kind = kind
        self.message = message
        self.span = span
        super().__init__(kind, message, span)

    def __str__(self) -> str:
        place = f"{self.span}: " if self.span else ""
        return f"{place}{self.kind}: {self.message}"


class Denied(EvaluatorError):  # noqa: N818  # a verdict, not a fault; the name is public contract
    """What ``require`` raises when the decision is not allow. ``decision`` has the reasons."""

    def __init__(self, decision: AnyDecision) -> None:
        self.decision = decision
        super().__init__(decision)

    def __str__(self) -> str:
        reasons = (f"{reason.rule}: {reason.message}" for reason in self.decision.reasons)
        return "; ".join(reasons) or "denied"


class ServiceError(EvaluatorError):
    """A service that was asked for a decision and gave none: there is no answer to go by.

    ``status`` is that of HTTP, None where nothing was answered; ``request_id`` is what the service
    knows the request by; ``retry_after`` is in seconds, where the service said when to come back.
    """

    def __init__(
        self,
        message: str,
        status: int | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        self.message = message
        self.status = status
        self.request_id = request_id
        self.retry_after = retry_after
        super().__init__(message, status, request_id, retry_after)

    def __str__(self) -> str:
        return self.message
