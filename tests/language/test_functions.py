from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.language.dispatch import fits
from evaluator.language.functions import STANDARD, Function, Overload, Registry
from evaluator.language.functions.strings import compile_pattern
from evaluator.language.functions.zones import offset_at
from evaluator.language.types import INT, STRING
from evaluator.language.values import (
    ERROR_KINDS,
    INT_MAX,
    INT_MIN,
    NONE,
    UINT_MAX,
    Duration,
    ErrorValue,
    Map,
    Optional,
    Timestamp,
    UInt,
    equal,
)
from tests.language.evaluating import (
    SCALARS,
    checked_and_evaluated,
    evaluated,
    kind_of,
    same,
    values,
    values_of,
)

FUNCTIONS = list(STANDARD)
OVERLOADS = [overload for function in FUNCTIONS for overload in function.overloads]
EXAMPLES = [example for function in FUNCTIONS for example in function.examples]
NAN = float("nan")
# The function first: of some there are many overloads.
some_overload = st.sampled_from(FUNCTIONS).flatmap(
    lambda function: st.sampled_from(function.overloads)
)


# What every function owes


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.expression)
def test_examples(example: Any) -> None:
    wanted = evaluated(example.value)
    assert not isinstance(wanted, ErrorValue)
    assert same(evaluated(example.expression), wanted)
    assert same(checked_and_evaluated(example.expression), wanted)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_functions_are_described(function: Function) -> None:
    assert function.examples
    assert function.overloads
    assert function.summary[0].isupper()
    assert function.summary.endswith(".")
    assert len(function.summary) < 100


def test_ids_of_overloads_are_unique() -> None:
    ids = [overload.id for overload in OVERLOADS]
    assert len(ids) == len(set(ids))


def test_declared_errors_are_kinds() -> None:
    assert {kind for overload in OVERLOADS for kind in overload.errors} <= set(ERROR_KINDS)


@given(st.data())
def test_an_overload_returns_what_it_declares(data: st.DataObject) -> None:
    overload = data.draw(some_overload)
    args = [data.draw(values_of(type_)) for type_ in overload.parameters]
    cost = 0 if overload.cost is None else overload.cost(*args)
    assert cost >= 0
    result = overload.implementation(*args)
    if isinstance(result, ErrorValue):
        assert result.kind in overload.errors
    else:
        assert fits(overload.result, result)


@given(st.data())
def test_what_grows_is_paid_for(data: st.DataObject) -> None:
    overload = data.draw(some_overload)
    args = [data.draw(values_of(type_)) for type_ in overload.parameters]
    result = overload.implementation(*args)
    if isinstance(result, (str, bytes, list)):
        sizes = sum(len(arg) for arg in args if isinstance(arg, (str, bytes, list, Map)))
        paid = 0 if overload.cost is None else overload.cost(*args)
        # Of scalars alone only short texts are made, such as that of a timestamp.
        assert len(result) <= sizes + paid + 40


# The registry


def _function(name: str, *overloads: Overload) -> Function:
    return Function(name, "Some function.", overloads)


def _overload(id: str, *, member: bool = False) -> Overload:
    return Overload(id, (INT,), INT, lambda value: value, member)


def test_a_registry_is_extended_into_a_new_one() -> None:
    first = Registry([_function("f", _overload("one"))])
    second = first.extended([_function("f", _overload("two", member=True)), _function("g")])
    assert [item.name for item in second] == ["f", "g"]
    assert [item.id for item in second.overloads("f", member=False)] == ["one"]
    assert [item.id for item in second.overloads("f", member=True)] == ["two"]
    assert second.overload("two").id == "two"
    assert [item.id for item in second.candidates("f", True, 1)] == ["two"]
    assert second.candidates("f", True, 2) == ()
    assert first.overloads("f", member=True) == ()
    assert "g" not in first


# Numbers


ints = SCALARS[INT]


@given(ints, ints, st.sampled_from("+-*"))
def test_int_arithmetic_is_exact_or_overflows(left: int, right: int, sign: str) -> None:
    exact = {"+": left + right, "-": left - right, "*": left * right}[sign]
    found = evaluated(f"a {sign} b", {"a": left, "b": right})
    if INT_MIN <= exact <= INT_MAX:
        assert found == exact
    else:
        assert kind_of(found) == "overflow"


