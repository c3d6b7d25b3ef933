"""Durations in values as people write them: hours and minutes, where the printer has seconds."""

from __future__ import annotations

from typing import Final

from evaluator.language.instants import parse_duration

__all__ = ["with_hours"]

_START: Final = 'duration("'
_END: Final = '")'
_SECOND: Final = 1_000_000_000
_UNITS: Final = (("h", 3600), ("m", 60), ("s", 1))


def with_hours(value: str) -> str:
    """A printed value, such as ``duration("604800s")``, with ``duration("168h")`` for it.

    Within texts quotation marks are escaped, so that these stay as they are.
    """
    first, *rest = value.split(_START)
    parts = [first]
    for part in rest:
        written, end, more = part.partition(_END)
        nanoseconds = parse_duration(written) if end else None
        if nanoseconds is not None and nanoseconds % _SECOND == 0:
            written = _in_units(nanoseconds // _SECOND)
        parts.append(f"{_START}{written}{end}{more}")
    return "".join(parts)


def _in_units(seconds: int) -> str:
    left = abs(seconds)
    found = "-" if seconds < 0 else ""
    for unit, length in _UNITS:
        count, left = divmod(left, length)
        found += f"{count}{unit}" if count else ""
    return found or "0s"
