"""Where each code point of a scalar stands in the file, for every style of YAML and JSON.

The parser has told what the text is. Here the source is walked again, by the rules of the style, to
learn where each part of it comes from: YAML removes indentation, folds lines and decodes escapes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evaluator.source import Fragment, Segments, Source

__all__ = ["Piece", "bad_escape", "escape", "fragment_of"]

Piece = tuple[str, int]
"""A stretch of a scalar's text, and the offset from which on it stands in the source in step."""

# What follows a backslash in double quotes: those of YAML, which include those of JSON.
_ESCAPES: Final = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "/": "/",
    "\\": "\\",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_CODE_LENGTHS: Final = {"x": 2, "u": 4, "U": 8}
_HEXADECIMAL: Final = frozenset("0123456789abcdefABCDEF")
_SPACE: Final = " \t\r\n"
_BLOCK_FLAGS: Final = frozenset("+-123456789")


def fragment_of(source: Source, start: int, end: int, text: str, style: str) -> Fragment:
    """The fragment of a scalar whose text and extent (offsets, end exclusive) are known."""
    if style == "raw" or (style == "plain" and end - start == len(text) and "\n" not in text):
        return Fragment(text, source, ((0, start),), end)
    if style in "'\"" and end - start - 2 == len(text) and source.text.startswith(text, start + 1):
        return Fragment(text, source, ((0, start + 1),), end - 1)
    return Fragment.located(text, source, _located, source.text, start, end, text, style)


def _located(raw: str, start: int, end: int, text: str, style: str) -> tuple[Segments, int]:
    if style == "plain":
        pieces = list(_flowing(raw, start, end, ""))
    elif style in "|>":
        pieces = _block(raw, start, text, folded=style == ">")
        end = pieces[-1][1] + len(pieces[-1][0]) if pieces else end
    else:
        end -= 1
        pieces = list(_flowing(raw, start + 1, end, style))
    if _text(pieces) != text:
        # Something was read that these rules do not know. The place of the whole is still right.
        return ((0, start),), end
    return tuple(_segments(pieces)) or ((0, start),), end


def bad_escape(raw: str, quote: int) -> tuple[int, int] | None:
    """Where the first bad escape of the double quoted text stands that opens at ``quote``.

    Bad is what YAML does not know, and half a surrogate pair; None when there is no such escape.
    """
    at = quote + 1
    while at < len(raw) and raw[at] != '"':
        if raw[at] != "\\":
            at += 1
        elif raw[at + 1 : at + 2] in ("\r", "\n"):
            at += 2
        else:
            piece, length = escape(raw, at, len(raw))
            if not piece or length == 12 or 0xD800 <= ord(piece) < 0xE000:
                return at, min(at + length, len(raw))
            at += length
    return None


def _text(pieces: list[Piece]) -> str:
    return "".join(piece for piece, _ in pieces)


def _segments(pieces: list[Piece]) -> Iterator[tuple[int, int]]:
    offset = 0
    distance = None
    for piece, at in pieces:
        if piece and at - offset != distance:
            yield offset, at
            distance = at - offset
        offset += len(piece)


def _flowing(raw: str, at: int, end: int, quote: str) -> Iterator[Piece]:
    """The pieces of a plain (``quote`` is empty) or quoted scalar of one or more lines."""
    special = _SPACE + {"": "", "'": "'", '"': "\\"}[quote]
    while at < end:
        character = raw[at]
        if character in _SPACE:
            stop = _past(raw, at, end, _SPACE)
            breaks = list(_breaks(raw, at, stop))
            if not breaks:
                yield raw[at:stop], at
            elif len(breaks) == 1:
                yield " ", breaks[0]
            else:
                yield from (("\n", place) for place in breaks[1:])
            at = stop
        elif character == "'" and quote == "'":
            yield "'", at
            at += 2
        elif character == "\\" and quote == '"':
            if raw[at + 1 : at + 2] in ("\r", "\n"):
                # The line goes on behind the next one's indentation; empty lines count.
                stop = _past(raw, at + 1, end, _SPACE)
                yield from (("\n", place) for place in list(_breaks(raw, at + 1, stop))[1:])
                at = stop
            else:
                piece, length = escape(raw, at, end)
                yield piece, at
                at += length
        else:
            stop = at
            while stop < end and raw[stop] not in special:
                stop += 1
            yield raw[at:stop], at
            at = stop


