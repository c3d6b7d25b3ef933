"""What is told of the service: in lines of text or JSON, without what clients have sent."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

import evaluator
from evaluator.server.app import Application
from evaluator.server.events import forward, log_to
from evaluator.server.settings import Settings
from tests.server.asking import ask
from tests.server.changing_pack import REQUEST, put_pack

LOGGER = logging.getLogger("uvicorn.error")


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    names = ("evaluator.server", "uvicorn.error", "asyncio", "opentelemetry")
    kept = [logging.getLogger(name) for name in names]
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


def test_what_fails_unforeseen_is_answered_and_told(tmp_path: Path) -> None:
    """The type of what failed and the place are told, to the log alone."""
    stream = io.StringIO()
    forward(log_to(stream, "json"))

    class Failing:
        async def write(self, made: object) -> None:
            raise RuntimeError("secret of a client")

    app = Application(
        evaluator.load(put_pack(tmp_path / "pack")), Settings(), key=b"", journal=Failing()
    )
    status, body, headers = ask(app, "POST", "/access/v1/evaluation", REQUEST)
    assert (status, headers["content-type"]) == (500, "application/json")
    assert body == "the service failed to answer; its log says where"
    told = json.loads(stream.getvalue())
    assert (told["error"], told["level"]) == ("RuntimeError", "error")
    assert "secret" not in stream.getvalue()


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
