"""The licence pack and the same page read by hand agree, over 20,000 seeded requests."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from pprint import pformat

import pytest

import evaluator
from tests.licence_requests import Request, mutated, requests
from tests.licences_by_hand import Answer, decide, effect_and_ids, remedy_sets

CHUNKS = range(16)
EACH = 1250


@pytest.mark.parametrize("seed", CHUNKS)
def test_the_answers_are_the_same(engine: Callable[[Request], Answer], seed: int) -> None:
    for request in requests(seed, EACH):
        by_engine, by_hand = engine(request), decide(request)
        # As JSON: there 5 is not 5.0, and 1 is not true.
        assert _shown(by_engine) == _shown(by_hand), (
            f"{json.dumps(request, indent=1)}\nengine:  {by_engine}\nby hand: {by_hand}"
        )


@pytest.mark.parametrize("seed", CHUNKS)
def test_remedies_set_the_same(policies: evaluator.PolicySet, seed: int) -> None:
    for request in requests(1000 + seed, EACH // 5):
        for remedy in policies.decide(request).remedies:
            assert remedy.sets == remedy_sets(request, remedy.id), (
                f"{json.dumps(request, indent=1)}\n{remedy}"
            )


def test_what_a_remedy_sets_lifts_its_reason() -> None:
    for request in requests(2000, 5_000):
        for reason in decide(request).reasons:
            for remedy in reason.remedies:
                if sets := remedy_sets(request, remedy):
                    _, rules = effect_and_ids(_changed(request, sets))
                    assert reason.rule not in rules, f"{json.dumps(request, indent=1)}\n{remedy}"


@pytest.mark.parametrize("seed", CHUNKS)
def test_damaged_requests_are_decided_alike(policies: evaluator.PolicySet, seed: int) -> None:
    """As far as the reading by hand tells: where it meets an invalid attribute, it stops."""
    for request in _damaged(seed, EACH // 5):
        decision = policies.decide(request)
        by_engine = decision.effect, decision.rule_ids
        by_hand = effect_and_ids(request)
        if by_hand[1] != ("indeterminate",):
            assert by_engine == by_hand, pformat(request, depth=8, sort_dicts=False)


def test_effect_and_ids_are_those_of_the_whole_answer() -> None:
    for request in (*requests(3000, 2_500), *_damaged(3000, 2_500)):
        answer = decide(request, now_ns=0)
        expected = (answer.decision, tuple(reason.rule for reason in answer.reasons))
        assert effect_and_ids(request, now_ns=0) == expected


def test_the_moment_is_given_beside_the_request_too() -> None:
    within, after = 1_772_528_400_000_000_000, 1_772_528_400_000_000_001  # 2026-03-03T09:00:00Z
    for request in requests(4000, 2_500, with_time=False):
        assert "time" not in request.get("context", {})
        for moment, time in (
            (within, "2026-03-03T09:00:00Z"),
            (after, "2026-03-03T09:00:00.000000001Z"),
        ):
            timed = {**request, "context": {**request.get("context", {}), "time": time}}
            assert decide(request, moment) == decide(timed)


def _damaged(seed: int, count: int) -> Iterator[Request]:
    rng = random.Random(seed)
    return (mutated(request, rng) for request in requests(seed, count))


def _shown(answer: Answer) -> str:
    reasons = [[reason.rule, reason.kind, reason.remedies] for reason in answer.reasons]
    return json.dumps([answer.decision, reasons, answer.outputs], sort_keys=True, indent=1)


def _changed(request: Request, sets: dict[str, object]) -> Request:
    changed = copy.deepcopy(request)
    for pointer, value in sets.items():
        _, *parents, name = pointer.split("/")
        target = changed
        for parent in parents:
            target = target.setdefault(parent, {})
        target[name] = value
    return changed
