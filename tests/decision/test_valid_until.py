"""valid_until: the answer is the same before it, and another at it."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from typing import Any

import pytest

import evaluator
from evaluator.language.instants import format_instant
from tests.decision.conftest import request
from tests.licence_requests import requests

ALLOW = "rules:\n  - id: open\n    effect: allow\n    when: {when}\n"


def told(decision: evaluator.Decision) -> tuple[Any, ...]:
    """What must not change while a decision is valid. Outputs that hold ``now`` itself may."""
    outputs = {
        name: value
        for name, value in decision.to_dict()["outputs"].items()
        if name not in ("effective_at", "bought_window_closes_at")
    }
    reasons = [
        (reason.rule, reason.kind, [remedy.id for remedy in reason.remedies])
        for reason in decision.reasons
    ]
    texts = [
        name for name in ("effective_at", "bought_window_closes_at") if name in decision.outputs
    ]
    return decision.effect, reasons, _codes(outputs), texts


def _codes(outputs: dict[str, Any]) -> dict[str, Any]:
    """Texts of codes may hold anything; the law is about values."""
    return {
        name: [item.get("code", item) if isinstance(item, dict) else item for item in value]
        if isinstance(value, list)
        else value
        for name, value in outputs.items()
    }


def at(case: dict[str, Any], instant: int) -> dict[str, Any]:
    moved = copy.deepcopy(case)
    moved.setdefault("context", {})["time"] = format_instant(instant)
    return moved


@pytest.mark.parametrize("seed", range(8))
def test_law_on_licences(policies: evaluator.PolicySet, seed: int) -> None:
    rng = random.Random(seed)
    changing = 0
    for case in requests(seed + 50_000, 60):
        decision = policies.decide(case)
        until = decision.valid_until
        first = told(decision)
        now = decision.decided_at.nanoseconds
        if until is None:
            end = now + rng.choice((1, 10**9, 10**15, 10**17))
            assert told(policies.decide(at(case, end))) == first
            continue
        changing += 1
        end = until.nanoseconds
        assert now < end
        for moment in (rng.randrange(now, end), rng.randrange(now, end), end - 1):
            assert told(policies.decide(at(case, moment))) == first
        assert told(policies.decide(at(case, end))) != first
    assert changing


CASES = {
    "at least": ("resource.at <= now", "2026-03-03T12:00:00Z"),
    "more than": ("resource.at < now", "2026-03-03T12:00:00.000000001Z"),
    "until, included": ("now <= resource.at", "2026-03-03T12:00:00.000000001Z"),
    "until, excluded": ("now < resource.at", "2026-03-03T12:00:00Z"),
    "with a length": ('now <= resource.at + duration("1h")', "2026-03-03T13:00:00.000000001Z"),
    "moved to the left": ('now - duration("1h") < resource.at', "2026-03-03T13:00:00Z"),
    "a length that grows": (
        'now - resource.at >= duration("90m")',
        "2026-03-03T13:30:00Z",
    ),
    "a length that shrinks": (
        'resource.at - now < duration("1h")',
        "2026-03-03T11:00:00.000000001Z",
    ),
    "equal": ("now == resource.at", "2026-03-03T12:00:00Z"),
    "the attribute": ("has(context.time) && context.time < resource.at", "2026-03-03T12:00:00Z"),
    "the hour": ("now.getHours() < 17", "2026-03-03T17:00:00Z"),
    "the hour in a zone": (
        'now.getHours("America/New_York") < 8',
        "2026-03-03T13:00:00Z",
    ),
    "the day of the week": ("now.getDayOfWeek() == 2", "2026-03-04T00:00:00Z"),
    "over a change of the clocks": (
        'now.getHours("Europe/Copenhagen") != 3 || now.getDate("Europe/Copenhagen") != 29',
        "2026-03-29T01:00:00Z",
    ),
    "the year": ("now.getFullYear() == 2026", "2027-01-01T00:00:00Z"),
    "the hours of a length": (
        "(now - timestamp('2026-03-03T08:30:00Z')).getHours() == 0",
        "2026-03-03T09:30:00Z",
    ),
    "any of a list": ("resource.marks.exists(m, m <= now)", "2026-03-05T00:00:00Z"),
    "behind another": (
        "resource.at <= now && now < resource.at + duration('1h') || resource.total > 5",
        "2026-03-03T12:00:00Z",
    ),
    "never": ("resource.total == 1", None),
    "decided otherwise": ("resource.total == 1 || now < resource.at", None),
    "past": ('now > resource.at - duration("48h")', None),
    "on both sides": ("now - duration('1h') < now", None),
    "as text": ('string(now).startsWith("2026")', "2026-03-03T09:00:00Z"),
}


@pytest.mark.parametrize(("when", "expected"), CASES.values(), ids=CASES)
def test_exactness(small: Callable[..., evaluator.PolicySet], when: str, expected: str) -> None:
    policies = small(
        ALLOW.format(
            when=f'"{when}"'
            if '"' not in when
            else f"'{when}'"
            if "'" not in when
            else f"|\n      {when}"
        )
    )
    case = request(marks=["2026-03-07T00:00:00Z", "2026-03-05T00:00:00Z"])
    decision = policies.decide(case)
    until = decision.valid_until
    assert (None if until is None else str(until)) == expected
    if until is None or until == decision.decided_at:
        return
    before = policies.decide(at(case, until.nanoseconds - 1))
    assert before.effect == decision.effect
    assert policies.decide(at(case, until.nanoseconds)).effect != decision.effect


def test_effective_periods_count_while_the_rule_is_absent(
    small: Callable[..., evaluator.PolicySet],
) -> None:
    policies = small(
        "rules:\n"
        "  - id: open\n    effect: allow\n"
        "  - id: closed\n    effect: deny\n    reason: Closed.\n"
        "    effective: {from: 2026-04-01T00:00:00Z, until: 2026-05-01T00:00:00Z}\n"
    )
    for time, effect, until in (
        ("2026-03-03T09:00:00Z", "allow", "2026-04-01T00:00:00Z"),
        ("2026-04-01T00:00:00Z", "deny", "2026-05-01T00:00:00Z"),
        ("2026-05-01T00:00:00Z", "allow", None),
    ):
        decision = policies.decide(request(time=time))
        assert decision.effect == effect
        assert decision.to_dict()["valid_until"] == until


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("now + duration('1h')", None),  # it moves with time, so its change is no change
        ("[resource.at, now].size()", "2026-03-03T09:00:00Z"),
        ("now < resource.at", "2026-03-03T12:00:00Z"),
        ("resource.at", None),
    ],
)
def test_outputs_count_unless_they_move(
    small: Callable[..., evaluator.PolicySet], value: str, expected: str | None
) -> None:
    policies = small(
        "rules:\n  - id: open\n    effect: allow\noutputs:\n  one: {value: '"
        + value.replace("'", "''")
        + "'}\n"
    )
    decision = policies.decide(request())
    assert decision.to_dict()["valid_until"] == expected


def test_remedies_that_come_and_go_count(small: Callable[..., evaluator.PolicySet]) -> None:
    policies = small(
        "rules:\n  - id: closed\n    effect: deny\n    reason: Closed.\n    remedies:\n"
        "      - id: wait\n        when: now < resource.at\n        message: Wait.\n"
    )
    decision = policies.decide(request())
    assert [remedy.id for remedy in decision.remedies] == ["wait"]
    assert str(decision.valid_until) == "2026-03-03T12:00:00Z"


def test_the_clock_is_as_good_as_the_request(small: Callable[..., evaluator.PolicySet]) -> None:
    policies = small(
        ALLOW.format(when="now < resource.at"),
        clock=lambda: evaluator.Timestamp(1_772_528_400_000_000_000),
    )
    decision = policies.decide(request(time=None))
    assert (decision.now_from, str(decision.decided_at)) == ("clock", "2026-03-03T09:00:00Z")
    assert str(decision.valid_until) == "2026-03-03T12:00:00Z"
