from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.documents.composing import compose
from evaluator.documents.nodes import to_python
from evaluator.documents.writing import yaml_scalar, yaml_text
from evaluator.source import Source

_letters = st.characters(codec="utf-8")
_texts = st.one_of(
    st.text(_letters, max_size=8),
    st.text(" \n\t:#,[]{}-?!&*'\"\\%@`>|a1.~", max_size=6),
    st.sampled_from(["null", "true", "010", "1e3", "0x1", "---", "... a", "- a", "? a", "<<"]),
)
_values = st.recursive(
    st.one_of(_texts, st.booleans(), st.none(), st.integers(-(10**20), 10**20)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_texts, inner, max_size=4),
    max_leaves=12,
)


@given(data=_values, width=st.integers(1, 100), indent=st.integers(0, 6))
def test_what_is_written_is_read_again(data, width, indent):
    text = " " * indent + yaml_text(data, width=width, indent=indent)

    document = compose(Source("data.yaml", text))

    assert not document.diagnostics
    assert document.root is not None
    assert to_python(document.root) == data


@pytest.mark.parametrize(
    ("value", "text", "inside_brackets"),
    [
        ("allow", "allow", "allow"),
        ("2026-03-03T09:00:00Z", "2026-03-03T09:00:00Z", "2026-03-03T09:00:00Z"),
        ("a, b", "a, b", '"a, b"'),
        ("-1", '"-1"', '"-1"'),
        ("-a", "-a", '"-a"'),
        ("true", '"true"', '"true"'),
        ("", '""', '""'),
        ("a: b", '"a: b"', '"a: b"'),
        ("a\nb", '"a\\u000ab"', '"a\\u000ab"'),
        (True, "true", "true"),
        (None, "null", "null"),
        (7, "7", "7"),
    ],
    ids=repr,
)
def test_only_what_must_be_is_quoted(value, text, inside_brackets):
    assert (yaml_scalar(value), yaml_scalar(value, flow=True)) == (text, inside_brackets)


def test_what_does_not_fit_into_a_line_is_written_below_each_other():
    data = {"type": "subscription", "lots": [{"quantity": 70}, {"quantity": 30, "kind": "midterm"}]}

    assert yaml_text(data, width=36, indent=2) == (
        "type: subscription\n  lots:\n    - {quantity: 70}\n    - {quantity: 30, kind: midterm}"
    )
    assert yaml_text(data) == (
        "{type: subscription, lots: [{quantity: 70}, {quantity: 30, kind: midterm}]}"
    )
