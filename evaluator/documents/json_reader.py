"""A reader of JSON that keeps the place of every value and goes on behind what is wrong."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn

from evaluator.diagnostics import Diagnostic
from evaluator.documents import json_problems as problems
from evaluator.documents.fragments import escape
from evaluator.documents.limits import Limits
from evaluator.documents.nodes import Document, Mapping, Node, Scalar, Sequence
from evaluator.documents.scalars import resolve
from evaluator.source import Source, Span

if TYPE_CHECKING:
    from evaluator.documents.json_documents import JsonCodes

__all__ = ["read_json"]

_CLOSING: Final = {"[": "]", "{": "}"}
_ESCAPED: Final = frozenset('"\\/bfnrtu')
_WORDS: Final = frozenset({"true", "false", "null"})
_FOREIGN_WORDS: Final = {
    "True": "true",
    "TRUE": "true",
    "False": "false",
    "FALSE": "false",
    "None": "null",
    "Null": "null",
    "NULL": "null",
    "nil": "null",
    "undefined": "null",
}
_NO_NUMBERS: Final = frozenset({"nan", "infinity", "inf"})
_DIGITS: Final = frozenset("0123456789")


def read_json(source: Source, codes: JsonCodes, limits: Limits) -> Document:
    """The document of a JSON text; its root is None if reading had to stop."""
    reader = _Reader(source, codes, limits)
    root: Node | None = None
    with suppress(_StopReading):
        root = reader.read()
    found = sorted(reader.problems, key=lambda item: item.span.start if item.span else 0)
    return Document(source, root, tuple(found))


class _StopReading(Exception):  # noqa: N818  # control flow: what is wrong has been noted
    pass


@dataclass(slots=True)
class _Open:
    """A list or an object whose end has not come yet."""

    start: int
    is_object: bool
    items: list[Node] = field(default_factory=list)
    keys: list[Scalar] = field(default_factory=list)


class _Reader:
    def __init__(self, source: Source, codes: JsonCodes, limits: Limits) -> None:
        self.problems: list[Diagnostic] = []
        self._source = source
        self._text = source.text
        self._codes = codes
        self._limits = limits
        self._at = 0

    def read(self) -> Node:
        """The one value of the text."""
        if self._text.startswith("\ufeff"):
            self._add(problems.byte_order_mark(self._codes.encoding, self._span(0, 1)))
            self._at = 1
        if not self._here():
            self._stop(problems.empty(self._codes.syntax, self._span(0, 0)))
        root = self._value()
        if self._here():
            span = self._span(self._at, self._line_end(self._at))
            self._add(problems.after_end(self._codes.syntax, span))
        return root

    def _value(self) -> Node:
        """The value that begins here. Nesting is kept on a list, not on Python's stack."""
        opened: list[_Open] = []
        while True:
            node: Node | None = None
            character = self._here()
            if character in _CLOSING and character:
                opened.append(_Open(self._at, character == "{"))
                self._at += 1
                if len(opened) > self._limits.max_depth:
                    span = self._span(self._at - 1, self._at)
                    self._stop(problems.too_deep(self._codes.depth, span, self._limits.max_depth))
                if self._here() == _CLOSING[character]:
                    node = self._closed(opened.pop())
            else:
                node = self._scalar()
            # Go up as far as lists and objects end here.
            while node is not None and opened:
                opened[-1].items.append(node)
                node = self._closed(opened.pop()) if self._ends(opened[-1]) else None
            if not opened:
                assert node is not None
                return node
            if opened[-1].is_object:
                opened[-1].keys.append(self._key(opened[-1].start))

    def _ends(self, inner: _Open) -> bool:
        """Whether a list or an object ends behind the value just read, and no comma comes."""
        opening = self._text[inner.start]
        closing = _CLOSING[opening]
        character = self._here()
        if character == ",":
            comma = self._at
            self._at += 1
            if self._here() != closing:
                return False
            span = self._span(comma, comma + 1)
            self._add(problems.trailing_comma(self._codes.syntax, span, closing))
            return True
        if character == closing:
            return True
        place = self._span(inner.start, inner.start + 1)
        if not character:
            self._stop(problems.unclosed(self._codes.syntax, place, closing))
        if character in "]}":
            wrong = self._span(self._at, self._at + 1)
            self._stop(problems.mismatched(self._codes.syntax, wrong, place, closing))
        return self._expected(f"`,` or `{closing}`", "put `,` between two of them")

    def _closed(self, inner: _Open) -> Node:
        self._at += 1  # past the closing bracket
        if not inner.is_object:
            return Sequence(self._source, inner.start, self._at, tuple(inner.items), True)
        members: dict[str, tuple[Scalar, Node]] = {}
        for key, value in zip(inner.keys, inner.items, strict=True):
            if key.text in members:
                first = members[key.text][0].span
                self._add(
                    problems.duplicate_key(self._codes.duplicate_key, key.span, key.text, first)
                )
            else:
                members[key.text] = (key, value)
        return Mapping(self._source, inner.start, self._at, members, True)

    def _key(self, opening: int) -> Scalar:
        character = self._here()
        if not character:
            span = self._span(opening, opening + 1)
            self._stop(problems.unclosed(self._codes.syntax, span, "}"))
        if character not in ('"', "'"):
            self._expected("a key in double quotes", 'write `"key": value`')
        key = self._string() if character == '"' else self._foreign_string()
        if self._here() != ":":
            self._expected("`:`", 'write `"key": value`')
        self._at += 1
        return key

    def _scalar(self) -> Scalar:
        character = self._here()
        if character == '"':
            return self._string()
        if character == "'":
            return self._foreign_string()
        start = self._at
        end = start
        while end < len(self._text) and (self._text[end].isalnum() or self._text[end] in "+-._$"):
            end += 1
        if end == start:
            self._expected("a value", "write one")
        self._at = end
        word = self._text[start:end]
        scalar = Scalar(self._source, start, end, word)
        if word not in _WORDS:
            self._check_number(word, scalar.span)
        return scalar

    def _check_number(self, word: str, span: Span) -> None:
        if _is_number(word):
            value = resolve(word)
            if isinstance(value, float) and math.isinf(value):
                self._add(problems.number_range(self._codes.number, span))
        elif word.lstrip("+-").lower() in _NO_NUMBERS:
            self._add(problems.not_a_number(self._codes.number, span))
        elif word[0] in "+-." or word[0] in _DIGITS:
            self._add(problems.number_form(self._codes.number, span))
        else:
            self._add(problems.wrong_word(self._codes.syntax, span, _FOREIGN_WORDS.get(word)))

    def _string(self) -> Scalar:
        text = self._text
        start = at = self._at
        at += 1
        end = text.find('"', at)
        if end >= 0 and (inside := text[at:end]).isprintable() and "\\" not in inside:
            self._at = end + 1
            return Scalar(self._source, start, self._at, inside, '"')
        parts: list[str] = []
        while True:
            run = at
            while at < len(text) and text[at] >= " " and text[at] not in '"\\':
                at += 1
            parts.append(text[run:at])
            character = text[at : at + 1]
            if character == '"':
                break
            if character in ("", "\r", "\n"):
                span = self._span(start, at)
                self._stop(problems.unclosed(self._codes.syntax, span, '"'))
            if character == "\\":
                piece, length = self._escape(at)
                parts.append(piece)
                at += length
            else:
                span = self._span(at, at + 1)
                self._add(problems.control_character(self._codes.syntax, span))
                parts.append(character)
                at += 1
        self._at = at + 1
        self._check_characters(start, self._at)
        return Scalar(self._source, start, self._at, "".join(parts), '"')

    def _escape(self, at: int) -> tuple[str, int]:
        piece, length = "", 2
        if self._text[at + 1 : at + 2] in _ESCAPED:
            piece, length = escape(self._text, at, len(self._text))
        if not piece:
            span = self._span(at, min(at + 2, len(self._text)))
            self._add(problems.bad_escape(self._codes.syntax, span))
        elif 0xD800 <= ord(piece) < 0xE000:
            span = self._span(at, at + length)
            self._add(problems.half_character(self._codes.encoding, span))
        return piece, length

    def _check_characters(self, start: int, end: int) -> None:
        """Finds halves of characters that stand in a string as they are."""
        try:
            self._text[start:end].encode("utf-8")
        except UnicodeEncodeError as error:
            span = self._span(start + error.start, start + error.start + 1)
            self._add(problems.half_character(self._codes.encoding, span))

    def _foreign_string(self) -> Scalar:
        """A text in single quotes, on one line."""
        start = self._at
        end = self._text.find("'", start + 1, self._line_end(start))
        if end < 0:
            self._expected("a text in double quotes", 'close it with `"`')
        self._at = end + 1
        span = self._span(start, self._at)
        self._add(problems.wrong_quotes(self._codes.syntax, span))
        return Scalar(self._source, start, self._at, self._text[start + 1 : end], "'")

    def _here(self) -> str:
        """The next character that matters, "" at the end. Comments are passed, and noted."""
        text = self._text
        length = len(text)
        while True:
            start = self._at
            while start < length and text[start] in " \t\r\n":
                start += 1
            self._at = start
            character = text[start : start + 1]
            if character not in ("/", "#"):
                return character
            if text.startswith(("//", "#"), start):
                self._at = self._line_end(start)
            elif text.startswith("/*", start):
                end = text.find("*/", start + 2)
                self._at = len(text) if end < 0 else end + 2
            else:
                return character
            self._add(problems.comment(self._codes.syntax, self._span(start, self._at)))

    def _line_end(self, at: int) -> int:
        while at < len(self._text) and self._text[at] not in "\r\n":
            at += 1
        return at

    def _expected(self, what: str, help_: str) -> NoReturn:
        end = min(self._at + 1, len(self._text))
        while self._text[self._at : end].isalnum() and self._text[end : end + 1].isalnum():
            end += 1
        span = self._span(self._at, end)
        self._stop(problems.unexpected(self._codes.syntax, span, what, help_))

    def _span(self, start: int, end: int) -> Span:
        return Span(self._source, start, end)

    def _add(self, problem: Diagnostic) -> None:
        self.problems.append(problem)
        if len(self.problems) >= self._limits.max_problems:
            raise _StopReading

    def _stop(self, problem: Diagnostic) -> NoReturn:
        self._add(problem)
        raise _StopReading


def _is_number(text: str) -> bool:
    """Whether a text is a number by the grammar of JSON."""
    mantissa, mark, exponent = text.replace("E", "e", 1).partition("e")
    if mark:
        exponent = exponent[1:] if exponent[:1] in ("+", "-") else exponent
        if not exponent or not _DIGITS.issuperset(exponent):
            return False
    whole, point, fraction = mantissa.removeprefix("-").partition(".")
    if point and (not fraction or not _DIGITS.issuperset(fraction)):
        return False
    return bool(whole) and _DIGITS.issuperset(whole) and (whole == "0" or whole[0] != "0")
