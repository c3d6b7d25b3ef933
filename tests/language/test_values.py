from __future__ import annotations

import enum
import json
import pickle
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given

from evaluator.language.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NULL,
    STRING,
    TIMESTAMP,
    TYPE,
    UINT,
    ListType,
    MapType,
    OptionalType,
    Type,
)
from evaluator.language.values import (
    ABSENT,
    ERROR_KINDS,
    INT_MAX,
    INT_MIN,
    NONE,
    Duration,
    ErrorValue,
    Map,
    Optional,
    Timestamp,
    UInt,
    Unknown,
    equal,
    from_host,
    to_json,
    type_of,
)
from tests.language.evaluating import values

NAN = float("nan")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (1, 1.0),
        (1, UInt(1)),
        (UInt(1), 1.0),
        (0.0, -0.0),
        ([1, 2], (1.0, UInt(2))),
        (Map({"a": 1}), Map({"a": 1.0})),
        (Map([(1, "x")]), Map([(UInt(1), "x")])),
        (Map([("a", 1), ("b", 2)]), Map([("b", 2), ("a", 1)])),
        (Optional(1), Optional(1.0)),
        (NONE, NONE),
        (None, None),
        (INT, INT),
        (Timestamp(5), Timestamp(5)),
        # As the order of the two, which the conformance facts take as that of doubles.
        (2**63 - 1, 2.0**63),
    ],
    ids=repr,
)
def test_equal(left: Any, right: Any) -> None:
    assert equal(left, right)
    assert equal(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (NAN, NAN),
        ([NAN], [NAN]),
        (True, 1),
        (False, 0.0),
        (None, False),
        ("1", 1),
        ("a", b"a"),
        ([1], [1, 2]),
        (["owner"], "owner"),
        (Map({"a": 1}), Map({"b": 1})),
        (Map({"a": 1}), Map({"a": 2})),
        (Map({"a": None}), Map({"b": None})),
        (Map([(True, 1)]), Map([(1, 1)])),
        (Optional(None), NONE),
        (Optional(1), 1),
        (Timestamp(5), Duration(5)),
        (Timestamp(5), 5),
        (INT, UINT),
        (INT, "int"),
    ],
    ids=repr,
)
def test_unequal(left: Any, right: Any) -> None:
    assert not equal(left, right)
    assert not equal(right, left)


@given(values, values)
def test_equality_is_symmetric(left: Any, right: Any) -> None:
    assert equal(left, right) is equal(right, left)


class TestMap:
    def test_numbers_of_one_value_are_one_key(self) -> None:
        entries = Map([(1, "a"), (UInt(2), "b")])
        assert entries.get(1.0) == "a"
        assert entries.get(UInt(1)) == "a"
        assert entries.get(2) == "b"
        assert len(Map([(1, "a"), (UInt(1), "b")])) == 1

    def test_true_is_not_one(self) -> None:
        entries = Map([(True, "true"), (1, "one"), (False, "false"), (0, "zero")])
        assert len(entries) == 4
        assert [entries.get(key) for key in (True, 1, False, 0.0)] == [
            "true",
            "one",
            "false",
            "zero",
        ]

    def test_keeps_its_order(self) -> None:
        assert list(Map([("b", 1), ("a", 2)])) == ["b", "a"]

    @pytest.mark.parametrize(
        "key", [[1], Map(), Optional([1]), NAN, None, 1.5, Timestamp(0), INT], ids=repr
    )
    def test_what_is_no_key_is_not_there(self, key: Any) -> None:
        entries = Map({"a": 1})
        assert key not in entries
        assert entries.get(key, ABSENT) is ABSENT

    def test_null_is_there(self) -> None:
        assert "a" in Map({"a": None})

    def test_travels(self) -> None:
        entries = Map([(True, [1]), ("a", Map({"b": UInt(2)}))])
        copied = pickle.loads(pickle.dumps(entries))
        assert copied == entries
        assert list(copied) == list(entries)

    def test_is_no_key_of_a_dict(self) -> None:
        with pytest.raises(TypeError):
            hash(Map())

    def test_repr(self) -> None:
        assert repr(Map({"a": UInt(1)})) == "Map({'a': 1u})"


TYPES = [
    (None, NULL),
    (True, BOOL),
    (1, INT),
    (UInt(1), UINT),
    (1.0, DOUBLE),
    ("a", STRING),
    (b"a", BYTES),
    ([1], ListType(DYN)),
    ((1,), ListType(DYN)),
    (Map({"a": 1}), MapType(DYN, DYN)),
    (Timestamp(0), TIMESTAMP),
    (Duration(0), DURATION),
    (NONE, OptionalType(DYN)),
    (INT, TYPE),
    (TYPE, TYPE),
]


@pytest.mark.parametrize(("value", "type_"), TYPES, ids=map(repr, [value for value, _ in TYPES]))
def test_types_of_values(value: Any, type_: Type) -> None:
    assert type_of(value) == type_


