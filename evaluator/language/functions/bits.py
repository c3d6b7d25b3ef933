"""Integers as 64 bits; ints in two's complement."""

from __future__ import annotations

import operator
from collections.abc import Callable

from evaluator.language.functions.declaring import fails, function, invalid, overload
from evaluator.language.functions.registry import Function
from evaluator.language.types import INT, UINT
from evaluator.language.values import INT_MAX, UINT_MAX, ErrorValue, UInt

__all__ = ["FUNCTIONS"]


def _signed(bits: int) -> int:
    """The int that 64 bits stand for."""
    bits &= UINT_MAX
    return bits - UINT_MAX - 1 if bits > INT_MAX else bits


def _pairwise(name: str, words: str, combine: Callable[[int, int], int], example: str) -> Function:
    return function(
        f"math.{name}",
        words,
        overload(f"math_{name}_int_int", (INT, INT), INT, combine),
        overload(
            f"math_{name}_uint_uint",
            (UINT, UINT),
            UINT,
            lambda a, b: UInt(combine(int(a), int(b))),
        ),
        examples=((f"math.{name}(5, 3)", example),),
        family="math",
    )


def _shift(name: str, words: str, shift: Callable[[int, int], int], example: str) -> Function:
    """A shift of the 64 bits, zeros coming in; by 64 and more nothing is left."""

    def bits(value: int, count: int) -> int | ErrorValue:
        if count < 0:
            return invalid(f"bits cannot be shifted by {count}, which is negative")
        return shift(value & UINT_MAX, count) & UINT_MAX if count < 64 else 0

    def of_int(value: int, count: int) -> int | ErrorValue:
        shifted = bits(value, count)
        return shifted if isinstance(shifted, ErrorValue) else _signed(shifted)

    def of_uint(value: UInt, count: int) -> UInt | ErrorValue:
        shifted = bits(int(value), count)
        return shifted if isinstance(shifted, ErrorValue) else UInt(shifted)

    return function(
        f"math.{name}",
        words,
        overload(f"math_{name}_int_int", (INT, INT), INT, of_int, "invalid_argument"),
        overload(f"math_{name}_uint_int", (UINT, INT), UINT, of_uint, "invalid_argument"),
        examples=(
            (f"math.{name}(12, 1)", example),
            (f"math.{name}(12, 64)", "0"),
            fails(f"math.{name}(12, -1)", "invalid_argument"),
        ),
        family="math",
    )


FUNCTIONS = (
    _pairwise("bitAnd", "The bits that both integers have.", operator.and_, "1"),
    _pairwise("bitOr", "The bits that either integer has.", operator.or_, "7"),
    _pairwise("bitXor", "The bits that one of the integers has alone.", operator.xor, "6"),
    function(
        "math.bitNot",
        "The bits that an integer does not have.",
        overload("math_bitNot_int", (INT,), INT, operator.invert),
        overload("math_bitNot_uint", (UINT,), UINT, lambda value: UInt(~int(value) & UINT_MAX)),
        examples=(
            ("math.bitNot(0)", "-1"),
            ("math.bitNot(0u)", "18446744073709551615u"),
        ),
        family="math",
    ),
    _shift("bitShiftLeft", "The bits moved toward the highest.", operator.lshift, "24"),
    _shift("bitShiftRight", "The bits moved toward the lowest.", operator.rshift, "6"),
)
