"""Timestamps and durations: their parts, in UTC or in a time zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from evaluator.language.functions.declaring import fails, function, invalid, overload
from evaluator.language.functions.registry import Function
from evaluator.language.functions.zones import offset_at
from evaluator.language.instants import MAX_INSTANT, MIN_INSTANT, NANOS, civil
from evaluator.language.types import DURATION, INT, STRING, TIMESTAMP
from evaluator.language.values import Duration, ErrorValue, Timestamp

__all__ = ["FUNCTIONS"]

Civil = tuple[int, int, int, int, int, int, int]


# 2026-01-01T00:00:00.5, which the examples reach by a time zone.
_NEW_YEAR = 1_767_225_600 * NANOS + NANOS // 2


def _accessor(
    name: str, words: str, part: Callable[[Civil], int], example: int, unit: int = 0
) -> Function:
    """An accessor of timestamps; with ``unit`` (nanoseconds) also one of durations."""

    def of_timestamp(at: Timestamp) -> int:
        return part(civil(at.nanoseconds))

    def in_zone(at: Timestamp, zone: str) -> int | ErrorValue:
        offset = offset_at(at.nanoseconds, zone)
        if offset is None:
            return invalid(f"`{zone}` is not a time zone")
        local = at.nanoseconds + offset
        if not MIN_INSTANT <= local <= MAX_INSTANT:
            return ErrorValue("overflow", "the local time is outside the years 1 to 9999")
        return part(civil(local))

    overloads = [
        overload(f"timestamp_to_{name}", (TIMESTAMP,), INT, of_timestamp, member=True),
        overload(
            f"timestamp_to_{name}_with_tz",
            (TIMESTAMP, STRING),
            INT,
            in_zone,
            "invalid_argument",
            "overflow",
            member=True,
        ),
    ]
    if unit:

        def of_duration(length: Duration) -> int:
            nanoseconds = length.nanoseconds
            if name == "getMilliseconds":
                nanoseconds = nanoseconds % NANOS if nanoseconds >= 0 else -(-nanoseconds % NANOS)
            whole = abs(nanoseconds) // unit
            return whole if nanoseconds >= 0 else -whole

        overloads.append(
            overload(f"duration_to_{name}", (DURATION,), INT, of_duration, member=True)
        )
    whole = unit >= NANOS
    return function(
        name,
        words,
        *overloads,
        examples=(
            (f"timestamp('2026-03-04T05:06:07.089Z').{name}()", str(example)),
            (
                f"timestamp('2025-12-31T23:00:00.500Z').{name}('Europe/Copenhagen')",
                str(part(civil(_NEW_YEAR))),
            ),
            *([(f"duration('5400s').{name}()", str(5400 * NANOS // unit))] if whole else []),
            fails(f"timestamp('2026-03-04T00:00:00Z').{name}('Nowhere')", "invalid_argument"),
        ),
        family="times",
    )


def _day(parts: Civil) -> date:
    return date(parts[0], parts[1], parts[2])


FUNCTIONS = (
    _accessor("getFullYear", "The year.", lambda parts: parts[0], 2026),
    _accessor("getMonth", "The month, from 0 for January.", lambda parts: parts[1] - 1, 2),
    _accessor("getDate", "The day of the month, from 1.", lambda parts: parts[2], 4),
    _accessor("getDayOfMonth", "The day of the month, from 0.", lambda parts: parts[2] - 1, 3),
    _accessor(
        "getDayOfWeek",
        "The day of the week, from 0 for Sunday.",
        lambda parts: _day(parts).isoweekday() % 7,
        3,
    ),
    _accessor(
        "getDayOfYear",
        "The day of the year, from 0.",
        lambda parts: _day(parts).timetuple().tm_yday - 1,
        62,
    ),
    _accessor(
        "getHours",
        "The hour of a timestamp; the whole hours of a duration.",
        lambda parts: parts[3],
        5,
        3600 * NANOS,
    ),
    _accessor(
        "getMinutes",
        "The minute of a timestamp; the whole minutes of a duration.",
        lambda parts: parts[4],
        6,
        60 * NANOS,
    ),
    _accessor(
        "getSeconds",
        "The second of a timestamp; the whole seconds of a duration.",
        lambda parts: parts[5],
        7,
        NANOS,
    ),
    _accessor(
        "getMilliseconds",
        "The milliseconds of the second.",
        lambda parts: parts[6] // 1_000_000,
        89,
        NANOS // 1000,
    ),
)
