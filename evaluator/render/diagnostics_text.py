"""Diagnostics for a terminal: the place, its line with what is meant underlined, and the cure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len
from rich.text import Text

from evaluator.diagnostics import Diagnostic, Severity
from evaluator.render.escape import visible
from evaluator.source import Span

__all__ = ["diagnostic_text", "excerpt", "summary"]

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "bold magenta"}
_MARGIN = "cyan"


def diagnostic_text(diagnostic: Diagnostic, *, width: int = 100, folder: str = "") -> Text:
    """One diagnostic. Lines of source longer than ``width`` cells are cut around the place.

    ``folder`` is put before the names of files.
    """
    style = _STYLES[diagnostic.severity]
    text = Text()
    text.append(f"{diagnostic.severity}[{diagnostic.code}]", style)
    text.append(f" {diagnostic.name}: ", style)
    text.append(visible(diagnostic.message) + "\n", "bold")
    gutter = _gutter(diagnostic)
    if diagnostic.span is not None:
        _excerpt(text, diagnostic.span, folder, gutter, width, style)
    for note in diagnostic.notes:
        _remark(text, gutter, "note", note.message)
        if note.span is not None:
            _excerpt(text, note.span, folder, gutter, width, "cyan")
    if diagnostic.help:
        _remark(text, gutter, "help", diagnostic.help)
    return text


def excerpt(span: Span, *, width: int = 100, style: str = "bold red", folder: str = "") -> Text:
    """A place and its line, with what is meant underlined."""
    text = Text()
    _excerpt(text, span, folder, len(str(span.line)), width, style)
    return text


def _gutter(diagnostic: Diagnostic) -> int:
    spans = [diagnostic.span, *(note.span for note in diagnostic.notes)]
    return max((len(str(span.line)) for span in spans if span is not None), default=1)


def _remark(text: Text, gutter: int, kind: str, words: str) -> None:
    text.append(f"{' ' * gutter} = ", _MARGIN)
    text.append(f"{kind}: ", "bold")
    text.append(visible(words) + "\n")


def _excerpt(text: Text, span: Span, folder: str, gutter: int, width: int, style: str) -> None:
    text.append(f"{' ' * gutter}--> ", _MARGIN)
    text.append(f"{visible(folder + span.source.name)}:{span.position}\n")
    if not span.source.text:
        return
    line, start, end = _line(span)
    shown, before, marked = _cut(line, start, end, max(20, width - gutter - 4))
    text.append(f"{' ' * gutter} |\n", _MARGIN)
    text.append(f"{span.line:>{gutter}} | ", _MARGIN)
    text.append(shown.rstrip() + "\n")
    text.append(f"{' ' * gutter} | ", _MARGIN)
    text.append(" " * before)
    text.append("^" * max(1, marked), style)
    if span.end_position.line > span.line:
        text.append(" …", style)
    text.append("\n")


def _line(span: Span) -> tuple[str, int, int]:
    """The line that a span begins on, and the offsets in it of what is meant."""
    position = span.position
    line = span.source.line(position.line)
    start = position.column - 1
    last = span.end_position
    end = last.column - 1 if last.line == position.line else len(line)
    return line, start, max(start, min(end, len(line)))


def _cut(line: str, start: int, end: int, width: int) -> tuple[str, int, int]:
    """The part of a line to show, made visible, and the cells before and under the mark."""
    first, last = 0, len(line)
    if cell_len(_plain(line)) > width:
        first = start - _fitting(reversed(line[:start]), width // 3)
        last = first + _fitting(line[first:], width - 2)  # an ellipsis at either end
    before = ("…" if first else "") + _plain(line[first:start])
    marked = _plain(line[start : min(end, last)])
    rest = _plain(line[min(end, last) : last]) + ("…" if last < len(line) else "")
    return before + marked + rest, cell_len(before), cell_len(marked)


def _fitting(letters: Iterable[str], width: int) -> int:
    """How many of the letters fit in so many cells."""
    count = 0
    for letter in letters:
        width -= cell_len(_plain(letter))
        if width < 0:
            break
        count += 1
    return count


def _plain(line: str) -> str:
    return visible(line.replace("\t", "    "))


def summary(diagnostics: Iterable[Diagnostic], files: str) -> Text:
    """The closing line: how many errors and warnings were found in what was looked at."""
    found = list(diagnostics)
    errors = sum(item.severity is Severity.ERROR for item in found)
    warnings = len(found) - errors
    if not found:
        return Text(f"{files}: no problems", "green")
    counts = ", ".join(_counted((errors, "error"), (warnings, "warning")))
    return Text(f"{files}: {counts}", _STYLES[Severity.ERROR if errors else Severity.WARNING])


def _counted(*kinds: tuple[int, str]) -> Iterator[str]:
    for count, word in kinds:
        if count:
            yield f"{count} {word}{'' if count == 1 else 's'}"
