"""Answers that are told again: as long as they hold, and as if they had been made anew."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

import evaluator
from evaluator.server.app import Application
from evaluator.server.remembering import Memory
from evaluator.server.seams import Gist, Made
from evaluator.server.settings import Limits, Settings
from tests.server.asking import ask, send_raw

NOW = 1_772_528_400_000_000_000  # 2026-03-03T09:00:00Z
HOUR = 3600 * 1_000_000_000
EVALUATION = "/access/v1/evaluation"
PACK = """\
language: 1
name: doors
version: 1.0.0
title: Doors
files: [doors.yaml]
"""
RULES = """\
policy: doors.doors
title: Doors
applies_to: {resource: door, actions: open}
rules:
  - id: opens
    effect: allow
    when: now < timestamp("2026-03-03T12:00:00Z")
    reason: {en: It is early., da: Det er tidligt.}
"""
HOST = """\
functions:
  is_broken: {signature: "() -> bool"}
"""
REQUEST = {
    "subject": {"type": "user", "id": "ann"},
    "action": {"name": "open"},
    "resource": {"type": "door", "id": "d"},
}


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


class Decided(evaluator.PolicySet):
    """Policies that count how often they decide."""

    count = 0

    def decide(self, *args: Any, **options: Any) -> evaluator.Decision:
        self.count += 1
        return super().decide(*args, **options)


class Written:
    def __init__(self) -> None:
        self.made: list[Made] = []

    async def write(self, made: Sequence[Made]) -> None:
        self.made += made


def policies(clock: Clock, *, pack: str = PACK, **options: Any) -> Decided:
    files = evaluator.MemoryFiles({"pack.yaml": pack, "doors.yaml": RULES})
    return Decided(evaluator.load(files, **options).packs, clock=clock)


class Service:
    def __init__(self, *, pack: str = PACK, entries: int = 10, **options: Any) -> None:
        self.clock = Clock()
        self.policies = policies(self.clock, pack=pack, **options)
        self.written = Written()
        settings = Settings(limits=Limits(remembered=entries))
        self.app = Application(self.policies, settings, key=b"k" * 32, journal=self.written)

    def ask(
        self,
        request: Mapping[str, Any] = REQUEST,
        *,
        path: str = EVALUATION,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        status, answer, _ = ask(self.app, "POST", path, request, headers)
        assert status == 200
        return answer


def test_what_is_asked_again_is_told_again() -> None:
    service = Service()
    first = service.ask()
    service.clock.now += HOUR
    second = service.ask()
    assert service.policies.count == 1
    assert second["context"].pop("decided_at") == "2026-03-03T10:00:00Z"
    assert first["context"].pop("decided_at") == "2026-03-03T09:00:00Z"
    assert first["context"].pop("id") != second["context"].pop("id")
    assert second == first


@pytest.mark.parametrize(
    ("later", "allowed"), [(3 * HOUR - 1, True), (3 * HOUR, False), (-1, True)], ids=str
)
def test_only_while_it_holds(later: int, allowed: bool) -> None:
    service = Service()
    service.ask()
    service.clock.now += later
    assert service.ask()["decision"] is allowed
    assert service.policies.count == (1 if later == 3 * HOUR - 1 else 2)


def test_each_is_written_down_with_its_own_moment() -> None:
    service = Service()
    ids = [service.ask()["context"]["id"] for _ in range(3)]
    assert [made.id for made in service.written.made] == ids
    assert service.policies.count == 1
    service.clock.now += HOUR
    service.ask()
    assert [made.told["decided_at"][11:13] for made in service.written.made] == ["09"] * 3 + ["10"]
    assert all(made.request == REQUEST for made in service.written.made)


@pytest.mark.parametrize(
    ("change", "count"),
    [
        (lambda: {"request": {**REQUEST, "subject": {"type": "user", "id": "bo"}}}, 2),
        (lambda: {"headers": {"accept-language": "da"}}, 2),
        (lambda: {"headers": {"x-request-id": "mine"}}, 1),
        (lambda: {"path": "/v1/decide"}, 1),
        (lambda: {"path": "/access/v1/evaluations"}, 1),
    ],
    ids=["request", "locale", "id", "decide", "evaluations"],
)
def test_what_makes_another_question(change: Callable[[], dict[str, Any]], count: int) -> None:
    service = Service()
    service.ask()
    service.ask(**change())
    assert service.policies.count == count


def test_a_question_in_a_batch() -> None:
    service = Service()
    batch = {**REQUEST, "evaluations": [{}, {"resource": {"type": "door", "id": "e"}}, {}]}
    answers = service.ask(batch, path="/access/v1/evaluations")["evaluations"]
    assert [answer["decision"] for answer in answers] == [True, True, True]
    assert service.policies.count == 2
    assert len({answer["context"]["id"] for answer in answers}) == 3


def test_what_a_caller_does_to_an_answer_stays_with_it() -> None:
    service = Service()
    batch = {
        **REQUEST,
        "evaluations": [{}],
        "options": {"evaluations_semantic": "permit_on_first_permit"},
    }
    (answer,) = service.ask(batch, path="/access/v1/evaluations")["evaluations"]
    assert answer["context"]["ended_by"]
    batch["options"] = {}
    (answer,) = service.ask(batch, path="/access/v1/evaluations")["evaluations"]
    assert "ended_by" not in answer["context"]


def test_the_content_type_is_looked_at_all_the_same() -> None:
    service = Service()
    service.ask()
    status, _, _ = send_raw(service.app, "POST", EVALUATION, json.dumps(REQUEST).encode(), {})
    assert status == 400


def test_time_that_is_ignored_is_said_so_again() -> None:
    service = Service()
    asked = {**REQUEST, "context": {"time": "2030-01-01T00:00:00Z"}}
    assert [service.ask(asked)["context"]["ignored"] for _ in range(2)] == [["/context/time"]] * 2
    assert service.policies.count == 1


def test_other_policies_have_answered_nothing_yet() -> None:
    service = Service()
    service.ask()
    others = policies(service.clock)
    service.app.replace(others)
    service.ask()
    assert others.count == 1


def test_the_oldest_are_forgotten() -> None:
    service = Service(entries=2)

    def asked(name: str) -> int:
        before = service.policies.count
        service.ask({**REQUEST, "subject": {"type": "user", "id": name}})
        return service.policies.count - before

    assert [asked(name) for name in ("a", "b", "a", "c", "a", "b")] == [1, 1, 0, 1, 0, 1]


@pytest.mark.parametrize(
    "options",
    [
        {"entries": 0},
        {"pack": PACK + HOST, "functions": {"is_broken": lambda: False}},
    ],
    ids=["none", "host functions"],
)
def test_nothing_is_remembered(options: dict[str, Any]) -> None:
    service = Service(**options)
    service.ask()
    service.ask()
    assert service.policies.count == 2


def test_what_is_too_long_is_not_remembered() -> None:
    clock = Clock()
    set_ = policies(clock)
    memory = Memory(set_, entries=10)
    decision = set_.decide(REQUEST)
    told = decision.to_dict()
    short = json.dumps(REQUEST).encode()
    long = short + b" " * 20_000
    for question in (short, long):
        memory.keep(question, None, decision, Gist.of(decision), told, short, ())
    assert memory.find(long, None) is None
    assert memory.find(short, "da") is None
    found = memory.find(short, None)
    assert found is not None
    assert (found.request, found.told) == (REQUEST, told)
