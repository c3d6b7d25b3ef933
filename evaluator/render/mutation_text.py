"""A run of mutants for a terminal: what went unnoticed, what was set aside, and the score."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from evaluator.render.differences import value_words
from evaluator.render.escape import visible
from evaluator.suites.mutation.apart import Difference
from evaluator.suites.mutation.diffs import unified_diff
from evaluator.suites.mutation.mutants import Mutant
from evaluator.suites.mutation.verdicts import Report, Tried

__all__ = ["difference_words", "headline", "mutation_text", "score"]

_STYLES = {"-": "red", "+": "green", "@": "cyan"}


def mutation_text(report: Report, *, folder: str = "") -> RenderableType:
    """The whole run; ``folder`` is put before the names of files. The score is the last line."""
    screen: list[RenderableType] = []
    for item in report.of("survived"):
        screen += [*_survivor(item, report, folder), Text()]
    aside = report.of("equivalent")
    if aside:
        screen += [Text("Set aside as equivalent", "bold"), _aside(aside, folder), Text()]
    screen += [Text(line, "dim") for line in _remarks(report)]
    unnoticed = report.noticed < report.total
    screen.append(Text(score(report), "bold red" if unnoticed else "bold green"))
    return Group(*screen)


def score(report: Report) -> str:
    """``mutation: 98 of 100 mutants noticed, 3 set aside as equivalent``."""
    aside = len(report.of("equivalent"))
    return (
        f"mutation: {report.noticed:,} of {report.total:,} mutants noticed,"
        f" {aside:,} set aside as equivalent"
    )


def headline(mutant: Mutant, *, folder: str = "") -> str:
    """Where a mutant is, and what is changed of what: ``a.yaml:3:5 RULE: `<` becomes `<=```."""
    place = f"{folder}{mutant.file}:{mutant.line}:{mutant.column}"
    return visible(f"{place} {mutant.subject}: {mutant.change}")


def difference_words(difference: Difference) -> str:
    """How a field of the decision is otherwise: ``rules: [a], then [b]``."""
    old, new = _values(difference)
    return f"{visible(difference.field)}: {old}, then {new}"


def _survivor(item: Tried, report: Report, folder: str) -> Iterator[RenderableType]:
    head = Text("unnoticed ", "bold red")
    head.append(headline(item.mutant, folder=folder), "bold")
    yield head
    diff = Text()
    for line in unified_diff(item.mutant, report.originals, folder=folder).splitlines():
        diff.append(visible(line, keep="\t") + "\n", _STYLES.get(line[:1], ""))
    yield Padding(diff, (0, 0, 0, 2), expand=False)
    apart = item.verdict.apart
    if apart is not None:
        yield Text("  This request is decided otherwise then:")
        yield Padding(_differences(apart.differences), (0, 0, 1, 4), expand=False)
        yield Text("  The case that notices it:")
        yield Text(visible(apart.case.rstrip("\n"), keep="\n"))


def _differences(differences: tuple[Difference, ...]) -> Table:
    grid = Table.grid(padding=(0, 1), pad_edge=False)
    grid.add_column(overflow="fold")
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for difference in differences:
        old, new = _values(difference)
        grid.add_row(Text(visible(difference.field), "cyan"), Text("-", "red"), Text(old, "red"))
        grid.add_row(Text(), Text("+", "green"), Text(new, "green"))
    return grid


def _values(difference: Difference) -> tuple[str, str]:
    if difference.field.startswith("then."):
        # What is decided after a remedy; nothing, if it does not work.
        old, new = ("it does not work" if value is None else value for value in _both(difference))
        return str(old), str(new)
    old, new = map(value_words, _both(difference))
    return old, new


def _both(difference: Difference) -> tuple[object, object]:
    return difference.old, difference.new


def _aside(items: tuple[Tried, ...], folder: str) -> RenderableType:
    lines = []
    for item in items:
        line = Text("  " + headline(item.mutant, folder=folder))
        line.append(f" ({visible(item.verdict.because)})", "dim")
        lines.append(line)
    return Group(*lines)


def _remarks(report: Report) -> Iterator[str]:
    if len(report.tried) < report.mutants:
        yield f"A sample of {len(report.tried):,} of {report.mutants:,} mutants."
    invalid = len(report.of("invalid"))
    if invalid:
        which = "mutant is" if invalid == 1 else "mutants are"
        yield f"{invalid:,} more {which} no valid policy, which loading notices."
