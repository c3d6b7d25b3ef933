"""The search finds what is a change or two away, says when there is nothing, and how far it got."""

from __future__ import annotations

from typing import Any

import pytest

from evaluator.suites.model import Question
from evaluator.suites.search.domains import Domains
from evaluator.suites.search.searching import search
from tests.shop_requests import NOON, pack, question

CONDITION = (
    'has(resource.paid) && resource.paid && has(resource.state) && resource.state == "sent"'
    ' && resource.total > 70 && has(resource.code) && resource.code == "X"'
)
DOMAINS = Domains.of([pack(CONDITION)])


def misses(asked: Question, **wanted: Any) -> int:
    properties = asked.request["resource"].get("properties", {})
    return sum(properties.get(name) != value for name, value in wanted.items())


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param({"total": 50}, id="the seed itself"),
        pytest.param({"total": 71}, id="one change"),
        pytest.param({"total": 71, "state": "sent"}, id="two changes"),
    ],
)
def test_finds(wanted: dict[str, Any]):
    found = search(lambda asked: not misses(asked, **wanted), [question()], DOMAINS)
    assert found.question is not None
    assert misses(found.question, **wanted) == 0
    assert not found.exhausted
    again = search(lambda asked: not misses(asked, **wanted), [question()], DOMAINS)
    assert (again.question.request, again.tried) == (found.question.request, found.tried)  # type: ignore[union-attr]


FOUR = {"total": 71, "state": "sent", "paid": True, "code": "X"}


def test_a_distance_leads_further_than_two_changes():
    def shows(asked: Question) -> bool:
        return not misses(asked, **FOUR)

    blind = search(shows, [question()], DOMAINS, budget=3000)
    led = search(
        shows, [question()], DOMAINS, budget=3000, distance=lambda asked: misses(asked, **FOUR)
    )
    assert blind.question is None
    assert led.question is not None
    assert led.tried < 500


def test_a_signature_leads_around_what_stands_in_the_way():
    """The distance grows on the only way: the state makes it worse until it is paid."""

    def far(asked: Question) -> float:
        properties = asked.request["resource"].get("properties", {})
        sent, paid = properties.get("state") == "sent", properties.get("paid") is True
        if sent != paid:
            return 3.5
        total, code = properties.get("total") == 71, properties.get("code") == "X"
        return float(3 - sent - (sent and total) - code)

    def kind(asked: Question) -> tuple[Any, ...]:
        properties = asked.request["resource"].get("properties", {})
        return properties.get("state"), properties.get("paid")

    def tries(**guides: Any) -> bool:
        found = search(
            lambda asked: far(asked) == 0, [question()], DOMAINS, budget=400, distance=far, **guides
        )
        return found.question is not None

    assert tries(signature=kind)
    assert not tries()


def test_exhausted():
    """Nothing near has it, and everything with up to two changes was tried."""
    narrow = DOMAINS.narrowed(rules=pack("resource.total > 70").variants[0].rules)
    tried: list[Question] = []

    def never(asked: Question) -> bool:
        tried.append(asked)
        return False

    found = search(never, [question()], narrow)
    assert found.question is None
    assert found.exhausted
    assert found.tried == len(tried) == len({repr(asked.request) for asked in tried})
    totals = {asked.request["resource"].get("properties", {}).get("total") for asked in tried}
    assert {10, 11, 69, 70, 71, 98, 99} <= totals


def test_the_budget_ends_it():
    found = search(lambda asked: False, [question()], DOMAINS, budget=40)
    assert (found.question, found.tried, found.exhausted) == (None, 40, False)


def test_beginnings_are_valid():
    found = list(DOMAINS.beginnings(NOON))
    assert {(one.request["resource"]["type"], one.request["action"]["name"]) for one in found} >= {
        ("order", "ship"),
        ("order", "cancel"),
    }
    assert all(map(DOMAINS.is_valid, found))


@pytest.mark.parametrize(
    ("properties", "fitted"),
    [
        pytest.param({"total": 5}, {"total": 10}, id="out of bounds"),
        pytest.param({"total": 20, "colour": "red"}, {"total": 20}, id="not known"),
        pytest.param({"paid": True}, {"paid": True, "total": 10}, id="missing"),
        pytest.param(
            {"total": 20, "lines": [{"quantity": 0, "x": 1}, {}]},
            {"total": 20, "lines": [{"quantity": 1}, {"quantity": 1}]},
            id="in the items of a list",
        ),
    ],
)
def test_fitted(properties: dict[str, Any], fitted: dict[str, Any]):
    asked = question()
    resource = {**asked.request["resource"], "properties": properties}
    found = DOMAINS.fitted(Question({**asked.request, "resource": resource}, NOON))
    assert found.request["resource"]["properties"] == fitted
