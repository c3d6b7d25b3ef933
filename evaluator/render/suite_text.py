"""A run of suites for a terminal: each failure with its differences, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from evaluator.render.diagnostics_text import excerpt
from evaluator.render.differences import difference_lines
from evaluator.render.escape import visible
from evaluator.render.explanation_text import rule_trees
from evaluator.render.plain import plain_text
from evaluator.suites.comparing import Difference
from evaluator.suites.outcome import Failure, SuiteOutcome

__all__ = ["failure_plain", "failure_text", "suites_text", "total"]

_STYLES = {"-": "red", "+": "green", " ": "dim"}


def failure_text(failure: Failure, *, width: int = 100, folder: str = "") -> RenderableType:
    """A failure: the case, where its expectation stands, what differs, and the rules behind it.

    ``folder`` is put before the names of files.
    """
    place = failure.place
    head = Text("failed ", "bold red")
    head.append(f"{visible(place.suite.name)}: ", "red")
    head.append(visible(place.title), "bold")
    screen: list[RenderableType] = [head]
    span = failure.differences[0].span if len(failure.differences) == 1 else place.step.span
    mark = excerpt(span, width=width, folder=folder)
    mark.rstrip()
    screen += [mark, _differences(failure.differences)]
    if failure.rules:
        trees = rule_trees(failure.rules, failure.explanation.decision.locale)
        screen += [Text(), Padding(trees, (0, 0, 0, 2), expand=False)]
    return Group(*screen)


def failure_plain(failure: Failure, *, width: int = 100, folder: str = "") -> str:
    """The same without colours, for reports and for pytest."""
    return plain_text(failure_text(failure, width=width, folder=folder), width=width)


def _differences(differences: Sequence[Difference]) -> RenderableType:
    """What differs by field, expected (-) and got (+)."""
    grid = Table.grid(padding=(0, 1), pad_edge=False)
    grid.add_column(overflow="fold")
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for difference in differences:
        field = Text(visible(difference.field), "cyan")
        for sign, line in difference_lines(difference):
            grid.add_row(field, Text(sign, _STYLES[sign]), Text(line, _STYLES[sign]))
            field = Text()
    return Padding(grid, (0, 0, 0, 2), expand=False)


def suites_text(outcomes: Sequence[SuiteOutcome]) -> RenderableType:
    """A line for each suite, and the total. What is too long for its line is wrapped."""
    rows = [
        (
            visible(outcome.suite.name),
            counted(outcome.cases, "case"),
            counted(len(outcome.places), "step"),
            len(outcome.failures),
        )
        for outcome in outcomes
    ]
    names = max(len(name) for name, _, _, _ in rows)
    cases = max(len(of_cases) for _, of_cases, _, _ in rows)
    steps = max(len(of_steps) for _, _, of_steps, _ in rows)
    screen = Text()
    for name, of_cases, of_steps, failed in rows:
        screen.append(name.ljust(names))
        screen.append(f"  {of_cases:>{cases}}  {of_steps:>{steps}}  ", "dim")
        if failed:
            screen.append(f"{failed} failed\n", "bold red")
        else:
            screen.append("passed\n", "green")
    failed_at_all = any(outcome.failures for outcome in outcomes)
    return screen.append(total(outcomes), "bold red" if failed_at_all else "bold green")


def total(outcomes: Sequence[SuiteOutcome]) -> str:
    """The last line: ``12 cases, 40 steps: all passed``."""
    cases = sum(outcome.cases for outcome in outcomes)
    steps = sum(len(outcome.places) for outcome in outcomes)
    failed = sum(len(outcome.failures) for outcome in outcomes)
    verdict = f"{failed} failed" if failed else "all passed"
    return f"{counted(cases, 'case')}, {counted(steps, 'step')}: {verdict}"


def counted(number: int, word: str) -> str:
    """``1 case``, ``1,200 cases``."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"
