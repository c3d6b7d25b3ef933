"""The licence pack for the laws of decisions, and a maker of small packs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import evaluator

POLICIES = Path(__file__).parents[2] / "policies"

PACK = """\
language: 1
name: small
version: "1"
title: A small pack
files: [rules.yaml]
combining: {combining}
default_locale: en
time_zone: UTC
request: request.schema.json
"""
SCHEMA = """\
{"type": "object", "properties": {
  "resource": {"type": "object", "properties": {"properties": {
    "type": "object", "additionalProperties": false,
    "properties": {
      "total": {"type": "integer"}, "other": {"type": "integer"},
      "at": {"type": "string", "format": "date-time"},
      "length": {"type": "string", "format": "duration"},
      "marks": {"type": "array", "items": {"type": "string", "format": "date-time"}}},
    "required": ["total", "at", "marks"]}}},
  "context": {"type": "object", "additionalProperties": false, "properties": {
    "time": {"type": "string", "format": "date-time"}}}}}
"""


@pytest.fixture(scope="session")
def policies() -> evaluator.PolicySet:
    return evaluator.load(POLICIES)


@pytest.fixture
def small() -> Callable[..., evaluator.PolicySet]:
    """Loads a pack of one file, given its rules and outputs as YAML."""

    def load(
        rules: str, *, combining: str = "deny_overrides", **options: Any
    ) -> evaluator.PolicySet:
        head = "policy: small.rules\ntitle: Rules\napplies_to: {resource: thing, actions: [do]}\n"
        return evaluator.load(
            evaluator.MemoryFiles(
                {
                    "pack.yaml": PACK.format(combining=combining),
                    "request.schema.json": SCHEMA,
                    "rules.yaml": head + rules,
                }
            ),
            **options,
        )

    return load


def request(
    *, time: str | None = "2026-03-03T09:00:00Z", action: str = "do", **properties: Any
) -> dict[str, Any]:
    """A request for a thing; properties that are not given have harmless values."""
    given: Mapping[str, Any] = {
        "total": 1,
        "at": "2026-03-03T12:00:00Z",
        "marks": [],
        **properties,
    }
    return {
        "subject": {"type": "user", "id": "ann"},
        "action": {"name": action},
        "resource": {"type": "thing", "id": "1", "properties": dict(given)},
        "context": {} if time is None else {"time": time},
    }
