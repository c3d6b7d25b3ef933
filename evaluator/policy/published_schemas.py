"""How the JSON Schemas of our file formats are made from models, published, and read back.

Whoever reads files uses the copy that lies in ``published`` beside its models, so that it needs no
pydantic; ``schemas/`` at the top of the repository has the same for editors.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = ["DIALECT", "read_schema", "schema_of", "tidied", "write_schemas"]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def read_schema(package: str, name: str) -> dict[str, Any]:
    """The published schema of a format, from the package of its models."""
    from importlib import resources

    text = resources.files(package).joinpath("published", f"{name}.schema.json").read_bytes()
    schema: dict[str, Any] = json.loads(text)
    return schema


def schema_of(model: type[BaseModel], title: str) -> dict[str, Any]:
    """The schema of a format made from its model."""
    return {"$schema": DIALECT, **tidied(model.model_json_schema(by_alias=True)), "title": title}


def write_schemas(
    names: Iterable[str], generate: Callable[[Any], dict[str, Any]], folders: Iterable[str]
) -> None:
    """Writes the schemas that ``generate`` makes of names into folders that exist."""
    from pathlib import Path

    folders = list(folders)
    for name in names:
        text = json.dumps(generate(name), indent=2, ensure_ascii=False) + "\n"
        for folder in folders:
            Path(folder, f"{name}.schema.json").write_text(text, encoding="utf-8")


def tidied(schema: Any) -> Any:
    """Without what pydantic writes for ``= None``: in files, what is not there is just left out."""
    if isinstance(schema, list):
        return [tidied(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "default" in schema and schema["default"] is None:
        schema = {key: value for key, value in schema.items() if key != "default"}
        schema = _not_null(schema)
    return {key: tidied(value) for key, value in _one_type(schema).items()}


def _one_type(schema: dict[str, Any]) -> dict[str, Any]:
    """``anyOf`` of nothing but types as a list of types, which reads and is reported better."""
    choices = schema.get("anyOf", ())
    if not choices or any(choice.keys() != {"type"} for choice in choices):
        return schema
    types = [choice["type"] for choice in choices]
    types = [name for name in types if name != "integer" or "number" not in types]
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**rest, "type": types}


def _not_null(schema: dict[str, Any]) -> dict[str, Any]:
    choices = schema.get("anyOf")
    if choices is None:
        return schema
    choices = [choice for choice in choices if choice != {"type": "null"}]
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    if len(choices) == 1:
        # What is said of the property is said last and counts.
        return {**choices[0], **rest}
    return {"anyOf": choices, **rest}
