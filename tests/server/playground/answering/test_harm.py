"""Policies and requests that mean harm: each is answered, soon, and with what it says as text."""

from __future__ import annotations

import time
from typing import Any

import pytest

from evaluator.server.playground.answering.workspace import UnloadableError
from tests.server.playground.workspaces import ask

PREPAID = "licenses/prepaid.yaml"
REQUEST: dict[str, Any] = {
    "subject": {"type": "user", "id": "ann", "properties": {"roles": []}},
    "action": {"name": "remove_licenses"},
    "resource": {"type": "subscription", "id": "a" * 20_000, "properties": {}},
}
NOW = "2026-03-03T09:00:00Z"


def policy(when: str, reason: str = "No.") -> dict[str, str]:
    """A file in place of prepaid.yaml, with one rule that is about every removal."""
    return {
        PREPAID: f"""policy: licenses.prepaid
applies_to: {{resource: subscription, actions: [remove_licenses]}}
rules:
  - id: hostile
    effect: deny
    when: {when}
    reason: '{reason}'
"""
    }


def hostile(edits: dict[str, str], request: dict[str, Any] = REQUEST) -> dict[str, Any]:
    """What is told of the hostile rule, by all endpoints, each of which is quick."""
    began = time.process_time()
    about: dict[str, Any] = {"edits": edits, "request": request, "now": NOW}
    ask("timeline", **about)
    ask("explain", **about)
    decided = ask("decide", actions=["remove_licenses"], **about)["decisions"]
    assert time.process_time() - began < 4.0
    reasons = decided["remove_licenses"]["decision"]["reasons"]
    found: dict[str, Any] = next(one for one in reasons if one["rule"] == "hostile")
    return found


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*(a|a)*(a|a)*b", "(a*)*(a*)*(a*)*$"])
def test_patterns_take_linear_time(pattern: str) -> None:
    told = hostile(policy(f"\"resource.id.matches('{pattern}') || true\""))
    assert told["kind"] == "deny"


def test_patterns_that_multiply_are_refused() -> None:
    with pytest.raises(UnloadableError):
        hostile(policy("\"resource.id.matches('((a{0,100}){0,100}){0,100}$')\""))


def test_loops_in_loops_are_given_up() -> None:
    ten = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"
    loops = "".join(f"{ten}.all(v{level}, " for level in range(8)) + "true" + ")" * 8
    assert hostile(policy(f"'{loops}'"))["error"]["kind"] == "cost_exceeded"


def test_texts_that_double_are_given_up() -> None:
    lines = ["  s0: '\"" + "x" * 1000 + "\"'"]
    lines += [f"  s{one}: s{one - 1} + s{one - 1}" for one in range(1, 60)]
    (text,) = policy("size(s59) > 0").values()
    variables = "variables:\n" + "\n".join(lines) + "\nrules:\n"
    edits = {PREPAID: text.replace("rules:\n", variables, 1)}
    told = hostile(edits)
    assert told["kind"] == "indeterminate"


@pytest.mark.parametrize(
    "text",
    ["{{constructor}}", "<img src=x onerror=alert(1)>", "{{{{7*7}}", "\u202eevil", "`~!@#$%^&*()"],
)
def test_markup_is_text(text: str) -> None:
    written = text.replace("{{", "{{{{").replace("'", "''")
    told = hostile(policy("true", written))
    assert told["message"].replace("{", "").replace("}", "") == text.replace("{", "").replace(
        "}", ""
    )


def unloadable(text: str) -> list[dict[str, Any]]:
    began = time.process_time()
    told = ask("check", edits={PREPAID: text})
    assert time.process_time() - began < 4.0
    assert told["loads"] is False
    found: list[dict[str, Any]] = told["diagnostics"]
    assert found
    return found


def test_aliases_that_multiply_are_refused() -> None:
    lines = ["a0: &a0 [no]"]
    lines += [f"a{one}: &a{one} [{', '.join([f'*a{one - 1}'] * 9)}]" for one in range(1, 20)]
    unloadable("\n".join(lines) + "\n")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1_000_000,
        "{a: " * 200_000,
        "- " * 500_000,
        "rules:\n  - when: " + "(" * 500_000,
        "policy: " + "9" * 1_000_000,
        "policy: !!python/object/apply:os.system [id]\n",
        "? " * 500_000,
        "\0",
        "policy: &a [*a]",
        "'" * 1_000_001,
    ],
    ids=["lists", "maps", "items", "brackets", "digits", "tag", "keys", "nul", "self", "quotes"],
)
def test_texts_that_nobody_would_write(text: str) -> None:
    unloadable(text)


def test_thousands_of_rules() -> None:
    rules = "".join(
        f"  - {{id: r{number}, effect: deny, when: resource.total == {number}, reason: No.}}\n"
        for number in range(4_000)
    )
    scope = "{resource: subscription, actions: [remove_licenses]}"
    edits = {PREPAID: f"policy: licenses.prepaid\napplies_to: {scope}\nrules:\n{rules}"}
    told = ask("check", edits=edits)
    assert told["loads"] is True
    assert len(told["diagnostics"]) <= 200


def test_numbers_beyond_all_measure() -> None:
    properties = {"total": 10**400, "assigned": 1e308, "lots": [10**30]}
    request = {**REQUEST, "resource": {**REQUEST["resource"], "properties": properties}}
    about: dict[str, Any] = {"request": request, "now": NOW}
    told = ask("decide", actions=["remove_licenses"], **about)
    assert told["decisions"]["remove_licenses"]["decision"]["decision"] == "deny"


def test_requests_nested_beyond_all_measure() -> None:
    nested: Any = "x"
    for _ in range(5_000):
        nested = [nested]
    request = {**REQUEST, "context": {"deep": nested}}
    told = ask("decide", actions=["remove_licenses"], request=request, now=NOW)
    assert told["decisions"]["remove_licenses"]["decision"]["decision"] == "deny"


def test_a_schema_that_refers_to_itself() -> None:
    schema = '{"$ref": "#/$defs/a", "$defs": {"a": {"properties": {"b": {"$ref": "#/$defs/a"}}}}}'
    told = ask("check", edits={"licenses/request.schema.json": schema})
    assert told["loads"] is False


def test_host_functions_are_not_there() -> None:
    edits = policy("system('id') == ''")
    with pytest.raises(UnloadableError):
        hostile(edits)
