"""The laws of what types have in common, and which fits where."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.language.checking.inference import (
    NEVER,
    Fit,
    common,
    fits,
    is_assignable,
    join,
    settled,
)
from evaluator.language.types import (
    BOOL,
    DOUBLE,
    DYN,
    ERROR,
    INT,
    NULL,
    STRING,
    TIMESTAMP,
    TYPE,
    EnumType,
    Field,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    OpaqueType,
    OptionalType,
    Type,
    TypeParameter,
    TypeType,
)
from tests.language.checking_setting import Requests, conforms

A = TypeParameter("A")
LINE = ObjectType("line", {"product": Field(STRING, always=True)})
OTHER = ObjectType("other", {"product": Field(INT, always=True)})
ENUM = EnumType(("a", "b"))

_SIMPLE = st.sampled_from((BOOL, INT, DOUBLE, STRING, TIMESTAMP, NULL, DYN, ENUM, EnumType(("c",))))
_NOT_NULL = _SIMPLE.filter(lambda type_: type_ not in (NULL, DYN))
TYPES: st.SearchStrategy[Type] = st.recursive(
    st.one_of(_SIMPLE, _NOT_NULL.map(NullableType), st.sampled_from((LINE, OTHER))),
    lambda inner: st.one_of(
        inner.map(ListType),
        inner.map(OptionalType),
        st.builds(MapType, st.sampled_from((INT, STRING, ENUM)), inner),
    ),
    max_leaves=4,
)


def _as_set(type_: Type | None) -> Type | None:
    """A type in which the order of an enum's strings does not count."""
    if isinstance(type_, EnumType):
        return EnumType(tuple(sorted(type_.values)))
    if isinstance(type_, ListType):
        return ListType(_as_set(type_.element) or DYN)
    if isinstance(type_, (OptionalType, NullableType)):
        return type(type_)(_as_set(type_.value) or DYN)
    if isinstance(type_, MapType):
        return MapType(_as_set(type_.key) or DYN, _as_set(type_.value) or DYN, type_.keys)
    return type_


@given(TYPES)
def test_a_type_has_itself_in_common_with_itself(type_: Type) -> None:
    assert join(type_, type_) == type_
    assert join(type_, NEVER) == type_
    assert join(NEVER, type_) == type_


@given(TYPES, TYPES)
def test_the_order_does_not_count(left: Type, right: Type) -> None:
    assert _as_set(join(left, right)) == _as_set(join(right, left))


@given(TYPES, TYPES, st.integers(min_value=0))
def test_the_values_of_both_are_of_the_type_in_common(left: Type, right: Type, seed: int) -> None:
    joined = join(left, right)
    if joined is not None:
        requests = Requests(Random(seed))
        for type_ in (left, right):
            assert conforms(requests.value(type_), joined)


@given(TYPES, TYPES)
def test_both_fit_the_type_in_common(left: Type, right: Type) -> None:
    joined = join(left, right)
    if joined is not None:
        assert is_assignable(joined, left)
        assert is_assignable(joined, right)


@given(TYPES, TYPES, st.integers(min_value=0))
def test_what_surely_fits_is_of_the_type(parameter: Type, argument: Type, seed: int) -> None:
    if fits(parameter, argument, {}) is Fit.YES:
        assert conforms(Requests(Random(seed)).value(argument), parameter)


@given(TYPES)
def test_broken_parts_fit_everywhere(type_: Type) -> None:
    assert is_assignable(type_, ERROR)
    assert join(type_, ERROR) == type_


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        (INT, DOUBLE, None),
        (INT, NULL, None),
        (TIMESTAMP, NULL, NullableType(TIMESTAMP)),
        (OptionalType(INT), NULL, NullableType(OptionalType(INT))),
        (NullableType(INT), NULL, NullableType(INT)),
        (NullableType(INT), INT, NullableType(INT)),
        (NullableType(INT), NullableType(STRING), None),
        (ENUM, STRING, STRING),
        (ENUM, INT, None),
        (ENUM, EnumType(("b", "c")), EnumType(("a", "b", "c"))),
        (ListType(INT), ListType(STRING), None),
        (ListType(INT), ListType(DYN), ListType(DYN)),
        (LINE, OTHER, MapType(STRING, DYN)),
        (LINE, LINE, LINE),
        (MapType(STRING, INT, frozenset("a")), MapType(STRING, INT, frozenset("a")), None),
        (MapType(STRING, INT, frozenset("a")), MapType(STRING, INT), MapType(STRING, INT)),
        (TypeType(INT), TypeType(STRING), TYPE),
        (OpaqueType("t", (INT, DYN)), OpaqueType("t", (DYN, INT)), OpaqueType("t", (DYN, DYN))),
        (OpaqueType("t", (INT,)), OpaqueType("u", (INT,)), None),
        (OpaqueType("t", (INT,)), OpaqueType("t", (STRING,)), None),
        (OpaqueType("t"), NULL, NullableType(OpaqueType("t"))),
    ],
)
def test_what_types_have_in_common(left: Type, right: Type, joined: Type | None) -> None:
    if left == right:
        joined = left
    assert join(left, right) == joined


def test_elements_without_a_common_type_are_dyn() -> None:
    assert common([INT, STRING, INT]) == DYN
    assert common([INT, INT]) == INT
    assert settled(common([])) == DYN


@pytest.mark.parametrize(
    ("parameters", "arguments", "fit", "bound"),
    [
        ([A, A], [INT, INT], Fit.YES, INT),
        ([A, A], [INT, STRING], Fit.NO, None),
        ([A, A], [INT, DYN], Fit.MAYBE, DYN),
        ([A, A], [ENUM, STRING], Fit.YES, STRING),
        ([ListType(A), A], [ListType(NEVER), INT], Fit.YES, INT),
        ([ListType(A), A], [ListType(INT), DYN], Fit.MAYBE, DYN),
        ([MapType(A, BOOL)], [LINE], Fit.MAYBE, STRING),
        ([OptionalType(A)], [OptionalType(INT)], Fit.YES, INT),
        ([OptionalType(A)], [INT], Fit.NO, None),
        ([NullableType(A)], [NULL], Fit.YES, None),
        ([NullableType(A)], [NullableType(INT)], Fit.YES, INT),
        ([OpaqueType("t", (A, A))], [OpaqueType("t", (DYN, INT))], Fit.MAYBE, DYN),
        ([OpaqueType("t", (A,))], [OpaqueType("u", (INT,))], Fit.NO, None),
        ([TypeType(A)], [TypeType(INT)], Fit.YES, None),
        ([TypeType(A)], [INT], Fit.NO, None),
        ([ENUM], [EnumType(("a",))], Fit.YES, None),
        ([ENUM], [EnumType(("c",))], Fit.NO, None),
        ([ENUM], [STRING], Fit.NO, None),
        ([LINE], [OTHER], Fit.NO, None),
        ([STRING], [NullableType(STRING)], Fit.NO, None),
    ],
)
def test_type_parameters(
    parameters: list[Type], arguments: list[Type], fit: Fit, bound: Type | None
) -> None:
    found: dict[str, Type] = {}
    results = [fits(*pair, found) for pair in zip(parameters, arguments, strict=True)]
    assert min(results) is fit
    if bound is not None:
        assert found["A"] == bound
