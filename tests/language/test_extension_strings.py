"""strings.format, strings.quote, and base64, beyond what their examples show."""

from __future__ import annotations

import base64
import math
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evaluator.language.functions import STANDARD
from evaluator.language.types import BOOL, BYTES, DOUBLE, INT, STRING, UINT
from evaluator.language.values import Duration, ErrorValue, Map, Optional, Timestamp, UInt
from tests.language.evaluating import evaluated, kind_of, values, values_of

FORMATTED = [
    ("nothing to put in", "'plain'.format([])", "plain"),
    ("an empty format", "''.format([])", ""),
    ("percent signs", "'%%%s%%%%'.format(['a'])", "%a%%"),
    ("values left over", "'%s'.format([1, 2])", "1"),
    ("clauses in a value", "'%s'.format(['%d'])", "%d"),
    ("%s of a text", "'%s'.format(['\"æ\\n'])", '"æ\n'),
    ("%s of bytes", "'%s'.format([b'\\303\\246'])", "æ"),
    ("%s of null", "'%s'.format([null])", "null"),
    ("%s of the least int", "'%s'.format([-9223372036854775808])", "-9223372036854775808"),
    ("%s of the greatest uint", "'%s'.format([18446744073709551615u])", "18446744073709551615"),
    ("%s of a whole double", "'%s'.format([2.0])", "2"),
    ("%s of a great double", "'%s'.format([1e21])", "1" + "0" * 21),
    ("%s of a small double", "'%s'.format([-1.5e-7])", "-0.00000015"),
    ("%s of negative zero", "'%s'.format([-0.0])", "-0"),
    ("%s of a duration", "'%s'.format([duration('-1h')])", "-3600s"),
    ("%s of an instant", "'%s'.format([timestamp(0)])", "1970-01-01T00:00:00Z"),
    ("%s of an empty list", "'%s'.format([[]])", "[]"),
    ("%s of an empty map", "'%s'.format([{}])", "{}"),
    ("%s of a list", "'%s'.format([[1, 'a', [2u, b'b']]])", "[1, a, [2, b]]"),
    ("%s of a map", "'%s'.format([{'b': 1, 'a': {2: []}}])", "{a: {2: []}, b: 1}"),
    ("keys sort as text", "'%s'.format([{10: 1, 9: 2, true: 3}])", "{10: 1, 9: 2, true: 3}"),
    ("%s of types", "'%s'.format([[int, type(null), type([0])]])", "[int, null_type, list]"),
    ("%s of the types of time", "'%s'.format([type(timestamp(0))])", "google.protobuf.Timestamp"),
    ("%s of more types", "'%s'.format([[type({}), type(int)]])", "[map, type]"),
    ("%s of an optional's type", "'%s'.format([type(optional.none())])", "optional_type"),
    ("%s has no use for a precision", "'%.1s'.format(['abc'])", "abc"),
    ("%d of a double", "'%d'.format([1.5])", "1.5"),
    ("%d of an infinity", "'%d'.format([-1.0 / 0.0])", "-Infinity"),
    ("%f rounds half to even", "'%.0f %.0f %.1f'.format([0.5, 1.5, 0.25])", "0 2 0.2"),
    ("%f of a great double", "'%.1f'.format([1e21])", "1" + "0" * 21 + ".0"),
    ("%f of an int", "'%.2f'.format([-3])", "-3.00"),
    ("%f of a uint", "'%.0f'.format([3u])", "3"),
    ("%f has no thousands", "'%.1f'.format([1234567.0])", "1234567.0"),
    ("%f with zeros before its precision", "'%.0002f'.format([1])", "1.00"),
    ("%f of NaN", "'%.2f'.format([0.0 / 0.0])", "NaN"),
    ("%e", "'%.0e %.2e'.format([15000, -0.000125])", "2e+04 -1.25e-04"),
    ("%e with three digits of exponent", "'%.1e'.format([1e-300])", "1.0e-300"),
    ("%e of NaN", "'%e'.format([0.0 / 0.0])", "NaN"),
    ("%b", "'%b %b %b'.format([-5, 6u, false])", "-101 110 0"),
    ("%o", "'%o %o'.format([-8, 64u])", "-10 100"),
    ("%x", "'%x %x'.format([-255, 'æ'])", "-ff c3a6"),
    ("%X", "'%X %X'.format([18446744073709551615u, b'\\377'])", "FFFFFFFFFFFFFFFF FF"),
    ("quotes of nothing", "strings.quote('')", '""'),
    ("all escapes", r"strings.quote('\a\b\f\n\r\t\v\\\"')", r'"\a\b\f\n\r\t\v\\\""'),
    ("what needs no escape", "strings.quote('\\'æ😀`?')", '"\'æ😀`?"'),
    ("base64 of nothing", "base64.encode(b'')", ""),
    ("base64 in its own alphabet", "base64.encode(b'\\373\\377')", "+/8="),
]
REFUSED = [
    ("no value", "'%s'.format([])"),
    ("too few values", "'%s %s'.format([1])"),
    ("a lone percent sign", "'%'.format([1])"),
    ("a percent sign at the end", "'100 %'.format([1])"),
    ("no such clause", "'%a'.format([1])"),
    ("a capital clause", "'%E'.format([1.0])"),
    ("a width", "'%5d'.format([1])"),
    ("a flag", "'%+d'.format([1])"),
    ("a precision without digits", "'%.f'.format([1.0])"),
    ("a precision at the end", "'%.2'.format([1.0])"),
    ("a precision below zero", "'%.-1f'.format([1.0])"),
    ("a precision in other digits", "'%.\u0663f'.format([1.0])"),
    ("a great precision", "'%.1001f'.format([1.0])"),
    ("a precision of many digits", "'%.100000000000000000000f'.format([1.0])"),
    ("%s of bytes that are not UTF-8", "'%s'.format([b'\\377'])"),
    ("%s of an optional", "'%s'.format([optional.of(1)])"),
    ("%s of an optional inside", "'%s'.format([[{'a': optional.none()}]])"),
    ("%s of a bad value in a map", "'%s'.format([{'a': b'\\377'}])"),
    ("%d of a text", "'%d'.format(['1'])"),
    ("%d of a bool", "'%d'.format([true])"),
    ("%d of null", "'%d'.format([null])"),
    ("%f of a text", "'%f'.format(['NaN'])"),
    ("%e of a bool", "'%e'.format([true])"),
    ("%b of a double", "'%b'.format([1.0])"),
    ("%o of a bool", "'%o'.format([true])"),
    ("%x of a double", "'%x'.format([1.0])"),
    ("%X of a list", "'%X'.format([[1]])"),
    ("base64 of a wrong length", "base64.decode('a')"),
    ("base64 with a strange character", "base64.decode('a-_=')"),
    ("base64 with a space", "base64.decode('aGVs bG8=')"),
    ("base64 beyond ASCII", "base64.decode('aæ==')"),
    ("base64 with half its padding", "base64.decode('YQ=')"),
    ("base64 with too much padding", "base64.decode('aGVsbG8==')"),
    ("base64 with padding inside", "base64.decode('YQ==YQ==')"),
    ("base64 of padding alone", "base64.decode('==')"),
]


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [row[1:] for row in FORMATTED],
    ids=[row[0] for row in FORMATTED],
)
def test_texts(expression: str, wanted: str) -> None:
    assert evaluated(expression) == wanted