@given(ints, ints)
def test_division_cuts_toward_zero(left: int, right: int) -> None:
    names = {"a": left, "b": right}
    quotient, rest = evaluated("a / b", names), evaluated("a % b", names)
    if right == 0:
        assert kind_of(quotient) == kind_of(rest) == "divide_by_zero"
    elif (left, right) == (INT_MIN, -1):
        assert kind_of(quotient) == kind_of(rest) == "overflow"
    else:
        assert quotient == math.trunc(Fraction(left, right))
        assert rest == left - right * quotient


ERRORS = [
    ("9223372036854775807 + 1", "overflow"),
    ("-(-9223372036854775808)", "overflow"),
    ("-9223372036854775808 / -1", "overflow"),
    ("-9223372036854775808 % -1", "overflow"),
    ("0u - 1u", "overflow"),
    ("18446744073709551615u + 1u", "overflow"),
    ("1 / 0", "divide_by_zero"),
    ("1 % 0", "divide_by_zero"),
    ("1u / 0u", "divide_by_zero"),
    ("1 + 1u", "no_such_overload"),
    ("1 + 1.0", "no_such_overload"),
    ("true + true", "no_such_overload"),
    ("-1u", "no_such_overload"),
    ("1 < 'a'", "no_such_overload"),
    ("null < null", "no_such_overload"),
    ("[1] < [2]", "no_such_overload"),
    ("!1", "no_such_overload"),
    # Conversions
    ("int('a')", "invalid_conversion"),
    ("int('')", "invalid_conversion"),
    ("int('-')", "invalid_conversion"),
    ("int('\u0663')", "invalid_conversion"),
    ("int('9223372036854775808')", "invalid_conversion"),
    ("int(9223372036854775808u)", "invalid_conversion"),
    ("int(9223372036854775807.0)", "invalid_conversion"),
    ("int(-9223372036854775808.0)", "invalid_conversion"),
    ("int(double('NaN'))", "invalid_conversion"),
    ("int(double('-Infinity'))", "invalid_conversion"),
    ("uint(-1)", "invalid_conversion"),
    ("uint(-1.0)", "invalid_conversion"),
    ("uint('+1')", "invalid_conversion"),
    ("uint(18446744073709551615.0)", "invalid_conversion"),
    ("double('1_0')", "invalid_conversion"),
    ("double(' 1')", "invalid_conversion"),
    ("double('')", "invalid_conversion"),
    ("double('1e400')", "invalid_conversion"),
    ("bool('yes')", "invalid_conversion"),
    ("bool('tRuE')", "invalid_conversion"),
    ("string(b'\\xff')", "invalid_conversion"),
    ("timestamp('2026-03-03')", "invalid_conversion"),
    ("timestamp(253402300800)", "invalid_conversion"),
    ("duration('1d')", "invalid_conversion"),
    ("int(null)", "no_such_overload"),
    ("string([1])", "no_such_overload"),
    # Texts
    ("'a'.matches('(')", "invalid_argument"),
    ("'a'.charAt(-1)", "index_out_of_range"),
    ("'a'.charAt(2)", "index_out_of_range"),
    ("'a'.substring(2)", "index_out_of_range"),
    ("'abc'.substring(2, 1)", "index_out_of_range"),
    ("'abc'.indexOf('a', 4)", "index_out_of_range"),
    ("'abc'.lastIndexOf('a', -1)", "index_out_of_range"),
    ("[1].join()", "no_such_overload"),
    ("1.size()", "no_such_overload"),
    # Lists and maps
    ("[1][1]", "index_out_of_range"),
    ("[1][-1]", "index_out_of_range"),
    ("[1][dyn(0.5)]", "invalid_argument"),
    ("[1][dyn(double('NaN'))]", "invalid_argument"),
    ("[1]['a']", "no_such_overload"),
    ("{'a': 1}['b']", "no_such_key"),
    ("{'a': 1}[dyn([1])]", "no_such_key"),
    ("{1: 'a'}[dyn(true)]", "no_such_key"),
    ("1[0]", "no_such_overload"),
    ("1 in 1", "no_such_overload"),
    ("[1, 2].slice(1, 3)", "index_out_of_range"),
    ("[1, 2].slice(2, 1)", "index_out_of_range"),
    ("[1, 'a'].sort()", "no_such_overload"),
    ("[[1]].sort()", "no_such_overload"),
    ("sum([1, 2u])", "no_such_overload"),
    ("sum(['a'])", "no_such_overload"),
    ("sum([9223372036854775807, 1])", "overflow"),
    ("sum([18446744073709551615u, 1u])", "overflow"),
    ("sum([duration('9223372036s'), duration('9223372036s')])", "overflow"),
    ("math.greatest([])", "invalid_argument"),
    ("math.greatest(dyn('a'))", "no_such_overload"),
    ("math.least(1, dyn(true))", "no_such_overload"),
    # Times
    ("timestamp('9999-12-31T23:59:59.999999999Z') + duration('1ns')", "overflow"),
    ("timestamp('0001-01-01T00:00:00Z') - duration('1ns')", "overflow"),
    ("timestamp('9999-12-31T00:00:00Z') - timestamp('0001-01-01T00:00:00Z')", "overflow"),
    ("duration('9223372036s') + duration('9223372036s')", "overflow"),
    ("-duration('-9223372036.854775808s')", "overflow"),
    ("timestamp('0001-01-01T00:00:00Z').getHours('-05:00')", "overflow"),
    ("timestamp('0001-01-01T00:00:00Z').getHours('America/New_York')", "overflow"),
    ("timestamp('9999-12-31T23:00:00Z').getHours('Asia/Tokyo')", "overflow"),
    ("timestamp(0).getHours('Europe/Atlantis')", "invalid_argument"),
    ("timestamp(0).getHours('')", "invalid_argument"),
    ("timestamp(0).getHours('+25:00')", "invalid_argument"),
    ("timestamp(0).getHours('../UTC')", "invalid_argument"),
    ("timestamp(0).getHours('localtime')", "invalid_argument"),
    ("timestamp(0).getHours('right/UTC')", "invalid_argument"),
    ("duration('1h').getHours('UTC')", "no_such_overload"),
    # Optionals
    ("optional.none().value()", "no_value"),
]


