"""The published JSON Schemas of the configuration are those of the models, and they teach."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from evaluator.server.config.schemas import FORMATS, Format, generate, published, write

SCHEMAS = Path(__file__).parents[3] / "schemas"


@pytest.mark.parametrize("name", FORMATS)
def test_published(tmp_path: Path, name: Format) -> None:
    file = f"{name}.schema.json"
    write(str(tmp_path))
    expected = (tmp_path / file).read_text("utf-8")
    assert (SCHEMAS / file).read_text("utf-8") == expected
    package = resources.files("evaluator.server.config").joinpath("published", file)
    assert package.read_text("utf-8") == expected
    assert published(name) == generate(name) == json.loads(expected)


@pytest.mark.parametrize("name", FORMATS)
def test_teaches(name: Format) -> None:
    schema = published(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    for part in [schema, *schema["$defs"].values()]:
        assert part["description"]
        assert part["additionalProperties"] is False
        for key, member in part["properties"].items():
            assert "$ref" in member or (member["title"] and member["description"]), key
