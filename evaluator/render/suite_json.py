"""A run of suites as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evaluator.language.values import ABSENT
from evaluator.suites.comparing import Difference
from evaluator.suites.outcome import Failure, Place, SuiteOutcome

__all__ = ["outcomes_json"]


def outcomes_json(outcomes: Sequence[SuiteOutcome], *, folder: str = "") -> dict[str, Any]:
    """The whole run: ``{"schema": 1, "suites": [...], "cases": N, "steps": N, "failed": N}``.

    A failed step has its differences and the decision. ``folder`` is put before the names of
    files.
    """
    return {
        "schema": 1,
        "suites": [_suite(outcome, folder) for outcome in outcomes],
        "cases": sum(outcome.cases for outcome in outcomes),
        "steps": sum(len(outcome.places) for outcome in outcomes),
        "failed": sum(len(outcome.failures) for outcome in outcomes),
    }


def _suite(outcome: SuiteOutcome, folder: str) -> dict[str, Any]:
    failures = {id(failure.place.step): failure for failure in outcome.failures}
    cases: dict[int, dict[str, Any]] = {}
    for place in outcome.places:
        case = place.case
        told = cases.setdefault(
            id(case), {"name": case.name, "facts": list(case.facts), "steps": []}
        )
        told["steps"].append(_step(place, failures.get(id(place.step)), folder))
    suite = outcome.suite
    return {
        "name": suite.name,
        "pack": suite.pack,
        "file": folder + suite.file,
        "cases": list(cases.values()),
    }


def _step(place: Place, failure: Failure | None, folder: str) -> dict[str, Any]:
    step = place.step
    span = step.span
    told: dict[str, Any] = {
        "label": step.label,
        "at": {"file": folder + span.source.name, "line": span.line},
        "passed": failure is None,
    }
    if failure is not None:
        told["differences"] = [_difference(item, folder) for item in failure.differences]
        told["decision"] = failure.explanation.decision.to_dict()
    return told


def _difference(difference: Difference, folder: str) -> dict[str, Any]:
    """An output or a message that is not there has no ``expected``, or no ``got``."""
    span = difference.span
    values = {"expected": difference.expected, "got": difference.got}
    return {
        "field": difference.field,
        "at": {"file": folder + span.source.name, "line": span.line},
        "part": difference.part,
        "note": difference.note,
    } | {key: value for key, value in values.items() if value is not ABSENT}
