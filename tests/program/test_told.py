"""What decisions tell beside their effect is the same by generated code and by the interpreter."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

import evaluator
from evaluator.decision import validity
from evaluator.errors import RequestError
from evaluator.language.instants import format_instant
from evaluator.policy.request import Request
from evaluator.program import expressions
from tests.licence_requests import mutated, requests
from tests.program import orders

POLICIES = Path(__file__).parents[2] / "policies"
DECISIONS = int(os.environ.get("EVALUATOR_DECISIONS", "8000")) // 8
NOW = 1_772_000_000_123_456_789


@pytest.fixture(autouse=True)
def compiled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expressions, "_WORTHWHILE", 0)


def interpreted(policies: evaluator.PolicySet, request: dict[str, Any]) -> dict[str, Any]:
    """The decision as the interpreter alone makes it."""
    told = policies.explain(request).decision.to_dict()  # explanations are interpreted
    try:
        parsed = Request.parse(request)
    except RequestError:
        return told
    now = NOW if parsed.time is None else parsed.time
    if told["reasons"][0]["rule"] not in ("no-policy-applies", "invalid-request"):
        until = validity._first_change(
            lambda moments: validity._signature(policies._program, parsed, moments), now
        )
        told["valid_until"] = None if until is None else format_instant(until)
    return told


@pytest.mark.parametrize("chunk", range(2))
def test_the_licence_pack(chunk: int) -> None:
    policies = evaluator.load(POLICIES / "licenses", clock=lambda: NOW)
    random = Random(chunk)
    changing = 0
    for request in requests(chunk, DECISIONS // 2):
        told = policies.decide(request).to_dict()
        assert told == interpreted(policies, request), request
        changing += told["valid_until"] is not None
        damaged = mutated(request, random)
        if type(damaged) is dict:
            assert policies.decide(damaged).to_dict() == interpreted(policies, damaged), damaged
    assert changing > DECISIONS // 20


@pytest.mark.parametrize(
    "packs",
    [
        [("deny", "deny_overrides", True)],
        [("allow", "allow_overrides", True)],
        [("first", "first_match", True)],
        [("loose", "deny_overrides", False)],
        [("one", "first_match", True), ("two", "allow_overrides", False)],
    ],
    ids=lambda packs: "+".join(name for name, *_ in packs),
)
def test_packs_that_use_everything(packs: list[tuple[str, str, bool]]) -> None:
    files = evaluator.MemoryFiles(orders.files(*packs))
    policies = evaluator.load(files, functions=orders.functions(), clock=lambda: NOW)
    random = Random(f"{packs}")
    seen: Counter[str] = Counter()
    for _ in range(DECISIONS // 4):
        request = orders.request(random)
        told = policies.decide(request).to_dict()
        assert told == interpreted(policies, request), request
        seen.update(key for key in ("errors", "notices", "outputs", "valid_until") if told[key])
    # Else the property would say nothing.
    wanted = ("errors", "valid_until", "outputs") if packs[0][2] else ("errors",)
    assert min(seen[key] for key in wanted) > DECISIONS // 50, seen


PACK = """\
language: 1
name: moving
version: 1.0.0
title: Moving
files: [rules.yaml]
"""
RULES = """\
policy: moving.rules
title: Moving
applies_to: {{resource: thing, actions: ask}}
constants:
  day: duration("24h")
rules:
  - id: open
    effect: allow
    when: {condition}
"""


@pytest.mark.parametrize(
    "condition",
    [
        "now < timestamp('2026-03-01T00:00:00Z')",
        "now <= timestamp('2026-03-01T00:00:00Z') + day",
        "timestamp('2026-03-01T00:00:00Z') - now >= day",
        "now - timestamp('2026-02-01T00:00:00Z') > day || now == timestamp('2026-03-01T00:00:00Z')",
        "(now - day) != timestamp('2026-03-01T00:00:00Z') - day - day",
        "now - (timestamp('2026-03-01T00:00:00Z') - now) < timestamp('2026-04-01T00:00:00Z')",
        "(now < timestamp('2026-03-01T00:00:00Z') ? now : now + day) < timestamp(1772600000)",
        "(now < timestamp('2026-03-01T00:00:00Z') ? now : timestamp(0)) < timestamp(1772600000)",
        "now.getHours() < 12",
        "[now, timestamp('2026-03-01T00:00:00Z')].exists(t, t > timestamp('2026-03-09T00:00:00Z'))",
        "[1, 2, 3].all(n, now < timestamp('2026-03-01T00:00:00Z') + duration(string(n) + 'h'))",
        "cel.bind(t, now + day, t > timestamp('2026-03-01T00:00:00Z') && t < now + day + day)",
        "string(now).startsWith('2026-02')",
        "now - timestamp('1800-01-01T00:00:00Z') > day",
        "now + duration('2000000h') > timestamp('2026-03-01T00:00:00Z')",
        "context.time < timestamp('2026-03-01T00:00:00Z')",
    ],
)
def test_moving_times(condition: str) -> None:
    files = {"pack.yaml": PACK, "rules.yaml": RULES.format(condition=f"|\n      {condition}")}
    policies = evaluator.load(evaluator.MemoryFiles(files), clock=lambda: NOW)
    request = {
        "subject": {"type": "user", "id": "ann"},
        "action": {"name": "ask"},
        "resource": {"type": "thing", "id": "t"},
    }
    for time in ("2026-02-27T12:00:00Z", "2026-03-01T00:00:00Z", "2026-03-02T23:59:59.999999999Z"):
        for context in ({}, {"time": time}):
            asked = {**request, "context": context}
            for _ in range(2):  # counted once, compiled the second time
                assert policies.decide(asked).to_dict() == interpreted(policies, asked), time
