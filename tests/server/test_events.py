"""What is told of the service: in lines of text or JSON, without what clients have sent."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from evaluator.server.events import forward, log_to

LOGGER = logging.getLogger("uvicorn.error")


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    kept = [(logging.getLogger(name)) for name in ("uvicorn.error", "asyncio", "opentelemetry")]
    before = [(logger, logger.handlers, logger.propagate) for logger in kept]
    yield
    for logger, handlers, propagate in before:
        logger.handlers, logger.propagate = handlers, propagate


def test_json() -> None:
    stream = io.StringIO()
    log_to(stream, "json").warning("policies not loaded", diagnostics=["a.yaml:1:2: \x1b[31m æ"])
    told = json.loads(stream.getvalue())
    assert told.pop("time").endswith("Z")
    assert told == {
        "event": "policies not loaded",
        "level": "warning",
        "diagnostics": ["a.yaml:1:2: \x1b[31m æ"],
    }
    assert "\x1b" not in stream.getvalue()


def test_text_has_nothing_that_a_terminal_obeys() -> None:
    stream = io.StringIO()
    log_to(stream).error("failed", diagnostics=["one\nline", "\x1b[31mtwo"], other="\u202e")
    text = stream.getvalue()
    assert text.count("\n") == 1
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "one\\" in text


def test_exceptions_do_not_speak() -> None:
    stream = io.StringIO()
    forward(log_to(stream, "json"))
    try:
        raise ValueError("secret of a client")
    except ValueError:
        LOGGER.exception("Exception in ASGI application\nsecret of a client")
    told = json.loads(stream.getvalue())
    assert "secret" not in stream.getvalue()
    assert (told["event"], told["error"]) == ("Exception in ASGI application", "ValueError")
    assert "test_exceptions_do_not_speak" in told["at"][-1]


def test_a_stream_that_nobody_reads() -> None:
    stream = io.StringIO()
    log = log_to(stream)
    stream.close()
    log.error("lost")  # and nothing else


def test_what_is_no_warning_is_not_told() -> None:
    stream = io.StringIO()
    forward(log_to(stream))
    LOGGER.info("Started server process")
    assert stream.getvalue() == ""
