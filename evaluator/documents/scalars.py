"""What an unquoted scalar stands for: the core schema of YAML 1.2 (section 10.3.2), and no more.

``NO``, ``on``, ``12:30`` and ``2026-01-01`` are texts; ``010`` is ten. What is a literal of JSON
means what it means there.
"""

from __future__ import annotations

import math

__all__ = ["ScalarValue", "may_resolve", "resolve"]

ScalarValue = str | int | float | bool | None

_WORDS: dict[str, ScalarValue] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
    ".nan": math.nan,
    ".NaN": math.nan,
    ".NAN": math.nan,
}
_INFINITIES = frozenset({".inf", ".Inf", ".INF"})
_DIGITS = frozenset("0123456789")
_FIRST = frozenset("~ntfNTF+-.0123456789")


def may_resolve(text: str) -> bool:
    """Whether a look at the first character leaves open that the text is not a string."""
    return not text or text[0] in _FIRST


def resolve(text: str) -> ScalarValue:
    """The value of an unquoted scalar: null, a bool, an int, a float, else the text itself.

    An integer of more digits than Python reads (4,300) is an infinity, as a float of that size is.
    """
    if text and text[0] not in _FIRST:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text.startswith(("0o", "0x")):
        return _based(text)
    sign = text[0] if text[0] in "+-" else ""
    rest = text[len(sign) :]
    if rest in _INFINITIES:
        return -math.inf if sign == "-" else math.inf
    if rest and _DIGITS.issuperset(rest):
        return _integer(sign, rest)
    return float(text) if _is_float(rest) else text


def _integer(sign: str, digits: str) -> int | float:
    try:
        return int(sign + (digits.lstrip("0") or "0"))
    except ValueError:
        return -math.inf if sign == "-" else math.inf


def _based(text: str) -> ScalarValue:
    digits = text[2:]
    known = "01234567" if text[1] == "o" else "0123456789abcdefABCDEF"
    if not digits or not frozenset(known).issuperset(digits):
        return text
    return int(digits, 8 if text[1] == "o" else 16)


def _is_float(text: str) -> bool:
    """Whether the text is digits with a point, an exponent or both, without a sign."""
    mantissa, mark, exponent = text.replace("E", "e", 1).partition("e")
    if mark:
        exponent = exponent[1:] if exponent[:1] in ("+", "-") else exponent
        if not exponent or not _DIGITS.issuperset(exponent):
            return False
    whole, _, fraction = mantissa.partition(".")
    return bool(whole or fraction) and _DIGITS.issuperset(whole) and _DIGITS.issuperset(fraction)
