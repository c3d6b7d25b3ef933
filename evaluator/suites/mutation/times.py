"""Durations and instants near others: an hour and a nanosecond before and after."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evaluator.language.instants import (
    MAX_INSTANT,
    MIN_INSTANT,
    format_instant,
    parse_duration,
    parse_instant,
)

__all__ = ["near_duration", "near_instant"]

_SECOND: Final = 1_000_000_000
_MINUTE: Final = 60 * _SECOND
_STEPS: Final = (60 * _MINUTE, -60 * _MINUTE, 1, -1)


def near_duration(text: str) -> Iterator[str]:
    """The durations near one, as CEL writes them; none of a text that is no duration."""
    nanoseconds = parse_duration(text)
    if nanoseconds is not None:
        for step in _STEPS:
            near = _in_units(nanoseconds + step)
            if parse_duration(near) is not None:
                yield near


def near_instant(text: str) -> Iterator[str]:
    """The instants near one in RFC 3339; none of a text that is no instant."""
    instant = parse_instant(text)
    if instant is not None:
        for near in (instant + step for step in _STEPS):
            if MIN_INSTANT <= near <= MAX_INSTANT:
                yield format_instant(near)


def _in_units(nanoseconds: int) -> str:
    """A duration as a person would write it: ``169h``, ``167h59m59.999999999s``, ``168h1ns``."""
    sign = "-" if nanoseconds < 0 else ""
    minutes, rest = divmod(abs(nanoseconds), _MINUTE)
    hours, minutes = divmod(minutes, 60)
    text = (f"{hours}h" if hours else "") + (f"{minutes}m" if minutes else "")
    seconds, fraction = divmod(rest, _SECOND)
    if seconds:
        text += f"{seconds}" + (f".{fraction:09d}".rstrip("0") if fraction else "") + "s"
    elif fraction:
        text += f"{fraction}ns"
    return sign + (text or "0s")
