"""Makes an expression smaller that fails a test, until nothing can be left out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evaluator.errors import PolicyError
from evaluator.language.parser import parse_text
from evaluator.language.syntax import walk

__all__ = ["reduced"]

_MOST_ATTEMPTS = 2_000
_SMALLEST = ("true", "1", "''", "[]")


def reduced(text: str, fails: Callable[[str], bool]) -> str:
    """The smallest expression that is found to fail too; ``fails`` is true of ``text``."""
    attempts = 0
    smaller = True
    while smaller:
        smaller = False
        for candidate in _smaller(text):
            attempts += 1
            if attempts > _MOST_ATTEMPTS:
                return text
            if fails(candidate):
                text, smaller = candidate, True
                break
    return text


def _smaller(text: str) -> Iterator[str]:
    """The text with one node exchanged for a node inside it or for a constant, big steps first."""
    try:
        parsed = parse_text(text)
    except PolicyError:
        return
    for node in walk(parsed.root):
        _, start, end = parsed.places[node.id]
        inside = sorted((parsed.text(part) for part in walk(node)), key=len)
        for part in (*_SMALLEST, *inside):
            if len(part) < end - start:
                yield text[:start] + part + text[end:]