@pytest.mark.parametrize(("text", "kind"), ERRORS, ids=[text for text, _ in ERRORS])
def test_errors(text: str, kind: str) -> None:
    assert kind_of(evaluated(text)) == kind


VALUES = [
    # Doubles are IEEE 754
    ("1.0 / 0.0", "double('Infinity')"),
    ("-1.0 / 0.0", "double('-Infinity')"),
    ("1.0 / -0.0", "double('-Infinity')"),
    ("0.0 / 0.0", "double('NaN')"),
    ("double('NaN') == double('NaN')", "false"),
    ("double('NaN') != double('NaN')", "true"),
    ("double('NaN') < 1.0 || double('NaN') >= 1.0", "false"),
    ("1e308 * 10.0", "double('Infinity')"),
    # Equality and order across types of numbers
    ("dyn(1) == 1.0 && dyn(1u) == 1 && dyn(1u) == 1.0", "true"),
    ("dyn(true) == 1", "false"),
    ("dyn('1') == 1", "false"),
    ("dyn(1) < 1.5 && dyn(2u) > 1.5 && dyn(1) < 2u && dyn(1u) >= 1", "true"),
    ("dyn(-1) < 0u && dyn(18446744073709551615u) > -1", "true"),
    ("dyn(9223372036854775807) < 9223372036854775808.0", "false"),
    ("dyn(9223372036854775807) < 9223372036854775808u", "true"),
    ("9223372036854775806 < 9223372036854775807", "true"),
    ("false < true", "true"),
    ("'B' < 'a' && 'a' < 'å' && '\uffff' < '\U00010000'", "true"),
    ("b'\\x7f' < b'\\x80'", "true"),
    # Conversions
    ("int(-3.9)", "-3"),
    ("int('-0042')", "-42"),
    ("int(timestamp('1969-12-31T23:59:59.5Z'))", "-1"),
    ("uint(1.9)", "1u"),
    ("double('-Infinity') < double('-1e308')", "true"),
    ("string(1.0)", "'1'"),
    ("string(-0.5)", "'-0.5'"),
    ("string(1e21)", "'1e+21'"),
    ("string(1e-7)", "'1e-07'"),
    ("string(double('NaN'))", "'NaN'"),
    ("string(5u)", "'5'"),
    ("string(true)", "'true'"),
    ("string(b'\\xc3\\xa6')", "'æ'"),
    ("bytes('æ')", "b'\\xc3\\xa6'"),
    ("string(timestamp('2026-03-03T10:00:00.5+01:00'))", "'2026-03-03T09:00:00.500Z'"),
    ("bool('F')", "false"),
    ("timestamp(1)", "timestamp('1970-01-01T00:00:01Z')"),
    # Types are values
    ("type(1) == int && type(1u) == uint && type(1.0) == double && type('a') == string", "true"),
    ("type(b'') == bytes && type(null) == null_type && type([]) == list", "true"),
    ("type({}) == map && type(true) == bool && type(int) == type", "true"),
    ("type(type(1)) == type(string) && type == type(type)", "true"),
    ("type(timestamp(0)) == google.protobuf.Timestamp", "true"),
    ("type(duration('1s')) == google.protobuf.Duration", "true"),
    ("type([1]) == type(['a'])", "true"),
    ("type(1) == type(1u)", "false"),
    # Texts are code points
    ("size('\U0001f600æ')", "2"),
    ("size(b'\\xc3\\xa6')", "2"),
    ("'a\U0001f600b'.charAt(1)", "'\U0001f600'"),
    ("'abc'.charAt(3)", "''"),
    ("'hello mellow'.indexOf('')", "0"),
    ("'hello mellow'.indexOf('ello', 2)", "7"),
    ("'hello mellow'.indexOf('jello')", "-1"),
    ("'hello mellow'.lastIndexOf('')", "12"),
    ("'hello mellow'.lastIndexOf('ello', 6)", "1"),
    ("'a.b'.matches('a.b') && 'xa1'.matches('a[0-9]') && !'a'.matches('^b')", "true"),
    ("'abc'.startsWith('') && 'abc'.endsWith('bc') && !'abc'.contains('ac')", "true"),
    ("'hello hello'.replace('he', 'we', -1)", "'wello wello'"),
    ("'hello hello'.replace('he', 'we', 1)", "'wello hello'"),
    ("'hello hello'.replace('he', 'we', 0)", "'hello hello'"),
    ("'ab'.replace('', '-')", "'-a-b-'"),
    ("'a b c'.split(' ', 0)", "[]"),
    ("'a b c'.split(' ', 1)", "['a b c']"),
    ("'a b c'.split(' ', 2)", "['a', 'b c']"),
    ("'a b c'.split(' ', -1)", "['a', 'b', 'c']"),
    ("'abc'.split('')", "['a', 'b', 'c']"),
    ("'abc'.split('', 2)", "['a', 'bc']"),
    ("[].join('/')", "''"),
    ("'\u2003\\t a\u200b '.trim()", "'a\u200b'"),
    ("'TacoCÆt'.lowerAscii() + 'TacoCæt'.upperAscii()", "'tacocÆtTACOCæT'"),
    ("'a\U0001f600'.reverse()", "'\U0001f600a'"),
    # Lists and maps
    ("[1, 2] + [3]", "[1, 2, 3]"),
    ("1.0 in [1] && 1u in [1.0] && !(1 in [true])", "true"),
    ("double('NaN') in [double('NaN')]", "false"),
    ("1.0 in {1: 'a'} && 1u in {1: 'a'} && !(true in {1: 'a'})", "true"),
    ("dyn([1]) in {'a': 1}", "false"),
    ("[1, 2][dyn(1.0)] + [1, 2][dyn(1u)]", "4"),
    ("{1: 'a'}[dyn(1.0)] + {1u: 'b'}[dyn(1)]", "'ab'"),
    ("[1][?dyn(0.0)].value()", "1"),
    ("[1][?dyn(0.5)].hasValue() || [1][?1].hasValue() || [1][?-1].hasValue()", "false"),
    ("[1, 1u, 1.0, true, 2].distinct()", "[1, true, 2]"),
    ("[[1], [1.0], {'a': 1}, {'a': 1u}, {}].distinct()", "[[1], {'a': 1}, {}]"),
    ("['b', 'a', 'C'].sort()", "['C', 'a', 'b']"),
    ("[].sort() == [] && [].distinct() == []", "true"),
    ("[timestamp(2), timestamp(1)].sort()[0] == timestamp(1)", "true"),
    ("sum([])", "0"),
    ("sum([1u, 2u])", "3u"),
    ("sum([0.5, 0.25])", "0.75"),
    ("sum([duration('1h'), duration('30m')])", "duration('90m')"),
    ("[].first().hasValue() || [].last().hasValue()", "false"),
    ("[1, 2, 3].slice(3, 3)", "[]"),
    ("math.greatest(1, 2u, 2.5)", "2.5"),
    ("math.least([3, 1, 2])", "1"),
    ("math.greatest(" + ", ".join(map(str, range(32))) + ")", "31"),
    # Times
    ("timestamp('2026-03-29T01:30:00Z').getHours('Europe/Copenhagen')", "3"),
    ("timestamp('2026-03-29T00:30:00Z').getHours('Europe/Copenhagen')", "1"),
    ("timestamp('2026-01-01T00:00:00Z').getFullYear('-00:01')", "2025"),
    ("timestamp('2026-01-01T00:00:00Z').getHours('02:30')", "2"),
    ("timestamp('2026-01-01T00:00:00Z').getMinutes('+5:45')", "45"),
    ("timestamp('2026-03-01T00:00:00Z').getDayOfWeek()", "0"),
    ("timestamp('2024-12-31T00:00:00Z').getDayOfYear()", "365"),
    ("timestamp('1969-12-31T23:59:59.999999999Z').getMilliseconds()", "999"),
    ("duration('3730s').getMinutes()", "62"),
    ("duration('-90m').getHours()", "-1"),
    ("duration('1.234567s').getMilliseconds()", "234"),
    ("duration('-1.234567s').getMilliseconds()", "-234"),
    ("timestamp('2026-03-03T00:00:00.000000001Z') - timestamp('2026-03-03T00:00:00Z')",
     "duration('1ns')"),
    ("duration('1h') + timestamp(0) == timestamp(0) + duration('1h')", "true"),
    # Optionals
    ("optional.ofNonZeroValue(0.0).hasValue() || optional.ofNonZeroValue([]).hasValue()", "false"),
    ("optional.ofNonZeroValue(null).hasValue() || optional.ofNonZeroValue({}).hasValue()", "false"),
    ("optional.ofNonZeroValue('0').value()", "'0'"),
    ("optional.of(null).value()", "null"),
    ("optional.of(1) == optional.of(1.0) && optional.none() != optional.of(null)", "true"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), VALUES, ids=[text for text, _ in VALUES])
