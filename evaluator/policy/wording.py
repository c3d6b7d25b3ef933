"""Words that many problems share: lists of names, and the word that was probably meant."""

from __future__ import annotations

from collections.abc import Iterable

from evaluator.diagnostics import Edit, Fix, did_you_mean
from evaluator.source import Span

__all__ = ["choice", "replacement", "ticks"]


def ticks(words: Iterable[str], most: int = 12) -> str:
    """Words in backticks, with commas between them; no more than ``most``."""
    words = list(words)
    shown = ", ".join(f"`{word}`" for word in words[:most])
    return f"{shown} and {len(words) - most} more" if len(words) > most else shown


def replacement(span: Span, word: str) -> Fix:
    """The fix that puts a word in the place of what is there."""
    return Fix(f"replace it with `{word}`", (Edit(span, word),))


def choice(span: Span, word: str, known: Iterable[str], otherwise: str) -> tuple[str, Fix | None]:
    """Help that names the word probably meant, else ``otherwise``; and the fix where it is one."""
    guess = did_you_mean(word, known)
    if guess is None:
        return otherwise, None
    return f"did you mean `{guess}`?", replacement(span, guess) if span.text == word else None
