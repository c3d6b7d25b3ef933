"""The functions of regular expressions at their edges, and what they cost."""

from __future__ import annotations

from typing import Any

import pytest

from evaluator.language.budget import Budget
from evaluator.language.values import NONE, ErrorValue, Optional
from tests.language.checking_setting import checked
from tests.language.evaluating import evaluated, kind_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("regex.replace('hello world hello', 'hello', 'hi')", "hi world hi"),
        ("regex.replace('banana', 'a', 'x', 0)", "banana"),
        ("regex.replace('banana', 'a', 'x', 2)", "bxnxna"),
        ("regex.replace('banana', 'a', 'x', 20)", "bxnxnx"),
        ("regex.replace('banana', 'a', 'x', -12)", "bxnxnx"),
        (r"regex.replace('foo bar', '(fo)o (ba)r', '\\2 \\1')", "ba fo"),
        (r"regex.replace('foo', 'o', '<\\0>')", "f<o><o>"),
        (r"regex.replace('ab', '(x)?a', r'[\1]')", "[]b"),
        (r"regex.replace('a.b', r'\.', r'\\')", "a\\b"),
        (r"regex.replace('ab', 'a', r'\\1')", "\\1b"),
        ("regex.replace('ab', 'a', '$1')", "$1b"),
        ("regex.replace('baac', 'a*', 'x')", "xbxcx"),
        ("regex.replace('', '', 'x')", "x"),
        ("regex.replace('æøå', 'ø', '→')", "æ→å"),
        ("regex.extract('hello world', 'hello(.*)')", Optional(" world")),
        ("regex.extract('hello', 'hello(.*)')", NONE),
        ("regex.extract('HELLO', 'hello')", NONE),
        ("regex.extract('næste: 12', '[0-9]+')", Optional("12")),
        ("regex.extractAll('id:123, id:456', 'id:[0-9]+')", ["id:123", "id:456"]),
        ("regex.extractAll('a=1,b=,c=3', '[a-z]=([0-9]*)')", ["1", "3"]),
        ("regex.extractAll('aba', 'a*')", ["a", "a"]),
        ("regex.extractAll('xyz', '[0-9]')", []),
    ],
)
def test_values(text: str, value: Any) -> None:
    assert evaluated(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "regex.replace('a', '(', 'b')",
        r"regex.replace('a', 'a', r'\1')",
        r"regex.replace('a', 'a', r'\x')",
        r"regex.replace('a', 'a', 'b\\')",
        "regex.extract('a', '[')",
        "regex.extract('a@b', '(.*)@(.*)')",
        "regex.extractAll('a@b', '(.*)@(.*)')",
    ],
)
def test_arguments_that_are_refused(text: str) -> None:
    assert kind_of(evaluated(text)) == "invalid_argument"


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("regex.replace('banana', 'a', 'xy')", 15),
        ("regex.replace('banana', 'a', 'xy', 1)", 11),
        ("regex.extract('banana', 'a')", 7),
        ("regex.extractAll('banana', 'a')", 7),
    ],
)
def test_costs(text: str, cost: int) -> None:
    budget = Budget(100)
    assert not isinstance(evaluated(text, budget=budget), ErrorValue)
    assert budget.spent == cost


def test_a_text_cannot_be_blown_up() -> None:
    text = "a" * 2000
    assert kind_of(evaluated(f"regex.replace('{text}', '', '{text}')")) == "cost_exceeded"
    groups = r"\0" * 200
    assert kind_of(evaluated(f"regex.replace('{text}', '.*', r'{groups}')")) == "cost_exceeded"


@pytest.mark.parametrize(
    "call",
    ["{}.matches({})", "regex.extract({}, {}).hasValue()", "regex.replace({}, {}, '') == ''"],
)
@pytest.mark.parametrize(("length", "codes"), [(5_000, []), (5_001, ["EVL314"])])
def test_a_written_pattern_is_as_long_as_evaluation_takes(
    call: str, length: int, codes: list[str]
) -> None:
    pattern = "a" * length
    found = checked(call.format("resource.id", f"'{pattern}'")).diagnostics
    assert [item.code for item in found] == codes
    assert all(len(item.message) < 120 for item in found)
    value = evaluated(call.format("''", f"'{pattern}'"))
    assert isinstance(value, ErrorValue) is bool(codes)
