"""Decisions on requests that are not known whole."""

from __future__ import annotations

import copy
import json
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

import evaluator
from evaluator.decision.partial import PartialDecision
from evaluator.errors import RequestError
from evaluator.language.interpreter import evaluate
from evaluator.language.parser import parse_text
from evaluator.language.values import ErrorValue
from evaluator.policy.model import Pack
from evaluator.policy.request import Request
from evaluator.program.combining import Finding, combine
from tests.licence_requests import requests
from tests.program import orders

ROOT = Path(__file__).parents[2]
REMOVAL = json.loads((ROOT / "docs/demo/removal.json").read_text("utf-8"))
NOW = 1_772_000_000_123_456_789


@pytest.fixture(scope="module")
def licences() -> evaluator.PolicySet:
    return evaluator.load(ROOT / "policies", clock=lambda: NOW)


def rules(decision: PartialDecision) -> list[str]:
    return [condition.rule for condition in decision.conditions]


def test_it_depends(licences: evaluator.PolicySet) -> None:
    decision = licences.decide_partial(REMOVAL, ["resource.total"])
    assert (decision.effect, decision.allowed) == (None, None)
    assert decision.depends_on == ("resource.total",)
    assert [(one.rule, one.when) for one in decision.conditions] == [
        ("not-a-decrease", "75 >= resource.total"),
        ("all-licenses-assigned", "60 >= resource.total"),
        ("exceeds-removable-quantity", "resource.total - 75 > 30"),
    ]
    assert [(one.rule, one.kind) for one in decision.reasons] == [("mca-role", "allow")]
    (line,) = {one.at.line for one in decision.conditions if one.rule == "not-a-decrease"}
    assert decision.to_dict()["conditions"][0] == {
        "rule": "not-a-decrease",
        "policy": "licenses.quantities",
        "effect": "deny",
        "when": "75 >= resource.total",
        "at": {"file": "licenses/quantities.yaml", "line": line},
    }
    assert decision.to_dict()["decision"] == "depends"


def test_it_does_not_depend(licences: evaluator.PolicySet) -> None:
    decision = licences.decide_partial(REMOVAL, ["resource.term_end", "subject.nickname"])
    assert (decision.effect, decision.conditions, decision.depends_on) == ("allow", (), ())
    trial = copy.deepcopy(REMOVAL)
    trial["resource"]["properties"]["is_trial"] = True
    decision = licences.decide_partial(trial, ["resource.total", "context"])
    assert (decision.effect, decision.allowed) == ("deny", False)
    assert [one.rule for one in decision.reasons] == ["trial-subscription"]


def test_reserved_ids(licences: evaluator.PolicySet) -> None:
    other = copy.deepcopy(REMOVAL)
    other["action"]["name"] = "cancel"
    (reason,) = licences.decide_partial(other, ["resource.total"]).reasons
    assert (reason.rule, reason.policy, reason.kind) == ("no-policy-applies", None, "default")
    other = copy.deepcopy(REMOVAL)
    other["context"]["new_quantitiy"] = 1
    (reason,) = licences.decide_partial(other, ["resource.total"]).reasons
    assert reason.rule == "invalid-request"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("resource.totl", "did you mean `resource.total`?"),
        ("resorce.total", "did you mean `resource`?"),
        ("resource.", "is no attribute of a request"),
        ("", "write it as expressions do"),
        ("action.name", "has to be known"),
        ("subject.id", "has to be known"),
    ],
)
def test_wrong_paths(licences: evaluator.PolicySet, path: str, said: str) -> None:
    with pytest.raises(RequestError) as caught:
        licences.decide_partial(REMOVAL, [path, "resource.total"])
    (problem,) = caught.value.diagnostics
    assert problem.code == "EVL610"
    assert said in f"{problem.message} {problem.help}"


def test_a_broken_envelope_is_refused(licences: evaluator.PolicySet) -> None:
    with pytest.raises(RequestError):
        licences.decide_partial({"subject": 1}, ["resource.total"])


# Laws


