from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.documents.json_documents import (
    REQUEST_CODES,
    SCHEMA_CODES,
    load_json,
    parse_json,
)
from evaluator.documents.limits import Limits
from evaluator.documents.nodes import Mapping, Scalar, Sequence, to_python
from evaluator.source import Source
from tests.documents.cases import described, read_cases

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=20,
)  # fmt: skip


@given(VALUES, st.sampled_from([None, 0, 1, "\t"]), st.booleans())
def test_what_json_writes_is_read(value: Any, indent: Any, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    root = parse_json(Source("f", text)).root
    assert root is not None
    # repr tells 1 from 1.0 and from True.
    assert repr(to_python(root)) == repr(value)
    assert load_json(text) == load_json(text.encode()) == (value, ())


def test_nodes_know_their_places() -> None:
    text = '{\n  "é": [1, -2.5e3, true],\n  "b": {"𝄞": null}\n}'
    root = parse_json(Source("f", text)).root
    assert isinstance(root, Mapping)
    assert root.span.text == text
    items = root.get("é")
    assert isinstance(items, Sequence)
    assert items.span.text == "[1, -2.5e3, true]"
    assert [str(item.span.position) for item in items.items] == ["2:9", "2:12", "2:20"]
    inner = root.get("b")
    assert isinstance(inner, Mapping)
    key, value = inner.entries[0]
    assert (key.text, str(key.span.position), str(value.span.position)) == ("𝄞", "3:9", "3:14")
    assert isinstance(value, Scalar)
    assert value.value is None


def both(data: str | bytes, **options: Any) -> str:
    """What is said of a text, by the quick way and the way with places alike."""
    value, diagnostics = load_json(data, **options)
    assert diagnostics
    assert value is None
    return described(diagnostics)


DEEP = "[" * 10_000 + "]" * 10_000


@pytest.mark.parametrize(
    "text",
    [DEEP, "[" * 10_000, '{"a":' * 10_000 + "1" + "}" * 10_000, "[" * 101 + "]" * 101],
    ids=["lists", "open", "objects", "just too deep"],
)
def test_depth_is_bounded(text: str) -> None:
    said = both(text)
    column = 501 if text.startswith("{") else 101
    assert said.startswith(f"1:{column} EVL604 lists and objects nest more than 100 levels deep")


def test_a_hundred_levels_are_read() -> None:
    text = "[" * 100 + "]" * 100
    value, diagnostics = load_json(text)
    assert not diagnostics
    assert json.dumps(value) == text
    assert both(text, limits=Limits(max_depth=99)).startswith("1:100 EVL604")


def test_a_wide_value_is_not_deep() -> None:
    text = json.dumps([{"a": [number, "é"]} for number in range(500)])
    assert load_json(text) == (json.loads(text), ())


def test_depth_is_bounded_by_nothing_but_the_limit() -> None:
    value, diagnostics = load_json("[" * 20_000 + "]" * 20_000, limits=Limits(max_depth=20_000))
    assert not diagnostics
    depth = 0
    while value:
        (value,) = value
        depth += 1
    assert depth == 19_999


SURROGATES = {
    '"\\ud800"': "1:2 EVL607 `\\ud800` is half a character",
    '"\\uDC00x"': "1:2 EVL607 `\\uDC00` is half a character",
    '{"\\ud83d": 1}': "1:3 EVL607 `\\ud83d` is half a character",
    '["\\ud83d\\ud83d\\ude00"]': "1:3 EVL607 `\\ud83d` is half a character",
    '"a\ud800"': "1:3 EVL607 U+D800 is half a character",
}


@pytest.mark.parametrize("text", SURROGATES, ids=ascii)
def test_half_characters(text: str) -> None:
    assert both(text).startswith(SURROGATES[text])


def test_whole_surrogate_pairs_are_read() -> None:
    assert load_json('"\\ud83d\\ude00 \\u00e9"') == ("😀 é", ())


BYTES = {
    "latin": (b'{"a": "\xe6"}', "1:8 EVL607 the text is not UTF-8: it looks like Windows-1252"),
    "no encoding": (b'{"a": "\x81"}', "1:8 EVL607 the text is not UTF-8: it has bytes that no"),
    "UTF-16": ("{}".encode("utf-16"), "1:1 EVL607 the text is not UTF-8: it looks like UTF-16"),
    "UTF-16 without mark": (
        '{"a": 1}'.encode("utf-16-be"),
        "1:1 EVL607 the text is not UTF-8: it looks like UTF-16",
    ),
    "UTF-32": ("{}".encode("utf-32"), "1:1 EVL607 the text is not UTF-8: it looks like UTF-32"),
    "byte order mark": (b"\xef\xbb\xbf{}", "1:1 EVL607 the text begins with a byte order mark"),
    "nothing": (b"", "1:1 EVL601 there is nothing in this text"),
}


@pytest.mark.parametrize("case", BYTES)
def test_bytes(case: str) -> None:
    data, said = BYTES[case]
    assert both(data).startswith(said)


def test_a_byte_order_mark_in_a_text() -> None:
    assert both("\ufeff[1]").startswith("1:1 EVL607 the text begins with a byte order mark")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9223372036854775808", 2**63),
        ("-9223372036854775809", -(2**63) - 1),
        ("1" * 4300, int("1" * 4300)),
        ("1e308", 1e308),
        ("5e-324", 5e-324),
        ("1e-999", 0.0),
        ("-0", 0),
        ("-0.0", -0.0),
    ],
    ids=lambda value: str(value)[:12],
)
def test_numbers_are_exact(text: str, value: float) -> None:
    root = parse_json(Source("f", text)).root
    assert root is not None
    for read in (load_json(text)[0], to_python(root)):
        assert (read, type(read)) == (value, type(value))
        assert str(read) == str(value)  # tells -0.0 from 0.0