@pytest.mark.parametrize("expression", [row[1] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_what_is_refused(expression: str) -> None:
    assert kind_of(evaluated(expression)) == "invalid_argument"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("'%b'.format(['a'])", "%b takes int, uint and bool, not string"),
        ("'%f'.format([null])", "%f takes int, uint and double, not null_type"),
        ("'%a'.format([1])", "%a is no formatting clause; a plain % is written %%"),
        ("'%s%s'.format([1])", "the format has more clauses than the 1 values given"),
    ],
)
def test_messages(expression: str, message: str) -> None:
    assert evaluated(expression).message == message


@given(st.text("%.0129sdfebxXoa", max_size=8), st.lists(values, max_size=3))
@example("%.1000f", [1.7976931348623157e308])
@example("%s%d%f", [5e-324, -5e-324, -1.7976931348623157e308])
@example("%b%b", [-(2**63), UInt(2**64 - 1)])
@example("%x", ["\U0001f600" * 50])
def test_no_format_raises_or_outgrows_its_cost(text: str, args: list[Any]) -> None:
    (overload,) = STANDARD.overloads("format", member=True)
    assert overload.cost is not None
    result = overload.implementation(text, args)
    if isinstance(result, ErrorValue):
        assert result.kind == "invalid_argument"
    else:
        assert len(result) <= overload.cost(text, args)


@given(values_of(INT) | values_of(UINT))
def test_whole_numbers_read_back(number: int) -> None:
    names = {"x": number}
    for clause, base in (("%s", 10), ("%d", 10), ("%b", 2), ("%o", 8), ("%x", 16), ("%X", 16)):
        assert int(evaluated(f"'{clause}'.format([x])", names), base) == number


@given(values_of(DOUBLE).filter(math.isfinite))
def test_doubles_read_back_without_an_exponent(number: float) -> None:
    text = evaluated("'%s'.format([x])", {"x": number})
    assert float(text) == number
    assert "e" not in text


@given(values_of(STRING))
def test_a_quoted_text_is_a_literal_of_it(text: str) -> None:
    quoted = evaluated("strings.quote(x)", {"x": text})
    assert evaluated(quoted) == text.replace("\ud800", "\ufffd")


@given(values_of(BYTES) | st.binary(max_size=40))
def test_base64_reads_back(value: bytes) -> None:
    encoded = evaluated("base64.encode(x)", {"x": value})
    assert encoded == base64.b64encode(value).decode()
    for text in (encoded, encoded.rstrip("="), encoded[:3] + "\r\n" + encoded[3:]):
        assert evaluated("base64.decode(x)", {"x": text}) == value


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        (Timestamp(1), "1970-01-01T00:00:00.000000001Z"),
        (Duration(-1_500_000_000), "-1.500s"),
        (("a", 1), "[a, 1]"),
        (BOOL, "bool"),
        (Map({"\U0001f600": 1, "\uffff": 2}), "{\uffff: 2, \U0001f600: 1}"),
    ],
    ids=["instant", "duration", "tuple", "type", "order of code points"],
)
def test_values_of_the_host(value: Any, wanted: str) -> None:
    assert evaluated("'%s'.format([x])", {"x": value}) == wanted
    if isinstance(value, (Timestamp, Duration)):
        assert evaluated("string(x)", {"x": value}) == wanted


def test_a_list_nested_deep_is_refused() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert kind_of(evaluated("'%s'.format([x])", {"x": deep})) == "invalid_argument"
    assert kind_of(evaluated("'%s'.format([x])", {"x": Optional(deep)})) == "invalid_argument"


def test_a_list_nested_in_itself_over_and_over_is_paid_for() -> None:
    doubled: list[Any] = ["a"]
    for _ in range(60):
        doubled = [doubled, doubled]
    assert kind_of(evaluated("'%s'.format([x])", {"x": doubled})) == "cost_exceeded"


def test_many_values_are_paid_for() -> None:
    names = {"f": "%.1000f" * 2_000, "xs": [0.5] * 2_000}
    assert kind_of(evaluated("f.format(xs)", names)) == "cost_exceeded"