def test_values(text: str, wanted: str) -> None:
    assert same(evaluated(text), evaluated(wanted)), evaluated(text)


@given(st.lists(values, max_size=8))
def test_distinct_keeps_the_first_of_equals(items: list[Any]) -> None:
    naive: list[Any] = []
    for item in items:
        if not any(equal(item, other) for other in naive):
            naive.append(item)
    found = evaluated("items.distinct()", {"items": items})
    assert [id(item) for item in found] == [id(item) for item in naive]


def test_distinct_of_many_is_quick() -> None:
    many = [*range(100_000)]
    assert evaluated("size(items.distinct())", {"items": many}) == 100_000
    assert evaluated("size(items.distinct())", {"items": [NAN] * 100_000}) == 100_000
    # Lists cannot be told apart by hashing: comparing them all is paid for.
    lists = [[number] for number in range(3_000)]
    assert kind_of(evaluated("items.distinct()", {"items": lists})) == "cost_exceeded"


@given(values_of(STRING), st.sampled_from(["a", "", "."]))
def test_texts_that_no_pattern_takes(text: str, pattern: str) -> None:
    found = evaluated("text.matches(pattern)", {"text": text, "pattern": pattern})
    if "\ud800" in text:
        assert kind_of(found) == "invalid_argument"
    else:
        assert isinstance(found, bool)


