"""The laws of request types: we judge as jsonschema does, and what is read is of its type."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from evaluator.documents.json_documents import SCHEMA_CODES, parse_json
from evaluator.language import types
from evaluator.language.instants import parse_instant, parse_iso_duration
from evaluator.language.types import (
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    Type,
)
from evaluator.language.values import ABSENT, ErrorValue, Map, to_json, type_of
from evaluator.policy.request import Request
from evaluator.policy.request_types import RequestType, from_schema
from evaluator.source import Source

FORMATS = FormatChecker(formats=())
FORMATS.checks("date-time")(lambda text: not isinstance(text, str) or _is(parse_instant, text))
FORMATS.checks("duration")(lambda text: not isinstance(text, str) or _is(parse_iso_duration, text))


def _is(parse: Any, text: str) -> bool:
    return parse(text) is not None


LEAVES: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {},
        {"type": "string"},
        {"type": "integer"},
        {"type": "number"},
        {"type": "boolean"},
        {"type": "null"},
        {"type": "string", "format": "date-time"},
        {"type": "string", "format": "duration"},
        {"type": "integer", "minimum": -1, "exclusiveMaximum": 3},
        {"type": "number", "exclusiveMinimum": -1, "maximum": 1.5},
        {"type": "string", "minLength": 1, "maxLength": 3},
        {"type": "string", "pattern": "^a"},
        {"enum": ["a", "b"]},
        {"enum": [1, 2]},
        {"enum": [1, 1.5]},
        {"enum": [True]},
        {"enum": ["a", 1, None, {"a": 1}, [True]]},
        {"type": "string", "enum": ["a", "b"]},
        {"type": "integer", "const": 1},
        {"const": "a"},
    ]
)
NULLABLE: st.SearchStrategy[dict[str, Any]] = st.sampled_from(
    [
        {"type": ["integer", "null"]},
        {"type": ["string", "null"], "format": "duration"},
        {"type": ["string", "null"], "enum": ["a", None]},
        {"type": ["string", "null"], "enum": ["a"]},
        {"enum": ["a", None]},
        {"const": None},
        {"type": ["array", "null"], "maxItems": 1},
        {"type": ["object", "null"], "properties": {"a": {"type": "integer"}}},
    ]
)


def _is_nullable(schema: Any) -> bool:
    return isinstance(schema, dict) and Draft202012Validator(schema).is_valid(None)


@st.composite
def lists(draw: Any, inner: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    keywords = st.fixed_dictionaries(
        {"type": st.just("array")},
        optional={
            "items": inner,
            "minItems": st.integers(0, 2),
            "maxItems": st.integers(0, 3),
            "uniqueItems": st.booleans(),
        },
    )
    return dict(draw(keywords))


@st.composite
def objects(draw: Any, inner: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    schema = draw(
        st.fixed_dictionaries(
            {"type": st.just("object")},
            optional={
                "properties": st.dictionaries(st.sampled_from("abc"), inner, min_size=1),
                "additionalProperties": st.one_of(st.booleans(), inner),
                "minProperties": st.integers(0, 2),
                "maxProperties": st.integers(0, 3),
            },
        )
    )
    declared = schema.get("properties", {})
    schema["required"] = [  # a property is optional or nullable, never both
        name for name in declared if _is_nullable(declared[name]) or draw(st.booleans())
    ]
    return dict(schema)


SCHEMAS = st.recursive(
    st.one_of(LEAVES, NULLABLE), lambda inner: st.one_of(lists(inner), objects(inner)), max_leaves=5
)
VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 3),
        st.sampled_from([0.0, 1.0, 1.5, 2.0, 2**62, 2.0**62]),
        st.sampled_from(["", "a", "b", "abcd", "2026-01-01T00:00:00Z", "P1D", "PT1S", "2026"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abcd"), inner, max_size=3)
    ),
    max_leaves=8,
)


@st.composite
def fitting(draw: Any, schema: Mapping[str, Any]) -> Any:
    """A value that satisfies a schema often: valid requests are rare among random ones."""
    if draw(st.integers(0, 9)) == 0:
        return draw(VALUES)
    if "const" in schema or "enum" in schema:
        return draw(st.sampled_from(schema.get("enum") or [schema["const"]]))
    type_ = schema.get("type")
    if isinstance(type_, list):
        if draw(st.integers(0, 3)) == 0:
            return None
        type_ = type_[0]
    if type_ == "array":
        return draw(st.lists(fitting(schema.get("items", {})), max_size=3))
    if type_ == "object":
        declared = schema.get("properties", {})
        required = {name: fitting(declared[name]) for name in schema.get("required", ())}
        others = {name: fitting(declared[name]) for name in declared if name not in required}
        value = draw(st.fixed_dictionaries(required, optional=others))
        extra = schema.get("additionalProperties", {})
        if extra is not False and draw(st.booleans()):
            value["z"] = draw(fitting({} if extra is True else extra))
        return value
    texts = {"date-time": "2026-01-01T00:00:00Z", "duration": "PT1S"}
    values = {
        "string": st.sampled_from([texts.get(schema.get("format", ""), "ab")]),
        "integer": st.sampled_from([1, 1.0, 2]),
        "number": st.sampled_from([1, 1.5]),
        "boolean": st.booleans(),
        "null": st.none(),
    }
    return draw(values.get(type_ or "", VALUES))


@st.composite
def cases(draw: Any) -> tuple[dict[str, Any], Any]:
    schema = draw(SCHEMAS)
    return schema, draw(fitting(schema))


def request_type(schema: Mapping[str, Any], *, required: bool = True) -> RequestType:
    """The type of requests whose resource has a property ``x`` of this schema."""
    properties = {"type": "object", "properties": {"x": schema}, "required": ["x"] * required}
    whole = {"properties": {"resource": {"properties": {"properties": properties}}}}
    document = parse_json(Source("schema.json", json.dumps(whole)), codes=SCHEMA_CODES)
    assert document.root is not None
    type_, diagnostics = from_schema(document.root, "schema.json")
    assert diagnostics == ()
    return type_


def request(value: Any) -> Request:
    return Request.parse(
        {
            "subject": {"type": "user", "id": "ann"},
            "action": {"name": "do"},
            "resource": {"type": "thing", "id": "1", "properties": {"x": value}},
        }
    )


def is_of(value: Any, type_: Type | None) -> bool:
    """Whether a CEL value is one of a type, and has all that the type says is always there."""
    match type_:
        case NullableType(value=inner):
            return value is None or is_of(value, inner)
        case EnumType(values=values):
            return type(value) is str and value in values
        case ListType(element=element):
            return isinstance(value, list) and all(is_of(item, element) for item in value)
        case MapType(value=inner):
            return isinstance(value, Map) and all(is_of(item, inner) for _, item in value.items())
        case ObjectType(fields=fields, open=is_open):
            if not isinstance(value, Map):
                return False
            known = all(key in fields or is_open for key, _ in value.items())
            return known and all(
                is_of(value.get(name), field.type) if name in value else not field.always
                for name, field in fields.items()
            )
        case types.DYN:
            return not isinstance(value, ErrorValue) and value is not ABSENT
        case _:
            return type_of(value) == type_


@settings(max_examples=400)
@given(cases())
def test_we_judge_as_jsonschema_does(case: tuple[dict[str, Any], Any]) -> None:
    schema, value = case
    expected = Draft202012Validator(schema, format_checker=FORMATS).is_valid(value)
    type_, given_ = request_type(schema), request(value)
    found = type_.view(given_).attribute("resource", ("x",))
    assert isinstance(found, ErrorValue) is not expected
    assert (type_.validate(given_) == ()) is expected
    if expected:
        assert type_.forbidden(given_) == ()
        assert is_of(found, type_.type_of("resource", ("x",)))
        json.dumps(to_json(found))


@settings(max_examples=200)
@given(cases())
def test_members_are_read_as_they_are_in_the_whole(case: tuple[dict[str, Any], Any]) -> None:
    schema, value = case
    type_ = request_type(schema)
    view = type_.view(request(value))
    whole = view.attribute("resource", ("x",))
    declared = schema.get("properties", {})
    if isinstance(whole, Map) and declared:
        for name in declared:
            assert view.attribute("resource", ("x", name)) == whole.get(name, ABSENT)
            assert view.has("resource", ("x", name)) is (name in whole)


def with_defaults(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with a default wherever a property of an object is one of integers."""
    changed = dict(schema)
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            changed[word] = with_defaults(schema[word])
    if "properties" in schema:
        changed["properties"] = {
            name: {**with_defaults(inner), **({"default": 1} if inner == INTEGER else {})}
            for name, inner in schema["properties"].items()
        }
    return changed


INTEGER = {"type": "integer"}


@settings(max_examples=100)
@given(cases().filter(lambda case: "integer" in str(case[0])))
def test_what_is_read_is_of_its_type_where_there_are_defaults(
    case: tuple[dict[str, Any], Any],
) -> None:
    schema, value = case
    type_ = request_type(with_defaults(schema))
    found = type_.view(request(value)).attribute("resource", ("x",))
    assert isinstance(found, ErrorValue) or is_of(found, type_.type_of("resource", ("x",)))


@given(VALUES)
def test_what_is_set_is_what_is_read(value: Any) -> None:
    type_ = request_type({}, required=False)
    path = ("resource", ("x",))
    before = request(None)
    after = Request.parse(
        type_.assign(before.raw, {path: type_.view(request(value)).attribute(*path)})
    )
    assert after.raw["resource"]["properties"]["x"] == value
    assert before.raw["resource"]["properties"]["x"] is None
    removed = Request.parse(type_.assign(after.raw, {path: ABSENT}))
    assert type_.view(removed).attribute(*path) is ABSENT
