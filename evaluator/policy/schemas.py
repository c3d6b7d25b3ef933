"""The published JSON Schemas of pack.yaml and policy files: made from the models, and read back.

Loading uses the copy that lies beside this module, so that it needs no pydantic; ``schemas/`` at
the top of the repository has the same for editors. ``python -m evaluator.policy.schemas FOLDER...``
writes them anew after a change of the models.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final, Literal

__all__ = ["FORMATS", "generate", "published", "tidied", "write"]

Format = Literal["pack", "policy"]
FORMATS: Final[tuple[Format, ...]] = ("pack", "policy")
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


@cache
def published(name: Format) -> dict[str, Any]:
    """The schema of a format, ``pack`` or ``policy``. It is shared: do not change it."""
    from importlib import resources

    text = resources.files(__package__).joinpath("published", f"{name}.schema.json").read_bytes()
    schema: dict[str, Any] = json.loads(text)
    return schema


def generate(name: Format) -> dict[str, Any]:
    """The schema of a format made from its model."""
    from evaluator.policy.files import PackFile, PolicyFile

    if name == "pack":
        schema = PackFile.model_json_schema(by_alias=True)
    else:
        schema = PolicyFile.model_json_schema(by_alias=True)
    title = "pack.yaml" if name == "pack" else "A policy file"
    return {"$schema": _DIALECT, **tidied(schema), "title": title}


def write(*folders: str) -> None:
    """Write the schemas of all formats into some folders that exist."""
    from pathlib import Path

    for name in FORMATS:
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


if __name__ == "__main__":
    import sys

    write(*sys.argv[1:])
