"""What happens to the service, told on a stream: a line of JSON each, or of text.

Neither requests nor headers are told, and of an exception no more than its type and where it was
raised, since its words may quote what a client has sent.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any, Final, TextIO, cast

import structlog
from structlog.typing import FilteringBoundLogger, Processor

from evaluator.render.escape import visible
from evaluator.server.config.model import Form

__all__ = ["Log", "forward", "log_to"]

Log = FilteringBoundLogger

# Whose words go the same way. What uvicorn says of requests is none of them.
_OTHERS: Final = ("evaluator.server", "uvicorn.error", "asyncio", "opentelemetry")


class _Lines:
    """A stream that takes lines. One that nobody reads any more loses them, and no request."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def msg(self, text: str) -> None:
        try:
            self._stream.write(f"{text}\n")
            self._stream.flush()
        except (OSError, ValueError):
            return

    debug = info = warning = error = critical = msg


def log_to(stream: TextIO, form: Form = "text", *, colours: bool = False) -> Log:
    """A log whose lines go to a stream."""
    common: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    last: list[Processor]
    if form == "json":
        last = [structlog.processors.JSONRenderer(ensure_ascii=False, default=str)]
    else:
        last = [_plain, structlog.dev.ConsoleRenderer(colors=colours, timestamp_key="time")]
    made = structlog.wrap_logger(
        _Lines(stream),
        processors=[*common, *last],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    )
    return cast("Log", made)


def _plain(_log: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """The event with nothing in it that a terminal would obey; lists as texts."""
    for key, value in event.items():
        if isinstance(value, list):
            value = "; ".join(map(str, value))
        event[key] = visible(value) if isinstance(value, str) else value
    return event


class _Forwarding(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        told: dict[str, Any] = {"logger": record.name}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            told["error"] = type(error).__name__
            told["at"] = _places(error)
        # asyncio appends what it was about, and with it data, behind the first line.
        self._log.log(record.levelno, record.getMessage().partition("\n")[0], **told)


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]


def forward(log: Log) -> None:
    """Sends what the server below and its event loop say to a log."""
    for name in _OTHERS:
        logger = logging.getLogger(name)
        logger.handlers = [_Forwarding(log)]
        logger.propagate = False
