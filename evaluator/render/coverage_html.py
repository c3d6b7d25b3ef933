"""Coverage as one HTML file: the policies with what is met coloured, each gap with its request.

Nothing is loaded from elsewhere and no script is run; text of policies and requests is escaped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from evaluator.render.coverage_style import STYLE
from evaluator.render.coverage_words import by_kind, search_words, shown_words
from evaluator.render.escape import visible
from evaluator.source import Source
from evaluator.suites.coverage.results import Closing, Coverage, Result, State

__all__ = ["coverage_html"]

_WEIGHT: Final[dict[State, int]] = {"met": 0, "aside": 1, "partly": 2, "open": 3}
_WORDS: Final[dict[State, str]] = {
    "met": "shown",
    "partly": "shown with one value only, or in part",
    "open": "not shown",
    "aside": "called unreachable",
}


@dataclass(frozen=True, slots=True)
class _Mark:
    """A stretch of a file with the obligations that stand there."""

    start: int
    end: int
    results: tuple[Result, ...]

    @property
    def state(self) -> State:
        states = {result.state for result in self.results}
        if len(states) > 1 and "met" in states and "open" in states:
            return "partly"
        return max(states, key=_WEIGHT.__getitem__)


def coverage_html(coverage: Coverage, *, folder: str = "") -> str:
    """The text of the file; ``folder`` is put before the names of files."""
    return "\n".join(_Page(coverage, folder).parts()) + "\n"


class _Page:
    def __init__(self, coverage: Coverage, folder: str) -> None:
        self._coverage = coverage
        self._folder = folder
        shown = [result for result in coverage.results if result.state != "met"]
        # In the order of the page, which is that of the files and places.
        self._numbers = {id(result): number for number, result in enumerate(shown, start=1)}
        self._last = len(shown)

    def parts(self) -> Iterator[str]:
        coverage = self._coverage
        yield "<!doctype html>"
        yield '<html lang="en"><head><meta charset="utf-8">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield f"<title>coverage: {coverage.percent} %</title><style>{STYLE}</style></head><body>"
        yield '<a class="skip" href="#files">Skip to the files</a>'
        yield "<header><h1>Coverage of the policies by their suites</h1>"
        state = "met" if coverage.met == coverage.total else "open"
        yield f'<p class="score {state}">{coverage.percent} %</p>'
        yield (
            f'<p class="soft" style="margin:0">{coverage.met:,} of {coverage.total:,} obligations'
            f" shown by {_counted(coverage.steps, 'step')}</p>"
        )
        yield from self._kinds()
        yield from self._legend()
        yield '</header><main id="files">'
        yield from self._table()
        yield "<h2>Policies</h2>"
        by_file = dict(coverage.by_file(coverage.results))
        for source in sorted(coverage.sources, key=lambda source: source.name):
            yield from self._file(source, by_file.get(source.name, []))
        yield from self._decisions(by_file.get(None, []))
        yield "</main></body></html>"

    def _kinds(self) -> Iterator[str]:
        yield '<ul class="kinds">'
        for name, met, total in by_kind(self._coverage):
            yield f"<li>{name}<b>{met:,} of {total:,}</b>{_bar(met, total)}</li>"
        if self._coverage.aside:
            yield f"<li>set aside<b>{len(self._coverage.aside):,}</b></li>"
        yield "</ul>"

    def _legend(self) -> Iterator[str]:
        yield '<p class="legend">'
        for state, words in _WORDS.items():
            if state != "aside" or self._coverage.aside:
                yield f'<span><span class="m {state}">text</span> {words}</span>'
        yield "</p>"
        if self._last:
            yield f'<p><a href="#gap-1">Go to the first of {_counted(self._last, "gap")}</a></p>'

    def _table(self) -> Iterator[str]:
        yield '<h2>Files</h2><table class="files"><thead><tr><th>File</th>'
        yield '<th class="number">Shown</th><th class="number">Gaps</th><th class="meter"></th>'
        yield "</tr></thead><tbody>"
        files = sorted(
            self._coverage.by_file(self._coverage.results), key=lambda pair: pair[0] or "\U0010ffff"
        )
        for file, results in files:
            counted = [result for result in results if result.state != "aside"]
            met = sum(result.state == "met" for result in counted)
            name = "decisions" if file is None else self._folder + file
            yield f'<tr><td><a href="#{_anchor(file)}">{_text(name)}</a></td>'
            yield f'<td class="number">{met:,} of {len(counted):,}</td>'
            yield f'<td class="number">{len(counted) - met:,}</td>'
            yield f'<td class="meter">{_bar(met, len(counted))}</td></tr>'
        yield "</tbody></table>"

    def _file(self, source: Source, results: Sequence[Result]) -> Iterator[str]:
        gaps = sum(result.state in ("partly", "open") for result in results)
        words = _counted(gaps, "gap") if gaps else "all shown"
        is_open = " open" if any(result.state != "met" for result in results) else ""
        yield f'<details class="file" id="{_anchor(source.name)}"{is_open}>'
        yield f'<summary>{_text(self._folder + source.name)} <span class="soft">{words}</span>'
        yield "</summary>"
        yield '<div class="code" tabindex="0" role="region" aria-label="source"><ol>'
        yield from self._lines(source, _marks(results))
        yield "</ol></div></details>"

    def _lines(self, source: Source, marks: Sequence[_Mark]) -> Iterator[str]:
        waiting = list(reversed(marks))
        running: _Mark | None = None
        # What ends with a line break has a last line with nothing on it.
        last = source.line_count - source.text.endswith("\n")
        for number in range(1, last + 1):
            line = source.line(number)
            begin = source.offset(number, 1)
            end = begin + len(line)
            at, made = begin, ""
            below: list[Result] = []
            while True:
                if running is None:
                    if not waiting or waiting[-1].start > end:
                        break
                    running = waiting.pop()
                    below += [one for one in running.results if one.state != "met"]
                start, stop = max(at, running.start), min(end, running.end)
                made += _text(line[at - begin : start - begin])
                # Blanks before what goes on from the line above are not marked.
                piece = line[start - begin : stop - begin]
                blank = len(piece) - len(piece.lstrip())
                made += piece[:blank] + self._marked(running, piece[blank:])
                at = max(at, stop)
                if running.end > end:
                    break
                running = None
            made += _text(line[at - begin :])
            yield f'<li class="l">{made}</li>'
            if below:
                yield f'<li><div class="gaps">{"".join(map(self._gap, below))}</div></li>'

    def _marked(self, mark: _Mark, text: str) -> str:
        if not text:
            return ""
        title = "\n".join(f"{result.obligation.words}: {_fact(result)}" for result in mark.results)
        gap = next((result for result in mark.results if result.state != "met"), None)
        inner = f'class="m {mark.state}" title="{_text(title, keep=chr(10))}"'
        if gap is None:
            return f"<span {inner}>{_text(text)}</span>"
        return f'<a {inner} href="#gap-{self._numbers[id(gap)]}">{_text(text)}</a>'

    def _gap(self, result: Result) -> str:
        number = self._numbers[id(result)]
        made = f'<div class="gap {result.state}" id="gap-{number}">'
        if number < self._last:
            made += f'<a class="next" href="#gap-{number + 1}">next gap</a>'
        made += f'<p class="words">{_ticked(result.words)}: {_text(_fact(result))}</p>'
        made += "".join(map(_closing, result.closings))
        return made + "</div>"

    def _decisions(self, results: Sequence[Result]) -> Iterator[str]:
        """A row for each resource type and action, a column for each effect."""
        if not results:
            return
        yield f'<h2 id="{_anchor(None)}">Decisions</h2>'
        yield '<table class="files"><thead><tr><th>Steps by action and resource</th>'
        yield '<th class="number">Allowed</th><th class="number">Denied</th></tr></thead><tbody>'
        rows: dict[tuple[str, str], dict[str, Result]] = {}
        for result in results:
            _, resource_type, action, effect = map(str, result.obligation.event)
            rows.setdefault((resource_type, action), {})[effect] = result
        for (resource_type, action), found in rows.items():
            names = f"{_breakable(action)} <span class='soft'>of {_breakable(resource_type)}</span>"
            yield f"<tr><td>{names}</td>"
            for effect in ("allow", "deny"):
                yield f'<td class="number">{_counts(found.get(effect))}</td>'
            yield "</tr>"
            for result in found.values():
                if result.state != "met":
                    yield f'<tr><td colspan="3">{self._gap(result)}</td></tr>'
        yield "</tbody></table>"


def _counts(result: Result | None) -> str:
    """How many steps were decided so; a dash where the rules make that impossible."""
    if result is None:
        return '<span class="soft" title="no rule makes this possible">&ndash;</span>'
    return f'<span class="m {result.state}" title="{shown_words(result)}">{result.shown:,}</span>'


def _breakable(name: str) -> str:
    """A name that may go on in the next line where its words end."""
    return _text(name).replace("_", "_<wbr>")


def _marks(results: Sequence[Result]) -> list[_Mark]:
    """The stretches to colour, none of them in another; messages are only where they have gaps."""
    found: dict[tuple[int, int], list[Result]] = {}
    for result in results:
        span = result.obligation.span
        if span is not None and (result.obligation.kind != "message" or result.state != "met"):
            found.setdefault((span.start, max(span.end, span.start + 1)), []).append(result)
    marks: list[_Mark] = []
    for (start, end), there in sorted(found.items()):
        if marks and start < marks[-1].end:
            last = marks.pop()
            marks.append(_Mark(last.start, max(last.end, end), (*last.results, *there)))
        else:
            marks.append(_Mark(start, end, tuple(there)))
    return marks


def _fact(result: Result) -> str:
    """How often something was shown, or why it is set aside."""
    if result.state == "aside":
        return f"called unreachable: {result.because}"
    return shown_words(result) if result.shown or result.shown_false else "not shown"


def _closing(closing: Closing) -> str:
    if closing.case is None:
        return f'<p class="soft">{_text(search_words(closing))}</p>'
    about = "that shows it"
    if closing.missing is not None:
        about = f"in which it is {str(closing.missing).lower()}"
    return (
        f"<details><summary>A case {about}</summary>"
        f'<pre tabindex="0">{_text(closing.case, keep=chr(10))}</pre></details>'
    )


def _bar(met: int, total: int) -> str:
    share = 100 * met // total if total else 100
    return f'<span class="bar" aria-hidden="true"><i style="width:{share}%"></i></span>'


def _anchor(file: str | None) -> str:
    return "decisions" if file is None else f"file-{_text(file)}"


def _text(text: str, *, keep: str = "") -> str:
    """Text as it is, for an element or an attribute in double quotes."""
    return escape(visible(text, keep=keep + "\t"))


def _ticked(words: str) -> str:
    """Words in which what stands in backticks is code."""
    parts = words.split("`")
    return "".join(
        f"<code>{_text(part)}</code>" if index % 2 else _text(part)
        for index, part in enumerate(parts)
    )


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
