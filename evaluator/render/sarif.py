"""Diagnostics as SARIF 2.1.0, which code scanning services read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from evaluator.diagnostics import CODES, Diagnostic
from evaluator.source import Span

__all__ = ["sarif"]


def sarif(diagnostics: Iterable[Diagnostic], *, version: str, folder: str = "") -> dict[str, Any]:
    """A SARIF log with one run; ``folder`` is put before the files' names."""
    found = list(diagnostics)
    codes = sorted({item.code for item in found})
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
                "results": [_result(item, codes.index(item.code), folder) for item in found],
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
    return result


def _location(span: Span, folder: str) -> dict[str, Any]:
    source = span.source
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(folder + source.name)},
            "region": {
                "startLine": span.position.line,
                "startColumn": source.utf16_column(span.start),
                "endLine": span.end_position.line,
                "endColumn": source.utf16_column(span.end),
            },
        }
    }
