"""The request envelope, and attributes read through a schema."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from evaluator.documents.json_documents import SCHEMA_CODES, parse_json
from evaluator.errors import RequestError
from evaluator.language.instants import parse_instant, parse_iso_duration
from evaluator.language.values import ABSENT, Duration, ErrorValue, Map, Timestamp, to_json
from evaluator.policy.request import Request
from evaluator.policy.request_types import UNTYPED, RequestType, from_schema
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


STRING, INTEGER, NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}
MOMENT = {"type": "string", "format": "date-time"}
LENGTH = {"type": "string", "format": "duration"}
LIST = {"type": "array", "items": INTEGER}
OBJECT = {"type": "object", "properties": {"a": INTEGER}, "required": ["a"]}

READS = {
    "text": (STRING, "a", "a"),
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
    "object": (OBJECT, {"a": 1, "b": None}, Map({"a": 1, "b": None})),
    "ordered dict": (OBJECT, OrderedDict(a=1), Map({"a": 1})),
    "object without a member": (OBJECT, {"b": 1}, None),
    "wrong member": (OBJECT, {"a": "1"}, None),
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
    assert removed["resource"]["properties"] == {"a": {"b": 1}, "x": {}}


LEAVES = st.sampled_from(
    [
        STRING,
        INTEGER,
        NUMBER,
        MOMENT,
        LENGTH,
        {"type": "boolean"},
        {"type": "null"},
        {"type": ["integer", "null"]},
        {"type": "integer", "minimum": -1, "exclusiveMaximum": 3},
        {"type": "number", "maximum": 1.5},
        {"type": "string", "minLength": 1, "maxLength": 3},
        {"type": "string", "pattern": "^a"},
        {"enum": ["a", "b"]},
        {"type": "integer", "const": 1},
    ]
)


def _all_required(schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "required": sorted(schema["properties"])}


SCHEMAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.fixed_dictionaries(
            {"type": st.just("array"), "items": inner},
            optional={"minItems": st.just(1), "maxItems": st.just(2)},
        ),
        st.fixed_dictionaries(
            {
                "type": st.just("object"),
                "properties": st.dictionaries(st.sampled_from("abc"), inner, min_size=1),
                "additionalProperties": st.booleans(),
            }
        ).map(_all_required),
    ),
    max_leaves=5,
)
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 3),
        st.sampled_from([0.0, 1.5, 2.0, 2**62]),
        st.sampled_from(["", "a", "b", "abcd", "2026-01-01T00:00:00Z", "P1D", "PT1S", "2026"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abcd"), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=400)
@given(SCHEMAS, VALUES)
def test_we_agree_with_jsonschema(schema: dict[str, Any], value: Any) -> None:
    checker = Draft202012Validator.FORMAT_CHECKER.__class__()
    checker.checks("date-time")(lambda text: not isinstance(text, str) or _is(parse_instant, text))
    checker.checks("duration")(
        lambda text: not isinstance(text, str) or _is(parse_iso_duration, text)
    )
    expected = Draft202012Validator(schema, format_checker=checker).is_valid(value)
    found = read(schema, value)
    assert isinstance(found, ErrorValue) is not expected, (schema, value, found)
    if expected:
        to_json(found)


def _is(parse: Any, text: str) -> bool:
    return parse(text) is not None
