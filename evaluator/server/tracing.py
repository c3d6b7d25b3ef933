"""Spans of OpenTelemetry: one for a request, which joins the trace of the caller, one a decision.

Only the API is used. Where nothing has set up an SDK in the process, there is no tracer, and
requests go by untouched.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Final

from opentelemetry import propagate, trace
from opentelemetry.propagators.textmap import Getter
from opentelemetry.trace import (
    NoOpTracerProvider,
    ProxyTracerProvider,
    SpanKind,
    StatusCode,
    Tracer,
)

from evaluator.server.http import Receive, Scope, Send
from evaluator.server.seams import Made, Observer

__all__ = ["Spans", "Traced", "current_tracer"]

_NAME: Final = "evaluator"
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_RawHeaders = Sequence[tuple[bytes, bytes]]


def current_tracer() -> Tracer | None:
    """The tracer of the SDK that has been set up; None where there is none."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, ProxyTracerProvider | NoOpTracerProvider):
        return None
    return provider.get_tracer(_NAME)


class _Headers(Getter[_RawHeaders]):
    def get(self, carrier: _RawHeaders, key: str) -> list[str] | None:
        wanted = key.lower().encode("latin-1")
        found = [value.decode("latin-1") for name, value in carrier if name == wanted]
        return found or None

    def keys(self, carrier: _RawHeaders) -> list[str]:
        return [name.decode("latin-1") for name, _ in carrier]


_HEADERS: Final = _Headers()


class Traced:
    """An ASGI application whose requests are spans (HTTP semantic conventions, of servers).

    What a span says of a request is its method; ``Spans`` adds the endpoint and the status.
    """

    def __init__(self, app: Any, tracer: Tracer) -> None:
        self._app = app
        self._tracer = tracer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, as ASGI 3 has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in _METHODS else "_OTHER"
        with self._tracer.start_as_current_span(
            method,
            context=propagate.extract(scope["headers"], getter=_HEADERS),
            kind=SpanKind.SERVER,
            attributes={"http.request.method": method, "url.scheme": scope["scheme"]},
            # An exception may quote what a client has sent; the log says where it was raised.
            record_exception=False,
        ):
            await self._app(scope, receive, send)


class Spans:
    """Tells spans what is observed, and another observer too."""

    def __init__(self, tracer: Tracer, also: Observer) -> None:
        self._tracer = tracer
        self._also = also

    def decided(self, made: Made, seconds: float) -> None:
        """See ``seams.Observer``. The decision is a span inside that of the request."""
        self._also.decided(made, seconds)
        now = time.time_ns()
        decision = made.decision
        self._tracer.start_span(
            "decide",
            start_time=now - int(seconds * 1e9),
            attributes={
                "evaluator.id": made.id,
                "evaluator.effect": decision.effect,
                "evaluator.rules": decision.rule_ids,
                "evaluator.packs": tuple(f"{pack.name}@{pack.digest}" for pack in decision.packs),
            },
        ).end(now)

    def answered(self, endpoint: str, status: int, seconds: float) -> None:
        """See ``seams.Observer``."""
        self._also.answered(endpoint, status, seconds)
        span = trace.get_current_span()
        span.set_attribute("http.response.status_code", status)
        if endpoint:
            span.set_attribute("http.route", endpoint)
            span.update_name(endpoint)
        if status >= 500:
            span.set_status(StatusCode.ERROR)
