"""Mutants that went unnoticed as workflow commands of GitHub Actions."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.render.escape import visible
from evaluator.render.github import command
from evaluator.render.mutation_text import difference_words, score
from evaluator.suites.mutation.verdicts import Report

__all__ = ["mutation_commands"]


def mutation_commands(report: Report, *, folder: str = "") -> Iterator[str]:
    """An ``::error`` command for each at its line, with the case that notices it; then the score.

    ``folder`` is put before the names of files.
    """
    for item in report.of("survived"):
        mutant, apart = item.mutant, item.verdict.apart
        properties = {
            "title": visible(f"unnoticed in {mutant.subject}: {mutant.change}"),
            "file": folder + mutant.file,
            "line": str(mutant.line),
            "col": str(mutant.column),
        }
        lines = [] if apart is None else [*map(difference_words, apart.differences), apart.case]
        yield command("error", properties, visible("\n".join(lines), keep="\n").rstrip("\n"))
    yield score(report)