def test_a_pattern_with_a_lone_surrogate() -> None:
    assert kind_of(evaluated("'a'.matches(p)", {"p": "\ud800"})) == "invalid_argument"


def test_patterns_take_linear_time() -> None:
    names = {"text": "a" * 20_000 + "!", "pattern": "^(a+)+$"}
    assert evaluated("text.matches(pattern)", names) is False


def test_compiled_patterns_are_bounded() -> None:
    compile_pattern.cache_clear()
    for number in range(1_000):
        compile_pattern(f"a{number}")
    assert compile_pattern.cache_info().currsize <= 256


class TestMemory:
    """Few code points must not become many that are not paid for."""

    def test_replace(self) -> None:
        text = "cel.bind(t, s.replace('a', s), t.replace('a', t).size())"
        assert kind_of(evaluated(text, {"s": "a" * 300})) == "cost_exceeded"

    def test_replace_of_nothing(self) -> None:
        names = {"s": "a" * 2_000}
        assert kind_of(evaluated("s.replace('', s).size()", names)) == "cost_exceeded"

    def test_replace_at_most(self) -> None:
        names = {"s": "a" * 2_000}
        assert evaluated("s.replace('a', s, 2).size()", names) == 5_998

    def test_join(self) -> None:
        names = {"xs": ["a"] * 2_000, "s": "b" * 2_000}
        assert kind_of(evaluated("xs.join(s).size()", names)) == "cost_exceeded"

    def test_concatenation(self) -> None:
        text = "[0, 1].map(x, s + s).size()"
        assert kind_of(evaluated(text, {"s": "a" * 300_000})) == "cost_exceeded"


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("UTC", 0),
        ("Europe/Copenhagen", 1),
        ("America/New_York", -5),
        ("+02:00", 2),
        ("-09:00", -9),
        ("9:00", 9),
    ],
)
def test_offsets_of_zones(zone: str, hours: int) -> None:
    assert offset_at(1_767_225_600_000_000_000, zone) == hours * 3_600_000_000_000


