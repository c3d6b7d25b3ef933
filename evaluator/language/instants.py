"""Timestamps and durations as text: RFC 3339, ISO 8601 durations and CEL's own notation.

An instant is an integer: nanoseconds since 1970-01-01T00:00:00Z, in the years 1 to 9999 of the
proleptic Gregorian calendar, without leap seconds. The parsers are strict and return None for
anything that is not exactly of the form; they cut nothing and guess nothing.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

__all__ = [
    "MAX_DURATION",
    "MAX_INSTANT",
    "MIN_DURATION",
    "MIN_INSTANT",
    "NANOS",
    "civil",
    "format_duration",
    "format_instant",
    "parse_duration",
    "parse_instant",
    "parse_iso_duration",
]

NANOS: Final = 1_000_000_000
_DAY: Final = 86_400
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001  # offsets are reckoned apart
_OFFSETS: Final[dict[str, int]] = {}
_POWERS: Final = tuple(10**digits for digits in range(9))
_SEPARATORS: Final = ("--T::", "--t::")  # every third character of 2026-03-03T00:00:00

MIN_INSTANT: Final = (date(1, 1, 1).toordinal() - _EPOCH_DAY) * _DAY * NANOS
MAX_INSTANT: Final = (date(9999, 12, 31).toordinal() - _EPOCH_DAY + 1) * _DAY * NANOS - 1
# google.protobuf.Duration spans about 10,000 years; CEL's int64 nanoseconds span about 292.
MIN_DURATION: Final = -(2**63)
MAX_DURATION: Final = 2**63 - 1


def parse_instant(text: str) -> int | None:
    """RFC 3339 ``date-time`` with its mandatory offset to an instant; None when it is not one.

    At most nine fraction digits; ``t`` and ``z`` may be lower case; no leap second; the instant
    itself must lie in the years 1 to 9999 of UTC.
    """
    # `datetime` reads the digits of date and time at the speed of C. What it takes besides is seen
    # to here: other separators, weeks of a year, and from Python 3.13 on hour 24.
    if text[4:17:3] not in _SEPARATORS or text[11:13] == "24":
        return None
    offset = 0
    end = len(text) - 1
    if text[end] not in "Zz":
        end -= 5
        east = _OFFSETS.get(text[end:]) or _offset(text[end:])
        if east is None:
            return None
        offset = east
    if end < 19:
        return None
    try:
        elapsed = datetime.fromisoformat(text[:19]) - _EPOCH
    except ValueError:
        return None
    instant = (elapsed.days * _DAY + elapsed.seconds - offset) * NANOS
    if end != 19:
        digits = text[20:end]
        if text[19] != "." or not digits.isdigit() or end > 29 or not digits.isascii():
            return None
        instant += int(digits) * _POWERS[29 - end]
    return instant if MIN_INSTANT <= instant <= MAX_INSTANT else None


def _offset(text: str) -> int | None:
    """``+hh:mm`` to seconds east of UTC; remembered, as there are not three thousand of them."""
    if len(text) != 6 or text[0] not in "+-" or text[3] != ":":
        return None
    hours, minutes = text[1:3], text[4:6]
    digits = hours + minutes
    if not (digits.isascii() and digits.isdigit()) or int(hours) > 23 or int(minutes) > 59:
        return None
    seconds = int(hours) * 3600 + int(minutes) * 60
    _OFFSETS[text] = -seconds if text[0] == "-" else seconds
    return _OFFSETS[text]


def civil(instant: int) -> tuple[int, int, int, int, int, int, int]:
    """Year, month, day, hour, minute, second and nanosecond of an instant in UTC."""
    seconds, nanos = divmod(instant, NANOS)
    days, seconds = divmod(seconds, _DAY)
    day = date.fromordinal(days + _EPOCH_DAY)
    hour, seconds = divmod(seconds, 3600)
    minute, second = divmod(seconds, 60)
    return day.year, day.month, day.day, hour, minute, second, nanos


def format_instant(instant: int) -> str:
    """An instant as RFC 3339 in UTC with ``Z`` and 0, 3, 6 or 9 fraction digits."""
    year, month, day, hour, minute, second, nanos = civil(instant)
    text = f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}"
    return text + _fraction(nanos) + "Z"


def _fraction(nanos: int) -> str:
    if not nanos:
        return ""
    digits = f"{nanos:09d}"
    while digits.endswith("000"):
        digits = digits[:-3]
    return "." + digits


def format_duration(nanos: int) -> str:
    """A duration as CEL and protobuf's JSON write it: seconds, ``604800s`` or ``-1.500s``."""
    sign = "-" if nanos < 0 else ""
    seconds, rest = divmod(abs(nanos), NANOS)
    return f"{sign}{seconds}{_fraction(rest)}s"


