"""Syntax errors of YAML explained by the text around them, and the text repaired to read on.

The parser tells where it stopped, in words that help nobody who wrote an expression. What is wrong
shows in the lines there. Where it is a value that should have been quoted, the value as it was
meant is known too: reading goes on with it, so that one mistake does not hide the next.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from evaluator.diagnostics import Diagnostic
from evaluator.documents import problems
from evaluator.documents.expression_text import (
    comment_at,
    enclosing_bracket,
    flow_item,
    matching_bracket,
    unfinished,
    without_comments,
)
from evaluator.documents.fragments import bad_escape
from evaluator.documents.lines import Line, key_end, line_at, lines_above, value_end
from evaluator.documents.nodes import Scalar
from evaluator.documents.repairs import Repair
from evaluator.documents.yaml_events import Failure
from evaluator.source import Source, Span

__all__ = ["Explained", "explain"]

_CLOSING: Final = {"[": "]", "{": "}"}
_QUOTES: Final = ("'", '"')
_EATEN: Final = "\"'[{!&*@`%|>"  # what no unquoted text can begin with


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
    text = source.text
    bracket = _bracket(text, failure, line, at)
    if bracket >= 0:
        inside = _in_flow(source, bracket, at)
        if inside:
            return inside
    if line.column >= 0 and line.value <= at and line.value < line.end:
        return _swallowed(source, line.value, value_end(text, line))
    above = next(lines_above(text, line), None)
    if above is not None and text[above.start : above.end].rstrip() == "...":
        return Explained(problems.several_documents(source.span(line.first, line.end)))
    return _continued(source, line) or _misplaced(source, line, at)


def _swallowed(source: Source, start: int, end: int) -> Explained:
    """The value is an expression, or a text like one, that YAML takes apart."""
    text = source.text
    line_end = line_at(text, start).end
    if text[start] in "|>" and end > line_end:
        problem = problems.block_header(source.span(start, line_end))
    else:
        problem = _SWALLOWED.get(text[start], problems.unquoted)(source.span(start, end))
    return Explained(problem, Repair(start, end, text=without_comments(text, start, end)))


_SWALLOWED: Final = {"!": problems.tag, "&": problems.anchor, "*": problems.alias}


def _bracket(text: str, failure: Failure, line: Line, at: int) -> int:
    """The bracket of the flow collection that the error is in, -1 if it is in none."""
    if "flow mapping" in failure.context or "flow sequence" in failure.context:
        return at if failure.context_at is None else failure.context_at
    first = _opening(text, line) if line.column < 0 else line
    if first is None or text[first.value : first.value + 1] not in _CLOSING:
        return -1
    return enclosing_bracket(text, first.value, at)


def _in_flow(source: Source, bracket: int, at: int) -> Explained | None:
    """An error inside of ``[`` or ``{``; None when an expression begins with these."""
    text = source.text
    opening = source.span(bracket, bracket + 1)
    closing = matching_bracket(text, bracket)
    if closing < 0:
        return Explained(problems.unclosed_bracket(opening, _CLOSING[text[bracket]]))
    line = line_at(text, bracket)
    if text[line.value] in _CLOSING:
        last = matching_bracket(text, line.value)
        if line.start <= last < line.end and last + 1 < value_end(text, line):
            return None
    start, end = flow_item(text, bracket, at)
    if text[bracket] == "{":
        start = key_end(text, start, end)
    value = text[start:end]
    if start <= at < end and value and (value[0] in _EATEN or " ? " in value):
        return _swallowed(source, start, end)
    if text[at : at + 1] in (",", "]", "}"):
        return Explained(problems.unexpected(_word(source, at)))
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
    above = _opening(text, line)
    if above is None or above.value == above.end or line.indent <= above.column:
        return None
    if text[above.value] in "|>":
        return None
    comment = comment_at(text, above.value, above.end)
    value = text[above.value : above.end if comment < 0 else comment].rstrip()
    lacks = unfinished(value)
    if lacks is None and line.key:
        return None
    explained = _swallowed(source, above.value, value_end(text, above))
    if comment < 0 or text[above.value] in _EATEN:
        return explained
    read = source.span(above.value, above.value + len(value))
    problem = problems.comment_cuts(read, source.span(comment, above.end), lacks)
    return Explained(problem, explained.repair)


def _misplaced(source: Source, line: Line, at: int) -> Explained:
    """A line whose indentation fits none above it, or that is no part of what is there."""
    text = source.text
    span = source.span(line.first, line.end)
    above = next(lines_above(text, line), None)
    taken = above if above and above.value < above.end and above.column >= 0 else None
    levels = _levels(text, line)
    if levels and line.indent not in levels:
        place = source.span(taken.first, taken.end) if taken and line.indent > max(levels) else None
        blanks = source.span(line.start, line.first) if line.indent else span
        return Explained(problems.indentation(blanks, line.indent, sorted(levels), place))
    if line.column < 0:
        return Explained(problems.missing_colon(span), Repair(line.first, line.end, " "))
    neighbours = (other for other in lines_above(text, line) if other.indent == line.indent)
    neighbour = next(neighbours, None)
    if neighbour is not None and neighbour.column >= 0 and neighbour.item != line.item:
        return Explained(problems.wrong_kind(span, item=line.item))
    return Explained(problems.unexpected(_word(source, at)))


def _opening(text: str, line: Line) -> Line | None:
    """The nearest line above that begins with a key or a dash, so that others may belong to it."""
    return next((above for above in lines_above(text, line) if above.column >= 0), None)


def _levels(text: str, line: Line) -> list[int]:
    """The indentations that a line may have below those above it."""
    levels: list[int] = []
    limit = len(text)
    for above in lines_above(text, line):
        if not levels and above.column < 0:  # a line of a text over several lines
            levels.append(above.indent)
            limit = above.indent
        for column in (above.column, above.indent):
            if 0 <= column < limit and above.column >= 0:
                levels.append(column)
                limit = column
        if limit == 0:
            break
    return levels
