"""The parts of YAML lines, read leniently: to explain what the parser could not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = [
    "Line",
    "comment_at",
    "is_comment",
    "key_like",
    "line_at",
    "matching_bracket",
    "previous_line",
    "unfinished",
    "value_end",
    "without_comments",
]

# What no key of ours has in it, but expressions have.
_OPERATORS: Final = frozenset("?&|=<>()[]{}\"'!,;`%@")
_NO_FIRST: Final = frozenset("*-#:")
_BLANKS: Final = " \t"
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_ENDINGS: Final = ("&&", "||", "==", "!=", "<=", ">=", *"<>+-*/%?:,.!&|=")


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
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
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


def previous_line(text: str, line: Line) -> Line | None:
    """The nearest line above that holds something."""
    while line.start > 0:
        line = line_at(text, line.start - 1)
        if not is_comment(text, line):
            return line
    return None


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


@dataclass(slots=True)
class _Reading:
    """What a left-to-right look at an expression finds."""

    comment: int  # where ` #` begins a YAML comment outside the expression's strings, or -1
    quote: str  # the quote that is still open at the end, or ""
    brackets: list[str]  # those that are


def _read(text: str, at: int, end: int, *, stop: bool) -> _Reading:
    found = _Reading(-1, "", [])
    while at < end:
        character = text[at]
        if character in "\"'":
            at = _past_string(text, at, end, found)
            continue
        if character == "#" and at > 0 and text[at - 1] in " \t\r\n":
            found.comment = at
            if stop:
                return found
        if character in _CLOSING:
            found.brackets.append(character)
        elif found.brackets and character == _CLOSING[found.brackets[-1]]:
            found.brackets.pop()
        at += 1
    return found


def _past_string(text: str, at: int, end: int, found: _Reading) -> int:
    """The offset behind a string of the expression language; ``found`` keeps an open one."""
    quote = text[at]
    if text.startswith(quote * 3, at):
        quote *= 3
    raw = at > 0 and text[at - 1] in "rR" and not (at > 1 and text[at - 2].isalnum())
    opened = at
    at += len(quote)
    while at < end:
        if text.startswith(quote, at):
            return at + len(quote)
        at += 2 if text[at] == "\\" and not raw else 1
    found.quote = text[opened]
    return end


def comment_at(text: str, start: int, end: int) -> int:
    """Where a YAML comment begins behind an expression, -1 if none does.

    A ``#`` inside a string of the expression was meant to be in it, whatever YAML thinks.
    """
    return _read(text, start, end, stop=True).comment


def unfinished(text: str) -> str | None:
    """What an expression that was cut off lacks, in words; None when it could be whole."""
    found = _read(text, 0, len(text), stop=False)
    if found.quote:
        return f"the string after `{found.quote}` is not closed"
    if found.brackets:
        return f"`{found.brackets[-1]}` is not closed"
    text = text.rstrip()
    for ending in _ENDINGS:
        if text.endswith(ending):
            return f"nothing follows `{ending}`"
    if text.endswith((" in", "\nin")):
        return "nothing follows `in`"
    return None


def matching_bracket(text: str, opening: int) -> int:
    """The offset of the bracket that closes the one at ``opening``, -1 if there is none."""
    found = _Reading(-1, "", [])
    at = opening
    while at < len(text):
        character = text[at]
        if character in "\"'":
            at = _past_string(text, at, len(text), found)
            continue
        if character == "#" and text[at - 1] in " \t\r\n":
            at = line_at(text, at).end
            continue
        if character in _CLOSING:
            found.brackets.append(_CLOSING[character])
        elif character in ")]}":
            if found.brackets.pop() != character:
                return -1
            if not found.brackets:
                return at
        at += 1
    return -1


def without_comments(text: str, start: int, end: int) -> str:
    """A stretch of a source with blanks in place of its YAML comments."""
    parts = []
    at = start
    while (comment := comment_at(text, at, end)) >= 0:
        after = min(line_at(text, comment).end, end)
        parts += [text[at:comment], " " * (after - comment)]
        at = after
    return "".join([*parts, text[at:end]])


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
