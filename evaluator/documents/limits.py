"""How large a document may be before it is refused instead of read."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT_LIMITS", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that keep one file from using up time or memory.

    ``max_bytes`` is the size of a file, ``max_depth`` how deep lists and mappings may nest,
    ``max_nodes`` how many values a document may have, about (the ends of lists and mappings count
    too), ``max_problems`` how many problems are told: nobody reads a thousand of them, and a
    hostile file could have a million.
    """

    max_bytes: int = 16 * 1024 * 1024
    max_depth: int = 100
    max_nodes: int = 1_000_000
    max_problems: int = 100


DEFAULT_LIMITS = Limits()
