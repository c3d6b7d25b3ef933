"""A pack to be changed under a service, in versions that tell themselves apart by their rule."""

from __future__ import annotations

from pathlib import Path
from typing import Final

__all__ = ["REQUEST", "SUITE", "policy", "put", "put_pack"]

REQUEST: Final = {
    "subject": {"type": "user", "id": "ann"},
    "action": {"name": "read"},
    "resource": {"type": "page", "id": "1"},
}
SUITE: Final = """suite: pages.pages
now: 2026-03-03T09:00:00Z
cases:
  - name: anybody reads
    request: {subject: {type: user, id: ann}, action: read, resource: {type: page, id: "1"}}
    expect: allow
"""
_PACK: Final = "language: 1\nname: pages\nversion: 1.0.0\nfiles: [pages.yaml]\n"


def policy(number: int, effect: str = "allow") -> str:
    """The policy in a version."""
    return f"""policy: pages.pages
applies_to: {{resource: page, actions: [read]}}
rules:
  - id: version-{number}
    effect: {effect}
    when: subject.type == "user"{"" if effect == "allow" else chr(10) + "    reason: No."}
"""


def put(path: Path, text: str) -> None:
    """Writes a file as one should: beside it, and then in its place at once."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, "utf-8")
    beside.replace(path)


def put_pack(folder: Path, number: int = 1) -> Path:
    """Puts the pack into a folder, which is made if need be."""
    folder.mkdir(exist_ok=True)
    put(folder / "pack.yaml", _PACK)
    put(folder / "pages.yaml", policy(number))
    return folder
