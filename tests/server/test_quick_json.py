"""What is read quickly is what the strict reader reads; whatever that refuses is in doubt."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.documents.json_documents import load_json
from evaluator.server.quick_json import IN_DOUBT, quick_json

TEXTS = st.text('ab:{}[],"\\é\u2028\x7f ', max_size=4)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
)


class Pairs(list[Any]):
    """An object as pairs, which may have a key twice."""


VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.lists(st.tuples(TEXTS, inner), max_size=4).map(Pairs)
    ),
    max_leaves=12,
)


def written(value: Any, *, ascii_only: bool) -> str:
    if isinstance(value, Pairs):
        members = (
            f"{json.dumps(key, ensure_ascii=ascii_only)}: {written(item, ascii_only=ascii_only)}"
            for key, item in value
        )
        return "{" + ", ".join(members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(written(item, ascii_only=ascii_only) for item in value) + "]"
    return json.dumps(value, ensure_ascii=ascii_only)


@given(VALUES, st.booleans())
def test_as_the_strict_reader(value: Any, ascii_only: bool) -> None:
    body = written(value, ascii_only=ascii_only).encode()
    strict, diagnostics = load_json(body)
    quick = quick_json(body)
    if diagnostics:
        assert quick is IN_DOUBT
    elif quick is not IN_DOUBT:
        assert repr(quick) == repr(strict)


@given(st.binary(max_size=12) | st.text('{}[]:,"0123456789.eE+-truefalsn \t\r\n', max_size=12))
def test_anything(data: bytes | str) -> None:
    body = data if isinstance(data, bytes) else data.encode()
    strict, diagnostics = load_json(body)
    quick = quick_json(body)
    assert quick is IN_DOUBT or (not diagnostics and repr(quick) == repr(strict))


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1, "a": 1}',
        b'{"a": {"b": 1, "b": ":"}}',
        b'[{"a:": ":", "a:": 1}]',
        b"NaN",
        b"-Infinity",
        b"1e400",
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b"\xef\xbb\xbf{}",
        b"",
        b'{"a": "\\ud800"}',
        b'{"a\\u003A": 1, "a:": 2}',
        b"[" * 101 + b"]" * 101,
        b"[" * 100_000,
    ],
    ids=repr,
)
def test_in_doubt(body: bytes) -> None:
    assert quick_json(body) is IN_DOUBT


@pytest.mark.parametrize(
    "body",
    [
        b'{"subject": {"type": "user", "id": "a:1"}, "context": {"time": "2026-03-03T09:00:00Z"}}',
        '{ "é" : [1, 2.50, -0.0, null, true, 123456789012345678] }'.encode(),
        b'[{"a": 1}, {"a": 1}]',
        b"[" * 100 + b"]" * 100,
    ],
    ids=range(4),
)
def test_most_texts_are_not(body: bytes) -> None:
    assert repr(quick_json(body)) == repr(json.loads(body))
