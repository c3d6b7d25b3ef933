"""``check``: whether the policies load as they are edited, and every problem there is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from evaluator.diagnostics import Diagnostic
from evaluator.server.playground.answering.asking import Asked
from evaluator.server.playground.answering.places import Places
from evaluator.server.playground.answering.workspace import Loaded, Workspace

__all__ = ["check", "diagnostics_json", "problems"]

_MOST: Final = 200


def check(workspace: Workspace, asked: Asked) -> dict[str, Any]:
    """``CheckAnswer``."""
    loaded = workspace.loaded(asked.edits)
    return {"loads": loaded.loads, "diagnostics": problems(loaded, asked.edits)}


def problems(loaded: Loaded, edits: Iterable[str]) -> list[dict[str, Any]]:
    """The diagnostics of the packs, and those of their suites where these are edited."""
    found = list(loaded.diagnostics)
    if loaded.loads and any("suites/" in name for name in edits):
        found += loaded.suites.diagnostics
    return diagnostics_json(found, loaded.places)


def diagnostics_json(found: Iterable[Diagnostic], places: Places) -> list[dict[str, Any]]:
    """Diagnostics as the wire has them, errors first; no more than anybody reads."""
    ranks = {"error": 0, "warning": 1}
    ordered = sorted(found, key=lambda item: ranks.get(item.severity.value, 2))
    return [_diagnostic(item, places) for item in ordered[:_MOST]]


def _diagnostic(item: Diagnostic, places: Places) -> dict[str, Any]:
    fix = None
    if item.fix is not None:
        edits = [places.of(edit.span) | {"text": edit.text} for edit in item.fix.edits]
        fix = {
            "message": item.fix.message,
            "edits": [{key: edit[key] for key in ("file", "from", "to", "text")} for edit in edits],
        }
    return {
        "code": item.code,
        "name": item.name,
        "severity": item.severity.value,
        "message": item.message,
        "help": item.help,
        "at": places.maybe(item.span),
        "notes": [{"message": note.message, "at": places.maybe(note.span)} for note in item.notes],
        "fix": fix,
    }
