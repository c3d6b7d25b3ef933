"""Diagnostics as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evaluator.diagnostics import Diagnostic
from evaluator.source import Span

__all__ = ["diagnostic_json", "diagnostics_json"]


def diagnostics_json(diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    """All diagnostics: ``{"schema": 1, "diagnostics": [...]}``."""
    return {"schema": 1, "diagnostics": [diagnostic_json(item) for item in diagnostics]}


def diagnostic_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """One diagnostic; lines and columns from 1, columns in code points, ends exclusive."""
    fix = diagnostic.fix
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "at": _place(diagnostic.span),
        "notes": [{"message": note.message, "at": _place(note.span)} for note in diagnostic.notes],
        "fix": None
        if fix is None
        else {
            "message": fix.message,
            "edits": [{"at": _place(edit.span), "text": edit.text} for edit in fix.edits],
        },
    }


def _place(span: Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    start, end = span.position, span.end_position
    return {
        "file": span.source.name,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
    }
