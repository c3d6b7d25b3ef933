"""Mutants: small changes of the files of a pack, each of which a suite should notice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluator.source import Span

__all__ = ["Edit", "Mutant", "edited"]


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """The replacement of a stretch of a file: offsets in code points, the end exclusive."""

    start: int
    end: int
    text: str

    @classmethod
    def of(cls, span: Span, text: str) -> Edit:
        return cls(span.start, span.end, text)


def edited(text: str, edits: tuple[Edit, ...]) -> str:
    """The text with edits made that do not overlap."""
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of one file, and perhaps the removal of another.

    ``operator`` is the kind of change (``comparison``), ``change`` says it in words. ``subject`` is
    what it is a change of: the id of a rule, the name of a constant, table, variable, shared remedy
    or output, or of a pack. ``line`` and ``column`` count from 1 and are those of the first edit.
    """

    operator: str
    change: str
    subject: str
    file: str
    line: int
    column: int
    edits: tuple[Edit, ...]
    removed: str | None = None

    def texts(self, originals: Mapping[str, str]) -> dict[str, str]:
        """The changed file by its name, made from the texts of the files as they are."""
        return {self.file: edited(originals[self.file], self.edits)}
