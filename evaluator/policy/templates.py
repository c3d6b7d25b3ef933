"""Messages with expressions in braces: taken apart into texts and trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evaluator.diagnostics import Diagnostic
from evaluator.errors import PolicyError
from evaluator.language.parser import expression_end, parse
from evaluator.language.syntax import Parsed
from evaluator.language.types import (
    BOOL,
    DOUBLE,
    DURATION,
    DYN,
    ERROR,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    EnumType,
    ListType,
    NullableType,
    OptionalType,
    Type,
)
from evaluator.policy import problems
from evaluator.source import Fragment

__all__ = ["Parts", "is_renderable", "parse_template"]

Parts = tuple[str | Parsed, ...]
"""Texts and expressions in the order in which they are written."""

_RENDERABLE = frozenset({BOOL, DOUBLE, DURATION, DYN, ERROR, INT, STRING, TIMESTAMP, UINT})


def parse_template(
    fragment: Fragment, parse: Callable[[Fragment], Parsed] = parse
) -> tuple[Parts, tuple[Diagnostic, ...]]:
    """The parts of a message and what is wrong with it; what is wrong is left out of the parts.

    ``parse`` makes the trees, and raises ``PolicyError`` for what is no expression.
    ``{{`` and ``}}`` stand for braces. An expression ends where the grammar says that it does, so
    braces of its maps and strings do not end it.
    """
    text = fragment.text
    if "{" not in text and "}" not in text:
        return (text,), ()
    found: list[Diagnostic] = []
    parts: list[str | Parsed] = []
    literal = ""
    for start, end, kind in _pieces(text):
        if kind == "text":
            literal += text[start:end]
        elif kind == "brace":
            literal += text[start]
        elif kind == "unclosed":
            found.append(_unclosed(fragment, start))
        elif kind == "stray":
            found.append(problems.template_stray_brace(fragment.span(start, end)))
        elif not text[start:end].strip():
            found.append(problems.template_empty(fragment.span(start - 1, end + 1)))
        else:
            try:
                tree = parse(fragment.part(start, end))
            except PolicyError as error:
                found.extend(error.diagnostics)
                continue
            if literal:
                parts.append(literal)
                literal = ""
            parts.append(tree)
    if literal or not parts:
        parts.append(literal)
    return tuple(parts), tuple(found)


def _unclosed(fragment: Fragment, start: int) -> Diagnostic:
    """What is wrong with an expression whose end cannot be told, from its brace on."""
    end = fragment.text.find("}", start)
    if end > 0:
        # There is an end, but what stands before it is not made of the language's tokens.
        try:
            parse(fragment.part(start + 1, end))
        except PolicyError as error:
            return error.diagnostics[0]
    return problems.template_unclosed(fragment.span(start, start + 1))


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of texts, doubled braces, the insides of braces, and mistakes."""
    at, length = 0, len(text)
    opening = closing = -1
    while at < length:
        if opening < at:
            opening = text.find("{", at)
            opening = length if opening < 0 else opening
        if closing < at:
            closing = text.find("}", at)
            closing = length if closing < 0 else closing
        brace = min(opening, closing)
        if brace > at:
            yield at, brace, "text"
            at = brace
        elif text.startswith(("{{", "}}"), at):
            yield at, at + 2, "brace"
            at += 2
        elif brace == closing:
            yield at, at + 1, "stray"
            at += 1
        else:
            path = closing < length and _is_path(text[at + 1 : closing])
            end = closing if path else expression_end(text, at + 1)
            if end < 0:
                yield at, length, "unclosed"
                return
            yield at + 1, end, "expression"
            at = end + 1


def _is_path(text: str) -> bool:
    """Whether a text is a name with fields, as most expressions in messages are."""
    return text.isascii() and all(map(str.isidentifier, text.split(".")))


def is_renderable(type_: Type) -> bool:
    """Whether values of a type can be put into words; maps, bytes and types cannot."""
    if isinstance(type_, ListType):
        return is_renderable(type_.element)
    if isinstance(type_, OptionalType | NullableType):
        return is_renderable(type_.value)
    return isinstance(type_, EnumType) or type_ in _RENDERABLE
