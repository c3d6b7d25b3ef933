"""A run of mutants as JSON."""

from __future__ import annotations

from typing import Any

from evaluator.language.instants import format_instant
from evaluator.language.values import ABSENT
from evaluator.suites.mutation.apart import Difference
from evaluator.suites.mutation.diffs import unified_diff
from evaluator.suites.mutation.verdicts import Report, Tried

__all__ = ["mutation_json"]


def mutation_json(report: Report, *, folder: str = "") -> dict[str, Any]:
    """Each mutant with what became of it, and the counts; ``folder`` is put before file names.

    A survivor has its diff, the request and moment that tell it apart, how, and the case.
    """
    return {
        "schema": 1,
        "mutants": [_mutant(item, report, folder) for item in report.tried],
        "steps": report.steps,
        "noticed": report.noticed,
        "survived": len(report.of("survived")),
        "equivalent": len(report.of("equivalent")),
        "invalid": len(report.of("invalid")),
    }


def _mutant(item: Tried, report: Report, folder: str) -> dict[str, Any]:
    mutant, verdict = item.mutant, item.verdict
    told: dict[str, Any] = {
        "operator": mutant.operator,
        "subject": mutant.subject,
        "change": mutant.change,
        "at": {"file": folder + mutant.file, "line": mutant.line, "column": mutant.column},
        "state": verdict.state,
        "because": verdict.because,
    }
    if verdict.apart is not None:
        told |= {
            "diff": unified_diff(mutant, report.originals, folder=folder),
            "request": verdict.apart.question.request,
            "now": format_instant(verdict.apart.question.now),
            "differences": list(map(_difference, verdict.apart.differences)),
            "case": verdict.apart.case,
        }
    return told


def _difference(difference: Difference) -> dict[str, Any]:
    """What is not there has no ``old``, or no ``new``."""
    values = {"old": difference.old, "new": difference.new}
    return {"field": difference.field} | {
        key: value for key, value in values.items() if value is not ABSENT
    }
