"""Neighbours: every value at which something may change, one at a time, and nothing invalid."""

from __future__ import annotations

from typing import Any

import pytest

from evaluator.language.values import ABSENT
from evaluator.suites.model import Question
from evaluator.suites.search.domains import Domains
from evaluator.suites.search.neighbours import moment_of, neighbours
from tests.shop_requests import NOON, pack, question

HOUR = 3600 * 10**9


def values(condition: str, name: str, **properties: Any) -> list[Any]:
    """What an attribute becomes in the neighbours in which it is another."""
    asked = question(**properties)
    before = asked.request["resource"]["properties"].get(name, ABSENT)
    found = []
    for other in neighbours(asked, Domains.of([pack(condition)])):
        after = other.request["resource"].get("properties", {}).get(name, ABSENT)
        if after != before or type(after) is not type(before):
            found.append(after)
    return found


@pytest.mark.parametrize(
    ("condition", "name", "properties", "among"),
    [
        pytest.param("resource.?paid == optional.of(true)", "paid", {"paid": True},
                     [ABSENT, False], id="a boolean, and its absence"),
        pytest.param('resource.?state == optional.of("open")', "state", {"state": "open"},
                     [ABSENT, "sent", "back"], id="the members of an enumeration"),
        pytest.param("resource.total > 70", "total", {}, [69, 70, 71, 10, 11, 98, 99],
                     id="a constant, the bounds, and what is just beside"),
        pytest.param("has(resource.weight) && resource.weight > 2.5 && resource.total > 0",
                     "weight", {}, [2.5, 1.5, 3.5, 0, 50, 49, 51],
                     id="what is absent, and numbers of the rest of the request"),
        pytest.param('has(resource.code) && resource.code.startsWith("X-")', "code", {},
                     ["X-", "something-else", "", "ann", "o-1"],
                     id="the text that is compared, and texts of the request"),
        pytest.param('has(resource.ordered) && now < resource.ordered + duration("1h")',
                     "ordered", {"ordered": "2026-03-03T12:00:00Z"},
                     ["2026-03-03T11:00:00Z", "2026-03-03T10:59:59.999999999Z",
                      "2026-03-03T11:00:00.000000001Z", ABSENT],
                     id="instants that lie the duration away"),
        pytest.param('has(resource.wait) && resource.wait > duration("1h")', "wait", {},
                     ["PT3600S", "PT3599.999999999S", "PT3600.000000001S", "PT0S"],
                     id="durations"),
        pytest.param('has(resource.tags) && "a" in resource.tags', "tags", {"tags": ["a"]},
                     [ABSENT, [], ["b"], ["a", "b"]], id="lists without repetitions"),
        pytest.param("has(resource.lines) && resource.lines.exists(line, line.quantity > 3)",
                     "lines", {"lines": [{"quantity": 7}]},
                     [[], [{"quantity": 7}, {"quantity": 7}], [{"quantity": 3}],
                      [{"quantity": 4}], [{"quantity": 7}, {"quantity": 1}], ABSENT],
                     id="lists of objects, and what is in them"),
        pytest.param('has(resource.address) && resource.address.city == "Rome"', "address", {},
                     [{"city": "a"}], id="a whole object"),
        pytest.param('has(resource.address) && resource.address.city == "Rome"', "address",
                     {"address": {"city": "Oslo"}}, [{"city": "Rome"}, ABSENT],
                     id="what is in an object"),
    ],
)  # fmt: skip
def test_values(condition: str, name: str, properties: dict[str, Any], among: list[Any]):
    found = values(condition, name, **properties)
    assert [value for value in among if value not in found] == []


def test_null():
    domains = Domains.of([pack('resource.note == "x"', nullable=True)])
    found = {
        other.request["resource"]["properties"]["note"]
        for other in neighbours(question(note="x"), domains)
        if other.request["resource"]["type"] == "order"
    }
    assert found >= {None, "", "X", "xx"}


def test_what_is_not_read_stays_as_it_is():
    assert values("resource.total > 70", "paid", paid=True) == []


def test_values_beyond_the_bounds_are_left_out():
    assert all(10 <= value <= 99 for value in values("resource.total > 70", "total"))


def test_moments():
    """The clock moves to where a lot or a period begins or ends, unless the request has a time."""
    domains = Domains.of([pack("resource.total > 70", period="{from: 2026-03-04T00:00:00Z}")])
    midnight = NOON + 12 * HOUR
    found = {moment_of(other) for other in neighbours(question(), domains)}
    assert {midnight - 1, midnight, midnight + 1} <= found
    fixed = question()
    timed = Question({**fixed.request, "context": {"time": "2026-03-03T12:00:00Z"}}, 0)
    assert all(other.now == 0 for other in neighbours(timed, domains))


def test_no_moments_where_nothing_depends_on_time():
    found = {
        other.now for other in neighbours(question(), Domains.of([pack("resource.total > 70")]))
    }
    assert found == {NOON}


def test_other_actions_and_types():
    domains = Domains.of([pack("resource.total > 70")])
    found = {
        (other.request["resource"]["type"], other.request["action"]["name"])
        for other in neighbours(question(), domains)
    }
    assert found == {
        ("order", "ship"),
        ("order", "cancel"),
        ("order", "something_else"),
        ("something_else", "ship"),
    }


CONDITION = (
    'has(resource.ordered) && now < resource.ordered + duration("1h") || resource.total > 70'
    " || has(resource.lines) && resource.lines.exists(line, line.quantity > 3)"
)


def test_neighbours_are_valid_distinct_and_always_the_same():
    domains = Domains.of([pack(CONDITION)])
    asked = question(ordered="2026-03-03T12:00:00Z", lines=[{"quantity": 7}])
    found = list(neighbours(asked, domains))
    assert len(found) > 50
    assert all(map(domains.is_valid, found))
    told = [(repr(other.request), other.now) for other in found]
    assert (repr(asked.request), asked.now) not in told
    assert told == [(repr(other.request), other.now) for other in neighbours(asked, domains)]


@pytest.mark.parametrize(
    "part",
    [{"resource": {"type": "order"}}, {"context": []}, {"subject": None}, {"action": {"name": 1}}],
)
def test_a_broken_envelope_has_no_neighbours(part: dict[str, Any]):
    broken = Question({**question().request, **part}, NOON)
    assert list(neighbours(broken, Domains.of([pack(CONDITION)]))) == []


@pytest.mark.parametrize(
    "properties",
    [
        pytest.param({"lines": 3}, id="a list that is none"),
        pytest.param({"lines": [7, {"quantity": "many"}]}, id="items that are none"),
        pytest.param({"ordered": "yesterday", "total": None}, id="values of other types"),
        pytest.param({"colour": "red"}, id="what the schema forbids"),
    ],
)
def test_neighbours_of_what_is_invalid_are_valid(properties: dict[str, Any]):
    domains = Domains.of([pack(CONDITION)])
    assert all(map(domains.is_valid, neighbours(question(**properties), domains)))
