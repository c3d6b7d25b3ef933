"""The published JSON Schema of suites and fixture files: made from the models, and read back.

As with policies, reading uses the copy that lies beside this module. ``python -m
evaluator.suites.schemas FOLDER...`` writes it anew after a change of the models.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final

__all__ = [
    "expectation_schema",
    "fixtures_schema",
    "generate",
    "published",
    "suite_schema",
    "write",
]

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_FILE: Final = "suite.schema.json"


@cache
def published() -> dict[str, Any]:
    """The schema that a suite or a file of fixtures satisfies. It is shared: do not change it."""
    from importlib import resources

    text = resources.files(__package__).joinpath("published", _FILE).read_bytes()
    schema: dict[str, Any] = json.loads(text)
    return schema


@cache
def suite_schema() -> dict[str, Any]:
    """The schema of a suite, in which what ``expect`` holds is left open.

    Whether a mapping there is an expectation or a table of them depends on the matrix; each
    expectation is validated by itself.
    """
    definitions = published()["$defs"]
    case = definitions["Case"]
    loose = {**case, "properties": {**case["properties"], "expect": {}}}
    return _of("SuiteFile", {**definitions, "Case": loose})


@cache
def fixtures_schema() -> dict[str, Any]:
    """The schema of a file of fixtures."""
    return _of("FixturesFile", published()["$defs"])


@cache
def expectation_schema() -> dict[str, Any]:
    """The schema of one expectation."""
    return _of("Expect", published()["$defs"])


def _of(name: str, definitions: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": _DIALECT, "$ref": f"#/$defs/{name}", "$defs": definitions}


def generate() -> dict[str, Any]:
    """The schema made from the models."""
    from evaluator.policy.schemas import tidied
    from evaluator.suites.files import SuiteFormat

    schema = SuiteFormat.model_json_schema(by_alias=True)
    return {"$schema": _DIALECT, **tidied(schema), "title": "A suite"}


def write(*folders: str) -> None:
    """Write the schema into some folders that exist."""
    from pathlib import Path

    text = json.dumps(generate(), indent=2, ensure_ascii=False) + "\n"
    for folder in folders:
        Path(folder, _FILE).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    import sys

    write(*sys.argv[1:])
