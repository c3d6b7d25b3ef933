"""Drafts of mutants: a change and its edits, before it is said what of, and in which file."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.suites.mutation.mutants import Edit

__all__ = ["Draft"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A change: the kind of it, in words, where it is (an offset in the file), and its edits."""

    operator: str
    change: str
    at: int
    edits: tuple[Edit, ...]
