"""Time zones: what local time an instant is, in a named zone or at a fixed offset."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from evaluator.language.instants import NANOS

__all__ = ["offset_at"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def offset_at(instant: int, zone: str) -> int | None:
    """Nanoseconds that local time is ahead of UTC at an instant; None when there is no such zone.

    ``zone`` is a name of the IANA database (``Europe/Copenhagen``, ``UTC``) or an offset
    (``+02:00``, ``-9:30``).
    """
    fixed = _fixed(zone)
    if fixed is not None:
        return fixed
    found = _named(zone)
    if found is None:
        return None
    try:
        local = (_EPOCH + timedelta(seconds=instant // NANOS)).astimezone(found)
    except OverflowError:  # local time would leave the years 1 to 9999
        return None
    offset = local.utcoffset()
    assert offset is not None
    return offset // timedelta(seconds=1) * NANOS


def _fixed(zone: str) -> int | None:
    text = zone[1:] if zone[:1] in ("+", "-") else zone
    hours, colon, minutes = text.partition(":")
    if not colon or not (hours + minutes).isascii() or not (hours.isdigit() and minutes.isdigit()):
        return None
    if len(hours) > 2 or len(minutes) != 2 or int(hours) > 23 or int(minutes) > 59:
        return None
    seconds = int(hours) * 3600 + int(minutes) * 60
    return (-seconds if zone[0] == "-" else seconds) * NANOS


@lru_cache(maxsize=64)
def _named(zone: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(zone)
    except (LookupError, OSError, ValueError):
        return None
