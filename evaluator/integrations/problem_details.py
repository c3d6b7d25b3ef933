"""What a person is told who may not: problem details for HTTP APIs (RFC 9457)."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from evaluator.decision.interface import AnyDecision
from evaluator.errors import ServiceError

__all__ = ["MEDIA_TYPE", "ProblemDetails", "denied", "undecided"]

MEDIA_TYPE: Final = "application/problem+json"
# An answer is for one caller at one moment; nobody between may keep it.
_HEADERS: Final[Mapping[str, str]] = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class ProblemDetails:
    """A response: its status, its headers, whose names are in lower case, and its body."""

    status: int
    headers: Mapping[str, str]
    content: Mapping[str, Any]

    @property
    def body(self) -> bytes:
        return json.dumps(self.content, allow_nan=False).encode("ascii")


def denied(decision: AnyDecision, *, locale: str | None = None) -> ProblemDetails:
    """403: every reason in words, with what would help, and until when that holds.

    Nothing tells where the rules stand. ``locale`` is that of the texts, by default the decision's.
    """
    chosen = locale or decision.locale
    told = decision.to_dict(chosen)
    reasons = [_reason(reason) for reason in told["reasons"]]
    content = {
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
        "detail": " ".join(reason["message"] for reason in reasons),
        "reasons": reasons,
        "valid_until": told["valid_until"],
    }
    headers = {"content-type": MEDIA_TYPE, **_HEADERS}
    if _is_tag(chosen):
        headers["content-language"] = chosen
    return ProblemDetails(403, headers, content)


def undecided(error: ServiceError) -> ProblemDetails:
    """503: there was no decision. What went wrong is for the log, not for who asked."""
    headers = {"content-type": MEDIA_TYPE, **_HEADERS}
    if error.retry_after is not None:
        headers["retry-after"] = str(math.ceil(error.retry_after))
    content = {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "detail": "It cannot be decided at the moment whether this is allowed.",
    }
    return ProblemDetails(503, headers, content)


def _reason(told: Mapping[str, Any]) -> dict[str, Any]:
    remedies = []
    for remedy in told["remedies"]:
        shown = {"id": remedy["id"], "message": remedy["message"]}
        if remedy["sets"]:
            shown["sets"] = remedy["sets"]
        remedies.append(shown)
    return {"id": told["rule"], "message": told["message"], "remedies": remedies}


def _is_tag(locale: str) -> bool:
    return locale.isascii() and locale.replace("-", "").isalnum()
