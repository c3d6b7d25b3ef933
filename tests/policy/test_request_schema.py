"""Request schemas: what their types are, and what is wrong with them, at the place."""

from __future__ import annotations

from typing import Any

import pytest

from evaluator.documents.json_documents import SCHEMA_CODES, parse_json
from evaluator.language.types import EnumType, ObjectType
from evaluator.policy.request_schema import KEYWORDS
from evaluator.policy.request_types import UNTYPED, RequestType, from_schema
from evaluator.source import Source

FRAME = (
    '{"$defs": {"name": {"type": "string"}, "loop": {"items": {"$ref": "#/$defs/loop"},'
    ' "type": "array"}}, "properties": {"resource": {"properties": {"properties": SCHEMA}}}}'
)


def typed(resource: str) -> tuple[RequestType, tuple[Any, ...]]:
    """The request type, and the diagnostics, of a schema for the resource's properties."""
    text = FRAME.replace("SCHEMA", resource)
    document = parse_json(Source("schema.json", text), codes=SCHEMA_CODES)
    assert document.root is not None
    assert document.diagnostics == ()
    return from_schema(document.root, "schema.json")


def fields(properties: str) -> tuple[RequestType, tuple[Any, ...]]:
    return typed(f'{{"type": "object", "properties": {{{properties}}}}}')


TYPES = {
    '"x": {"type": "string"}': "string",
    '"x": {"$ref": "#/$defs/name"}': "string",
    '"x": {"type": "integer"}': "int",
    '"x": {"type": "number"}': "double",
    '"x": {"type": "boolean"}': "bool",
    '"x": {"type": "null"}': "null",
    '"x": {"type": "string", "format": "date-time"}': "timestamp",
    '"x": {"type": "string", "format": "duration"}': "duration",
    '"x": {"type": "array", "items": {"type": "integer"}}': "list(int)",
    '"x": {"type": "array"}': "list(dyn)",
    '"x": {"type": "object", "additionalProperties": {"type": "integer"}}': "map(string, int)",
    '"x": {"type": "object", "properties": {"a": {}}}': "resource.x",
    '"x": {"enum": [1, 2]}': "int",
    '"x": {}': "dyn",
    '"x": true': "dyn",
    '"x": {"type": ["string", "null"], "default": null}': "nullable(string)",
}


@pytest.mark.parametrize(("schema", "expected"), TYPES.items(), ids=TYPES)
def test_types(schema: str, expected: str) -> None:
    type_, diagnostics = fields(schema)
    assert diagnostics == ()
    assert str(type_.type_of("resource", ("x",))) == expected


def test_enums_know_their_values() -> None:
    type_, _ = fields('"x": {"enum": ["a", "b"]}, "y": {"const": "c"}')
    assert type_.type_of("resource", ("x",)) == EnumType(("a", "b"))
    assert type_.type_of("resource", ("y",)) == EnumType(("c",))


def test_what_is_always_there() -> None:
    type_, _ = typed(
        '{"properties": {"a": {}, "b": {"default": 1}, "c": {"description": "Sea."}},'
        ' "required": ["a"], "additionalProperties": false}'
    )
    resource = type_.roots["resource"]
    assert isinstance(resource, ObjectType)
    always = {name: field.always for name, field in resource.fields.items()}
    assert always == {"a": True, "b": True, "c": False, "id": True, "type": True}
    assert resource.fields["c"].description == "Sea."
    assert not resource.open
    subject = type_.roots["subject"]
    assert isinstance(subject, ObjectType)
    assert subject.open  # the schema says nothing of it
    assert type_.type_of("resource", ("d",)) is None
    assert str(type_.type_of("subject", ("d", "e"))) == "dyn"
    assert str(UNTYPED.type_of("resource", ("d",))) == "dyn"


WRONG = {
    "a keyword that is none": ('"x": {"typ": "string"}', "EVL503", '"typ"', "`type`"),
    "a keyword we do not carry": ('"x": {"oneOf": []}', "EVL503", '"oneOf"', "the keywords"),
    "a keyword of another type": (
        '"x": {"type": "string", "minimum": 1}',
        "EVL502",
        '"minimum"',
        "",
    ),
    "an unknown type": ('"x": {"type": "strin"}', "EVL510", '"strin"', "`string`"),
    "a type that is none": ('"x": {"type": ["string", "integer"]}', "EVL510", "[", "null"),
    "an unknown format": (
        '"x": {"type": "string", "format": "date"}',
        "EVL509",
        '"date"',
        "date-time",
    ),
    "a bad pattern": ('"x": {"type": "string", "pattern": "(?=a)"}', "EVL508", '"(?=a)"', "look"),
    "a wrong default": ('"x": {"type": "string", "default": 5}', "EVL505", "5", "change one"),
    "a default beyond the enum": ('"x": {"enum": ["a"], "default": "b"}', "EVL505", '"b"', ""),
    "optional and nullable": ('"x": {"type": ["string", "null"]}', "EVL507", '"x"', "`required`"),
    "a reference that leads nowhere": (
        '"x": {"$ref": "#/$defs/nme"}',
        "EVL504",
        '"#/$defs/nme"',
        "",
    ),
    "a reference out of the file": (
        '"x": {"$ref": "http://x/y"}',
        "EVL504",
        '"http://x/y"',
        "stay",
    ),
    "a reference to itself": ('"x": {"$ref": "#/$defs/loop"}', "EVL504", '"#/$defs/loop"', ""),
    "a bound that is no number": ('"x": {"type": "integer", "minimum": "1"}', "EVL502", '"1"', ""),
    "a negative length": ('"x": {"type": "string", "minLength": -1}', "EVL502", "-1", ""),
    "an enum of another type": ('"x": {"type": "integer", "enum": ["a"]}', "EVL502", '"a"', ""),
    "a schema that is none": ('"x": 5', "EVL502", "5", "{...}"),
}


@pytest.mark.parametrize(("schema", "code", "marked", "help_"), WRONG.values(), ids=WRONG)
def test_wrong_schemas(schema: str, code: str, marked: str, help_: str) -> None:
    _, diagnostics = fields(schema)
    found = next(item for item in diagnostics if item.code == code)
    assert found.span is not None
    assert found.span.text.startswith(marked)
    assert help_ in (found.help or "")


def test_a_schema_says_nothing_of_the_envelope() -> None:
    text = (
        '{"properties": {"resource": {"properties": {"type": {"const": "x"}, "id": {}}},'
        ' "action": {"properties": {"name": {"enum": ["a"]}}}}}'
    )
    document = parse_json(Source("schema.json", text), codes=SCHEMA_CODES)
    assert document.root is not None
    _, diagnostics = from_schema(document.root, "schema.json")
    marked = {item.span.text for item in diagnostics if item.code == "EVL506" and item.span}
    assert marked == {'"type"', '"id"', '"name"'}


def test_what_is_required_must_be_declared() -> None:
    _, diagnostics = typed('{"properties": {"total": {}}, "required": ["totl"]}')
    (found,) = diagnostics
    assert (found.code, found.help) == ("EVL502", "did you mean `total`?")


def test_keywords_are_those_of_json_schema() -> None:
    assert {"type", "properties", "format", "$ref", "$defs"} <= KEYWORDS
    assert "oneOf" not in KEYWORDS
