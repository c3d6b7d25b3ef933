"""The published JSON Schemas of the configuration file and of the file of API keys.

As with policies, reading uses the copies that lie beside this module. ``python -m
evaluator.server.config.schemas FOLDER...`` writes them anew after a change of the models.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final, Literal

__all__ = ["FORMATS", "generate", "published", "write"]

Format = Literal["server", "api-keys"]
FORMATS: Final[tuple[Format, ...]] = ("server", "api-keys")
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


@cache
def published(name: Format) -> dict[str, Any]:
    """The schema of a format, ``server`` or ``api-keys``. It is shared: do not change it."""
    from importlib import resources

    text = resources.files(__package__).joinpath("published", f"{name}.schema.json").read_bytes()
    schema: dict[str, Any] = json.loads(text)
    return schema


def generate(name: Format) -> dict[str, Any]:
    """The schema of a format made from its model."""
    from evaluator.policy.schemas import tidied
    from evaluator.server.config.files import KeysFile, ServerFile

    model = ServerFile if name == "server" else KeysFile
    title = "The configuration of a service" if name == "server" else "API keys of a service"
    return {"$schema": _DIALECT, **tidied(model.model_json_schema(by_alias=True)), "title": title}


def write(*folders: str) -> None:
    """Write the schemas of both formats into some folders that exist."""
    from pathlib import Path

    for name in FORMATS:
        text = json.dumps(generate(name), indent=2, ensure_ascii=False) + "\n"
        for folder in folders:
            Path(folder, f"{name}.schema.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    import sys

    write(*sys.argv[1:])
