"""What is told of a decision is told again, word for word, until ``told_until``."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

import evaluator
from tests.licence_requests import requests
from tests.program import orders

POLICIES = Path(__file__).parents[2] / "policies"
NOW = 1_772_528_400_000_000_000  # 2026-03-03T09:00:00Z
DAY = 86_400 * 1_000_000_000


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


def told_at(
    policies: evaluator.PolicySet, clock: Clock, request: dict[str, Any], now: int, locale: str
) -> dict[str, Any]:
    clock.now = now
    told = policies.decide(request).to_dict(locale)
    del told["decided_at"], told["valid_until"]
    return told


def holds(
    policies: evaluator.PolicySet, clock: Clock, request: dict[str, Any], random: Random
) -> evaluator.Timestamp | None:
    """``told_until``, after a look at some moments before it."""
    clock.now = NOW
    decision = policies.decide(request)
    until = decision.told_until
    assert decision.valid_until is None or (until is not None and until <= decision.valid_until)
    end = NOW + 400 * DAY if until is None else until.nanoseconds
    if end > NOW:
        moments = {end - 1, NOW + random.randrange(end - NOW)}
        for locale in ("en", "da"):
            first = told_at(policies, clock, request, NOW, locale)
            for moment in moments:
                assert told_at(policies, clock, request, moment, locale) == first, moment
    return until


def test_the_licence_pack() -> None:
    clock = Clock()
    policies = evaluator.load(POLICIES / "licenses", clock=clock)
    random = Random(5)
    seen = [
        holds(policies, clock, request, random) for request in requests(5, 300, with_time=False)
    ]
    assert sum(until is None for until in seen) > 30
    assert sum(until is not None and until.nanoseconds > NOW for until in seen) > 15


def test_packs_that_use_everything() -> None:
    clock = Clock()
    files = evaluator.MemoryFiles(orders.files(("deny", "deny_overrides", True)))
    policies = evaluator.load(files, functions=orders.functions(), clock=clock)
    random = Random(6)
    for _ in range(300):
        request = orders.request(random)
        context = request.setdefault("context", {})
        if type(context) is dict:
            context.pop("time", None)
            holds(policies, clock, request, random)


PACK = """\
language: 1
name: texts
version: 1.0.0
title: Texts
files: [rules.yaml]
time_zone: UTC
"""
RULES = """\
policy: texts.rules
title: Texts
applies_to: {resource: thing, actions: ask}
constants:
  opening: timestamp("2026-03-03T12:00:00Z")
rules:
  - id: never
    effect: deny
    when: "true"
    reason: %s
outputs:
  hours: {value: %s, on: [deny]}
"""
REQUEST = {
    "subject": {"type": "user", "id": "ann"},
    "action": {"name": "ask"},
    "resource": {"type": "thing", "id": "t"},
}


@pytest.mark.parametrize(
    ("reason", "value", "expected"),
    [
        ("No.", "1", None),
        ("No, not on {date(opening)}.", "1", None),
        ("No, it is {date(now)}.", "1", "2026-03-03T09:00:00Z"),
        ("No, {now < opening ? 'it is early' : 'it is late'}.", "1", "2026-03-03T12:00:00Z"),
        ("No.", "opening - now", "2026-03-03T09:00:00Z"),
        ("No.", "now.getHours()", "2026-03-03T10:00:00Z"),
    ],
)
def test_texts_and_outputs_that_move(reason: str, value: str, expected: str | None) -> None:
    rules = RULES % (json.dumps(reason), json.dumps(value))
    files = evaluator.MemoryFiles({"pack.yaml": PACK, "rules.yaml": rules})
    decision = evaluator.load(files, clock=lambda: NOW).decide(REQUEST)
    until = decision.told_until
    assert (None if until is None else str(until)) == expected


def test_who_has_let_go_of_the_request_cannot_know() -> None:
    decision = evaluator.load(POLICIES / "licenses", clock=lambda: NOW).decide(REQUEST).freeze()
    assert decision.told_until == decision.decided_at
