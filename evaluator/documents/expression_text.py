"""Expressions looked at as text: where their strings, brackets and ends are, and what they lack.

YAML knows nothing of these, which is why it takes expressions apart. Nothing is parsed here, as the
text may be anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

__all__ = [
    "comment_at",
    "enclosing_bracket",
    "flow_item",
    "matching_bracket",
    "unfinished",
    "without_comments",
]

_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_ENDINGS: Final = ("&&", "||", "==", "!=", "<=", ">=", *"<>+-*/%?:,.!&|=")


def _outside_strings(text: str, at: int, end: int) -> Iterator[int]:
    """The offsets of the characters outside of the strings of an expression.

    The quote of a string that is not closed is the last of them; no other quote is among them.
    """
    while at < end:
        if text[at] not in "\"'":
            yield at
            at += 1
            continue
        opened = at
        at = _past_string(text, at, end)
        if at < 0:
            yield opened
            return


def _past_string(text: str, at: int, end: int) -> int:
    """The offset behind the string that begins at ``at``, -1 if it is not closed."""
    quote = text[at]
    if text.startswith(quote * 3, at):
        quote *= 3
    raw = at > 0 and text[at - 1] in "rR" and not (at > 1 and text[at - 2].isalnum())
    at += len(quote)
    while at < end:
        if text.startswith(quote, at):
            return at + len(quote)
        at += 2 if text[at] == "\\" and not raw else 1
    return -1


def comment_at(text: str, start: int, end: int) -> int:
    """Where a YAML comment begins behind an expression, -1 if none does.

    A ``#`` inside a string of the expression was meant to be in it, whatever YAML thinks.
    """
    for at in _outside_strings(text, start, end):
        if text[at] == "#" and at > 0 and text[at - 1] in " \t\r\n":
            return at
    return -1


def without_comments(text: str, start: int, end: int) -> str:
    """A stretch of a source with spaces in place of its YAML comments."""
    parts = []
    at = start
    while (comment := comment_at(text, at, end)) >= 0:
        parts.append(text[at:comment])
        at = comment
        while at < end and text[at] not in "\r\n":
            parts.append(" ")
            at += 1
    return "".join([*parts, text[at:end]])


def unfinished(text: str) -> str | None:
    """What an expression that was cut off lacks, in words; None when it could be whole."""
    opened: list[str] = []
    for at in _outside_strings(text, 0, len(text)):
        character = text[at]
        if character in "\"'":
            return f"the string after `{character}` is not closed"
        if character in _CLOSING:
            opened.append(character)
        elif opened and character == _CLOSING[opened[-1]]:
            opened.pop()
    if opened:
        return f"`{opened[-1]}` is not closed"
    text = text.rstrip()
    for ending in _ENDINGS:
        if text.endswith(ending):
            return f"nothing follows `{ending}`"
    if text.endswith((" in", "\nin")):
        return "nothing follows `in`"
    return None


def matching_bracket(text: str, opening: int) -> int:
    """The offset of the bracket that closes the one at ``opening``, -1 if there is none."""
    wanted: list[str] = []
    for at in _outside_strings(text, opening, len(text)):
        character = text[at]
        if character in _CLOSING:
            wanted.append(_CLOSING[character])
        elif character in ")]}":
            if wanted.pop() != character:
                return -1
            if not wanted:
                return at
    return -1


def enclosing_bracket(text: str, start: int, at: int) -> int:
    """The innermost ``[`` or ``{`` from ``start`` on that is still open at an offset, else -1."""
    opened: list[int] = []
    for offset in _outside_strings(text, start, at):
        if text[offset] in _CLOSING:
            opened.append(offset)
        elif opened and text[offset] == _CLOSING[text[opened[-1]]]:
            opened.pop()
    while opened and text[opened[-1]] == "(":
        opened.pop()
    return opened[-1] if opened else -1


def flow_item(text: str, opening: int, at: int) -> tuple[int, int]:
    """Where the item that holds ``at`` begins and ends in the list or mapping after ``opening``."""
    depth = 0
    start, end = opening + 1, len(text)
    for offset in _outside_strings(text, opening + 1, len(text)):
        character = text[offset]
        if character in _CLOSING:
            depth += 1
        elif depth and character in ")]}":
            depth -= 1
        elif not depth and character in ",]}":
            if offset >= at:
                end = offset
                break
            start = offset + 1
    item = text[start:end]
    return start + len(item) - len(item.lstrip()), start + len(item.rstrip())