_UNITS: Final = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": NANOS,
    "m": 60 * NANOS,
    "h": 3600 * NANOS,
}


def parse_duration(text: str) -> int | None:
    """CEL's notation (Go's): ``168h``, ``1h30m``, ``-1.5s``, ``0``; None when it is not one."""
    if len(text) > 256:  # so that the work does not grow with what a request brings
        return None
    sign = 1
    rest = text
    if rest[:1] in ("+", "-"):
        sign = -1 if rest[0] == "-" else 1
        rest = rest[1:]
    if rest == "0":
        return 0
    if not rest:
        return None
    total = 0
    while rest:
        number, rest = _leading(rest, "0123456789.")
        unit, rest = _leading(rest, "nuµμmsh")
        parsed = _scaled(number, unit)
        if parsed is None:
            return None
        total += parsed
        if total > MAX_DURATION + 1:
            return None
    total *= sign
    return total if MIN_DURATION <= total <= MAX_DURATION else None


def _leading(text: str, alphabet: str) -> tuple[str, str]:
    end = 0
    while end < len(text) and text[end] in alphabet:
        end += 1
    return text[:end], text[end:]


def _scaled(number: str, unit: str) -> int | None:
    """A decimal number times a unit in nanoseconds; what is below a nanosecond is cut, as in Go."""
    scale = _UNITS.get(unit)
    whole, _, fraction = number.partition(".")
    if scale is None or not (whole or fraction) or "." in fraction or len(number) > 40:
        return None
    value = int(whole or "0") * scale
    if fraction:
        value += int(fraction) * scale // 10 ** len(fraction)
    return value


_ISO_DATE: Final = {"W": 7 * _DAY * NANOS, "D": _DAY * NANOS}
_ISO_TIME: Final = {"H": 3600 * NANOS, "M": 60 * NANOS, "S": NANOS}


def parse_iso_duration(text: str) -> int | None:
    """ISO 8601 duration without years and months, ``P7D``, ``PT1.5S``, to nanoseconds.

    Only the seconds may have a fraction, of at most nine digits. RFC 3339 appendix A has the form;
    as there, weeks stand alone.
    """
    if not text.isascii() or not text.startswith("P") or len(text) > 64:
        return None
    dates, has_time, times = text[1:].partition("T")
    if has_time and not times:
        return None
    if "W" in dates and (has_time or not dates.endswith("W") or "D" in dates):
        return None
    days = _iso_parts(dates, _ISO_DATE)
    clock = _iso_parts(times, _ISO_TIME)
    if days is None or clock is None or not (dates or times):
        return None
    total = days + clock
    return total if total <= MAX_DURATION else None


def _iso_parts(text: str, units: dict[str, int]) -> int | None:
    order = list(units)
    total = 0
    while text:
        number, text = _leading(text, "0123456789.")
        unit, text = text[:1], text[1:]
        if unit not in order:
            return None
        order = order[order.index(unit) + 1 :]
        whole, point, fraction = number.partition(".")
        if not whole or (point and (unit != "S" or not 1 <= len(fraction) <= 9 or "." in fraction)):
            return None
        total += int(whole) * units[unit]
        if fraction:
            total += int(fraction.ljust(9, "0"))
    return total
