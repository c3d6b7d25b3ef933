"""What the service answers: a status and JSON, or an error in a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluator.diagnostics import Diagnostic

__all__ = ["Answer", "Refusal", "refusal_of", "too_busy"]

_NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Answer:
    """A response. ``body`` is JSON data, or bytes of the type that ``headers`` say."""

    status: int
    body: Any
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):  # noqa: N818  # an answer, not a fault
    """A request that is not answered with a decision.

    ``status`` is that of HTTP, ``message`` the sentence that AuthZEN has in the body of errors
    (section "Error Responses").
    """

    def __init__(self, status: int, message: str, headers: Mapping[str, str] = _NO_HEADERS) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message
        self.headers = headers

    @property
    def answer(self) -> Answer:
        return Answer(self.status, self.message, self.headers)


def refusal_of(diagnostics: Iterable[Diagnostic]) -> Refusal:
    """A bad request, as diagnostics tell it."""
    return Refusal(400, "; ".join(item.message for item in diagnostics))


def too_busy() -> Refusal:
    """What those are told who come while the service has too much to do."""
    message = "the service has more to do than it can; try again"
    return Refusal(503, message, {"retry-after": "1"})
