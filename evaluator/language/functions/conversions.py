"""Conversions between types, and the types of values."""

from __future__ import annotations

import math
from typing import Any

from evaluator.diagnostics import shortened
from evaluator.language.functions.declaring import A, fails, function, overload
from evaluator.language.instants import (
    MAX_INSTANT,
    MIN_INSTANT,
    NANOS,
    parse_duration,
    parse_instant,
)
from evaluator.language.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    TypeType,
)
from evaluator.language.values import (
    INT_MAX,
    INT_MIN,
    UINT_MAX,
    Duration,
    ErrorValue,
    Timestamp,
    UInt,
    type_of,
)

__all__ = ["FUNCTIONS"]


def _failed(value: Any, wanted: str) -> ErrorValue:
    shown = shortened(f'"{value}"' if isinstance(value, str) else str(value), 60)
    return ErrorValue("invalid_conversion", f"{shown} cannot be converted to {wanted}")


def _to_int(value: int | float) -> int | ErrorValue:
    # A double at the border of int64 may stand for a number beyond it, so the border is excluded.
    if isinstance(value, float):
        if not INT_MIN < value < INT_MAX:
            return _failed(value, "int")
        return int(value)
    return int(value) if INT_MIN <= value <= INT_MAX else _failed(value, "int")


def _to_uint(value: int | float) -> UInt | ErrorValue:
    if isinstance(value, float) and not -1 < value < UINT_MAX:
        return _failed(value, "uint")
    return UInt(value) if 0 <= int(value) <= UINT_MAX else _failed(value, "uint")


def _digits(text: str, signed: bool) -> int | None:
    digits = text[1:] if signed and text[:1] in ("-", "+") else text
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 40:
        return None
    return int(text)


def _string_to_int(text: str) -> int | ErrorValue:
    value = _digits(text, signed=True)
    if value is None or not INT_MIN <= value <= INT_MAX:
        return _failed(text, "int")
    return value


def _string_to_uint(text: str) -> UInt | ErrorValue:
    value = _digits(text, signed=False)
    return _failed(text, "uint") if value is None or value > UINT_MAX else UInt(value)


_DOUBLE_WORDS = frozenset({"nan", "inf", "infinity"})


def _string_to_double(text: str) -> float | ErrorValue:
    bare = text[1:] if text[:1] in ("-", "+") else text
    plain = all(letter in "0123456789.eE+-" for letter in bare) and bool(bare)
    if not (plain or bare.lower() in _DOUBLE_WORDS):
        return _failed(text, "double")
    # The digits of no double are that many; the work must not grow with what a request brings.
    if len(text) > 1000:
        return _failed(text, "double")
    try:
        value = float(text)
    except ValueError:
        return _failed(text, "double")
    if plain and math.isinf(value):
        return _failed(text, "double")
    return value


def _string_to_bool(text: str) -> bool | ErrorValue:
    if text in ("1", "t", "T", "true", "TRUE", "True"):
        return True
    if text in ("0", "f", "F", "false", "FALSE", "False"):
        return False
    return _failed(text, "bool")