class Colour(str, enum.Enum):  # noqa: UP042  # whose str() is not its value
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class TestFromHost:
    @pytest.mark.parametrize(
        ("value", "wanted"),
        [
            (None, None),
            (True, True),
            (5, 5),
            (INT_MIN, INT_MIN),
            (1.5, 1.5),
            ("a", "a"),
            (b"a", b"a"),
            (bytearray(b"a"), b"a"),
            ([1, "a"], [1, "a"]),
            ((1, 2), [1, 2]),
            ({"a": {"b": [None]}}, Map({"a": Map({"b": [None]})})),
            (Timestamp(5), Timestamp(5)),
            (UInt(5), UInt(5)),
            (datetime(1970, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))), Timestamp(0)),
            (
                datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
                Timestamp(253_402_300_799_999_999_000),
            ),
            (timedelta(microseconds=-1), Duration(-1000)),
            (Colour.RED, "red"),
            (Level.HIGH, 3),
        ],
        ids=repr,
    )
    def test_values(self, value: Any, wanted: Any) -> None:
        found = from_host(value)
        assert equal(found, wanted)
        assert type(found) is type(wanted)

    @pytest.mark.parametrize(
        ("value", "words"),
        [
            (2**63, "an integer outside the 64-bit range"),
            (INT_MIN - 1, "an integer outside the 64-bit range"),
            (NAN, "not a finite number"),
            (float("-inf"), "not a finite number"),
            (datetime(2026, 1, 1), "a datetime without an offset"),  # noqa: DTZ001
            (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))), "outside the years"),
            (datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=5))), "outside the years"),
            (timedelta.max, "more than about 292 years"),
            (timedelta.min, "more than about 292 years"),
            ({1: "a"}, "a key that is no string: 1"),
            ({1, 2}, "a Python value of type set"),
            (len, "a Python value of type builtin_function_or_method"),
            (1j, "a Python value of type complex"),
        ],
        ids=repr,
    )
    def test_what_has_no_counterpart(self, value: Any, words: str) -> None:
        error = from_host(value)
        assert isinstance(error, ErrorValue)
        assert error.kind == "invalid_attribute"
        assert words in error.message

    def test_the_place_is_named(self) -> None:
        error = from_host({"lots": [{"note": "a"}, {"note": {1}}]}, "resource")
        assert isinstance(error, ErrorValue)
        assert error.message.startswith("`resource.lots[1].note` ")

    def test_what_comes_out_is_plain(self) -> None:
        entries = from_host({Colour.RED: True})
        assert [type(key) for key in entries] == [str]


JSON = [
    (None, None),
    (UInt(5), 5),
    (INT_MAX, INT_MAX),
    (NAN, "NaN"),
    (float("inf"), "Infinity"),
    (float("-inf"), "-Infinity"),
    (b"\xff\x00", "/wA="),
    ([1, (2,)], [1, [2]]),
    (Map([(True, 1), (1, 2), (UInt(7), 3), ("a", 4)]), {"true": 1, "1": 2, "7": 3, "a": 4}),
    (Timestamp(1), "1970-01-01T00:00:00.000000001Z"),
    (Duration(1_500_000_000), "1.500s"),
    (Optional([1]), [1]),
    (NONE, None),
    (ListType(INT), "list(int)"),
]


@pytest.mark.parametrize(("value", "wanted"), JSON, ids=map(repr, [value for value, _ in JSON]))
def test_json(value: Any, wanted: Any) -> None:
    found = to_json(value)
    assert found == wanted
    assert type(found) is type(wanted)


@given(values)
def test_every_value_has_a_json_form(value: Any) -> None:
    json.dumps(to_json(value), allow_nan=False)


class TestTimes:
    def test_order(self) -> None:
        assert Timestamp(1) < Timestamp(2)
        assert Duration(-1) <= Duration(-1)

    def test_python_gets_microseconds(self) -> None:
        assert Timestamp(1_999).datetime == datetime(1970, 1, 1, microsecond=1, tzinfo=UTC)
        assert Timestamp(-1).datetime == datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
        assert Duration(1_999).timedelta == timedelta(microseconds=1)

    def test_text(self) -> None:
        assert str(Timestamp(0)) == "1970-01-01T00:00:00Z"
        assert str(Duration(-1_500_000_000)) == "-1.500s"


def test_absent_is_one_object() -> None:
    assert pickle.loads(pickle.dumps(ABSENT)) is ABSENT
    assert repr(ABSENT) == "ABSENT"


def test_optionals_show_themselves() -> None:
    assert repr(Optional(None)) == "optional.of(None)"
    assert repr(NONE) == "optional.none()"


def test_unknowns_join() -> None:
    joined = Unknown(frozenset({"a"})) | Unknown(frozenset({"b"}))
    assert joined == Unknown(frozenset({"a", "b"}))


def test_errors_compare_without_their_origin() -> None:
    assert ErrorValue("overflow", "m", 1, origin=object()) == ErrorValue("overflow", "m", 1)


def test_kinds_of_errors_are_described() -> None:
    assert all(kind == kind.lower() and words for kind, words in ERROR_KINDS.items())
