"""Where a query is written down, for those who are told that it fails."""

from __future__ import annotations

from dataclasses import dataclass

from evaluator.source import Span

__all__ = ["Place"]


@dataclass(frozen=True, slots=True)
class Place:
    """Which part of which file of entities a query is for.

    ``span`` is None where showing its lines would show an address, and the password in it.
    """

    part: str
    file: str
    span: Span | None = None
