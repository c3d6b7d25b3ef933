"""A request in Python values as JSON data, without changing what it says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from evaluator.language.values import Duration, ErrorValue, Timestamp, from_host
from evaluator.policy.request import Request

__all__ = ["UnsendableError", "json_request"]


class UnsendableError(Exception):
    """A request with something in it that JSON cannot say; the text names it."""


def json_request(request: Mapping[str, Any] | Request) -> dict[str, Any]:
    """A request as JSON data: instants as RFC 3339, lengths of time as ISO 8601.

    Request schemas read both back as what they were (``format: date-time``, ``duration``). Raises
    ``UnsendableError`` for what has no counterpart, such as bytes, NaN or a naive datetime.
    """
    raw = request.raw if isinstance(request, Request) else request
    try:
        return {key: _json(value, key) for key, value in raw.items() if _is_text(key, "")}
    except RecursionError:
        raise UnsendableError("it is nested too deeply") from None


def _json(value: Any, path: str) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return str.__str__(value)  # str() of a member of an Enum is its name
    if isinstance(value, Mapping):
        return {
            key: _json(item, f"{path}.{key}") for key, item in value.items() if _is_text(key, path)
        }
    if isinstance(value, (list, tuple)):
        return [_json(item, f"{path}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, (float, datetime, timedelta, Timestamp, Duration)):
        converted = from_host(value, path)
        if isinstance(converted, ErrorValue):
            raise UnsendableError(converted.message)
        if isinstance(converted, Duration):
            return _iso(converted, path)
        return str(converted) if isinstance(converted, Timestamp) else converted
    raise UnsendableError(f"`{path}` is a Python value of type {type(value).__name__}")


def _is_text(key: Any, path: str) -> bool:
    if not isinstance(key, str):
        raise UnsendableError(f"`{path or 'the request'}` has a key that is no string: {key!r}")
    return True


def _iso(length: Duration, path: str) -> str:
    if length.nanoseconds < 0:
        raise UnsendableError(f"`{path}` is a negative duration")
    seconds, rest = divmod(length.nanoseconds, 1_000_000_000)
    return f"PT{seconds}.{rest:09d}S" if rest else f"PT{seconds}S"
