"""Limits on expressions, so that no text can exhaust the stack, time or memory."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT_LIMITS", "Limits"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What an expression may come to; each limit has a diagnostic of its own.

    ``max_depth`` counts nested operators, calls, selections, ternaries, brackets and unary chains;
    a chain of ``&&`` or ``||`` counts once. ``max_length`` is in code points,
    ``max_comprehensions`` in loops inside loops.
    """

    max_depth: int = 150
    max_length: int = 100_000
    max_comprehensions: int = 8


DEFAULT_LIMITS = Limits()
