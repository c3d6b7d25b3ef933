from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evaluator.documents.composing import compose
from evaluator.documents.json_documents import parse_json
from evaluator.documents.nodes import Mapping, Scalar
from evaluator.documents.yaml_events import has_libyaml
from evaluator.source import Source

PARSERS = [True, False] if has_libyaml() else [False]


def value_of(text: str, *, native: bool = True) -> Scalar | None:
    """The scalar at the key ``k`` of a YAML text, None if there is none or something is wrong."""
    document = compose(Source("f", text), native=native and has_libyaml())
    value = document.root.get("k") if isinstance(document.root, Mapping) else None
    return value if isinstance(value, Scalar) and not document.diagnostics else None


def drawn(text: str) -> Scalar:
    """The scalar of a text that hypothesis has made."""
    value = value_of(text)
    assume(value is not None)
    assert value is not None
    return value


def places(scalar: Scalar) -> str:
    """The source's code points that the text's are mapped to."""
    fragment = scalar.fragment
    text = scalar.source.text
    return "".join(text[fragment.source_offset(at)] for at in range(len(fragment.text)))


def check(scalar: Scalar) -> None:
    """The law: in order, each code point stands where it says.

    Or it is what became of what stands there: of an escape, or of the end of a line.
    """
    fragment = scalar.fragment
    assert fragment.text == scalar.text
    offsets = [fragment.source_offset(at) for at in range(len(fragment.text) + 1)]
    assert offsets == sorted(set(offsets))
    assert all(scalar.start <= offset <= len(scalar.source.text) for offset in offsets)
    for character, place in zip(fragment.text, places(scalar), strict=True):
        if character != place:
            assert (place == "\\" and scalar.style == '"') or (
                place in "\r\n" and character in " \n"
            )


def check_visible(scalar: Scalar, start: int) -> None:
    """Every visible character behind ``start`` is mapped to, where nothing but lines is changed."""
    raw = scalar.source.text
    fragment = scalar.fragment
    mapped = {fragment.source_offset(at) for at in range(len(fragment.text))}
    wanted = {at for at in range(start, len(raw)) if not raw[at].isspace()}
    assert {at for at in mapped if not raw[at].isspace()} == wanted


CASES = [
    pytest.param("k: a == b", "a == b", 3, id="plain"),
    pytest.param("k:   a\n   b\n\n  c", "a\nb\nc", 5, id="plain over lines"),
    pytest.param("é𝄞: 1\nk: 𝄞 == é", "𝄞 == é", 9, id="behind non-BMP characters"),
    pytest.param("k: 'it''s'", "it's", 4, id="single quotes"),
    pytest.param("k: 'a\n  b\n\n  c'", "a\nb\nc", 4, id="single quotes over lines"),
    pytest.param(r'k: "a\n\"\u00e9\U0001D11Eb"', r"a\\\\b", 4, id="escapes"),
    pytest.param('k: "a\\\n   b\\\n\n  c"', "ab\nc", 4, id="continued lines"),
    pytest.param('k: "a  \n  b"', "a\nb", 4, id="double quotes over lines"),
    pytest.param("k: |\n  a\n   b\n\n  c\n", "a\n b\n\nc\n", 7, id="literal"),
    pytest.param("k: |-\n  a\n", "a", 8, id="literal, stripped"),
    pytest.param("k: |+ # why\n  a\n\n\n", "a\n\n\n", 14, id="literal, kept"),
    pytest.param("k: |1\n   a\n  b\n", "  a\n b\n", 7, id="literal with indentation"),
    pytest.param("x:\n  k: 1\nk: |2-\n    a", "  a", 19, id="literal with indentation, stripped"),
    pytest.param("k: >\n  a\n  b\n\n  c\n   d\n  e\n", "a\nb\nc\n d\ne\n", 7, id="folded"),
    pytest.param("k: >-\n\n  a\n  b", "\na\nb", 6, id="folded after an empty line"),
    pytest.param("k: >2\n     \n   x\n", "   \n x\n", 8, id="folded with a line of spaces"),
    pytest.param("k: |\r\n  a\r\n  b\r\n", "a\rb\r", 8, id="literal with CR LF"),
    pytest.param("k: a\r\n  b\r\n", "a\rb", 3, id="plain with CR LF"),
    pytest.param('k: "a\\\r\n  b"', "ab", 4, id="continued with CR LF"),
    pytest.param("k: a\r  b\rl: 1", "a\rb", 3, id="plain with CR"),
    pytest.param("k: |\n\nl: 1", "", 3, id="empty literal"),
    pytest.param("k: |+\n\n\nl: 1", "\n\n", 6, id="literal of empty lines"),
    pytest.param("k: ''", "", 3, id="empty"),
]


