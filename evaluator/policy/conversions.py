"""From what a request carries to CEL values, by the type that its schema names.

Each function gives the CEL value, ``ABSENT`` for what is of another type, or an ``ErrorValue`` that
says more. JSON types are exact: a bool is no number, a number no text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from evaluator.language.instants import parse_instant, parse_iso_duration
from evaluator.language.values import (
    ABSENT,
    INT_MAX,
    INT_MIN,
    Duration,
    ErrorValue,
    Timestamp,
    from_host,
)
from evaluator.policy.pointers import below

__all__ = [
    "read_anything",
    "to_bool",
    "to_double",
    "to_duration",
    "to_int",
    "to_null",
    "to_text",
    "to_timestamp",
]


def to_bool(value: Any) -> Any:
    """Exactly true or false."""
    return value if value is True or value is False else ABSENT


def to_int(value: Any) -> Any:
    """A number of integral value inside int64; 5.0 is one, true is none."""
    if type(value) is int:
        return value if INT_MIN <= value <= INT_MAX else ABSENT
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ABSENT
    # NaN fails the comparison, and an infinity is beyond either bound.
    return int(value) if INT_MIN <= value <= INT_MAX and int(value) == value else ABSENT


def to_double(value: Any) -> Any:
    """A finite number; an integer only inside int64."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ABSENT
    if isinstance(value, int) and not INT_MIN <= value <= INT_MAX:
        return ABSENT
    converted = float(value)
    return converted if converted - converted == 0 else ABSENT


def to_text(value: Any) -> Any:
    """A text, of whatever subclass of str, as a plain one."""
    if type(value) is str:
        return value
    # str() of a member of an Enum is its name.
    return str.__str__(value) if isinstance(value, str) else ABSENT


def to_timestamp(value: Any) -> Any:
    """RFC 3339 text with an offset, an aware datetime, a Timestamp."""
    if isinstance(value, str):
        instant = parse_instant(value)
        return ABSENT if instant is None else Timestamp(instant)
    if isinstance(value, (datetime, Timestamp)):
        return from_host(value)
    return ABSENT


def to_duration(value: Any) -> Any:
    """ISO 8601 text without years and months, a timedelta, a Duration."""
    if isinstance(value, str):
        length = parse_iso_duration(value)
        return ABSENT if length is None else Duration(length)
    if isinstance(value, (timedelta, Duration)):
        return from_host(value)
    return ABSENT


def to_null(value: Any) -> Any:
    """Null, whose CEL value is None."""
    return None if value is None else ABSENT


def read_anything(value: Any, place: str) -> Any:
    """A value that no schema describes, or the error with the pointer of what is wrong in it."""
    found = from_host(value, place)
    return _culprit(value, place, found) if type(found) is ErrorValue else found


def _culprit(value: Any, place: str, error: ErrorValue) -> ErrorValue:
    """The error once more, of the innermost value that has one, with that value's pointer."""
    inner: Any = ()
    if isinstance(value, Mapping):
        inner = value.items()
    elif isinstance(value, (list, tuple)):
        inner = enumerate(value)
    for part, item in inner:
        if type(part) is not int and not isinstance(part, str):
            break  # it is the key that is wrong
        step = below(place, part)
        found = from_host(item, step)
        if type(found) is ErrorValue:
            return _culprit(item, step, found)
    return error
