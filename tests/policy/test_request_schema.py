"""Request schemas: what their types are, and what is wrong with them, at the place."""

from __future__ import annotations

from typing import Any

import pytest

from evaluator.documents.json_documents import SCHEMA_CODES, parse_json
from evaluator.language.types import EnumType, ListType, ObjectType
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
    '"x": {"enum": [1, 2.5]}': "double",
    '"x": {"enum": [true]}': "bool",
    '"x": {"enum": ["a", 1]}': "dyn",
    '"x": {"const": {"a": 1}}': "dyn",
    '"x": {"const": null}': "null",
    '"x": {"type": ["string", "null"], "enum": ["a"]}': "string",
    '"x": {"enum": ["a", null], "default": null}': "nullable(string)",
    '"x": {"type": "object", "additionalProperties": {}}': "resource.x",
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
    "a keyword that needs a type": ('"x": {"minimum": 1}', "EVL503", '"minimum"', '"integer"'),
    "a closed object without type": (
        '"x": {"additionalProperties": false}',
        "EVL503",
        '"additionalProperties"',
        '"object"',
    ),
    "a keyword beside a reference": (
        '"x": {"$ref": "#/$defs/name", "minLength": 1}',
        "EVL503",
        '"minLength"',
        "where the reference leads",
    ),
    "an unknown keyword beside a reference": (
        '"x": {"$ref": "#/$defs/name", "oneOf": []}',
        "EVL503",
        '"oneOf"',
        "the keywords",
    ),
    "an enum of objects": ('"x": {"type": "object", "enum": [{}]}', "EVL503", '"enum"', "in it"),
    "a const list": ('"x": {"type": "array", "const": []}', "EVL503", '"const"', "in it"),
    "a pattern beside a format": (
        '"x": {"type": "string", "format": "date-time", "pattern": "Z$"}',
        "EVL503",
        '"pattern"',
        "one of the two",
    ),
    "a const that the enum lacks": ('"x": {"enum": ["a"], "const": "b"}', "EVL502", '"b"', ""),
    "null in an enum of strings": ('"x": {"type": "string", "enum": [null]}', "EVL502", "null", ""),
    "a type that is an object": ('"x": {"type": {}}', "EVL510", "{}", "null"),
    "an empty enum": ('"x": {"enum": []}', "EVL502", "[]", ""),
    "a default in the items of a list": (
        '"x": {"type": "array", "items": {"properties": {"a": {"enum": [1, null], "default": 1}}}}',
        "EVL507",
        '"items"',
        "`required`",
    ),
    "repetitions that are no bool": ('"x": {"type": "array", "uniqueItems": 1}', "EVL502", "1", ""),
    "names that are none": ('"x": {"type": "object", "required": [5]}', "EVL502", "5", ""),
    "required and not declared": (
        '"x": {"type": "object", "required": ["a"]}',
        "EVL502",
        '"a"',
        "declare it",
    ),
    "a title that is no text": ('"x": {"title": 5}', "EVL502", "5", ""),
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


ENVELOPES = {
    "a misspelt part": ('{"properties": {"resorce": {}}}', ['"resorce"'], "EVL503"),
    "misspelt properties": (
        '{"properties": {"resource": {"properties": {"propertes": {}}}}}',
        ['"propertes"'],
        "EVL503",
    ),
    "a default": (
        '{"properties": {"context": {"type": "object", "default": {}}}}',
        ['"default"'],
        "EVL503",
    ),
    "a type": ('{"type": "array"}', ['"array"'], "EVL502"),
    "null": (
        '{"properties": {"context": {"type": ["object", "null"]}}}',
        ['{"type": ["object", "null"]}'],
        "EVL502",
    ),
    "sizes of the envelope": (
        '{"properties": {"resource": {"minProperties": 3}}}',
        ['"minProperties"'],
        "EVL503",
    ),
    "definitions that are none": ('{"$defs": []}', ["[]"], "EVL502"),
    "a reference that leads nowhere": ('{"$ref": "#/$defs/x"}', ['"#/$defs/x"'], "EVL504"),
    "no schema": ("[]", ["[]"], "EVL502"),
    "no schema of a part": ('{"properties": {"resource": 5}}', ["5"], "EVL502"),
}


@pytest.mark.parametrize(("text", "marked", "code"), ENVELOPES.values(), ids=ENVELOPES)
def test_wrong_schemas_of_the_envelope(text: str, marked: list[str], code: str) -> None:
    document = parse_json(Source("schema.json", text), codes=SCHEMA_CODES)
    assert document.root is not None
    _, diagnostics = from_schema(document.root, "schema.json")
    assert [(item.code, item.span and item.span.text) for item in diagnostics] == [
        (code, text) for text in marked
    ]


