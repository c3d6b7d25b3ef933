"""The published JSON Schemas are those of the models, everywhere they lie."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from evaluator.policy.schemas import FORMATS, Format, generate, published, write

SCHEMAS = Path(__file__).parents[2] / "schemas"


@pytest.mark.parametrize("name", FORMATS)
def test_published(name: Format, tmp_path: Path):
    write(str(tmp_path))
    file = f"{name}.schema.json"
    expected = (tmp_path / file).read_text("utf-8")
    assert (SCHEMAS / file).read_text("utf-8") == expected
    package = resources.files("evaluator.policy").joinpath("published", file)
    assert package.read_text("utf-8") == expected
    assert published(name) == generate(name) == json.loads(expected)


@pytest.mark.parametrize("name", FORMATS)
def test_teaches(name: Format):
    schema = published(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    parts = [schema, *schema["$defs"].values()]
    for part in parts:
        assert part.get("description"), part.get("title")
        for key, member in part.get("properties", {}).items():
            assert member.get("title"), key
            assert member.get("description") or "$ref" in member, key
        if part.get("type") == "object":
            assert part["additionalProperties"] is False
