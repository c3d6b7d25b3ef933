"""The arithmetic operators: integers with overflow, doubles as IEEE 754, times as nanoseconds."""

from __future__ import annotations

import math
from typing import Any

from evaluator.language.functions.declaring import (
    LIST_A,
    fails,
    function,
    int_result,
    overload,
    uint_result,
)
from evaluator.language.instants import MAX_DURATION, MAX_INSTANT, MIN_DURATION, MIN_INSTANT
from evaluator.language.types import BYTES, DOUBLE, DURATION, INT, STRING, TIMESTAMP, UINT
from evaluator.language.values import Duration, ErrorValue, Timestamp, UInt

__all__ = ["FUNCTIONS"]


def _instant(nanoseconds: int) -> Timestamp | ErrorValue:
    if MIN_INSTANT <= nanoseconds <= MAX_INSTANT:
        return Timestamp(nanoseconds)
    return ErrorValue("overflow", "the result is a time outside the years 1 to 9999")


def _length(nanoseconds: int) -> Duration | ErrorValue:
    if MIN_DURATION <= nanoseconds <= MAX_DURATION:
        return Duration(nanoseconds)
    return ErrorValue("overflow", "the result is a duration of more than about 292 years")


def _by_zero(operation: str) -> ErrorValue:
    return ErrorValue("divide_by_zero", f"{operation} by zero")


def _quotient(left: int, right: int) -> int:
    """Division that truncates toward zero, where Python's rounds down."""
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _divide_int(left: int, right: int) -> int | ErrorValue:
    return int_result(_quotient(left, right)) if right else _by_zero("division")


def _divide_uint(left: int, right: int) -> UInt | ErrorValue:
    return UInt(int(left) // int(right)) if right else _by_zero("division")


def _divide_double(left: float, right: float) -> float:
    if right:
        return left / right
    if left == 0 or left != left or right != right:
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1.0, right)


def _modulo_int(left: int, right: int) -> int | ErrorValue:
    if not right:
        return _by_zero("modulus")
    if right == -1:
        return int_result(_quotient(left, right)) if left == -(2**63) else 0
    return left - right * _quotient(left, right)


def _modulo_uint(left: int, right: int) -> UInt | ErrorValue:
    return UInt(int(left) % int(right)) if right else _by_zero("modulus")


def _times_double(left: float, right: float) -> float:
    return left * right


def _count(left: Any, right: Any) -> int:
    return len(left) + len(right)


