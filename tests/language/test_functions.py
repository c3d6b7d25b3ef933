from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.language.dispatch import fits
from evaluator.language.functions import STANDARD, Function, Overload, Registry
from evaluator.language.functions.zones import offset_at
from evaluator.language.regex import compile_pattern
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
    evaluated,
    kind_of,
    same,
    values,
    values_of,
)
from tests.language.function_cases import ERRORS, VALUES

FUNCTIONS = list(STANDARD)
OVERLOADS = [overload for function in FUNCTIONS for overload in function.overloads]
NAN = float("nan")
# The function first: of some there are many overloads.
some_overload = st.sampled_from(FUNCTIONS).flatmap(
    lambda function: st.sampled_from(function.overloads)
)


# What every function owes


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


@pytest.mark.parametrize(("text", "kind"), ERRORS, ids=[text for text, _ in ERRORS])
def test_errors(text: str, kind: str) -> None:
    assert kind_of(evaluated(text)) == kind


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
    many = [*range(50_000)]
    assert evaluated("size(items.distinct())", {"items": many}) == 50_000
    assert evaluated("size(items.distinct())", {"items": [NAN] * 50_000}) == 50_000
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
