"""The built page of the playground, held to its sources without building it.

``python -m tests.server.playground.assets`` says what is stale, and is part of ``make check``.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

__all__ = ["PUBLISHED", "WEB", "problems", "sources"]

ROOT: Final = Path(__file__).parents[3]
WEB: Final = ROOT / "evaluator" / "server" / "playground" / "web"
PUBLISHED: Final = WEB.parent / "published"
_MANIFEST: Final = "manifest.json"
_BESIDE: Final = ("build.mjs", "index.html", "package-lock.json", "package.json", "tsconfig.json")
_NO_SOURCE: Final = re.compile(r"^\.|~$|\.test\.tsx?$")


def sources(web: Path = WEB) -> list[str]:
    """The files that the page is built from, relative to the folder; as ``build.mjs`` has them."""
    found = [
        path.relative_to(web).as_posix()
        for path in (web / "src").rglob("*")
        if path.is_file() and not _NO_SOURCE.search(path.name)
    ]
    return sorted([*_BESIDE, *found])


def problems(web: Path = WEB, published: Path = PUBLISHED) -> Iterator[str]:
    """What is stale, a line each; nothing where what is published was built from these sources."""
    manifest = published / _MANIFEST
    if not manifest.exists():
        yield f"{_shown(manifest)} is missing"
        return
    told = json.loads(manifest.read_text("utf-8"))
    yield from _differences(told["sources"], _digests(web, sources(web)), web, "built")
    present = [path.name for path in published.iterdir() if path.name != _MANIFEST]
    yield from _differences(told["outputs"], _digests(published, present), published, "written")


def _differences(
    told: Mapping[str, str], found: Mapping[str, str], folder: Path, done: str
) -> Iterator[str]:
    for name in sorted(told.keys() | found.keys()):
        if name not in found:
            yield f"{_shown(folder / name)} is missing"
        elif name not in told:
            yield f"{_shown(folder / name)} is new since the page was {done}"
        elif told[name] != found[name]:
            yield f"{_shown(folder / name)} has changed since the page was {done}"


def _digests(folder: Path, names: list[str]) -> dict[str, str]:
    return {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in names
        if (folder / name).is_file()
    }


def _shown(path: Path) -> str:
    return (path.relative_to(ROOT) if path.is_relative_to(ROOT) else path).as_posix()


def main() -> int:
    """Prints what is stale; 1 where something is."""
    found = list(problems())
    if not found:
        return 0
    shown = [*found[:8], *([f"and {len(found) - 8} more"] if len(found) > 8 else [])]
    sys.stderr.write("\n".join(("The built page of the playground is stale:", *shown)) + "\n")
    sys.stderr.write("Build it (node 18 or newer, npm): make playground-assets\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
