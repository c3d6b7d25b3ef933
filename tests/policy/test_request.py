"""The request envelope, and attributes read through a schema."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from types import MappingProxyType
from typing import Any

import pytest

from evaluator.documents.json_documents import SCHEMA_CODES, parse_json
from evaluator.errors import RequestError
from evaluator.language.instants import parse_instant
from evaluator.language.values import ABSENT, Duration, ErrorValue, Map, Optional, Timestamp, UInt
from evaluator.policy.request import Request
from evaluator.policy.request_types import UNTYPED, RequestType, from_schema, host_value
from evaluator.source import Source

ENVELOPE: dict[str, Any] = {
    "subject": {"type": "user", "id": "ann"},
    "action": {"name": "do"},
    "resource": {"type": "thing", "id": "1"},
}


def with_(pointer: str, value: Any) -> dict[str, Any]:
    """The envelope with one value changed, or removed when it is ``ABSENT``."""
    copied: dict[str, Any] = json.loads(json.dumps(ENVELOPE))
    *parents, last = pointer.split("/")[1:]
    place = copied
    for part in parents:
        place = place.setdefault(part, {})
    if value is ABSENT:
        del place[last]
    else:
        place[last] = value
    return copied


WRONG = {
    "no subject": (with_("/subject", ABSENT), ["EVL605"], "`/subject` is missing"),
    "subject is text": (with_("/subject", "ann"), ["EVL605"], 'not the string "ann"'),
    "no id": (with_("/resource/id", ABSENT), ["EVL605"], "`/resource/id` is missing"),
    "id is a number": (with_("/subject/id", 5), ["EVL605"], "must be a string, not 5"),
    "name is null": (with_("/action/name", None), ["EVL605"], "not null"),
    "properties is a list": (with_("/subject/properties", []), ["EVL605"], "not a list"),
    "context is true": (with_("/context", True), ["EVL605"], "not true"),
    "id is a very long number": (with_("/subject/id", 10**5_000), ["EVL605"], "64-bit range"),
    "naive time": (with_("/context/time", "2026-03-03T09:00:00"), ["EVL606"], "offset"),
    "leap second": (with_("/context/time", "2016-12-31T23:59:60Z"), ["EVL606"], "offset"),
    "ten digits": (with_("/context/time", "2026-03-03T09:00:00.0123456789Z"), ["EVL606"], "off"),
    "time is a number": (with_("/context/time", 0), ["EVL606"], "not 0"),
    "time is null": (with_("/context/time", None), ["EVL606"], "not null"),
    "all at once": ({"context": 5}, ["EVL605"] * 4, "`/context` must be an object"),
}


@pytest.mark.parametrize(("data", "codes", "words"), WRONG.values(), ids=WRONG)
def test_wrong_envelopes(data: dict[str, Any], codes: list[str], words: str) -> None:
    with pytest.raises(RequestError) as caught:
        Request.parse(data)
    assert [item.code for item in caught.value.diagnostics] == codes
    assert any(words in item.message for item in caught.value.diagnostics)
    assert all(item.help for item in caught.value.diagnostics)


TEXTS = {
    "not json": ("{", "EVL601"),
    "empty": ("", "EVL601"),
    "a number": ("5", "EVL605"),
    "duplicate key": ('{"a": 1, "a": 2}', "EVL602"),
    "nan": ('{"a": NaN}', "EVL603"),
    "too deep": ("[" * 10_000 + "]" * 10_000, "EVL604"),
    "lone surrogate": ('{"a": "\\ud800"}', "EVL607"),
    "not utf-8": (b'{"a": "\xff"}', "EVL607"),
}


@pytest.mark.parametrize(("text", "code"), TEXTS.values(), ids=TEXTS)
def test_wrong_texts(text: str | bytes, code: str) -> None:
    with pytest.raises(RequestError) as caught:
        Request.parse(text, name="request.json")
    assert code in [item.code for item in caught.value.diagnostics]
    assert "Traceback" not in str(caught.value)


PLACES = """\
{
  "subject": {"type": "user"},
  "action": {"name": 5},
  "resource": [1],
  "context": {"time": "today"}
}
"""


@pytest.mark.parametrize("text", [PLACES, PLACES.encode()], ids=["text", "bytes"])
def test_problems_of_a_text_have_places(text: str | bytes) -> None:
    with pytest.raises(RequestError) as caught:
        Request.parse(text, name="request.json")
    spans = [item.span for item in caught.value.diagnostics]
    assert [(f"{span}", span.text) for span in spans if span is not None] == [
        ("request.json:4:15", "["),
        ("request.json:2:14", "{"),
        ("request.json:3:22", "5"),
        ("request.json:5:23", '"today"'),
    ]
    with pytest.raises(RequestError) as caught:
        Request.parse(json.loads(text))
    assert [item.span for item in caught.value.diagnostics] == [None] * 4


def test_what_a_request_is() -> None:
    data = {**ENVELOPE, "more": [1], "context": {"time": "2026-03-03T10:00:00.5+01:00"}}
    for given_ in (data, json.dumps(data), json.dumps(data).encode(), MappingProxyType(data)):
        request = Request.parse(given_)
        assert (request.subject_type, request.subject_id) == ("user", "ann")
        assert (request.action_name, request.resource_type, request.resource_id) == (
            "do",
            "thing",
            "1",
        )
        assert request.time == parse_instant("2026-03-03T09:00:00.5Z")
        assert request.entity("subject") == {}
        assert request.entity("context") == data["context"]
    assert Request.parse(data).raw is data
    aware = datetime(2026, 3, 3, 10, tzinfo=timezone(timedelta(hours=1)))
    assert Request.parse(with_("/action/name", "x") | {"context": {"time": aware}}).time == (
        parse_instant("2026-03-03T09:00:00Z")
    )


def typed(properties: Mapping[str, Any], **more: Any) -> RequestType:
    """The type of requests whose resource has these properties."""
    inner = {"type": "object", "additionalProperties": False, "properties": properties, **more}
    schema = {
        "properties": {"resource": {"type": "object", "properties": {"properties": inner}}},
    }
    document = parse_json(Source("schema.json", json.dumps(schema)), codes=SCHEMA_CODES)
    assert document.root is not None
    type_, diagnostics = from_schema(document.root, "schema.json")
    assert diagnostics == ()
    return type_


def read(schema: Mapping[str, Any], value: Any) -> Any:
    """A property of a schema, read from a request that has the value."""
    type_ = typed({"x": schema}, required=["x"])
    request = Request.parse(with_("/resource/properties", {"x": value}))
    return type_.view(request).attribute("resource", ("x",))


class Role(str, Enum):  # noqa: UP042  # whose members str() would name
    OWNER = "owner"


STRING, INTEGER, NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}
MOMENT = {"type": "string", "format": "date-time"}
LENGTH = {"type": "string", "format": "duration"}
LIST = {"type": "array", "items": INTEGER}
OBJECT = {"type": "object", "properties": {"a": INTEGER}, "required": ["a"]}

READS = {
    "text": (STRING, "a", "a"),
    "member of an Enum": (STRING, Role.OWNER, "owner"),
    "very long number": (STRING, 10**5_000, None),
    "text is no number": (STRING, 5, None),
    "integer": (INTEGER, 5, 5),
    "integral double": (INTEGER, 5.0, 5),
    "fraction": (INTEGER, 5.5, None),
    "bool is no integer": (INTEGER, True, None),
    "largest": (INTEGER, 2**63 - 1, 2**63 - 1),
    "too large": (INTEGER, 2**63, None),
    "too large a double": (INTEGER, 2.0**63, None),
    "nan": (NUMBER, float("nan"), None),
    "infinity": (NUMBER, float("inf"), None),
    "integer as number": (NUMBER, 5, 5.0),
    "number out of int64": (NUMBER, 2**64, None),
    "bool is no number": (NUMBER, False, None),
    "bool": ({"type": "boolean"}, True, True),
    "one is no bool": ({"type": "boolean"}, 1, None),
    "null": ({"type": ["string", "null"]}, None, "null"),
    "null is no string": (STRING, None, None),
    "enum": ({"enum": ["a", "b"]}, "a", "a"),
    "not in enum": ({"enum": ["a", "b"]}, "c", None),
    "enum of integers": ({"type": "integer", "enum": [1, 2]}, 2.0, 2),
    "true is not in an enum of integers": ({"enum": [1, 2]}, True, None),
    "enum of integers without type": ({"enum": [1, 2]}, 1.0, 1),
    "enum of numbers": ({"enum": [1, 2.5]}, 1, 1.0),
    "enum of bools": ({"enum": [True]}, True, True),
    "one is not in an enum of bools": ({"enum": [True]}, 1, None),
    "mixed enum": ({"enum": ["a", 1]}, 1, 1),
    "enum with null": ({"type": ["string", "null"], "enum": ["a", None]}, None, "null"),
    "enum with null without type": ({"enum": ["a", None]}, None, "null"),
    "enum without null": ({"type": ["string", "null"], "enum": ["a"]}, None, None),
    "const null": ({"const": None}, None, "null"),
    "not the const null": ({"const": None}, "a", None),
    "const object": ({"const": {"a": 1}}, {"a": 1.0}, Map({"a": 1.0})),
    "not the const object": ({"const": {"a": 1}}, {"a": 2}, None),
    "const": ({"type": "string", "const": "a"}, "b", None),
    "minimum": ({"type": "integer", "minimum": 1}, 0, None),
    "at the minimum": ({"type": "integer", "minimum": 1}, 1, 1),
    "over": ({"type": "number", "exclusiveMinimum": 0}, 0, None),
    "maximum": ({"type": "integer", "maximum": 3}, 4, None),
    "under": ({"type": "integer", "exclusiveMaximum": 3}, 3, None),
    "too short": ({"type": "string", "minLength": 1}, "", None),
    "length in code points": ({"type": "string", "maxLength": 1}, "😀", "😀"),
    "pattern": ({"type": "string", "pattern": "^[a-z]+$"}, "abc", "abc"),
    "not the pattern": ({"type": "string", "pattern": "^[a-z]+$"}, "Abc", None),
    "surrogate": ({"type": "string", "pattern": "."}, "\ud800", None),
    "moment": (MOMENT, "1970-01-01T00:00:01.5Z", Timestamp(1_500_000_000)),
    "aware datetime": (MOMENT, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), Timestamp(10**9)),
    "naive datetime": (MOMENT, datetime(1970, 1, 1), None),  # noqa: DTZ001  # naive on purpose
    "date without dashes": (MOMENT, "19700101", None),
    "length": (LENGTH, "P1DT1.5S", Duration(86_401_500_000_000)),
    "timedelta": (LENGTH, timedelta(hours=1), Duration(3_600_000_000_000)),
    "months have no length": (LENGTH, "P1M", None),
    "list": (LIST, [1, 2.0], [1, 2]),
    "tuple": (LIST, (1,), [1]),
    "text is no list": (LIST, "12", None),
    "wrong item": (LIST, [1, "2"], None),
    "too few items": ({**LIST, "minItems": 1}, [], None),
    "too many items": ({**LIST, "maxItems": 1}, [1, 2], None),
    "repeated items": ({**LIST, "uniqueItems": True}, [1, 1.0], None),
    "repeated lists": ({"type": "array", "uniqueItems": True}, [[1], [1.0]], None),
    "repeated objects": ({"type": "array", "uniqueItems": True}, [{"a": 1}, {"a": 1}], None),
    "one and true differ": ({"type": "array", "uniqueItems": True}, [1, True], [1, True]),
    "object": (OBJECT, {"a": 1, "b": None}, Map({"a": 1, "b": None})),
    "ordered dict": (OBJECT, OrderedDict(a=1), Map({"a": 1})),
    "object without a member": (OBJECT, {"b": 1}, None),
    "wrong member": (OBJECT, {"a": "1"}, None),
    "object with too few members": ({**OBJECT, "minProperties": 2}, {"a": 1}, None),
    "object with too many members": ({**OBJECT, "maxProperties": 1}, {"a": 1, "b": 2}, None),
    "key that is no string": (OBJECT, {"a": 1, 5: 2}, None),
    "map": ({"type": "object", "additionalProperties": INTEGER}, {"k": 1.0}, Map({"k": 1})),
    "anything": ({}, {"a": [1, {"b": None}]}, Map({"a": [1, Map({"b": None})]})),
    "a set is nothing": ({}, {1, 2}, None),
}


@pytest.mark.parametrize(("schema", "value", "expected"), READS.values(), ids=READS)
def test_reading(schema: Mapping[str, Any], value: Any, expected: Any) -> None:
    found = read(schema, value)
    if expected is None:
        assert isinstance(found, ErrorValue)
        assert found.kind == "invalid_attribute"
        assert found.message.startswith("`/resource/properties/x")
        return
    assert type(found) is (type(None) if expected == "null" else type(expected))
    assert found == (None if expected == "null" else expected)


def test_defaults_fill_what_is_absent_but_no_items_of_lists() -> None:
    inner = {"type": "object", "properties": {"d": {"type": "integer", "default": 7}}}
    type_ = typed(
        {
            "d": {"type": "integer", "default": 7},
            "o": inner,
            "l": {"type": "array", "items": inner},
        }
    )
    view = type_.view(Request.parse(with_("/resource/properties", {"l": [{}], "o": {}})))
    assert view.attribute("resource", ("d",)) == 7
    assert view.has("resource", ("d",)) is True
    assert view.attribute("resource", ("o", "d")) == 7
    assert view.attribute("resource", ("o",)) == Map({"d": 7})
    assert view.attribute("resource", ("l",)) == [Map()]
    bare = type_.view(Request.parse(ENVELOPE))
    assert bare.attribute("resource", ("d",)) == 7
    assert bare.attribute("resource", ("o", "d")) is ABSENT
    assert bare.has("resource", ("o", "d")) is False


def test_items_of_lists_lack_what_has_a_default_in_the_schema() -> None:
    inner = {
        "type": "object",
        "properties": {"r": {"type": "integer", "default": 1}, "o": {"default": 2}},
        "required": ["r"],
    }
    type_ = typed({"l": {"type": "array", "items": inner}, "x": inner})
    view = type_.view(Request.parse(with_("/resource/properties", {"l": [{}], "x": {}})))
    assert view.attribute("resource", ("x",)) == Map({"r": 1, "o": 2})
    missing = view.attribute("resource", ("l",))
    assert isinstance(missing, ErrorValue)
    assert missing.message == "`/resource/properties/l/0/r` is missing"


def test_the_default_of_an_object_is_looked_into() -> None:
    inner = {"type": "object", "properties": {"a": INTEGER, "b": {"default": 2}}}
    view = typed({"o": {**inner, "default": {"a": 1}}}).view(Request.parse(ENVELOPE))
    assert view.attribute("resource", ("o",)) == Map({"a": 1, "b": 2})
    assert view.attribute("resource", ("o", "a")) == 1
    assert view.attribute("resource", ("o", "b")) == 2
    assert view.has("resource", ("o", "a")) is True
    assert view.has("resource", ("o", "c")) is False


def test_what_is_null_has_no_members() -> None:
    type_ = typed({"o": {"type": ["object", "null"], "properties": {"a": INTEGER}}}, required=["o"])
    view = type_.view(Request.parse(with_("/resource/properties", {"o": None})))
    assert view.attribute("resource", ("o",)) is None
    for found in (view.attribute("resource", ("o", "a")), view.has("resource", ("o", "a"))):
        assert isinstance(found, ErrorValue)
        assert (found.kind, found.message) == (
            "no_such_field",
            "`resource.o` is null and has no fields",
        )


def test_an_object_on_the_way_may_not_have_what_it_forbids() -> None:
    closed = {"type": "object", "additionalProperties": False, "properties": {"a": INTEGER}}
    view = typed({"o": closed}).view(
        Request.parse(with_("/resource/properties/o", {"a": 1, "z": 2}))
    )
    found = view.attribute("resource", ("o", "a"))
    assert isinstance(found, ErrorValue)
    assert found.message == "`/resource/properties/o/z` is not known to the schema"


def test_errors_name_the_innermost_place() -> None:
    request = Request.parse(with_("/resource/properties", {"a/b": [1, {"c~d": {1, 2}}]}))
    for type_ in (UNTYPED, typed({"a/b": {}})):
        found = type_.view(request).attribute("resource", ("a/b",))
        assert isinstance(found, ErrorValue)
        assert found.message.startswith("`/resource/properties/a~1b/1/c~0d` is a Python value")
    keyed = Request.parse(with_("/resource/properties/a", {"b": {5: 6}}))
    found = UNTYPED.view(keyed).attribute("resource", ("a",))
    assert isinstance(found, ErrorValue)
    assert found.message == "`/resource/properties/a/b` has a key that is no string: 5"


def test_an_error_says_what_was_expected_and_what_is_there() -> None:
    found = read({"type": "integer", "minimum": 1}, "3")
    assert found.message == '`/resource/properties/x` must be an integer, not the string "3"'
    found = read({"type": "integer", "minimum": 1}, 0)
    assert found.message == "`/resource/properties/x` must be an integer of at least 1, not 0"
    found = read({**LIST, "maxItems": 1}, [1, 2])
    assert found.message == (
        "`/resource/properties/x` must be a list of at most 1 item, not a list of 2 items"
    )


def test_a_value_is_read_once() -> None:
    properties = {"x": [1]}
    view = typed({"x": LIST}).view(Request.parse(with_("/resource/properties", properties)))
    assert view.attribute("resource", ("x",)) is view.attribute("resource", ("x",))


@pytest.mark.parametrize("schema", [{}, LIST, {"type": "array", "uniqueItems": True}], ids=repr)
def test_what_is_nested_beyond_measure_is_invalid(schema: Mapping[str, Any]) -> None:
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]
    found = read(schema, deep)
    assert isinstance(found, ErrorValue)
    assert found.kind == "invalid_attribute"


def test_presence_and_members_of_objects() -> None:
    type_ = typed({"o": OBJECT, "p": INTEGER}, required=["p"])
    view = type_.view(Request.parse(with_("/resource/properties", {"o": {"b": "x"}})))
    missing = view.attribute("resource", ("p",))
    assert isinstance(missing, ErrorValue)
    assert missing.message == "`/resource/properties/p` is missing"
    for found in (view.attribute("resource", ("o", "b")), view.has("resource", ("o", "b"))):
        assert isinstance(found, ErrorValue)  # the object lacks what it must have
        assert found.message == "`/resource/properties/o/a` is missing"
    assert view.attribute("resource", ("id",)) == "1"
    assert view.has("resource", ("type",)) is True


def test_names_of_the_envelope_are_not_hidden_by_properties() -> None:
    data = with_("/resource/properties", {"id": "other", "type": "other"})
    view = UNTYPED.view(Request.parse(data))
    assert view.attribute("resource", ("id",)) == "1"
    assert view.attribute("resource", ("type",)) == "thing"


def test_without_a_schema_everything_is_what_it_is() -> None:
    data = with_("/resource/properties", {"a": {"b": [1, 2.0, True, None, "2026-01-01T00:00:00Z"]}})
    view = UNTYPED.view(Request.parse(data))
    assert view.attribute("resource", ("a", "b")) == [1, 2.0, True, None, "2026-01-01T00:00:00Z"]
    assert view.attribute("resource", ("a", "c")) is ABSENT
    assert view.attribute("resource", ("x", "y")) is ABSENT
    assert isinstance(view.attribute("resource", ("a", "b", "c")), ErrorValue)


def test_forbidden_names_every_place() -> None:
    closed = {"type": "object", "additionalProperties": False, "properties": {"a": INTEGER}}
    type_ = typed({"o": closed, "l": {"type": "array", "items": closed}})
    request = Request.parse(
        with_("/resource/properties", {"z": 1, "o": {"b": 1}, "l": [{}, {"a": 1, "c": 2}, 5]})
    )
    assert type_.forbidden(request) == (
        "/resource/properties/z",
        "/resource/properties/o/b",
        "/resource/properties/l/1/c",
    )
    assert UNTYPED.forbidden(request) == ()
    escaped = Request.parse(with_("/resource/properties", {"a/b~": 1}))
    assert type_.forbidden(escaped) == ("/resource/properties/a~1b~0",)
    inside = typed({"m": {"type": "object", "additionalProperties": closed}})
    request = Request.parse(with_("/resource/properties/m", {"k": {"a": 1}, "l": {"c": 1}}))
    assert inside.forbidden(request) == ("/resource/properties/m/l/c",)


def test_validating_finds_everything_whether_it_is_read_or_not() -> None:
    type_ = typed(
        {"a": INTEGER, "b": STRING, "id": INTEGER},
        required=["a", "b"],
        minProperties=5,
        additionalProperties=INTEGER,
    )
    request = Request.parse(with_("/resource/properties", {"a": "1", "c": "2", "d": 3, "id": "x"}))
    assert [found.message for found in type_.validate(request)] == [
        (
            "`/resource/properties` must be an object of at least 5 properties, "
            "not an object of 4 properties"
        ),
        "`/resource/properties/b` is missing",
        '`/resource/properties/a` must be an integer, not the string "1"',
        '`/resource/properties/c` must be an integer, not the string "2"',
    ]
    read_ = type_.view(request).attribute("resource", ("d",))
    assert isinstance(read_, ErrorValue)
    assert "at least 5" in read_.message
    closed = typed({"o": {"type": "object", "additionalProperties": False}})
    request = Request.parse(with_("/resource/properties/o", {"z": 1}))
    (found,) = closed.validate(request)
    assert found.message == "`/resource/properties/o/z` is not known to the schema"
    assert UNTYPED.validate(request) == ()


def test_changes_copy_only_what_lies_on_the_way() -> None:
    raw = with_("/resource/properties", {"a": {"b": 1}, "c": [1]})
    type_ = typed({})
    changed = type_.assign(
        raw,
        {
            ("resource", ("a", "b")): 2,
            ("action", ("name",)): "other",
            ("context", ("time",)): Timestamp(0),
            ("context", ("length",)): Duration(1_500_000_000),
            ("subject", ("new", "deep")): Map({"k": [1]}),
        },
    )
    assert changed["resource"]["properties"] == {"a": {"b": 2}, "c": [1]}
    assert changed["resource"]["properties"]["c"] is raw["resource"]["properties"]["c"]
    assert changed["action"] == {"name": "other"}
    assert changed["context"] == {"time": "1970-01-01T00:00:00Z", "length": "PT1.5S"}
    assert changed["subject"]["properties"] == {"new": {"deep": {"k": [1]}}}
    assert raw["resource"]["properties"]["a"] == {"b": 1}
    removed = type_.assign(raw, {("resource", ("c",)): ABSENT, ("resource", ("x", "y")): ABSENT})
    assert removed["resource"]["properties"] == {"a": {"b": 1}}  # and no `x` to remove `y` from


HOST_VALUES = {
    "moment": (Timestamp(1_500_000_000), "1970-01-01T00:00:01.500Z"),
    "a week": (Duration(604_800 * 10**9), "PT604800S"),
    "nanoseconds": (Duration(1), "PT0.000000001S"),
    "negative duration": (Duration(-1_500_000_000), "-PT1.5S"),
    "uint": (UInt(5), 5),
    "map": (
        Map([("a", (Timestamp(0),)), (True, 1), (UInt(5), 2)]),
        {"a": ["1970-01-01T00:00:00Z"], "true": 1, "5": 2},
    ),
    "optional": (Optional(UInt(5)), 5),
    "nothing": (ABSENT, None),
}


@pytest.mark.parametrize(("value", "expected"), HOST_VALUES.values(), ids=HOST_VALUES)
def test_values_become_what_a_request_carries(value: Any, expected: Any) -> None:
    found = host_value(value)
    assert found == expected
    assert type(found) is type(expected)
