"""Time zones: what local time an instant is, in a named zone or at a fixed offset."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from evaluator.language.instants import MAX_INSTANT, MIN_INSTANT, NANOS

__all__ = ["offset_at"]

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST: Final = MIN_INSTANT // NANOS + 86_400
_LAST: Final = MAX_INSTANT // NANOS - 86_400
# Files of the database that stand for the machine's own zone, or count leap seconds.
_NO_ZONES: Final = ("localtime", "posixrules", "right/")


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
    # A day from either end of time no local time leaves the years that a datetime can have.
    seconds = min(max(instant // NANOS, _FIRST), _LAST)
    offset = (_EPOCH + timedelta(seconds=seconds)).astimezone(found).utcoffset()
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
    if zone.startswith(_NO_ZONES):
        return None
    try:
        return ZoneInfo(zone)
    except (LookupError, OSError, ValueError):
        return None
