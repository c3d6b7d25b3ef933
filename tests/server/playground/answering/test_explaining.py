from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.server.playground.workspaces import ask, closed, text_of


def nodes(node: dict[str, Any] | None) -> Iterator[dict[str, Any]]:
    if node is not None:
        yield node
        for child in node["children"]:
            yield from nodes(child)


def explained(**edits: str) -> dict[str, Any]:
    first = closed()
    return ask("explain", request=first["request"], now=first["now"], edits=edits)


def test_every_part_stands_where_it_is_said_to_stand() -> None:
    told = explained()
    assert told["decision"]["decision"] == "deny"
    count = 0
    for rule in told["rules"]:
        at = rule["at"]
        assert text_of(at["file"])[at["from"] : at["to"]] == rule["rule"]
        for node in nodes(rule["condition"]):
            at = node["at"]
            written = text_of(at["file"])[at["from"] : at["to"]]
            count += 1
            if not node["text"].startswith(("all", "any", "none")) and "\n" not in written:
                assert "".join(node["text"].split()) in "".join(written.split())
    assert count > 50


def test_the_rule_that_decides_is_decisive() -> None:
    decisive = [rule for rule in explained()["rules"] if rule["decisive"]]
    assert [rule["rule"] for rule in decisive] == ["reduction-window-closed"]
    values = {node["text"]: node["value"] for node in nodes(decisive[0]["condition"])}
    assert values['context.effective == "now"'] == "true"


def test_lengths_of_time_are_in_hours() -> None:
    values = {
        node["text"]: node["value"]
        for rule in explained()["rules"]
        for node in nodes(rule["condition"])
    }
    assert values["reduction_window"] == 'duration("168h")'


def test_long_explanations_are_cut() -> None:
    first = closed()
    properties = first["request"]["resource"]["properties"]
    lot = {"quantity": 1, "added_at": "2026-01-01T00:00:00Z", "kind": "purchase"}
    many = {**properties, "lots": [lot] * 1000}
    request = {**first["request"], "resource": {**first["request"]["resource"]}}
    request["resource"]["properties"] = many
    told = ask("explain", request=request, now=first["now"])
    assert sum(1 for rule in told["rules"] for _ in nodes(rule["condition"])) <= 20_100
