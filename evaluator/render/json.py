"""Diagnostics as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evaluator.diagnostics import Diagnostic
from evaluator.source import Span

__all__ = ["diagnostic_json", "diagnostics_json"]


def diagnostics_json(found: Iterable[tuple[str, Diagnostic]]) -> dict[str, Any]:
    """All diagnostics, each with its folder: ``{"schema": 1, "diagnostics": [...]}``."""
    return {
        "schema": 1,
        "diagnostics": [diagnostic_json(item, folder=folder) for folder, item in found],
    }


def diagnostic_json(diagnostic: Diagnostic, *, folder: str = "") -> dict[str, Any]:
    """One diagnostic; lines and columns from 1, columns in code points, ends exclusive.

    ``folder`` is put before the names of files.
    """
    fix = diagnostic.fix
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "help": diagnostic.help,
        "at": _place(diagnostic.span, folder),
        "notes": [
            {"message": note.message, "at": _place(note.span, folder)} for note in diagnostic.notes
        ],
        "fix": None
        if fix is None
        else {
            "message": fix.message,
            "edits": [{"at": _place(edit.span, folder), "text": edit.text} for edit in fix.edits],
        },
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