@given(st.text(max_size=12))
def test_no_zone_raises(zone: str) -> None:
    offset_at(0, zone)


@pytest.mark.parametrize("zone", ["\x00", "\ud800", "a" * 5_000, "²:00", "Europe", "+:", ":"])
def test_what_is_no_zone(zone: str) -> None:
    assert offset_at(0, zone) is None


@given(values_of(INT), st.integers(0, UINT_MAX).map(UInt), st.floats(allow_nan=False))
def test_order_is_total_across_numbers(whole: int, natural: UInt, real: float) -> None:
    numbers = (whole, natural, real)
    for left in numbers:
        for right in numbers:
            names = {"a": left, "b": right}
            less, more, same_ = (evaluated(f"a {sign} b", names) for sign in ("<", ">", "=="))
            assert [less, more, same_].count(True) == 1
            assert evaluated("a <= b", names) is (less or same_)
            assert evaluated("a >= b", names) is (more or same_)


def test_sums_add_as_plus_does() -> None:
    numbers = [0.1] * 10
    total = 0.0
    for number in numbers:
        total += number
    assert evaluated("sum(xs)", {"xs": numbers}) == total
    assert total != math.fsum(numbers)


def test_an_empty_list_of_a_known_type_has_a_sum_of_that_type() -> None:
    overloads = {item.id: item for item in STANDARD.overloads("sum", member=False)}
    assert same(overloads["sum_list_double"].implementation([]), 0.0)
    assert same(overloads["sum_list_uint"].implementation([]), UInt(0))
    assert same(overloads["sum_list_duration"].implementation([]), Duration(0))


def test_of_several_empty_things_each_is_zero() -> None:
    zeros: list[Any] = [
        None,
        False,
        0,
        UInt(0),
        0.0,
        "",
        b"",
        [],
        Map(),
        Timestamp(0),
        Duration(0),
        NONE,
    ]
    for zero in zeros:
        assert evaluated("optional.ofNonZeroValue(x)", {"x": zero}) == NONE
    for other in (True, -1, NAN, "a", b"\0", [None], Map({"": None}), Optional(0)):
        assert evaluated("optional.ofNonZeroValue(x).hasValue()", {"x": other}) is True
