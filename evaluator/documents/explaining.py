"""Syntax errors of YAML explained by the text around them, and the text repaired to read on.

The parser tells where it stopped, in words that help nobody who wrote an expression. What is wrong
shows in the lines there. Where it is a value that should have been quoted, the value as it was
meant is known too: reading goes on with it, so that one mistake does not hide the next.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from evaluator.diagnostics import Diagnostic
from evaluator.documents import problems
from evaluator.documents.fragments import bad_escape
from evaluator.documents.lines import (
    Line,
    comment_at,
    line_at,
    matching_bracket,
    previous_line,
    unfinished,
    value_end,
    without_comments,
)
from evaluator.documents.nodes import Scalar
from evaluator.documents.repairs import Repair
from evaluator.documents.yaml_events import Failure
from evaluator.source import Source, Span

__all__ = ["Explained", "explain"]

_CLOSING: Final = {"[": "]", "{": "}"}
_QUOTES: Final = ("'", '"')


class Explained(NamedTuple):
    """What is wrong, and the repair with which reading can go on, where there is one."""

    problem: Diagnostic
    repair: Repair | None = None


def explain(source: Source, failure: Failure, last: Scalar | None) -> Explained:
    """The explanation of a syntax error. ``last`` is the scalar that was read before it."""
    text = source.text
    at = min(failure.at, len(text))
    context_at = at if failure.context_at is None else failure.context_at
    if "quoted scalar" in failure.context:
        return _quoted(source, context_at)
    line = line_at(text, at)
    if not text[line.start : at].strip(" ") and text.startswith("\t", at):
        return Explained(problems.tab_indentation(source.span(at, line.first)))
    if "simple key" in failure.context:
        return _without_colon(source, line_at(text, context_at))
    if any(word in failure.context for word in ("tag", "anchor", "alias")):
        line = line_at(text, context_at)
        at = context_at
    elif last is not None and last.style in _QUOTES and line.start < last.end <= at <= line.end:
        opening = line_at(text, last.start)
        if opening.start < line.start:
            begun = source.span(last.start, opening.end)
            closing = source.span(last.end - 1, last.end)
            return Explained(problems.unclosed_quote(begun, closing))
    return _at_line(source, failure, line, at)


def _quoted(source: Source, quote: int) -> Explained:
    text = source.text
    bad = bad_escape(text, quote) if text.startswith('"', quote) else None
    if bad:
        return Explained(problems.bad_escape(source.span(*bad)), Repair(*bad))
    return Explained(problems.unclosed_quote(source.span(quote, line_at(text, quote).end)))


def _without_colon(source: Source, line: Line) -> Explained:
    """A line that should have been a key with a value."""
    text = source.text
    colon = text.find(":", line.first, line.end)
    key = text[line.first : colon] if colon >= 0 else ""
    if key.replace("_", "").isalnum() and not text.startswith("//", colon + 1):
        return Explained(problems.missing_space(source.span(colon, colon + 1)))
    continued = _continued(source, line)
    if continued:
        return continued
    span = source.span(line.first, line.end)
    return Explained(problems.missing_colon(span), Repair(line.first, line.end, " "))


def _at_line(source: Source, failure: Failure, line: Line, at: int) -> Explained:
    if failure.context_at is not None and "flow " in failure.context:
        inside = _in_flow(source, failure.context_at, at)
        if inside:
            return inside
    if line.column >= 0 and line.value <= at and line.value < line.end:
        return swallowed(source, line)
    above = previous_line(source.text, line)
    if above is not None and source.text[above.start : above.end].rstrip() == "...":
        return Explained(problems.several_documents(source.span(line.first, line.end)))
    return _continued(source, line) or _misplaced(source, line, at)


def swallowed(source: Source, line: Line) -> Explained:
    """The value on the line is an expression, or a text like one, that YAML takes apart."""
    text = source.text
    start, end = line.value, value_end(text, line)
    if text[start] in "|>" and end > line.end:
        problem = problems.block_header(source.span(start, line.end))
    else:
        problem = _SWALLOWED.get(text[start], problems.unquoted)(source.span(start, end))
    return Explained(problem, Repair(start, end, text=without_comments(text, start, end)))


_SWALLOWED = {"!": problems.tag, "&": problems.anchor, "*": problems.alias}


def _in_flow(source: Source, bracket: int, at: int) -> Explained | None:
    """An error inside of ``[`` or ``{``; None when an expression begins with these."""
    text = source.text
    if text[bracket : bracket + 1] not in _CLOSING:  # the error is at an item
        return Explained(problems.unexpected(_word(source, at)))
    opening = source.span(bracket, bracket + 1)
    closing = matching_bracket(text, bracket)
    if closing < 0:
        return Explained(problems.unclosed_bracket(opening, _CLOSING[text[bracket]]))
    line = line_at(text, bracket)
    end = value_end(text, line)
    if bracket == line.value and closing + 1 < end and line_at(text, closing).start == line.start:
        return None
    return Explained(problems.no_comma(_word(source, at), opening, _CLOSING[text[bracket]]))


def _word(source: Source, at: int) -> Span:
    """The character at an offset, with the rest of a word that begins there."""
    end = min(at + 1, len(source.text))
    while source.text[at:end].isalnum() and source.text[end : end + 1].isalnum():
        end += 1
    return source.span(at, end)


def _continued(source: Source, line: Line) -> Explained | None:
    """The line goes on with a value that began above and that YAML took to have ended there."""
    text = source.text
    above = previous_line(text, line)
    while above is not None and above.column < 0:
        above = previous_line(text, above)
    if above is None or above.value == above.end or line.indent <= above.column:
        return None
    if text[above.value] in "|>":
        return None
    comment = comment_at(text, above.value, above.end)
    value = text[above.value : above.end if comment < 0 else comment].rstrip()
    lacks = unfinished(value)
    if lacks is None and line.key:
        return None
    explained = swallowed(source, above)
    if comment < 0 or text[above.value] in "\"'[{!&*":
        return explained
    read = source.span(above.value, above.value + len(value))
    problem = problems.comment_cuts(read, source.span(comment, above.end), lacks)
    return Explained(problem, explained.repair)


def _misplaced(source: Source, line: Line, at: int) -> Explained:
    """A line whose indentation fits none above it, or that is no part of what is there."""
    text = source.text
    span = source.span(line.first, line.end)
    above = previous_line(text, line)
    taken = above if above and above.value < above.end and above.column >= 0 else None
    levels = _levels(text, above)
    if levels and line.indent not in levels:
        place = source.span(taken.first, taken.end) if taken and line.indent > max(levels) else None
        blanks = source.span(line.start, line.first) if line.indent else span
        return Explained(problems.indentation(blanks, line.indent, sorted(levels), place))
    if line.column < 0:
        return Explained(problems.missing_colon(span), Repair(line.first, line.end, " "))
    if line.first <= at and line.indent in levels:
        return Explained(problems.wrong_kind(span, item=line.item))
    return Explained(problems.unexpected(_word(source, at)))


def _levels(text: str, above: Line | None) -> list[int]:
    """The indentations that a line may have below another."""
    levels: list[int] = []
    limit = len(text)
    if above is not None and above.column < 0:  # a line of a text over several lines
        levels.append(above.indent)
        limit = above.indent
    while above is not None and limit > 0:
        for column in (above.column, above.indent):
            if 0 <= column < limit and above.column >= 0:
                levels.append(column)
                limit = column
        above = previous_line(text, above)
    return levels