def test_the_envelope_may_be_put_together_from_references() -> None:
    text = (
        '{"$ref": "#/$defs/request", "$defs": {"request": {"properties": {"resource":'
        ' {"$ref": "#/$defs/resource"}}}, "resource": {"properties": {"properties":'
        ' {"$ref": "#/$defs/properties"}}}, "properties": {"$ref": "#/$defs/own"},'
        ' "own": {"type": "object", "properties": {"a": {"$ref": "#/$defs/b"}}},'
        ' "b": {"$ref": "#/$defs/c"}, "c": {"type": "integer", "default": 1}}}'
    )
    document = parse_json(Source("schema.json", text), codes=SCHEMA_CODES)
    assert document.root is not None
    type_, diagnostics = from_schema(document.root, "schema.json")
    assert diagnostics == ()
    assert str(type_.type_of("resource", ("a",))) == "int"
    resource = type_.roots["resource"]
    assert isinstance(resource, ObjectType)
    assert resource.fields["a"].always


def test_items_of_lists_have_what_is_required_only() -> None:
    inner = '{"type": "object", "properties": {"a": {"default": 1}, "b": {}}, "required": ["b"]}'
    type_, diagnostics = fields(f'"l": {{"type": "array", "items": {inner}}}, "o": {inner}')
    assert diagnostics == ()
    list_, object_ = (type_.type_of("resource", (name,)) for name in ("l", "o"))
    assert isinstance(list_, ListType)
    for item, expected in ((list_.element, (False, True)), (object_, (True, True))):
        assert isinstance(item, ObjectType)
        assert tuple(field.always for field in item.fields.values()) == expected


def test_a_definition_is_one_type_wherever_it_is_used() -> None:
    text = FRAME.replace('"name": {"type": "string"}', '"name": {"properties": {"a": {}}}').replace(
        "SCHEMA",
        '{"properties": {"l": {"type": "array", "items": {"$ref": "#/$defs/name"}},'
        ' "o": {"$ref": "#/$defs/name"}}}',
    )
    document = parse_json(Source("schema.json", text), codes=SCHEMA_CODES)
    assert document.root is not None
    type_, _ = from_schema(document.root, "schema.json")
    list_ = type_.type_of("resource", ("l",))
    assert isinstance(list_, ListType)
    assert list_.element is type_.type_of("resource", ("o",))


def test_a_problem_behind_references_is_told_once() -> None:
    _, diagnostics = fields('"x": {"$ref": "#/$defs/lost"}, "y": {"$ref": "#/$defs/loop"}')
    assert [item.code for item in diagnostics] == ["EVL504", "EVL504"]


def test_types_have_an_end() -> None:
    levels = 2_000
    definitions = ", ".join(
        f'"d{level}": {{"properties": {{"a": {{"$ref": "#/$defs/d{level + 1}"}}}}}}'
        for level in range(levels)
    )
    text = (
        f'{{"$defs": {{{definitions}, "d{levels}": {{}}}},'
        ' "properties": {"context": {"$ref": "#/$defs/d0"}}}'
    )
    document = parse_json(Source("schema.json", text), codes=SCHEMA_CODES)
    assert document.root is not None
    _, diagnostics = from_schema(document.root, "schema.json")
    assert [item.code for item in diagnostics] == ["EVL502"]


def test_definitions_that_double_are_read_once() -> None:
    definitions = ", ".join(
        f'"d{level}": {{"type": "object", "additionalProperties": false, "properties":'
        f' {{"a": {{"$ref": "#/$defs/d{level + 1}"}}, "b": {{"$ref": "#/$defs/d{level + 1}"}},'
        f' "c": {{"type": "array", "items": {{"$ref": "#/$defs/d{level + 1}"}}}}}}}}'
        for level in range(25)
    )
    text = (
        f'{{"$defs": {{{definitions}, "d25": {{"type": "integer", "default": 1}}}},'
        ' "properties": {"context": {"$ref": "#/$defs/d0"}}}'
    )
    document = parse_json(Source("schema.json", text), codes=SCHEMA_CODES)
    assert document.root is not None
    type_, diagnostics = from_schema(document.root, "schema.json")
    assert diagnostics == ()
    assert type_.type_of("context", ("a", "b")) is not None


def test_keywords_are_those_of_json_schema() -> None:
    assert {"type", "properties", "format", "$ref", "$defs"} <= KEYWORDS
    assert "oneOf" not in KEYWORDS
