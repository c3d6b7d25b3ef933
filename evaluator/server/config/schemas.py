"""The published JSON Schemas of the configuration file and of the file of API keys.

``python -m evaluator.server.config.schemas FOLDER...`` writes them anew after a change of a model.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final, Literal

from evaluator.policy.published_schemas import read_schema, schema_of, write_schemas

__all__ = ["FORMATS", "generate", "published", "write"]

Format = Literal["server", "api-keys"]
FORMATS: Final[tuple[Format, ...]] = ("server", "api-keys")


@cache
def published(name: Format) -> dict[str, Any]:
    """The schema of a format, ``server`` or ``api-keys``. It is shared: do not change it."""
    return read_schema(__package__, name)


def generate(name: Format) -> dict[str, Any]:
    """The schema of a format made from its model."""
    from evaluator.server.config.files import KeysFile, ServerFile

    if name == "server":
        return schema_of(ServerFile, "The configuration of a service")
    return schema_of(KeysFile, "API keys of a service")


def write(*folders: str) -> None:
    """Write the schemas of both formats into some folders that exist."""
    write_schemas(FORMATS, generate, folders)


if __name__ == "__main__":
    import sys

    write(*sys.argv[1:])
