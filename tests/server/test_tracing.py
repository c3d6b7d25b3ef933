"""Spans: whose trace they join, and what they tell of requests and decisions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from opentelemetry import trace
from opentelemetry.trace import NonRecordingSpan, SpanContext, StatusCode, TraceFlags, Tracer

import evaluator
from evaluator.server.answers import Answer
from evaluator.server.app import Application
from evaluator.server.seams import NOBODY_WATCHES
from evaluator.server.settings import Settings
from evaluator.server.tracing import Spans, Traced, current_tracer
from tests.server.asking import ask
from tests.server.changing_pack import REQUEST, put_pack

EVALUATION = "/access/v1/evaluation"
TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = "b7ad6b7169203331"


class Kept(NonRecordingSpan):
    """A span that keeps what it is told."""

    def __init__(self, name: str, number: int, parent: SpanContext, attributes: Any) -> None:
        super().__init__(SpanContext(parent.trace_id or 1, number, False, TraceFlags(1)))
        self.name = name
        self.parent = parent
        self.attributes = dict(attributes or {})
        self.status: Any = None
        self.ended: int | None = None

    def set_attribute(self, key: str, value: Any) -> None:
        self.attributes[key] = value

    def update_name(self, name: str) -> None:
        self.name = name

    def set_status(self, status: Any, description: str | None = None) -> None:
        self.status = status

    def end(self, end_time: int | None = None) -> None:
        self.ended = end_time


class Keeping:
    """A tracer that keeps its spans, with what is used of the API."""

    def __init__(self) -> None:
        self.spans: list[Kept] = []

    def start_span(
        self, name: str, context: Any = None, attributes: Any = None, start_time: int = 0, **_: Any
    ) -> Kept:
        parent = trace.get_current_span(context).get_span_context()
        span = Kept(name, len(self.spans) + 1, parent, attributes)
        self.spans.append(span)
        return span

    @contextmanager
    def start_as_current_span(self, name: str, **options: Any) -> Iterator[Kept]:
        span = self.start_span(name, **options)
        with trace.use_span(span):
            yield span


@pytest.fixture
def keeping() -> Keeping:
    return Keeping()


@pytest.fixture
def app(tmp_path: Path, keeping: Keeping) -> Traced:
    policies = evaluator.load(put_pack(tmp_path / "pack"))
    tracer = cast("Tracer", keeping)
    inner = Application(policies, Settings(), key=b"", observer=Spans(tracer, NOBODY_WATCHES))
    inner.tell("/broken", lambda: Answer(503, "broken"))
    return Traced(inner, tracer)


def test_a_decision_in_the_trace_of_its_caller(app: Traced, keeping: Keeping) -> None:
    parent = f"00-{TRACE}-{PARENT}-01"
    status, body, _ = ask(app, "POST", EVALUATION, REQUEST, {"traceparent": parent})
    assert status == 200
    request, decision = keeping.spans
    assert (request.name, request.parent.span_id) == (EVALUATION, int(PARENT, 16))
    assert request.attributes == {
        "http.request.method": "POST",
        "url.scheme": "http",
        "http.response.status_code": 200,
        "http.route": EVALUATION,
    }
    assert decision.parent == request.get_span_context()
    assert decision.parent.trace_id == int(TRACE, 16)
    (pack,) = body["context"]["packs"]
    assert decision.attributes == {
        "evaluator.id": body["context"]["id"],
        "evaluator.effect": "allow",
        "evaluator.rules": ("version-1",),
        "evaluator.packs": (f"pages@{pack['digest']}",),
    }
    assert decision.ended


@pytest.mark.parametrize("parent", ["", "00-0-0-01", f"00-{TRACE}-{PARENT}", "\u00e6"])
def test_a_trace_that_is_none(app: Traced, keeping: Keeping, parent: str) -> None:
    assert ask(app, "GET", "/healthz", headers={"traceparent": parent})[0] == 200
    assert not keeping.spans[0].parent.is_valid


@pytest.mark.parametrize(
    ("method", "path", "name", "status"),
    [
        ("GET", "/secret", "GET", None),
        ("SECRET", "/healthz", "/healthz", None),
        ("GET", "/broken", "/broken", StatusCode.ERROR),
    ],
)
def test_nothing_of_what_clients_make_up(
    app: Traced, keeping: Keeping, method: str, path: str, name: str, status: Any
) -> None:
    ask(app, method, path, headers={"authorization": "Bearer secret"})
    (span,) = keeping.spans
    assert (span.name, span.status) == (name, status)
    assert "secret" not in str(span.attributes).lower()


def test_without_an_sdk_there_is_no_tracer() -> None:
    assert current_tracer() is None