def _double_to_string(value: float) -> str:
    """The shortest text that reads back as the value, as Go and C++ print it."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "+Inf" if value > 0 else "-Inf"
    text = repr(value)
    if text.endswith(".0"):
        return text[:-2]
    mantissa, exponent, power = text.partition("e")
    if not exponent:
        return text
    sign, digits = power[0], power.lstrip("+-")
    return f"{mantissa.removesuffix('.0')}e{sign if sign == '-' else '+'}{digits.zfill(2)}"


def _bytes_to_string(value: bytes) -> str | ErrorValue:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return ErrorValue("invalid_conversion", "the bytes are not valid UTF-8")


def _string_to_bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogatepass")


def _string_to_timestamp(text: str) -> Timestamp | ErrorValue:
    instant = parse_instant(text)
    return _failed(text, "timestamp") if instant is None else Timestamp(instant)


def _int_to_timestamp(seconds: int) -> Timestamp | ErrorValue:
    instant = seconds * NANOS
    if MIN_INSTANT <= instant <= MAX_INSTANT:
        return Timestamp(instant)
    return _failed(seconds, "timestamp")


def _string_to_duration(text: str) -> Duration | ErrorValue:
    length = parse_duration(text)
    return _failed(text, "duration") if length is None else Duration(length)


def _same(value: Any) -> Any:
    return value


_FAILS = "invalid_conversion"

FUNCTIONS = (
    function(
        "int",
        "A value as int: numbers cut toward zero, text read, a timestamp's Unix seconds.",
        overload("int64_to_int64", (INT,), INT, _same),
        overload("uint64_to_int64", (UINT,), INT, _to_int, _FAILS),
        overload("double_to_int64", (DOUBLE,), INT, _to_int, _FAILS),
        overload("string_to_int64", (STRING,), INT, _string_to_int, _FAILS),
        overload("timestamp_to_int64", (TIMESTAMP,), INT, lambda at: at.nanoseconds // NANOS),
        overload("duration_to_int64", (DURATION,), INT, lambda length: length.nanoseconds),
        examples=(
            ("int('42')", "42"),
            ("int(3.9)", "3"),
            ("int(timestamp('2026-03-03T09:00:00Z'))", "1772528400"),
            fails("int('4.5')", "invalid_conversion"),
        ),
        family="conversions",
    ),
    function(
        "uint",
        "A number or a text as uint, an integer that is never negative.",
        overload("uint64_to_uint64", (UINT,), UINT, _same),
        overload("int64_to_uint64", (INT,), UINT, _to_uint, _FAILS),
        overload("double_to_uint64", (DOUBLE,), UINT, _to_uint, _FAILS),
        overload("string_to_uint64", (STRING,), UINT, _string_to_uint, _FAILS),
        examples=(
            ("uint(5)", "5u"),
            fails("uint(-1)", "invalid_conversion"),
        ),
        family="conversions",
    ),
    function(
        "double",
        "A number or a text as double.",
        overload("double_to_double", (DOUBLE,), DOUBLE, _same),
        overload("int64_to_double", (INT,), DOUBLE, float),
        overload("uint64_to_double", (UINT,), DOUBLE, float),
        overload("string_to_double", (STRING,), DOUBLE, _string_to_double, _FAILS),
        examples=(
            ("double('1.5')", "1.5"),
            ("double(3)", "3.0"),
            fails("double('a')", "invalid_conversion"),
        ),
        family="conversions",
    ),
    function(
        "string",
        "A value as text: numbers, bools, times, bytes that are UTF-8.",
        overload("string_to_string", (STRING,), STRING, _same),
        overload("bool_to_string", (BOOL,), STRING, lambda value: "true" if value else "false"),
        overload("int64_to_string", (INT,), STRING, str),
        overload("uint64_to_string", (UINT,), STRING, lambda value: str(int(value))),
        overload("double_to_string", (DOUBLE,), STRING, _double_to_string),
        overload("bytes_to_string", (BYTES,), STRING, _bytes_to_string, _FAILS, cost=len),
        overload("timestamp_to_string", (TIMESTAMP,), STRING, str),
        overload("duration_to_string", (DURATION,), STRING, str),
        examples=(
            ("string(42)", '"42"'),
            ("string(duration('1h'))", '"3600s"'),
            ("string(1.5)", '"1.5"'),
            ("string(timestamp('2026-03-03T10:00:00+01:00'))", '"2026-03-03T09:00:00Z"'),
            ("string(b'abc')", '"abc"'),
            fails("string(b'\\xff')", "invalid_conversion"),
        ),
        family="conversions",
        cost="the length, for bytes",
    ),
    function(
        "bytes",
        "A text as UTF-8.",
        overload("bytes_to_bytes", (BYTES,), BYTES, _same),
        overload("string_to_bytes", (STRING,), BYTES, _string_to_bytes, cost=len),
        examples=(
            ("bytes('ab')", 'b"ab"'),
            ("bytes('æ')", 'b"\\xc3\\xa6"'),
        ),
        family="conversions",
        cost="the length of the text",
    ),
    function(
        "bool",
        "A text as bool: true or false, t or f, 1 or 0.",
        overload("bool_to_bool", (BOOL,), BOOL, _same),
        overload("string_to_bool", (STRING,), BOOL, _string_to_bool, _FAILS),
        examples=(
            ("bool('true')", "true"),
            fails("bool('yes')", "invalid_conversion"),
        ),
        family="conversions",
    ),
    function(
        "timestamp",
        "An instant: RFC 3339 text with its offset, or Unix seconds.",
        overload("timestamp_to_timestamp", (TIMESTAMP,), TIMESTAMP, _same),
        overload("string_to_timestamp", (STRING,), TIMESTAMP, _string_to_timestamp, _FAILS),
        overload("int64_to_timestamp", (INT,), TIMESTAMP, _int_to_timestamp, _FAILS),
        examples=(
            ("timestamp('2026-03-03T10:00:00+01:00')", 'timestamp("2026-03-03T09:00:00Z")'),
            ("timestamp(0)", 'timestamp("1970-01-01T00:00:00Z")'),
            fails("timestamp('2026-03-03')", "invalid_conversion"),
        ),
        family="conversions",
    ),
    function(
        "duration",
        "A length of time: numbers with the units h, m, s, ms, us and ns.",
        overload("duration_to_duration", (DURATION,), DURATION, _same),
        overload("string_to_duration", (STRING,), DURATION, _string_to_duration, _FAILS),
        overload("int64_to_duration", (INT,), DURATION, Duration),
        examples=(
            ("duration('1h30m')", 'duration("5400s")'),
            fails("duration('7d')", "invalid_conversion"),
        ),
        family="conversions",
    ),
    function(
        "dyn",
        "The value itself, its type no longer checked.",
        overload("to_dyn", (A,), DYN, _same),
        examples=(
            ("dyn(1) == 1.0", "true"),
            ("[dyn(1), 'a']", '[1, "a"]'),
        ),
        family="conversions",
    ),
    function(
        "type",
        "The type of a value.",
        overload("type", (A,), TypeType(A), type_of),
        examples=(
            ("type(1)", "int"),
            ("type(1) == int", "true"),
            ("type([1])", "list"),
        ),
        family="conversions",
    ),
)