@pytest.mark.parametrize("native", PARSERS)
@pytest.mark.parametrize(("text", "expected", "start"), CASES)
def test_places_of_code_points(text: str, expected: str, start: int, native: bool) -> None:
    scalar = value_of(text, native=native)
    assert scalar is not None
    check(scalar)
    assert places(scalar) == expected
    if expected:
        assert scalar.fragment.source_offset(0) == start
    assert scalar.span.text == scalar.source.text[scalar.start : scalar.end]


def test_a_span_in_a_folded_scalar() -> None:
    scalar = value_of("k: >-\n  a &&\n  bcd == 1\n")
    assert scalar is not None
    at = scalar.text.index("bcd")
    span = scalar.fragment.span(at, at + 3)
    assert (str(span.position), span.text) == ("3:3", "bcd")


WORDS = st.text(alphabet="ab é𝄞'\"\\#:-{}[],&*!|>%?@`", max_size=8)
LINES = st.lists(WORDS, min_size=1, max_size=5)
BREAKS = st.sampled_from(["\n", "\r\n", "\r"])
INDENTS = st.lists(st.integers(0, 2), min_size=5, max_size=5)


def joined(lines: list[str], indents: list[int], newline: str) -> str:
    return newline.join(
        "  " + " " * more + line for line, more in zip(lines, indents, strict=False)
    )


@given(LINES, INDENTS, BREAKS, st.sampled_from(["", "\n", "\n\nl: 1"]))
def test_plain(lines: list[str], indents: list[int], newline: str, rest: str) -> None:
    text = "k: a" + newline + joined(lines, indents, newline)
    scalar = drawn(text + rest.replace("\n", newline))
    check(scalar)
    if scalar.style == "plain" and not rest and "#" not in text:
        check_visible(scalar, 3)


@given(LINES, INDENTS, BREAKS)
def test_single_quotes(lines: list[str], indents: list[int], newline: str) -> None:
    inside = joined(lines, indents, newline).replace("'", "''")
    check(drawn(f"k: '{inside}'"))


@given(
    st.lists(
        st.text(alphabet="ab é𝄞'#:\t", max_size=3)
        | st.sampled_from(["\\n", '\\"', "\\\\", "\\x41", "\\u00e9", "\\U0001D11E", "\\ ", "\\N"])
        | st.sampled_from(["\\\n  ", "\n  ", "\n\n  ", " \n", "\\\r\n", "\r\n  "]),
        max_size=9,
    )
)
def test_double_quotes(parts: list[str]) -> None:
    check(drawn(f'k: "{"".join(parts)}"'))


@given(
    st.sampled_from("|>"),
    st.sampled_from(["", "-", "+"]),
    st.sampled_from(["", "1", "2"]),
    st.sampled_from(["", " # why"]),
    LINES,
    INDENTS,
    BREAKS,
    st.sampled_from(["", "\n", "\n\n", "\nl: 1", "\n\n# end\nl: 1"]),
)
def test_blocks(
    style: str,
    chomping: str,
    indicator: str,
    comment: str,
    lines: list[str],
    indents: list[int],
    newline: str,
    rest: str,
) -> None:
    head = f"k: {style}{indicator}{chomping}{comment}{newline}"
    text = head + joined(lines, indents, newline)
    scalar = drawn(text + rest.replace("\n", newline))
    check(scalar)
    if not rest and "#" not in text[len(head) :]:  # which may begin a comment below the block
        check_visible(scalar, len(head))


@given(st.text(alphabet='ab é𝄞"\\/\b\f\n\r\t\x00\x1f\u2028', max_size=12), st.booleans())
def test_json(text: str, ascii_only: bool) -> None:
    import json

    written = json.dumps(text, ensure_ascii=ascii_only)
    document = parse_json(Source("f", f"  {written}"))
    assert isinstance(document.root, Scalar)
    assert document.root.text == text
    check(document.root)


@pytest.mark.parametrize(
    ("text", "at", "written"),
    [
        ("k: 'it''s'", 2, "''"),
        ("k: 'it'''", 2, "''"),
        ("k: 'it''s'", 3, "s"),
        ("k: it''s", 2, "'"),
        ('k: "a\\\\b"', 1, "\\\\"),
        ('k: "a\\\\"', 1, "\\\\"),
        ('k: "a\\nb"', 1, "\\n"),
        ('k: "a\\u00e9"', 1, "\\u00e9"),
        ("k: a\\b", 1, "\\"),
        ("k: 'a\\b'", 1, "\\"),
    ],
)
def test_spans_take_escapes_whole(text: str, at: int, written: str) -> None:
    value = value_of(text)
    assert value is not None
    assert value.fragment.span(at, at + 1).text == written
