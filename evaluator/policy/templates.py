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
    found: list[Diagnostic] = []
    parts: list[str | Parsed] = []
    literal = ""
    for before, start, end, kind in _pieces(text):
        literal += text[before:start]
        if kind == "brace":
            literal += text[start]
        elif kind == "unclosed":
            found.append(_unclosed(fragment, start))
        elif kind == "stray":
            found.append(problems.template_stray_brace(fragment.span(start, end)))
        elif kind == "expression":
            tree = _tree(fragment, start, end, parse, found)
            if tree is not None:
                if literal:
                    parts.append(literal)
                    literal = ""
                parts.append(tree)
    if literal or not parts:
        parts.append(literal)
    return tuple(parts), tuple(found)


def _tree(
    fragment: Fragment,
    start: int,
    end: int,
    parse: Callable[[Fragment], Parsed],
    found: list[Diagnostic],
) -> Parsed | None:
    """The tree of an expression in its braces; None if it is none, which is added to ``found``."""
    start += 1
    end -= 1
    try:
        return parse(fragment.part(start, end))
    except PolicyError as error:
        if fragment.text[start:end].strip():
            found.extend(error.diagnostics)
        else:
            found.append(problems.template_empty(fragment.span(start - 1, end + 1)))
        return None


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


def _pieces(text: str) -> Iterator[tuple[int, int, int, str]]:
    """(before, start, end, kind) of doubled braces, expressions in braces, and mistakes.

    From ``before`` to ``start`` stands text; last comes the end.
    """
    at, length = 0, len(text)
    opening = closing = -1
    while True:
        if opening < at:
            opening = _find(text, "{", at)
        if closing < at:
            closing = _find(text, "}", at)
        brace = opening if opening < closing else closing  # noqa: FURB136  # twice as quick
        if brace == length:
            yield at, length, length, "end"
            return
        if text.startswith(("{{", "}}"), brace):
            end, kind = brace + 2, "brace"
        elif brace == closing:
            end, kind = brace + 1, "stray"
        elif closing < length and _is_path(text[brace + 1 : closing]):
            end, kind = closing + 1, "expression"
        else:
            end = expression_end(text, brace + 1) + 1
            kind = "expression" if end else "unclosed"
        yield at, brace, end, kind
        if not end:
            return
        at = end


def _find(text: str, brace: str, at: int) -> int:
    """Where a brace stands from an offset on; the end if there is none."""
    found = text.find(brace, at)
    return len(text) if found < 0 else found


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
