"""Request schemas by chance: every kind of attribute, some optional, some nullable, some nested."""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import Any, Final

from evaluator.documents.json_documents import SCHEMA_CODES, parse_json
from evaluator.policy.request_types import RequestType, from_schema
from evaluator.source import Source

__all__ = ["request_schema", "request_type"]

Schema = dict[str, Any]

_NAMES: Final = (
    *("alpha", "beta", "gamma", "delta", "kappa", "lamda", "omega", "sigma", "theta", "zeta"),
    *("unit", "sku-code", "size", "in"),
)
_SCALARS: Final[tuple[Schema, ...]] = (
    {"type": "boolean"},
    {"type": "boolean"},
    {"type": "integer"},
    {"type": "integer", "minimum": 0, "maximum": 20},
    {"type": "integer", "exclusiveMinimum": -5, "exclusiveMaximum": 5},
    {"type": "number"},
    {"type": "number", "minimum": -1.5, "exclusiveMaximum": 10},
    {"type": "string"},
    {"type": "string", "minLength": 1, "maxLength": 6},
    {"type": "string", "enum": ["open", "paid", "closed"]},
    {"enum": ["monthly", "annual"]},
    {"type": "string", "format": "date-time"},
    {"type": "string", "format": "date-time"},
    {"type": "string", "format": "duration"},
)
_DEFAULTS: Final[Mapping[str, Any]] = {"boolean": False, "integer": 1, "number": 0.5}


def request_schema(random: Random) -> Schema:
    """The schema of a request: JSON Schema 2020-12 of the AuthZEN JSON as it is sent."""
    entities = {"subject": 4, "action": 1, "resource": 10}
    properties: Schema = {
        root: {"properties": {"properties": _object(random, count, levels=2)}}
        for root, count in entities.items()
    }
    properties["context"] = _object(random, 4, levels=1)
    return {"type": "object", "properties": properties}


def request_type(schema: Mapping[str, Any]) -> RequestType:
    """The request type of a schema that nothing is wrong with."""
    document = parse_json(Source("request.schema.json", json.dumps(schema)), codes=SCHEMA_CODES)
    assert document.root is not None
    type_, diagnostics = from_schema(document.root, "request.schema.json")
    assert diagnostics == ()
    return type_


def _object(random: Random, count: int, *, levels: int) -> Schema:
    names = random.sample(_NAMES, count)
    properties: Schema = {}
    required = []
    for name in names:
        schema, nullable = _property(random, levels)
        properties[name] = schema
        # A property is optional or nullable, never both.
        if nullable or random.random() < 0.5:
            required.append(name)
        elif schema.get("type") in _DEFAULTS and not _bounded(schema) and random.random() < 0.2:
            schema["default"] = _DEFAULTS[schema["type"]]
    made: Schema = {"type": "object", "properties": properties, "required": required}
    if random.random() < 0.7:
        made["additionalProperties"] = False
    return made


def _bounded(schema: Schema) -> bool:
    return any("inimum" in word or "aximum" in word for word in schema)


def _property(random: Random, levels: int) -> tuple[Schema, bool]:
    """The schema of a property, and whether null is one of its values."""
    schema = _value(random, levels)
    if "type" in schema and random.random() < 0.25:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
        return schema, True
    return schema, False


def _value(random: Random, levels: int) -> Schema:
    if levels and random.random() < 0.4:
        inner = levels - 1
        return random.choice((_list, _list, _map, _nested))(random, inner)
    return dict(random.choice(_SCALARS))


def _nested(random: Random, levels: int) -> Schema:
    return _object(random, 3, levels=levels)


def _map(random: Random, levels: int) -> Schema:
    return {"type": "object", "additionalProperties": _value(random, 0)}


def _list(random: Random, levels: int) -> Schema:
    schema: Schema = {"type": "array"}
    schema["items"] = _items(random) if random.random() < 0.5 else _value(random, levels)
    if random.random() < 0.3:
        schema["minItems"] = 1
    if random.random() < 0.3:
        schema["maxItems"] = 3
    return schema


def _items(random: Random) -> Schema:
    return _object(random, 4, levels=0)
