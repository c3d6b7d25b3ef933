from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.language.instants import (
    MAX_DURATION,
    MAX_INSTANT,
    MIN_DURATION,
    MIN_INSTANT,
    NANOS,
    civil,
    format_duration,
    format_instant,
    parse_duration,
    parse_instant,
    parse_iso_duration,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = 3600 * NANOS
instants = st.integers(MIN_INSTANT, MAX_INSTANT)
lengths = st.integers(MIN_DURATION, MAX_DURATION)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01t00:00:00z", 0),
        ("1970-01-01T01:00:00+01:00", 0),
        ("1969-12-31T23:30:00-00:30", 0),
        ("1970-01-01T00:00:00.1Z", 100_000_000),
        ("1970-01-01T00:00:00.000000001Z", 1),
        ("1969-12-31T23:59:59.999999999Z", -1),
        ("2024-02-29T00:00:00Z", 1_709_164_800 * NANOS),
        ("0001-01-01T00:00:00Z", MIN_INSTANT),
        ("9999-12-31T23:59:59.999999999Z", MAX_INSTANT),
        ("9999-12-31T23:59:59.999999999+23:59", MAX_INSTANT - 86_340 * NANOS),
    ],
)
def test_instants_are_read(text: str, instant: int) -> None:
    assert parse_instant(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-03-03",
        "20260303T000000Z",
        "2026-03-03 00:00:00Z",
        "2026-03-03T00:00:00",  # no offset
        "2026-03-03T00:00:00+0100",
        "2026-03-03T00:00:00+01",
        "2026-03-03T00:00:00+24:00",
        "2026-03-03T00:00:00+01:60",
        "2026-03-03T00:00:00ZZ",
        "2026-03-03T00:00:00Z ",
        " 2026-03-03T00:00:00Z",
        "2026-03-03T00:00:00.Z",
        "2026-03-03T00:00:00.1234567890Z",
        "2026-03-03T00:00:00,5Z",
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-03-03T24:00:00Z",
        "2026-03-03T00:60:00Z",
        "2016-12-31T23:59:60Z",  # a leap second
        "0000-12-31T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "+026-03-03T00:00:00Z",
        "2026-03-03T00:00:-1Z",
        "２026-03-03T00:00:00Z",
        "202\u0666-03-03T00:00:00Z",
        "2026-03-03T00:00:00\u22121:00",
        "2026-03-03T00:00:00Z\n",
    ],
)
def test_nothing_else_is_an_instant(text: str) -> None:
    assert parse_instant(text) is None


@given(instants)
def test_instants_come_back(instant: int) -> None:
    assert parse_instant(format_instant(instant)) == instant


@given(instants, st.integers(-1439, 1439))
def test_offsets_are_taken_off(instant: int, minutes: int) -> None:
    local = instant + minutes * 60 * NANOS
    if MIN_INSTANT <= local <= MAX_INSTANT:
        sign = "-" if minutes < 0 else "+"
        offset = f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
        assert parse_instant(format_instant(local).removesuffix("Z") + offset) == instant


@given(instants)
def test_civil_time_is_that_of_datetime(instant: int) -> None:
    moment = EPOCH + timedelta(microseconds=instant // 1000)
    *parts, nanos = civil(instant)
    assert tuple(parts) == moment.timetuple()[:6]
    assert nanos // 1000 == moment.microsecond


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (500_000_000, "1970-01-01T00:00:00.500Z"),
        (1_000, "1970-01-01T00:00:00.000001Z"),
        (1, "1970-01-01T00:00:00.000000001Z"),
        (120_000, "1970-01-01T00:00:00.000120Z"),
        (MIN_INSTANT, "0001-01-01T00:00:00Z"),
    ],
)
def test_fractions_have_3_6_or_9_digits(instant: int, text: str) -> None:
    assert format_instant(instant) == text


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("0", 0),
        ("-0", 0),
        ("0s", 0),
        ("168h", 168 * HOUR),
        ("1h30m", 5400 * NANOS),
        ("2m1h", 3720 * NANOS),
        ("-1.5s", -1_500_000_000),
        ("+2.5us", 2_500),
        ("1µs", 1_000),
        ("1μs", 1_000),
        ("1ms1ns", 1_000_001),
        (".5s", 500_000_000),
        ("1.s", NANOS),
        ("0.9999999999s", 999_999_999),  # cut, not rounded, below a nanosecond
        ("9223372036.854775807s", MAX_DURATION),
        ("-9223372036.854775808s", MIN_DURATION),
    ],
)
def test_durations_are_read(text: str, length: int) -> None:
    assert parse_duration(text) == length


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "+",
        "1",
        "s",
        ".s",
        "1d",
        "1h ",
        "1 h",
        "1h 2m",
        "--1s",
        "1..5s",
        "1e3s",
        "inf",
        "1S",
        "９s",
        "P1D",
        "9223372036.854775808s",
        "-9223372036.854775809s",
        "320000000000s",
        "0h" * 1000,
    ],
)
def test_nothing_else_is_a_duration(text: str) -> None:
    assert parse_duration(text) is None


@given(lengths)
def test_durations_come_back(length: int) -> None:
    assert parse_duration(format_duration(length)) == length


@pytest.mark.parametrize(
    ("length", "text"),
    [(0, "0s"), (604_800 * NANOS, "604800s"), (-1_500_000_000, "-1.500s"), (-1, "-0.000000001s")],
)
def test_durations_are_written_in_seconds(length: int, text: str) -> None:
    assert format_duration(length) == text


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("P7D", 168 * HOUR),
        ("P1W", 168 * HOUR),
        ("PT1H30M", 5400 * NANOS),
        ("P1DT0.5S", 86_400 * NANOS + 500_000_000),
        ("PT0S", 0),
        ("PT0.000000001S", 1),
    ],
)
def test_iso_durations_are_read(text: str, length: int) -> None:
    assert parse_iso_duration(text) == length


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1DT",
        "P1Y",
        "P1M",
        "P1W2D",
        "P1WT1H",
        "PT1M1H",
        "P1D1D",
        "PT1.5M",
        "PT1.S",
        "PT.5S",
        "PT1.0000000001S",
        "-P1D",
        "p1d",
        "P1D ",
        "P٣D",
        "PT9223372037S",
        "PT" + "0" * 100 + "1S",
    ],
)
def test_nothing_else_is_an_iso_duration(text: str) -> None:
    assert parse_iso_duration(text) is None


@given(st.text("0123456789-+:.TZtzPWDHMSsunm µ", max_size=36))
def test_no_text_raises(text: str) -> None:
    for read in (parse_instant, parse_duration, parse_iso_duration):
        found = read(text)
        assert found is None or isinstance(found, int)
