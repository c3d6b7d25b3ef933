"""A small pack whose requests have a value of each kind, and questions to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from evaluator.policy.loading import load_packs
from evaluator.policy.model import Pack
from evaluator.source import MemoryFiles
from evaluator.suites.model import Question

__all__ = ["NOON", "PROPERTIES", "pack", "question"]

NOON: Final = 1_772_539_200_000_000_000  # 2026-03-03T12:00:00Z

PROPERTIES: Final[Mapping[str, Any]] = {
    "paid": {"type": "boolean"},
    "state": {"enum": ["open", "sent", "back"]},
    "total": {"type": "integer", "minimum": 10, "maximum": 99},
    "weight": {"type": "number"},
    "code": {"type": "string"},
    "ordered": {"type": "string", "format": "date-time"},
    "wait": {"type": "string", "format": "duration"},
    "tags": {"type": "array", "items": {"enum": ["a", "b"]}, "uniqueItems": True},
    "lines": {
        "type": "array",
        "items": {
            "type": "object",
            "additionalProperties": False,
            "required": ["quantity"],
            "properties": {"quantity": {"type": "integer", "minimum": 1}},
        },
    },
    "address": {
        "type": "object",
        "required": ["city"],
        "properties": {"city": {"type": "string"}},
    },
}
_NOTE: Final = {"note": {"type": ["string", "null"]}}

_PACK: Final = """\
language: 1
name: shop
version: "1"
request: request.json
combining: {combining}
default_locale: en
files: [orders.yaml]
"""
_POLICY: Final = """\
policy: shop.orders
applies_to: {{resource: order, actions: [ship, cancel]}}
rules:
  - id: rule
    effect: deny
    {period}when: |
      {condition}
    reason: "No."
"""


def pack(condition: str, *, period: str = "", nullable: bool = False) -> Pack:
    """The pack with one rule, which denies where the condition holds.

    With ``nullable`` requests must have a ``note``, which may be null.
    """
    schema = {
        "type": "object",
        "properties": {
            "resource": {
                "type": "object",
                "properties": {
                    "properties": {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["total", "note"] if nullable else ["total"],
                        "properties": {**PROPERTIES, **(_NOTE if nullable else {})},
                    }
                },
            }
        },
    }
    period = f"effective: {period}\n    " if period else ""
    loaded = load_packs(
        MemoryFiles(
            {
                "pack.yaml": _PACK.format(combining="deny_overrides"),
                "request.json": json.dumps(schema),
                "orders.yaml": _POLICY.format(condition=condition, period=period),
            }
        )
    )
    assert [str(item) for item in loaded.diagnostics] == []
    return loaded.packs[0]


def question(**properties: Any) -> Question:
    """A question to the pack, at noon; the total is 50 unless it is given."""
    request = {
        "subject": {"type": "user", "id": "ann"},
        "action": {"name": "ship"},
        "resource": {"type": "order", "id": "o-1", "properties": {"total": 50, **properties}},
    }
    return Question(request, NOON)
