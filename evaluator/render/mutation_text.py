"""A run of mutants for a terminal: what went unnoticed, what was set aside, and the score."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from rich.cells import cell_len
from rich.text import Text

from evaluator.language.values import ABSENT
from evaluator.render.differences import value_words
from evaluator.render.escape import visible
from evaluator.suites.mutation.apart import Difference
from evaluator.suites.mutation.diffs import unified_diff
from evaluator.suites.mutation.mutants import Mutant
from evaluator.suites.mutation.verdicts import Report, Tried

__all__ = ["difference_words", "headline", "mutation_text", "score"]

_STYLES: Final = {"-": "red", "+": "green", "@": "cyan"}
_TAB: Final = "\t"


def mutation_text(report: Report, *, folder: str = "") -> Text:
    """The whole run; ``folder`` is put before the names of files. The score is the last line.

    Its lines are not to be wrapped: diffs and cases are there to be copied.
    """
    text = Text()
    for item in report.of("survived"):
        _survivor(text, item, report, folder)
    aside = report.of("equivalent")
    if aside:
        text.append("Set aside as equivalent\n", "bold")
        for item in aside:
            text.append("  " + headline(item.mutant, folder=folder))
            text.append(f" ({visible(item.verdict.because)})\n", "dim")
        text.append("\n")
    for remark in _remarks(report):
        text.append(remark + "\n", "dim")
    unnoticed = report.noticed < report.total
    text.append(score(report), "bold red" if unnoticed else "bold green")
    return text


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


def _survivor(text: Text, item: Tried, report: Report, folder: str) -> None:
    text.append("unnoticed ", "bold red")
    text.append(headline(item.mutant, folder=folder) + "\n", "bold")
    for line in unified_diff(item.mutant, report.originals, folder=folder).splitlines():
        text.append(f"  {visible(line, keep=_TAB)}\n", _STYLES.get(line[:1], ""))
    apart = item.verdict.apart
    if apart is not None:
        text.append("\n  A request that is decided otherwise then:\n")
        _differences(text, apart.differences)
        text.append("\n  The case that notices it:\n\n")
        text.append(visible(apart.case, keep="\n"))
    text.append("\n")


def _differences(text: Text, differences: tuple[Difference, ...]) -> None:
    width = max(cell_len(visible(difference.field)) for difference in differences)
    for difference in differences:
        old, new = _values(difference)
        field = visible(difference.field)
        text.append(f"    {field}{' ' * (width - cell_len(field))} ", "cyan")
        text.append(f"- {old}\n", "red")
        text.append(f"    {' ' * width} ")
        text.append(f"+ {new}\n", "green")


def _values(difference: Difference) -> tuple[str, str]:
    words = _after_remedy if difference.field.startswith("then.") else value_words
    return words(difference.old), words(difference.new)


def _after_remedy(value: Any) -> str:
    """What is decided after a remedy, if it works and is a change of the request at all."""
    if value is ABSENT:
        return "(no change of the request)"
    return "(it does not work)" if value is None else str(value)


def _remarks(report: Report) -> Iterator[str]:
    if len(report.tried) < report.mutants:
        yield f"A sample of {len(report.tried):,} of {report.mutants:,} mutants."
    invalid = len(report.of("invalid"))
    if invalid:
        which = "mutant is" if invalid == 1 else "mutants are"
        yield f"{invalid:,} more {which} no valid policy, which loading notices."
