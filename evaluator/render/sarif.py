"""Diagnostics as SARIF 2.1.0, which code scanning services read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from evaluator.diagnostics import CODES, Diagnostic, Fix
from evaluator.source import Span

__all__ = ["sarif"]


def sarif(diagnostics: Iterable[tuple[str, Diagnostic]], *, version: str) -> dict[str, Any]:
    """A SARIF log with one run of diagnostics, each with the folder of its files."""
    found = list(diagnostics)
    codes = sorted({item.code for _, item in found})
    rules = [
        {
            "id": code,
            "name": CODES[code].name,
            "shortDescription": {"text": CODES[code].name.replace("-", " ")},
            "defaultConfiguration": {"level": CODES[code].severity.value},
        }
        for code in codes
    ]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {"name": "policy-evaluator", "version": version, "rules": rules}
                },
                "columnKind": "utf16CodeUnits",
                "results": [
                    _result(item, codes.index(item.code), folder) for folder, item in found
                ],
            }
        ],
    }


def _result(diagnostic: Diagnostic, index: int, folder: str) -> dict[str, Any]:
    message = diagnostic.message + (f"\n{diagnostic.help}" if diagnostic.help else "")
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "ruleIndex": index,
        "level": diagnostic.severity.value,
        "message": {"text": message},
    }
    if diagnostic.span is not None:
        result["locations"] = [_location(diagnostic.span, folder)]
    related = [
        {**_location(note.span, folder), "message": {"text": note.message}}
        for note in diagnostic.notes
        if note.span is not None
    ]
    if related:
        result["relatedLocations"] = related
    if diagnostic.fix is not None:
        result["fixes"] = [_fix(diagnostic.fix, folder)]
    return result


def _fix(fix: Fix, folder: str) -> dict[str, Any]:
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        replacement = {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
        changes.setdefault(folder + edit.span.source.name, []).append(replacement)
    return {
        "description": {"text": fix.message},
        "artifactChanges": [
            {"artifactLocation": {"uri": _uri(name)}, "replacements": replacements}
            for name, replacements in changes.items()
        ],
    }


def _location(span: Span, folder: str) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(folder + span.source.name)},
            "region": _region(span),
        }
    }


def _uri(name: str) -> str:
    return quote(name, errors="replace")  # a name that is no UTF-8 has no URI


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.position.line,
        "startColumn": span.source.utf16_column(span.start),
        "endLine": span.end_position.line,
        "endColumn": span.source.utf16_column(span.end),
    }
