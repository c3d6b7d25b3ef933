"""The published JSON Schemas of pack.yaml and policy files.

``python -m evaluator.policy.schemas FOLDER...`` writes them anew after a change of the models.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final, Literal

from evaluator.policy.published_schemas import read_schema, schema_of, write_schemas

__all__ = ["FORMATS", "generate", "published", "write"]

Format = Literal["pack", "policy"]
FORMATS: Final[tuple[Format, ...]] = ("pack", "policy")


@cache
def published(name: Format) -> dict[str, Any]:
    """The schema of a format, ``pack`` or ``policy``. It is shared: do not change it."""
    return read_schema(__package__, name)


def generate(name: Format) -> dict[str, Any]:
    """The schema of a format made from its model."""
    from evaluator.policy.files import PackFile, PolicyFile

    if name == "pack":
        return schema_of(PackFile, "pack.yaml")
    return schema_of(PolicyFile, "A policy file")


def write(*folders: str) -> None:
    """Write the schemas of all formats into some folders that exist."""
    write_schemas(FORMATS, generate, folders)


if __name__ == "__main__":
    import sys

    write(*sys.argv[1:])
