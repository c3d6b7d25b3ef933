"""Generated code decides as the interpreter does, whatever the request."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

import evaluator
from evaluator.errors import RequestError
from evaluator.policy.request import Request
from tests.licence_requests import mutated, requests
from tests.program import orders

POLICIES = Path(__file__).parents[2] / "policies"
CHUNKS = 4
# The nightly mode asks for more: EVALUATOR_DECISIONS=50000.
DECISIONS = int(os.environ.get("EVALUATOR_DECISIONS", "8000")) // CHUNKS
NOW = 1_772_000_000_123_456_789


def load(*packs: tuple[str, str, bool]) -> evaluator.PolicySet:
    files = evaluator.MemoryFiles(orders.files(*packs))
    return evaluator.load(files, functions=orders.functions(), clock=lambda: NOW)


def interpreted(policies: evaluator.PolicySet, request: Mapping[str, Any]) -> tuple[Any, ...]:
    """What the interpreter makes of a request: effect, ids, and the kinds of the errors."""
    try:
        parsed = Request.parse(request)
    except RequestError:
        return "deny", ("invalid-request",), (), ()
    now = NOW if parsed.time is None else parsed.time
    verdict = policies._program.judge(parsed, now)
    outcome = verdict.outcome
    return (
        verdict.effect,
        verdict.rule_ids,
        tuple((item.rule.id, item.error and item.error.kind) for item in outcome.notices),
        tuple((item.rule.id, item.error and item.error.kind) for item in outcome.errors),
    )


def compiled(policies: evaluator.PolicySet, request: dict[str, Any]) -> tuple[Any, ...] | None:
    """What generated code makes of it; None when it leaves that to the interpreter."""
    decided = policies._program.decider.decide(request, lambda: NOW)
    if decided is None:
        return None
    outcome = decided[0].outcome
    notices = tuple((item.rule.id, None) for item in outcome.notices)
    return (*decided[0].answer, notices, ())


def agree(policies: evaluator.PolicySet, request: dict[str, Any]) -> bool:
    """Asserts that both say the same; whether generated code said anything."""
    wanted, found = interpreted(policies, request), compiled(policies, request)
    assert found is None or found == wanted, request
    assert policies.effect_and_ids(request) == wanted[:2]
    assert policies.allowed(request) is (wanted[0] == "allow")
    decision = policies.decide(request)
    assert (decision.effect, decision.rule_ids) == wanted[:2]
    return found is not None


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_the_licence_pack(chunk: int) -> None:
    policies = evaluator.load(POLICIES, clock=lambda: NOW)
    random = Random(chunk)
    for request in requests(chunk, DECISIONS):
        assert agree(policies, request), request  # a valid request leaves nothing in doubt
        damaged = mutated(request, random)
        if type(damaged) is dict:
            agree(policies, damaged)


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
    policies = load(*packs)
    random = Random(f"{packs}")
    seen: Counter[Any] = Counter()
    for _ in range(DECISIONS):
        request = orders.request(random)
        seen[agree(policies, request)] += 1
        seen.update(policies.effect_and_ids(request)[1])
    # Else the property would say nothing.
    assert seen[True] > DECISIONS * 0.25, seen
    assert len(seen) >= 7, seen


def test_a_parsed_request_is_decided_alike() -> None:
    policies = load(("deny", "deny_overrides", True))
    random = Random(5)
    for _ in range(300):
        request = orders.request(random)
        try:
            parsed = Request.parse(request)
        except RequestError:
            continue
        one, other = policies.decide(parsed), policies.decide(request)
        assert one.to_dict() == other.to_dict()
        assert policies.allowed(parsed) is one.allowed


def test_many_at_once() -> None:
    policies = load(("deny", "deny_overrides", True))
    random = Random(6)
    batch = [orders.request(random) for _ in range(50)]
    decisions = policies.warm().decide_many(iter(batch))
    assert [one.rule_ids for one in decisions] == [policies.decide(it).rule_ids for it in batch]


def test_long_conditions_are_generated_too() -> None:
    parts = [f"resource.total != {number}" for number in range(2000, 3500)]
    files = orders.files(("long", "deny_overrides", True))
    rules = json.loads(files["long/orders.yaml"])
    rules["rules"] = [
        {"id": "flat", "effect": "allow", "when": " && ".join(parts)},
        {"id": "tree", "effect": "allow", "when": {"any": [{"all": parts[:300]}, {"none": parts}]}},
    ]
    files["long/orders.yaml"] = json.dumps(rules)
    policies = evaluator.load(evaluator.MemoryFiles(files), functions=orders.functions())
    random = Random(1)
    settled = [agree(policies, orders.request(random)) for _ in range(50)]
    assert sum(settled) > 10