def attributes(request: dict[str, Any]) -> list[tuple[str, str]]:
    """The top-level attributes of a request."""
    return [
        *(("subject", name) for name in request["subject"].get("properties", {})),
        *(("resource", name) for name in request["resource"].get("properties", {})),
        *(("context", name) for name in request.get("context", {})),
    ]


RESERVED = ("type", "id")  # of entities, whatever the properties say


def without(request: dict[str, Any], hidden: list[tuple[str, str]]) -> dict[str, Any]:
    """What is known of a request."""
    known = copy.deepcopy(request)
    for root, name in hidden:
        where = known[root] if root == "context" else known[root]["properties"]
        where.pop(name, None)
    return known


@pytest.mark.parametrize("seed", range(4))
def test_every_completion_is_decided_so(licences: evaluator.PolicySet, seed: int) -> None:
    random = Random(seed)
    seen: Counter[str | None] = Counter()
    for request in requests(seed, 300):
        if request["action"]["name"] not in ("buy_licenses", "remove_licenses"):
            continue
        hidden = [one for one in attributes(request) if random.random() < 0.25]
        hidden = [one for one in hidden if one[1] not in ("time", *RESERVED)]
        known = without(request, hidden)
        partial = licences.decide_partial(known, [".".join(one) for one in hidden])
        check_completion(licences, partial, request)
        seen[partial.effect] += 1
    assert min(seen["allow"], seen["deny"], seen[None]) > 3, seen


@pytest.mark.parametrize("combining", ["deny_overrides", "allow_overrides", "first_match"])
def test_other_algorithms(combining: str) -> None:
    files = evaluator.MemoryFiles(orders.files(("one", combining, True)))
    policies = evaluator.load(files, functions=orders.functions(), clock=lambda: NOW)
    random = Random(combining)
    seen: Counter[str | None] = Counter()
    for _ in range(600):
        request = orders.request(random)
        try:
            Request.parse(request)
            names = attributes(request)
        except (RequestError, AttributeError, TypeError):
            continue
        share = random.choice((0.1, 0.6))
        hidden = [one for one in names if random.random() < share]
        hidden = [one for one in hidden if one[1] not in ("time", *RESERVED)]
        try:
            known = without(request, hidden)
            partial = policies.decide_partial(known, [".".join(one) for one in hidden])
        except (RequestError, KeyError, AttributeError, TypeError):
            continue  # the request is damaged where it hides something
        if policies.decide(request).rule_ids[0] == "invalid-request":
            continue
        check_completion(policies, partial, request)
        seen[partial.effect] += 1
    assert seen[None] > 5, seen


def check_completion(
    policies: evaluator.PolicySet, partial: PartialDecision, request: dict[str, Any]
) -> None:
    """The full decision is the partial one, or what its conditions come to."""
    whole = policies.decide(request)
    if partial.effect is not None:
        assert whole.effect == partial.effect, request
        return
    parsed = Request.parse(request)
    (part,) = policies._program.index.find(parsed.resource_type, parsed.action_name)
    left = {condition.rule: condition.when for condition in partial.conditions}
    certain = {reason.rule: reason.kind for reason in partial.reasons}
    found = []
    for rule in part.rules:
        if rule.id in certain:
            error = ErrorValue("x", "x") if certain[rule.id] == "indeterminate" else None
            found.append(Finding(rule, error))
        elif rule.id in left:
            value = condition_value(part.pack, parsed, left[rule.id])
            if value is True or isinstance(value, ErrorValue):
                found.append(Finding(rule, value if isinstance(value, ErrorValue) else None))
    effect = combine(part.pack.combining, found).effect or "deny"
    assert effect == whole.effect, (request, left)


def condition_value(pack: Pack, request: Request, text: str) -> Any:
    """The value of what is left of a condition, on the whole request."""
    view = pack.variants[0].request_type.view(request)

    class Whole:
        def name(self, name: str) -> Any:
            from evaluator.language.values import ABSENT

            return ABSENT

        attribute = view.attribute
        has = view.has

    from evaluator.language.checker import Environment, check

    environment = Environment(
        {}, roots=pack.variants[0].request_type.roots, functions=pack.functions
    )
    checked = check(parse_text(text), environment)
    return evaluate(checked, Whole(), functions=pack.functions)
