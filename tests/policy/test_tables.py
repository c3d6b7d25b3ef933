"""Tables are plain data whose types are inferred."""

from __future__ import annotations

import pytest

from evaluator.documents.composing import compose
from evaluator.language.values import Map
from evaluator.policy.tables import read_table
from evaluator.source import Source


def read(text: str):
    root = compose(Source("t.yaml", text)).root
    assert root is not None
    return read_table(root)


@pytest.mark.parametrize(
    ("text", "type_", "value"),
    [
        ("[1, 2]", "list(int)", [1, 2]),
        ("[1.0, 2.5]", "list(double)", [1.0, 2.5]),
        ("[a, NO, 12:30]", "list(string)", ["a", "NO", "12:30"]),
        ("{a: true}", "map(string, bool)", Map({"a": True})),
        ("{a: [x], b: []}", "map(string, list(string))", Map({"a": ["x"], "b": []})),
        ("{a: [], b: [x]}", "map(string, list(string))", Map({"a": [], "b": ["x"]})),
        ("[]", "list(dyn)", []),
        ("{1: x}", "map(string, string)", Map({"1": "x"})),
        ("5", "int", 5),
    ],
)
def test_types(text: str, type_: str, value: object):
    found, its_type, problems = read(text)
    assert problems == ()
    assert (str(its_type), found) == (type_, value)


@pytest.mark.parametrize(
    ("text", "underlined"),
    [
        ("[1, 2.0]", "2.0"),
        ("{a: 1, b: x}", "x"),
        ("[[1], [x]]", "[x]"),
        ("[null]", "null"),
        ("[9223372036854775808]", "9223372036854775808"),
        ("[.inf]", ".inf"),
    ],
)
def test_problems(text: str, underlined: str):
    _, _, problems = read(text)
    assert [(item.code, item.span and item.span.text) for item in problems] == [
        ("EVL426", underlined)
    ]
