"""The published JSON Schema of suites is that of the models, wherever it lies, and it teaches."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import jsonschema

from evaluator.documents.quick import quick_check
from evaluator.suites.schemas import (
    expectation_schema,
    fixtures_schema,
    generate,
    published,
    suite_schema,
    write,
)

SCHEMAS = Path(__file__).parents[2] / "schemas"
FILE = "suite.schema.json"
OPEN = {"Context"}


def test_published(tmp_path: Path):
    write(str(tmp_path))
    expected = (tmp_path / FILE).read_text("utf-8")
    assert (SCHEMAS / FILE).read_text("utf-8") == expected
    package = resources.files("evaluator.suites").joinpath("published", FILE)
    assert package.read_text("utf-8") == expected
    assert published() == generate() == json.loads(expected)


def test_teaches():
    schema = published()
    jsonschema.Draft202012Validator.check_schema(schema)
    for name, part in schema["$defs"].items():
        assert part.get("description"), name
        for key, member in part.get("properties", {}).items():
            assert member.get("title") or "$ref" in member, key
            assert member.get("description") or "$ref" in member, key
        if part.get("type") == "object":
            assert part["additionalProperties"] is (name in OPEN), name


def test_shapes_are_checked_quickly():
    assert all(
        quick_check(schema) for schema in (suite_schema(), fixtures_schema(), expectation_schema())
    )


def test_null_is_a_value_where_it_says_never():
    schema = expectation_schema()
    jsonschema.validate({"decision": "allow", "valid_until": None}, schema)
    (error,) = jsonschema.Draft202012Validator(schema).iter_errors(
        {"decision": "allow", "rules": None}
    )
    assert error.validator == "anyOf"
