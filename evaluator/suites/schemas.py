"""The published JSON Schema of suites and fixture files.

``python -m evaluator.suites.schemas FOLDER...`` writes it anew after a change of the models.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from evaluator.policy.published_schemas import DIALECT, read_schema, schema_of, write_schemas

__all__ = [
    "expectation_schema",
    "fixtures_schema",
    "generate",
    "published",
    "suite_schema",
    "write",
]


@cache
def published() -> dict[str, Any]:
    """The schema that a suite or a file of fixtures satisfies. It is shared: do not change it."""
    return read_schema(__package__, "suite")


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
    return {"$schema": DIALECT, "$ref": f"#/$defs/{name}", "$defs": definitions}


def generate() -> dict[str, Any]:
    """The schema made from the models."""
    from evaluator.suites.files import SuiteFormat

    return schema_of(SuiteFormat, "A suite")


def write(*folders: str) -> None:
    """Write the schema into some folders that exist."""
    write_schemas(["suite"], lambda _: generate(), folders)


if __name__ == "__main__":
    import sys

    write(*sys.argv[1:])