FUNCTIONS = (
    function(
        "_+_",
        "The sum of numbers or times; texts, bytes and lists joined.",
        overload("add_int64", (INT, INT), INT, lambda a, b: int_result(a + b), "overflow"),
        overload(
            "add_uint64",
            (UINT, UINT),
            UINT,
            lambda a, b: uint_result(int(a) + int(b)),
            "overflow",
        ),
        overload("add_double", (DOUBLE, DOUBLE), DOUBLE, lambda a, b: a + b),
        overload("add_string", (STRING, STRING), STRING, lambda a, b: a + b, cost=_count),
        overload("add_bytes", (BYTES, BYTES), BYTES, lambda a, b: a + b, cost=_count),
        overload("add_list", (LIST_A, LIST_A), LIST_A, lambda a, b: [*a, *b], cost=_count),
        overload(
            "add_timestamp_duration",
            (TIMESTAMP, DURATION),
            TIMESTAMP,
            lambda a, b: _instant(a.nanoseconds + b.nanoseconds),
            "overflow",
        ),
        overload(
            "add_duration_timestamp",
            (DURATION, TIMESTAMP),
            TIMESTAMP,
            lambda a, b: _instant(a.nanoseconds + b.nanoseconds),
            "overflow",
        ),
        overload(
            "add_duration_duration",
            (DURATION, DURATION),
            DURATION,
            lambda a, b: _length(a.nanoseconds + b.nanoseconds),
            "overflow",
        ),
        examples=(
            ("1 + 2", "3"),
            ("'a' + 'b'", '"ab"'),
            ("[1] + [2]", "[1, 2]"),
            (
                "timestamp('2026-03-01T00:00:00Z') + duration('168h')",
                'timestamp("2026-03-08T00:00:00Z")',
            ),
            fails("9223372036854775807 + 1", "overflow"),
        ),
        family="operators",
        cost="the length of both sides, for texts, bytes and lists",
    ),
    function(
        "_-_",
        "The difference of numbers or times.",
        overload("subtract_int64", (INT, INT), INT, lambda a, b: int_result(a - b), "overflow"),
        overload(
            "subtract_uint64",
            (UINT, UINT),
            UINT,
            lambda a, b: uint_result(int(a) - int(b)),
            "overflow",
        ),
        overload("subtract_double", (DOUBLE, DOUBLE), DOUBLE, lambda a, b: a - b),
        overload(
            "subtract_timestamp_timestamp",
            (TIMESTAMP, TIMESTAMP),
            DURATION,
            lambda a, b: _length(a.nanoseconds - b.nanoseconds),
            "overflow",
        ),
        overload(
            "subtract_timestamp_duration",
            (TIMESTAMP, DURATION),
            TIMESTAMP,
            lambda a, b: _instant(a.nanoseconds - b.nanoseconds),
            "overflow",
        ),
        overload(
            "subtract_duration_duration",
            (DURATION, DURATION),
            DURATION,
            lambda a, b: _length(a.nanoseconds - b.nanoseconds),
            "overflow",
        ),
        examples=(
            ("3 - 5", "-2"),
            ("duration('1h') - duration('30m')", 'duration("1800s")'),
            (
                "timestamp('2026-03-08T00:00:00Z') - timestamp('2026-03-01T00:00:00Z')",
                'duration("604800s")',
            ),
            fails("1u - 2u", "overflow"),
        ),
        family="operators",
    ),
    function(
        "_*_",
        "The product of two numbers.",
        overload("multiply_int64", (INT, INT), INT, lambda a, b: int_result(a * b), "overflow"),
        overload(
            "multiply_uint64",
            (UINT, UINT),
            UINT,
            lambda a, b: uint_result(int(a) * int(b)),
            "overflow",
        ),
        overload("multiply_double", (DOUBLE, DOUBLE), DOUBLE, _times_double),
        examples=(
            ("3 * 4", "12"),
            ("2.5 * 4.0", "10.0"),
            fails("9223372036854775807 * 2", "overflow"),
        ),
        family="operators",
    ),
    function(
        "_/_",
        "The quotient of two numbers; of integers truncated toward zero.",
        overload("divide_int64", (INT, INT), INT, _divide_int, "overflow", "divide_by_zero"),
        overload("divide_uint64", (UINT, UINT), UINT, _divide_uint, "divide_by_zero"),
        overload("divide_double", (DOUBLE, DOUBLE), DOUBLE, _divide_double),
        examples=(
            ("-7 / 2", "-3"),
            ("7.0 / 2.0", "3.5"),
            fails("1 / 0", "divide_by_zero"),
            ("1.0 / 0.0", 'double("Infinity")'),
        ),
        family="operators",
    ),
    function(
        "_%_",
        "The remainder of an integer division, with the sign of the dividend.",
        overload("modulo_int64", (INT, INT), INT, _modulo_int, "overflow", "divide_by_zero"),
        overload("modulo_uint64", (UINT, UINT), UINT, _modulo_uint, "divide_by_zero"),
        examples=(
            ("-7 % 2", "-1"),
            fails("7 % 0", "divide_by_zero"),
        ),
        family="operators",
    ),
    function(
        "-_",
        "The negative of a number or duration.",
        overload("negate_int64", (INT,), INT, lambda a: int_result(-a), "overflow"),
        overload("negate_double", (DOUBLE,), DOUBLE, lambda a: -a),
        overload(
            "negate_duration",
            (DURATION,),
            DURATION,
            lambda a: _length(-a.nanoseconds),
            "overflow",
        ),
        examples=(
            ("-(2)", "-2"),
            ("-duration('1h')", 'duration("-3600s")'),
            fails("-(-9223372036854775808)", "overflow"),
        ),
        family="operators",
    ),
)
