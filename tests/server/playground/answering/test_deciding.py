from __future__ import annotations

from typing import Any

import pytest

from evaluator.server.playground.answering.asking import InvalidError, TooLargeError
from evaluator.server.playground.answering.workspace import UnloadableError
from tests.server.playground.workspaces import ask, closed, pack, text_of

ACTIONS = ["buy_licenses", "remove_licenses", "redeem_product_key", "assign_licenses"]


def decided(*, locale: str = "en", **changes: Any) -> dict[str, Any]:
    first = closed()
    about = {"request": first["request"], "now": first["now"], "actions": ACTIONS, **changes}
    found: dict[str, Any] = ask("decide", locale=locale, **about)["decisions"]
    return found


def test_each_action_is_decided() -> None:
    told = decided()
    assert list(told) == ACTIONS
    assert {action: one["decision"]["decision"] for action, one in told.items()} == {
        "buy_licenses": "deny",
        "remove_licenses": "deny",
        "redeem_product_key": "deny",
        "assign_licenses": "allow",
    }


def test_a_reason_says_which_line_it_stands_in() -> None:
    (reason,) = decided()["remove_licenses"]["decision"]["reasons"]
    at = reason["at"]
    text = text_of(at["file"])
    assert text[at["from"] : at["to"]] == reason["rule"] == "reduction-window-closed"
    assert text.splitlines()[at["line"] - 1][at["column"] - 1 :] == reason["rule"]
    titles = decided()["remove_licenses"]["policies"]
    assert titles[reason["policy"]]["en"].startswith("When licences can be removed")


def test_texts_are_in_the_language_of_the_reader() -> None:
    (reason,) = decided(locale="da")["remove_licenses"]["decision"]["reasons"]
    assert reason["message"].startswith("Licenser kan")


@pytest.mark.parametrize("name", ["licenses", "expenses"])
def test_remedies_do_what_is_said_of_them(name: str) -> None:
    tried = 0
    for scenario in pack(name)["scenarios"][:150]:
        action = scenario["request"]["action"]["name"]
        about = {"now": scenario["now"], "actions": [action]}
        told = ask("decide", request=scenario["request"], **about)["decisions"][action]
        for remedy in told["remedies"]:
            if remedy["changed"] is None:
                assert remedy["then"] is None
                assert remedy["sets"] is False or remedy["lifts"] is False
                continue
            tried += 1
            changed = remedy["changed"]
            other = changed["action"]["name"]
            about = {"now": scenario["now"], "actions": [other]}
            after = ask("decide", request=changed, **about)["decisions"][other]["decision"]
            assert after["decision"] == remedy["then"]
            assert remedy["rule"] not in [reason["rule"] for reason in after["reasons"]]
    assert tried > 10


def test_a_request_that_is_none_is_denied() -> None:
    (reason,) = decided(request={})["buy_licenses"]["decision"]["reasons"]
    assert (reason["rule"], reason["at"]) == ("invalid-request", None)
    told = decided(request={"action": 3, "context": {"time": "soon"}})["buy_licenses"]
    assert told["decision"]["reasons"][0]["kind"] == "default"


def test_an_error_has_a_place() -> None:
    request = closed()["request"]
    properties = {**request["resource"]["properties"], "total": "many"}
    broken = {**request, "resource": {**request["resource"], "properties": properties}}
    told = decided(request=broken)["remove_licenses"]["decision"]
    found = [reason for reason in told["reasons"] if reason["kind"] == "indeterminate"]
    assert found
    cause = found[0]["error"]["at"]
    line = text_of(cause["file"]).splitlines()[cause["line"] - 1]
    assert line[cause["column"] - 1 :].startswith("resource.total")


def test_edits_count() -> None:
    name = "licenses/common.yaml"
    edits = {name: text_of(name).replace('duration("168h")', 'duration("9000h")')}
    assert decided(edits=edits)["remove_licenses"]["decision"]["decision"] == "allow"


@pytest.mark.parametrize(
    ("changes", "error", "says"),
    [
        ({"now": "soon"}, InvalidError, "`now` is no instant"),
        ({"now": 3}, InvalidError, "`now` is no text"),
        ({"request": []}, InvalidError, "`request` is no object"),
        ({"actions": "all"}, InvalidError, "`actions` is no list"),
        ({"actions": [1]}, InvalidError, "`actions` is no list"),
        ({"actions": ["a"] * 33}, TooLargeError, "more than 32"),
        ({"edits": {"licenses/roles.yaml": "rules: ["}}, UnloadableError, "cannot be loaded"),
    ],
)
def test_questions_that_make_no_sense(
    changes: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        decided(**changes)
