"""The parts of YAML lines, read leniently: to explain what the parser could not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from evaluator.documents.expression_text import comment_at, unfinished

__all__ = ["Line", "is_comment", "key_end", "key_like", "line_at", "lines_above", "value_end"]

# What no key of ours has in it, but expressions have.
_OPERATORS: Final = frozenset("?&|=<>()[]{}\"'!,;`%@")
_NO_FIRST: Final = frozenset("*-#:")
_BLANKS: Final = " \t"
_MOST_LINES: Final = 100_000


def key_like(text: str) -> bool:
    """Whether a text before a colon is a key, and not the first half of an expression."""
    return bool(text) and text[0] not in _NO_FIRST and _OPERATORS.isdisjoint(text)


@dataclass(frozen=True, slots=True)
class Line:
    """The parts of a line, as offsets in its text.

    ``start`` and ``end`` are those of the line without its break, ``first`` that of its first
    character that is no blank, ``value`` that of what follows the dashes and the key (``end`` if
    nothing does). ``column`` counts, from 0, where the key or else the last dash stands: text that
    belongs to the value is indented deeper. It is -1 when there is neither. ``item`` tells that
    the line begins with a dash. ``next`` is where the next line starts.
    """

    start: int
    end: int
    first: int
    key: tuple[int, int] | None
    value: int
    column: int
    item: bool
    next: int

    @property
    def indent(self) -> int:
        """The number of blanks that the line begins with."""
        return self.first - self.start


def line_at(text: str, offset: int) -> Line:
    """The line that holds an offset."""
    if text.startswith("\r\n", offset - 1):
        offset -= 1
    start = text.rfind("\n", 0, offset) + 1
    start = max(start, text.rfind("\r", start, offset) + 1)
    end = offset
    while end < len(text) and text[end] not in "\r\n":
        end += 1
    following = end + (2 if text.startswith("\r\n", end) else 1)
    first = at = _past_blanks(text, start, end)
    item = text[at : at + 1] == "-"
    column = -1
    while text[at : at + 1] == "-" and text[at + 1 : at + 2] in ("", " ", "\t", "\r", "\n"):
        column = at - start
        at = _past_blanks(text, at + 1, end)
    item = item and column >= 0
    key = _key(text, at, end)
    if key:
        column = at - start
        at = _past_blanks(text, text.index(":", key[1]) + 1, end)
    return Line(start, end, first, key, at, column, item, following)


def is_comment(text: str, line: Line) -> bool:
    """Whether a line holds nothing, or a comment only."""
    return line.first == line.end or text[line.first] == "#"


def lines_above(text: str, line: Line) -> Iterator[Line]:
    """The lines above that hold something, the nearest first; those far away are left out."""
    for _ in range(_MOST_LINES):
        if line.start == 0:
            return
        line = line_at(text, line.start - 1)
        if not is_comment(text, line):
            yield line


def key_end(text: str, at: int, end: int) -> int:
    """Where the value begins behind a key at ``at``; ``at`` itself if there is no key."""
    key = _key(text, at, end)
    return _past_blanks(text, text.index(":", key[1]) + 1, end) if key else at


def _past_blanks(text: str, at: int, end: int) -> int:
    while at < end and text[at] in _BLANKS:
        at += 1
    return at


def _key(text: str, at: int, end: int) -> tuple[int, int] | None:
    quote = text[at : at + 1]
    if quote in ('"', "'"):
        close = at + 1
        while close < end and text[close] != quote:
            close += 2 if quote == '"' and text[close] == "\\" else 1
        colon = _past_blanks(text, close + 1, end)
        return (at, close + 1) if _is_colon(text, colon, end) else None
    colon = text.find(":", at, end)
    while colon >= 0 and not _is_colon(text, colon, end):
        colon = text.find(":", colon + 1, end)
    key = text[at:colon].rstrip(_BLANKS) if colon >= 0 else ""
    return (at, at + len(key)) if key_like(key) and " #" not in key else None


def _is_colon(text: str, at: int, end: int) -> bool:
    return at < end and text[at] == ":" and (at + 1 == end or text[at + 1] in _BLANKS)


def value_end(text: str, line: Line) -> int:
    """Where the value ends that begins on a line, if it is written as an expression would be.

    Lines below belong to it while they are indented deeper, up to a comment or a key of their own.
    """
    start = line.value
    comment = comment_at(text, start, line.end)
    end = line.end if comment < 0 else comment
    here = line
    while here.next < len(text):
        here = line_at(text, here.next)
        if here.first == here.end:
            continue
        if here.indent <= line.column or text[here.first] == "#":
            break
        if (here.key or here.item) and not unfinished(text[start:end]):
            break
        comment = comment_at(text, here.first, here.end)
        end = here.end if comment < 0 else comment
    return start + len(text[start:end].rstrip())
