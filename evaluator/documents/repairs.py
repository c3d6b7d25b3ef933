"""Stretches of a text that the YAML parser cannot read, and the text without them.

A repaired text is as long as it was, line by line, so that every place in it stays what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Repair", "repaired"]


@dataclass(frozen=True, slots=True)
class Repair:
    """A stretch to pass over: what is written there is replaced by as many ``filler``.

    Where ``text`` is given, the stretch is a scalar, and this its text as it was meant.
    """

    start: int
    end: int
    filler: str = "x"
    text: str | None = None


def repaired(text: str, repairs: Mapping[int, Repair]) -> str:
    """The text with its repairs made."""
    parts = []
    at = 0
    for start in sorted(repairs):
        repair = repairs[start]
        if start >= at:
            stretch = text[start : repair.end].replace("\t", " ")
            filled = (c if c in " \r\n" else repair.filler for c in stretch)
            parts += [text[at:start], *filled]
            at = repair.end
    return "".join([*parts, text[at:]])
