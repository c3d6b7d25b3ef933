"""YAML is changed in place: it says the new data, and what did not change stays as it stands."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.documents.composing import compose
from evaluator.documents.nodes import to_python
from evaluator.documents.rewriting import applied, rewrite
from evaluator.documents.writing import yaml_text
from evaluator.source import Source

LONG = "A text that is so long that it does not fit into one line of a hundred columns, " * 2


def rewritten(text: str, data: Any) -> str:
    """The text as it says other data, which it is held to."""
    source = Source("a.yaml", text)
    root = compose(source).root
    assert root is not None
    new = applied(source, rewrite(root, data))
    again = compose(Source("a.yaml", new))
    assert again.diagnostics == ()
    assert again.root is not None
    assert to_python(again.root) == data
    return new


@pytest.mark.parametrize(
    ("text", "data", "expected"),
    [
        pytest.param(
            "a: 1 # one\nb: 2\n", {"a": 1, "b": 2}, "a: 1 # one\nb: 2\n", id="nothing-changes"
        ),
        pytest.param("a: 1 # one\nb: 2\n", {"a": 3, "b": 2}, "a: 3 # one\nb: 2\n", id="value"),
        pytest.param("a: true\n", {"a": 1}, "a: 1\n", id="true-is-not-1"),
        pytest.param(
            "a: 1\n# of b\nb: 2 # two\nc: 3\n", {"a": 1, "c": 3}, "a: 1\n# of b\nc: 3\n", id="gone"
        ),
        pytest.param("a: 1\nb: 2\n", {"b": 2}, "b: 2\n", id="first-gone"),
        pytest.param("a: 1\nb:\n  c: 2\n", {"a": 1}, "a: 1\n", id="last-gone"),
        pytest.param("a: 1\nb:\n  c: 2", {"a": 1}, "a: 1\n", id="last-gone-at-the-end"),
        pytest.param(
            "a: 1 # one\nb: 2\n",
            {"a": 1, "x": [1, 2], "y": {"z": "w"}, "b": 2},
            "a: 1 # one\nx: [1, 2]\ny: {z: w}\nb: 2\n",
            id="new-keys-behind-what-precedes-them",
        ),
        pytest.param("b: 2\n", {"a": 1, "b": 2}, "b: 2\na: 1\n", id="new-key-before-all"),
        pytest.param("a:\n  b: 1\n", {"a": {"c": 2}}, "a:\n  {c: 2}\n", id="no-key-stays"),
        pytest.param(
            "a: {b: 1,  c: [x, y]}\n",
            {"a": {"b": 2, "c": ["x", "y"]}},
            "a: {b: 2,  c: [x, y]}\n",
            id="value-in-brackets",
        ),
        pytest.param(
            "a: {b: 1, c: [x,  y]}\n",
            {"a": {"c": ["x", "y"], "d": "e, f"}},
            'a: {c: [x,  y], d: "e, f"}\n',
            id="keys-in-brackets",
        ),
        pytest.param(
            "a:\n  b: >-\n    some\n    text\n  c: 1\n",
            {"a": {"b": "other text", "c": 1}},
            "a:\n  b: other text\n  c: 1\n",
            id="block-scalar",
        ),
        pytest.param("a: 1\r\nb: 2\r\n", {"a": 1, "x": 1, "b": 2}, "a: 1\r\nx: 1\r\nb: 2\r\n"),
    ],
)
def test_rewritten(text: str, data: Any, expected: str):
    assert rewritten(text, data) == expected


def test_long_texts_are_folded():
    new = rewritten("a:\n  b: short\n  c: 1\n", {"a": {"b": LONG.strip(), "c": 1}})
    assert new.startswith("a:\n  b: >-\n    A text that is so long")
    assert max(map(len, new.splitlines())) <= 100
    assert rewritten("a:\n  c: 1\n", {"a": {"c": 1, "b": LONG.strip()}}).splitlines()[2:] == [
        f"  {line[2:]}" for line in new.splitlines()[1:-1]
    ]


def test_long_data_stands_below_its_key():
    ids = [f"a-rule-with-a-long-name-{number}" for number in range(6)]
    new = rewritten("a: 1\n", {"a": 1, "rules": ids})
    assert new.splitlines()[1:3] == ["rules:", f"  - {ids[0]}"]


KEYS = st.sampled_from(["a", "b", "c", "d", "long-key", "true", "1"])
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-100, 100)
    | st.sampled_from(["", "x", "a: b", "[", "no", "2026-03-03T09:00:00Z", LONG, "é\n\t", " # "]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
MAPPINGS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)


@given(MAPPINGS, MAPPINGS, st.integers(20, 100))
def test_any_data_can_be_rewritten_to_any_other(
    old: dict[str, Any], new: dict[str, Any], width: int
):
    text = yaml_text(old, width=width) + "\n"
    source = Source("a.yaml", text)
    root = compose(source).root
    assert root is not None
    assert to_python(root) == old
    rewritten(text, new)
