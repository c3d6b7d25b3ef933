"""Which steps are meant: expressions over names, as pytest's ``-k`` takes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

__all__ = ["Selection", "SelectionError", "selection"]

Selection = Callable[[str], bool]
"""Whether the name of a step is selected."""

_OPERATORS: Final = frozenset({"and", "or", "not", "(", ")"})
_MOST_NESTED: Final = 100


class SelectionError(ValueError):
    """An expression that cannot be read; the message says what is wrong with it."""


def selection(expression: str) -> Selection:
    """Reads an expression: texts that names contain, joined by ``and``, ``or``, ``not``, ``()``.

    Case does not matter. A text with blanks or parentheses in it is quoted, ``'`` or ``"``. Raises
    ``SelectionError``.
    """
    parsing = _Parsing(list(_tokens(expression)))
    found = parsing.any_of(0)
    if parsing.rest:
        token, quoted = parsing.rest[0]
        if not quoted and token == ")":
            raise SelectionError("`)` closes nothing")
        raise SelectionError(f"`and` or `or` is missing before `{token}`; quote texts with blanks")
    return found


def _tokens(expression: str) -> Iterator[tuple[str, bool]]:
    """(token, whether it was quoted)."""
    at = 0
    while at < len(expression):
        letter = expression[at]
        if letter.isspace():
            at += 1
        elif letter in "()":
            yield letter, False
            at += 1
        elif letter in "'\"":
            end = expression.find(letter, at + 1)
            if end < 0:
                raise SelectionError(f"the quote {letter} is not closed")
            yield expression[at + 1 : end], True
            at = end + 1
        else:
            end = at
            while end < len(expression) and not (
                expression[end].isspace() or expression[end] in "()"
            ):
                end += 1
            yield expression[at:end], False
            at = end


class _Parsing:
    """What is left to read, and the reading of it; ``depth`` counts what it is nested in."""

    def __init__(self, tokens: Sequence[tuple[str, bool]]) -> None:
        self.rest = list(tokens)

    def any_of(self, depth: int) -> Selection:
        parts = [self._all_of(depth)]
        while self._takes("or"):
            parts.append(self._all_of(depth))
        return parts[0] if len(parts) == 1 else lambda name: any(part(name) for part in parts)

    def _all_of(self, depth: int) -> Selection:
        parts = [self._one(depth)]
        while self._takes("and"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else lambda name: all(part(name) for part in parts)

    def _one(self, depth: int) -> Selection:
        if depth > _MOST_NESTED:
            raise SelectionError("it is nested too deeply")
        if self._takes("not"):
            inner = self._one(depth + 1)
            return lambda name: not inner(name)
        if self._takes("("):
            inner = self.any_of(depth + 1)
            if not self._takes(")"):
                raise SelectionError("`)` is missing")
            return inner
        if not self.rest:
            raise SelectionError("a text is missing at the end")
        token, quoted = self.rest[0]
        if not quoted and token in _OPERATORS:
            raise SelectionError(f"a text is missing before `{token}`")
        del self.rest[0]
        text = token.casefold()
        return lambda name: text in name.casefold()

    def _takes(self, operator: str) -> bool:
        if self.rest and self.rest[0] == (operator, False):
            del self.rest[0]
            return True
        return False
