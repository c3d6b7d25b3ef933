"""The reference of functions as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evaluator.language.functions.catalogue import Entry
from evaluator.language.functions.registry import Example

__all__ = ["functions_json"]


def functions_json(entries: Iterable[Entry]) -> dict[str, Any]:
    """The entries; ``cost`` is null for what adds nothing to the cost budget."""
    return {"schema": 1, "functions": [_entry(entry) for entry in entries]}


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "aliases": list(entry.others),
        "family": entry.family,
        "summary": entry.summary,
        "signatures": list(entry.forms),
        "errors": list(entry.errors),
        "cost": entry.cost or None,
        "examples": [_example(example) for example in entry.examples],
    }


def _example(example: Example) -> dict[str, str]:
    if example.error is not None:
        return {"expression": example.expression, "error": example.error}
    return {"expression": example.expression, "value": example.value}