def _past(raw: str, at: int, end: int, characters: str) -> int:
    """The first offset from ``at`` on, at most ``end``, that holds none of the characters."""
    while at < end and raw[at] in characters:
        at += 1
    return at


def _breaks(raw: str, at: int, end: int) -> Iterator[int]:
    """The offsets of the line breaks in a stretch; CR LF is one."""
    while at < end:
        if raw[at] in "\r\n":
            yield at
            at += raw.startswith("\r\n", at)
        at += 1


def escape(raw: str, at: int, end: int) -> tuple[str, int]:
    """What the escape at an offset stands for, empty if it is none, and how long it is."""
    kind = raw[at + 1] if at + 1 < end else ""
    if kind in _CODE_LENGTHS:
        return _code_escape(raw, at, end, _CODE_LENGTHS[kind])
    return _ESCAPES.get(kind, ""), 1 + len(kind)


def _code_escape(raw: str, at: int, end: int, length: int) -> tuple[str, int]:
    digits = raw[at + 2 : min(at + 2 + length, end)]
    if len(digits) < length or not _HEXADECIMAL.issuperset(digits):
        return "", 2
    code = int(digits, 16)
    if 0xD800 <= code < 0xDC00 and raw.startswith("\\u", at + 6) and length == 4:
        low = raw[at + 8 : min(at + 12, end)]
        if len(low) == 4 and _HEXADECIMAL.issuperset(low) and 0xDC00 <= int(low, 16) < 0xE000:
            return chr(0x10000 + ((code - 0xD800) << 10) + int(low, 16) - 0xDC00), 12
    return (chr(code), 2 + length) if code <= 0x10FFFF else ("", 2 + length)


def _block(raw: str, start: int, text: str, *, folded: bool) -> list[Piece]:
    """The pieces of a block scalar, whose header is at ``start``."""
    at = start + 1
    indicated = False
    chomping = ""
    while raw[at : at + 1] in _BLOCK_FLAGS:
        indicated = indicated or raw[at] not in "+-"
        chomping = raw[at] if raw[at] in "+-" else chomping
        at += 1
    lines = _lines(raw, at)
    next(lines, None)  # the rest of the header: blanks, a comment
    at = next(lines, (len(raw), len(raw)))[0]
    if not text.strip("\n"):
        return list(_block_lines(raw, at, len(raw), chomping, folded=folded))
    deepest = _indentation(raw, at)
    # An indicator counts from the indentation of the parent, which is not known here. The deepest
    # that yields the text is right: the text tells how much more than that a line is indented.
    for indent in range(deepest, 0 if indicated else deepest - 1, -1):
        pieces = list(_block_lines(raw, at, indent, chomping, folded=folded))
        if _text(pieces) == text:
            return pieces
    return []


def _lines(raw: str, at: int) -> Iterator[tuple[int, int]]:
    """Where the lines from an offset on begin and end, their breaks not counted."""
    while at < len(raw):
        stop = at
        while stop < len(raw) and raw[stop] not in "\r\n":
            stop += 1
        yield at, stop
        at = stop + (2 if raw.startswith("\r\n", stop) else 1)


def _indentation(raw: str, at: int) -> int:
    """How many blanks the lines from an offset on begin with, at most, up to one that has text."""
    deepest = 0
    for start, stop in _lines(raw, at):
        first = _past(raw, start, stop, " ")
        deepest = max(deepest, first - start)
        if first < stop:
            break
    return deepest


def _block_lines(raw: str, at: int, indent: int, chomping: str, *, folded: bool) -> Iterator[Piece]:
    """The pieces of the lines from ``at`` on that are indented by ``indent`` or empty."""
    held: list[Piece] = []  # the break after the last line of text, if there was one
    blank: list[Piece] = []  # those of the empty lines since
    flush = False  # whether that line's text begins at the indentation
    for start, stop in _lines(raw, at):
        first = _past(raw, start, min(start + indent, stop), " ")
        end = [("\n", stop)] if stop < len(raw) else []
        if first == stop:
            blank += end
            continue
        if first - start < indent:
            break
        was_flush, flush = flush, raw[first] not in " \t"
        if folded and held and was_flush and flush:
            yield from blank or [(" ", held[0][1])]
        else:
            yield from held + blank
        yield raw[first:stop], first
        held, blank = end, []
    if chomping != "-":
        yield from held
    if chomping == "+":
        yield from blank
