from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.documents.scalars import may_resolve, resolve

VALUES = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "FALSE": False,
    "0": 0,
    "010": 10,
    "-0": 0,
    "+12": 12,
    "-12": -12,
    "9223372036854775808": 2**63,
    "0o17": 15,
    "0xfF": 255,
    "1.": 1.0,
    ".5": 0.5,
    "-1.50": -1.5,
    "1e3": 1000.0,
    "1E-3": 0.001,
    "+1.5e+2": 150.0,
    "1e999": math.inf,
    ".inf": math.inf,
    "-.INF": -math.inf,
    "+.Inf": math.inf,
    "1" * 5000: math.inf,
    "-" + "1" * 5000: -math.inf,
}

TEXTS = [
    *("yes", "NO", "on", "Off", "y", "n", "tRUE", "nuLL", "none"),
    *("12:30", "190:20:30", "2026-01-01", "1_000", "0b1", "0o8", "0o", "0x", "0xg", "-0x1", "+0o1"),
    *(".", "-", "+", "e5", "1e", "1e+", ".e5", "1.5.2", "1e5e5", "--1", "+-1", "1 2", " 1", "1 "),
    *(".nan5", "-.nan", ".infinity", "inf", "NaN", "٣", "１", "<<", "="),
]


@pytest.mark.parametrize("text", VALUES, ids=lambda text: text[:20] or "nothing")
def test_values(text: str) -> None:
    value = resolve(text)
    assert (value, type(value)) == (VALUES[text], type(VALUES[text]))


@pytest.mark.parametrize("text", TEXTS)
def test_texts(text: str) -> None:
    assert resolve(text) == text


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_not_a_number(text: str) -> None:
    value = resolve(text)
    assert isinstance(value, float)
    assert math.isnan(value)


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none())
def test_json_literals_mean_what_they_mean_in_json(value: object) -> None:
    assert repr(resolve(json.dumps(value))) == repr(value)


@given(st.text(alphabet="0123456789+-.eEoxabinfNaulrts~_: ", max_size=12))
def test_the_first_character_tells_most_texts(text: str) -> None:
    if not may_resolve(text):
        assert resolve(text) == text
