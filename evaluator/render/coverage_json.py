"""Coverage as JSON."""

from __future__ import annotations

from typing import Any

from evaluator.language.values import Timestamp
from evaluator.source import Span
from evaluator.suites.coverage.results import Closing, Coverage, Result

__all__ = ["coverage_json"]


def coverage_json(coverage: Coverage, *, folder: str = "") -> dict[str, Any]:
    """``{"schema": 1, "percent": ..., "obligations": [...]}``, each with what would show it.

    ``state`` is ``met``, ``partly`` (an atom that decides with one of its values), ``open`` or
    ``aside``. ``folder`` is put before the names of files.
    """
    return {
        "schema": 1,
        "percent": coverage.percent,
        "met": coverage.met,
        "total": coverage.total,
        "steps": coverage.steps,
        "obligations": [_result(result, folder) for result in coverage.results],
    }


def _result(result: Result, folder: str) -> dict[str, Any]:
    obligation = result.obligation
    made: dict[str, Any] = {
        "kind": obligation.kind,
        "what": obligation.words,
        "at": _place(obligation.span, folder),
        "state": result.state,
        "shown": result.shown,
    }
    if obligation.kind == "condition":
        made |= {"condition": obligation.text, "shown_false": result.shown_false}
    if result.because is not None:
        made["because"] = result.because
    if result.state != "met":
        made["missing"] = [_closing(closing) for closing in result.closings]
    return made


def _closing(closing: Closing) -> dict[str, Any]:
    question = closing.question
    return {
        "value": closing.missing,
        "request": None if question is None else dict(question.request),
        "now": None if question is None else str(Timestamp(question.now)),
        "case": closing.case,
        "tried": closing.tried,
        "exhausted": closing.exhausted,
    }


def _place(span: Span | None, folder: str) -> dict[str, Any] | None:
    if span is None:
        return None
    start, end = span.position, span.end_position
    return {
        "file": folder + span.source.name,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }
