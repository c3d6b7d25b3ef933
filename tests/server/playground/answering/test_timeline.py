from __future__ import annotations

import random
from itertools import pairwise
from typing import Any

import pytest

from evaluator.language.instants import parse_instant
from evaluator.language.values import Timestamp
from evaluator.server.playground.answering.asking import InvalidError
from evaluator.server.playground.answering.workspace import Workspace
from tests.server.playground.workspaces import ask, closed, pack, text_of

DAY = 86_400 * 1_000_000_000


def at(text: str) -> int:
    found = parse_instant(text)
    assert found is not None
    return found


def decide(request: dict[str, Any], instant: int) -> tuple[str, list[str]]:
    action = request["action"]["name"]
    now = str(Timestamp(instant))
    told = ask("decide", request=request, now=now, actions=[action])["decisions"][action]
    decision = told["decision"]
    return decision["decision"], [reason["rule"] for reason in decision["reasons"]]


def test_the_story_of_the_first_scenario() -> None:
    first = closed()
    told = ask("timeline", request=first["request"], now=first["now"])
    assert told["complete"]
    shown = [(one["decision"], one["rules"]) for one in told["segments"]]
    assert ("deny", ["reduction-window-closed"]) in shown
    assert "allow" in [decision for decision, _ in shown]
    assert "resource.lots[0].added_at" in [mark["attribute"] for mark in told["marks"]]
    assert at(told["from"]) < at(first["now"]) < at(told["until"])


@pytest.mark.parametrize("name", ["licenses", "expenses"])
def test_segments_agree_with_what_is_decided(name: str) -> None:
    scenarios = pack(name)["scenarios"]
    dice = random.Random(7)
    for scenario in dice.sample(scenarios, 40):
        request = scenario["request"]
        told = ask("timeline", request=request, now=scenario["now"])
        segments = told["segments"]
        assert segments[0]["from"] == told["from"]
        for one, following in pairwise(segments):
            assert one["until"] == following["from"]
            assert (one["decision"], one["rules"], one["messages"]) != (
                following["decision"],
                following["rules"],
                following["messages"],
            )
            assert following["same"] == (one["decision"] == following["decision"])
        assert segments[-1]["until"] is None or at(segments[-1]["until"]) >= at(told["until"])
        for segment in segments:
            begin = at(segment["from"])
            end = at(told["until"]) if segment["until"] is None else at(segment["until"])
            for instant in (begin, dice.randrange(begin, end), end - 1):
                assert decide(request, instant) == (segment["decision"], segment["rules"])


def test_a_span_that_is_asked_for() -> None:
    first = closed()
    about = {"request": first["request"], "now": first["now"]}
    begin, end = "2025-01-01T00:00:00Z", "2027-01-01T00:00:00Z"
    span: dict[str, Any] = {"from": begin, "until": end}
    told = ask("timeline", **about, **span)
    assert (told["from"], told["until"]) == (begin, end)
    assert told["segments"][0]["from"] == begin
    assert "resource.term_end" in {mark["attribute"] for mark in told["marks"]}
    span = {"from": end, "until": begin}
    with pytest.raises(InvalidError, match="not before"):
        ask("timeline", **about, **span)


def test_the_time_of_a_request_does_not_hold_it() -> None:
    first = closed()
    held = {**first["request"]}
    held["context"] = {**held.get("context", {}), "time": "2020-01-01T00:00:00Z"}
    about = {"now": first["now"]}
    assert ask("timeline", request=held, **about) == ask(
        "timeline", request=first["request"], **about
    )


def test_what_time_cannot_change_is_one_segment() -> None:
    told = ask("timeline", request={}, now="2026-03-03T09:00:00Z")
    (segment,) = told["segments"]
    assert (segment["until"], segment["rules"]) == (None, ["invalid-request"])
    assert at(told["until"]) - at(told["from"]) >= 2 * DAY
    assert told["marks"] == []


@pytest.mark.parametrize("now", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_time_has_ends(now: str) -> None:
    told = ask("timeline", request=closed()["request"], now=now)
    assert told["segments"]


def timed(condition: str) -> Workspace:
    """A pack with one rule that depends on time in some way."""
    files = {
        "pack.yaml": "language: 1\nname: shop\nversion: '1'\nfiles: [clock.yaml]\n",
        "clock.yaml": (
            "policy: shop.clock\napplies_to: {resource: shop, actions: [enter]}\n"
            f"rules:\n  - id: open\n    effect: allow\n    when: {condition}\n"
        ),
    }
    return Workspace({name: text.encode() for name, text in files.items()})


ENTER = {
    "subject": {"type": "user", "id": "ann"},
    "action": {"name": "enter"},
    "resource": {"type": "shop", "id": "1"},
}


def test_what_changes_too_often_is_cut_short() -> None:
    shop = timed("now.getSeconds() % 2 == 0")
    told = ask("timeline", of=shop, request=ENTER, now="2026-03-03T09:00:00Z")
    assert told["complete"] is False
    assert 10 < len(told["segments"]) <= 200
    assert told["from"] < "2026-03-03T09:00:00Z" < told["until"]


def test_what_changes_with_every_moment_is_looked_at_now_and_then() -> None:
    shop = timed("int(now) % 2 == 0")
    told = ask("timeline", of=shop, request=ENTER, now="2026-03-03T09:00:00Z")
    assert told["complete"] is False
    assert told["segments"][0]["from"] <= "2026-03-03T09:00:00Z" < told["until"]


def test_hours_of_a_day() -> None:
    shop = timed("now.getHours() >= 9 && now.getHours() < 17")
    told = ask("timeline", of=shop, request=ENTER, now="2026-03-03T12:00:00Z")
    changes = [one["from"] for one in told["segments"] if one["decision"] == "allow"]
    assert "2026-03-03T09:00:00Z" in changes


def test_edits_move_it() -> None:
    first = closed()
    name = "licenses/common.yaml"
    edits = {name: text_of(name).replace('duration("168h")', 'duration("240h")')}
    about = {"request": first["request"], "now": first["now"]}
    assert ask("timeline", edits=edits, **about) != ask("timeline", **about)
