"""Packs with mistakes, each in a text file with the diagnostics that it is to get.

A case in ``tests/policy/wrong`` consists of parts that begin with ``-- name --``: files of a pack,
on top of a correct one, and last ``-- diagnostics --``. ``python -m tests.wrong_packs`` writes what
the cases get now into them; what changes is then to be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evaluator.diagnostics import Diagnostic
from evaluator.policy.loading import load_packs
from evaluator.source import MemoryFiles

__all__ = ["BASE", "CASES", "Case", "described", "parts", "read_case", "report"]

FOLDER = Path(__file__).parent / "policy" / "wrong"
CASES = sorted(path.stem for path in FOLDER.glob("*.txt"))
_GOLDEN = "diagnostics"
_REMOVED = "(removed)\n"

BASE = {
    "pack.yaml": """\
language: 1
name: shop
version: "1"
request: request.schema.json
files: [orders.yaml]
""",
    "request.schema.json": """\
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "properties": {
    "subject": {
      "type": "object",
      "properties": {
        "properties": {
          "type": "object",
          "properties": {
            "roles": {"type": "array", "items": {"enum": ["clerk", "manager"]}, "default": []}
          }
        }
      }
    },
    "resource": {
      "type": "object",
      "required": ["properties"],
      "properties": {
        "properties": {
          "type": "object",
          "additionalProperties": false,
          "required": ["total", "state", "lines", "due"],
          "properties": {
            "total": {"type": "integer"},
            "state": {"enum": ["open", "paid", "shipped"]},
            "note": {"type": "string"},
            "due": {"type": "string", "format": "date-time"},
            "lines": {
              "type": "array",
              "items": {
                "type": "object",
                "required": ["quantity"],
                "properties": {"quantity": {"type": "integer"}}
              }
            }
          }
        }
      }
    },
    "context": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "amount": {"type": "integer"},
        "channel": {"enum": ["web", "phone"], "default": "web"}
      }
    }
  }
}
""",
    "orders.yaml": """\
policy: shop.orders
applies_to: {resource: order, actions: [ship, cancel]}
rules:
  - id: clerk
    effect: allow
    when: '"clerk" in subject.roles'
""",
}


@dataclass(frozen=True)
class Case:
    """The files of a pack, and the diagnostics that it is to get as text."""

    files: dict[str, str]
    golden: str


def read_case(name: str) -> Case:
    """A case by its name."""
    files = dict(BASE)
    golden = ""
    for part, text in parts((FOLDER / f"{name}.txt").read_text("utf-8")):
        if part == _GOLDEN:
            golden = text
        elif text == _REMOVED:
            del files[part]
        else:
            files[part] = text
    return Case(files, golden)


def parts(text: str) -> Iterator[tuple[str, str]]:
    """The name and the text of each part."""
    name = None
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        if line.startswith("-- ") and line.endswith(" --\n"):
            if name is not None:
                yield name, "".join(lines)
            name, lines = line[3:-4], []
        else:
            lines.append(line)
    if name is not None:
        yield name, "".join(lines)


def report(files: dict[str, str]) -> str:
    """The diagnostics of a pack: place, code, message, the text underlined, help and notes."""
    loaded = load_packs(MemoryFiles(files))
    return "".join(map(described, loaded.diagnostics)) or "none\n"


def described(diagnostic: Diagnostic) -> str:
    """A diagnostic as the golden files have it."""
    lines = [f"{diagnostic.severity}[{diagnostic.code}] {diagnostic.message}"]
    if diagnostic.span is not None:
        text = diagnostic.span.text.replace("\n", "\\n")
        lines.append(f"  at {diagnostic.span}: {text}")
    if diagnostic.help is not None:
        lines.append(f"  help: {diagnostic.help}")
    lines.extend(
        f"  note: {note.message}" + (f" at {note.span}" if note.span else "")
        for note in diagnostic.notes
    )
    return "\n".join(lines) + "\n"


def _update() -> None:
    for name in CASES:
        path = FOLDER / f"{name}.txt"
        text = path.read_text("utf-8")
        head = text.partition(f"-- {_GOLDEN} --\n")[0]
        path.write_text(f"{head}-- {_GOLDEN} --\n{report(read_case(name).files)}", "utf-8")


if __name__ == "__main__":
    _update()
