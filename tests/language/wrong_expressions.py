"""Expressions that checking refuses, in ``wrong_expressions.md``, with what is said of each.

``python -m tests.language.wrong_expressions`` writes down anew what is said; read the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evaluator.diagnostics import Diagnostic
from evaluator.language.types import BOOL
from tests.language.checking_setting import checked

__all__ = ["CASES", "report"]

PAGE = Path(__file__).with_suffix(".md")


@dataclass(frozen=True)
class Case:
    id: str
    text: str
    said: str


def report(text: str, id: str) -> str:
    """What is said of an expression; of one under a heading with "condition" as a condition."""
    found = checked(text, expected=BOOL if "condition" in id else None)
    return "\n".join(line for item in found.diagnostics for line in _lines(item))


def _lines(item: Diagnostic) -> Iterator[str]:
    assert item.span is not None
    severity = "" if item.severity == "error" else f" ({item.severity})"
    yield f"{item.code} {item.message}{severity}"
    position = item.span.position
    yield f"  {item.span.source.line(position.line)}"
    yield f"  {' ' * (position.column - 1)}{'^' * max(1, item.span.end - item.span.start)}"
    for note in item.notes:
        yield f"  note: {note.message}"
    if item.help:
        yield f"  help: {item.help}"
    for edit in item.fix.edits if item.fix else ():
        source = edit.span.source.text
        yield f"  fix:  {source[: edit.span.start]}{edit.text}{source[edit.span.end :]}"


def _read() -> Iterator[Case]:
    for section in PAGE.read_text("utf-8").split("\n## ")[1:]:
        heading, _, rest = section.partition("\n")
        _, text, _, said, _ = rest.split("```", 4)
        yield Case(heading, text.split("\n", 1)[1][:-1], said.split("\n", 1)[1][:-1])


CASES = tuple(_read())

if __name__ == "__main__":
    parts = [PAGE.read_text("utf-8").split("\n## ")[0].rstrip()]
    for case in CASES:
        said = report(case.text, case.id)
        parts.append(f"## {case.id}\n\n```cel\n{case.text}\n```\n\n```text\n{said}\n```")
    PAGE.write_text("\n\n".join(parts) + "\n", "utf-8")
