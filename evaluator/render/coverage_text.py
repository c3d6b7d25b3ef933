"""Coverage for a terminal: the gaps by file, the cases that would close them, and the total."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from evaluator.render.coverage_words import Cases, by_kind, search_words, shown_words, total_line
from evaluator.render.diagnostics_text import excerpt
from evaluator.render.escape import visible
from evaluator.suites.coverage.results import Coverage, Result

__all__ = ["coverage_text"]


def coverage_text(coverage: Coverage, *, width: int = 100, folder: str = "") -> RenderableType:
    """The screen; ``folder`` is put before the names of files.

    The cases are as wide as they are, so it should be printed without being cropped.
    """
    return Group(*_parts(coverage, width, folder))


def _parts(coverage: Coverage, width: int, folder: str) -> Iterator[RenderableType]:
    cases = Cases(coverage)
    for file, results in coverage.by_file(coverage.gaps):
        name = "decisions" if file is None else visible(folder + file)
        yield Text(f"{name}: {_gaps(len(results))}", "bold")
        yield Text()
        yield from _of_file(results, cases, width)
        yield Text()
    if cases.texts:
        yield Text("Cases that show what is missing", "bold")
        yield Text()
        for number, case in enumerate(cases.texts, start=1):
            yield Text(f"  # {number}", "dim")
            for line in case.splitlines():
                # YAML that is broken where the screen ends could not be pasted.
                yield Text(visible(line), "cyan", no_wrap=True, overflow="ignore")
            yield Text()
    if coverage.aside:
        yield Text("Called unreachable, and not found", "bold")
        for result in coverage.aside:
            entry = Text("  • ").append(visible(result.obligation.words))
            yield entry.append(f": {visible(result.because or '')}", "dim")
        yield Text()
    yield _table(coverage)
    style = "bold green" if coverage.met == coverage.total else "bold red"
    yield Text(total_line(coverage), style)


def _of_file(results: list[Result], cases: Cases, width: int) -> Iterator[RenderableType]:
    """The gaps of a file; those of one place stand below one excerpt.

    Messages that are told by cases which other gaps need anyhow are only counted.
    """
    place = None
    needed = {
        cases.number(closing)
        for result in results
        if result.obligation.kind != "message"
        for closing in result.closings
    } - {None}
    implied = 0
    for result in results:
        if result.obligation.kind == "message" and needed.issuperset(
            map(cases.number, result.closings)
        ):
            implied += 1
            continue
        span = result.obligation.span
        if span is not None and (span.start, span.end) != place:
            if place is not None:
                yield Text()
            place = (span.start, span.end)
            yield Padding(_lines(excerpt(span, width=width - 2)), (0, 0, 0, 2), expand=False)
        yield Padding(Text(f"• {visible(result.words)}"), (0, 0, 0, 4), expand=False)
        yield Padding(_closings(result, cases), (0, 0, 0, 6), expand=False)
    if implied:
        verb = "message is" if implied == 1 else "messages are"
        yield Text()
        yield Padding(
            Text(f"• {implied:,} {verb} not told, but would be by these cases"), (0, 0, 0, 4)
        )


def _closings(result: Result, cases: Cases) -> Text:
    """Which cases show what is missing, or that none was found; and what has been shown."""
    line = Text()
    for closing in result.closings:
        number = cases.number(closing)
        words = search_words(closing) if number is None else f"case {number}"
        line.append("; " if line else "").append(words, "cyan" if number else "yellow")
    if result.state == "partly":
        line.append(f"; so far {shown_words(result)}", "dim")
    return line


def _lines(mark: Text) -> Text:
    """An excerpt without the file's name, which stands above, and without a line for air."""
    lines = mark.split("\n", allow_blank=False)
    return Text("\n").join(line for line in lines[2:])


def _table(coverage: Coverage) -> RenderableType:
    grid = Table.grid(padding=(0, 2), pad_edge=False)
    grid.add_column()
    grid.add_column(justify="right", no_wrap=True)
    for name, met, total in by_kind(coverage):
        grid.add_row(Text(name), Text(f"{met:,} of {total:,}", "green" if met == total else "red"))
    if coverage.aside:
        grid.add_row(Text("set aside", "dim"), Text(f"{len(coverage.aside):,}", "dim"))
    return grid


def _gaps(number: int) -> str:
    return f"{number:,} gap{'' if number == 1 else 's'}"