def test_a_number_of_too_many_digits() -> None:
    assert both("[" + "1" * 4301 + "]").startswith("1:2 EVL603 the number `111")


def test_schemas_have_one_code() -> None:
    for case in read_cases("bad_json.md"):
        _, diagnostics = load_json(case.text, codes=SCHEMA_CODES, name="request.schema.json")
        assert {item.code for item in diagnostics} == {"EVL501"}
        assert all(
            item.span is not None and item.span.source.name == "request.schema.json"
            for item in diagnostics
        )


def test_problems_have_an_end() -> None:
    _, diagnostics = load_json("[" + ", ".join(["NaN"] * 1000) + "]")
    assert len(diagnostics) == 100


PIECES = [
    *'{}[],:" \n0-.e\\',
    '"a"',
    '"b": ',
    "1",
    "NaN",
    "true",
    "nul",
    "\\u12",
    "//",
    "/*",
    "'",
    "é",
]


def test_noise_is_read_alike_by_both_ways() -> None:
    """What the quick way takes, the way with places takes, and the other way round."""
    random_ = random.Random(6)
    sample = '{"subject": {"type": "user", "id": "x"}, "context": {"n": [1, 2.5, null, "é"]}}'
    for _ in range(3000):
        if random_.random() < 0.3:
            text = "".join(random_.choices(PIECES, k=random_.randint(0, 12)))
        else:
            at = random_.randrange(len(sample))
            text = sample[:at] + random_.choice(PIECES) + sample[at + random_.randint(0, 3) :]
        value, diagnostics = load_json(text)
        document = parse_json(Source("<request>", text))
        assert described(diagnostics) == described(document.diagnostics)
        if diagnostics:
            assert {item.code for item in diagnostics} <= {
                REQUEST_CODES.syntax,
                REQUEST_CODES.duplicate_key,
                REQUEST_CODES.number,
            }
        else:
            assert document.root is not None
            assert repr(to_python(document.root)) == repr(value) == repr(json.loads(text))
