"""Rounding, signs and what kind of number a double is."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from evaluator.language.functions.declaring import fails, function, int_result, overload
from evaluator.language.functions.registry import Function
from evaluator.language.types import BOOL, DOUBLE, INT, UINT
from evaluator.language.values import UInt

__all__ = ["FUNCTIONS"]


def _whole(round_: Callable[[float], float]) -> Callable[[float], float]:
    """A rounding that leaves NaN and the infinities, and the sign of zero, as they are."""
    return lambda value: math.copysign(round_(value), value) if math.isfinite(value) else value


def _half_away(value: float) -> float:
    """To the nearest integer, halves away from zero."""
    whole = math.trunc(value)
    return whole + math.copysign(1, value) if abs(value - whole) >= 0.5 else whole


def _rounding(
    name: str, words: str, round_: Callable[[float], float], example: str, other: str
) -> Function:
    return function(
        f"math.{name}",
        words,
        overload(f"math_{name}_double", (DOUBLE,), DOUBLE, _whole(round_)),
        examples=((f"math.{name}(-1.5)", example), (f"math.{name}(2.4)", other)),
        family="math",
    )


def _kind(
    name: str, words: str, holds: Callable[[float], bool], example: str, other: str
) -> Function:
    return function(
        f"math.{name}",
        words,
        overload(f"math_{name}_double", (DOUBLE,), BOOL, holds),
        examples=((f"math.{name}(0.5)", example), (f"math.{name}({other})", "true")),
        family="math",
    )


def _sign(value: Any) -> Any:
    if isinstance(value, float):
        return value if value != value else float((value > 0) - (value < 0))
    sign = (value > 0) - (value < 0)
    return UInt(sign) if isinstance(value, UInt) else sign


def _square_root(value: float) -> float:
    return math.sqrt(value) if value >= 0 or value != value else math.nan


FUNCTIONS = (
    _rounding("ceil", "The least integer that is not less, as a double.", math.ceil, "-1.0", "3.0"),
    _rounding(
        "floor", "The greatest integer that is not above, as a double.", math.floor, "-2.0", "2.0"
    ),
    _rounding("round", "The nearest integer, halves away from zero.", _half_away, "-2.0", "2.0"),
    _rounding("trunc", "The integer without its fraction.", math.trunc, "-1.0", "2.0"),
    function(
        "math.abs",
        "A number without its sign.",
        overload("math_abs_int", (INT,), INT, lambda value: int_result(abs(value)), "overflow"),
        overload("math_abs_uint", (UINT,), UINT, lambda value: value),
        overload("math_abs_double", (DOUBLE,), DOUBLE, abs),
        examples=(
            ("math.abs(-3)", "3"),
            ("math.abs(-2.5)", "2.5"),
            fails("math.abs(-9223372036854775808)", "overflow"),
        ),
        family="math",
    ),
    function(
        "math.sign",
        "The sign of a number, -1, 0 or 1, in the type of the number.",
        overload("math_sign_int", (INT,), INT, _sign),
        overload("math_sign_uint", (UINT,), UINT, _sign),
        overload("math_sign_double", (DOUBLE,), DOUBLE, _sign),
        examples=(
            ("math.sign(-7)", "-1"),
            ("math.sign(0.0)", "0.0"),
        ),
        family="math",
    ),
    function(
        "math.sqrt",
        "The square root as a double; NaN of a negative number.",
        overload("math_sqrt_int", (INT,), DOUBLE, lambda value: _square_root(float(value))),
        overload("math_sqrt_uint", (UINT,), DOUBLE, lambda value: _square_root(float(value))),
        overload("math_sqrt_double", (DOUBLE,), DOUBLE, _square_root),
        examples=(
            ("math.sqrt(81)", "9.0"),
            ("math.sqrt(-1)", 'double("NaN")'),
        ),
        family="math",
    ),
    _kind("isNaN", "Whether a double is no number.", math.isnan, "false", "0.0 / 0.0"),
    _kind("isInf", "Whether a double is infinite.", math.isinf, "false", "1.0 / 0.0"),
    _kind(
        "isFinite",
        "Whether a double is a number, and not infinite.",
        math.isfinite,
        "true",
        "1e300",
    ),
)
