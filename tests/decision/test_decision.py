"""Decisions: combining, failing closed, remedies, messages, and what is made when it is read."""

from __future__ import annotations

import copy
import json
import pickle
import random
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import evaluator
from evaluator.decision.schemas import FORMATS, Format, generate, write
from tests.decision.conftest import POLICIES, request
from tests.licence_requests import mutated, requests

SCHEMAS = Path(__file__).parents[2] / "schemas"
Small = Callable[..., evaluator.PolicySet]

ALLOW = "  - id: open\n    effect: allow\n"
DENY = "  - id: closed\n    effect: deny\n    reason: Closed.\n    when: resource.total > 5\n"
ERRING_DENY = """\
  - id: erring
    effect: deny
    reason: Erring.
    when: 1 / (resource.total - 1) == 1
"""
ERRING_ALLOW = "  - id: erring\n    effect: allow\n    when: 1 / (resource.total - 1) == 1\n"


def kinds(decision: evaluator.Decision) -> list[tuple[str, str]]:
    return [(reason.rule, reason.kind) for reason in decision.reasons]


COMBINING = {
    "deny overrides": ("deny_overrides", ALLOW + DENY, 6, "deny", [("closed", "deny")]),
    "no deny": ("deny_overrides", DENY + ALLOW, 1, "allow", [("open", "allow")]),
    "allow overrides": ("allow_overrides", DENY + ALLOW, 6, "allow", [("open", "allow")]),
    "only a deny": ("allow_overrides", DENY, 6, "deny", [("closed", "deny")]),
    "first match, deny first": ("first_match", DENY + ALLOW, 6, "deny", [("closed", "deny")]),
    "first match, allow first": ("first_match", ALLOW + DENY, 6, "allow", [("open", "allow")]),
    "no match": ("deny_overrides", DENY, 1, "deny", [("no-rule-allows", "default")]),
    "erring deny": (
        "deny_overrides",
        ERRING_DENY + ALLOW,
        1,
        "deny",
        [("erring", "indeterminate")],
    ),
    "erring deny, overridden": (
        "allow_overrides",
        ERRING_DENY + ALLOW,
        1,
        "allow",
        [("open", "allow")],
    ),
    "erring deny comes first": (
        "first_match",
        ERRING_DENY + ALLOW,
        1,
        "deny",
        [("erring", "indeterminate")],
    ),
    "erring allow": ("deny_overrides", ERRING_ALLOW, 1, "deny", [("no-rule-allows", "default")]),
    "erring allow is passed over": (
        "first_match",
        ERRING_ALLOW + ALLOW,
        1,
        "allow",
        [("open", "allow")],
    ),
}


@pytest.mark.parametrize(
    ("combining", "rules", "total", "effect", "reasons"), COMBINING.values(), ids=COMBINING
)
def test_combining(
    small: Small, combining: str, rules: str, total: int, effect: str, reasons: Any
) -> None:
    decision = small("rules:\n" + rules, combining=combining).decide(request(total=total))
    assert decision.effect == effect
    assert decision.allowed is (effect == "allow")
    assert kinds(decision) == reasons
    assert decision.rule_ids == tuple(rule for rule, _ in reasons)


def test_an_error_is_told_with_its_place(small: Small) -> None:
    policies = small("rules:\n" + ERRING_DENY + ERRING_ALLOW.replace("erring", "other"))
    decision = policies.decide(request())
    (reason,) = decision.to_dict()["reasons"]
    assert reason["error"] == {
        "kind": "divide_by_zero",
        "message": "division by zero",
        "at": {"file": "rules.yaml", "line": 8, "column": 11},
    }
    assert reason["remedies"] == []
    (error,) = decision.to_dict()["errors"]
    assert (error["rule"], error["kind"], error["at"]["line"]) == ("other", "divide_by_zero", 11)


def test_rules_on_trial_decide_nothing(small: Small) -> None:
    trial = DENY.replace("when", "mode: report\n    when")
    decision = small(
        "rules:\n" + ALLOW + trial + ERRING_DENY.replace("when", "mode: report\n    when")
    ).decide(request(total=6))
    assert decision.allowed
    assert [(notice.rule, notice.kind) for notice in decision.notices] == [("closed", "deny")]
    decision = small(
        "rules:\n" + ALLOW + ERRING_DENY.replace("when", "mode: report\n    when")
    ).decide(request(total=1))
    assert decision.allowed
    assert [(notice.rule, notice.kind) for notice in decision.notices] == [
        ("erring", "indeterminate")
    ]


BROKEN: dict[str, tuple[dict[str, Any], str, str]] = {
    "empty": ({}, "invalid-request", "`/subject` is missing"),
    "no subject id": (
        {**request(), "subject": {"type": "user"}},
        "invalid-request",
        "`/subject/id` is missing",
    ),
    "naive time": (request(time="2026-03-03T09:00:00"), "invalid-request", "/context/time"),
    "broken time, other action": (
        request(time="soon", action="other"),
        "invalid-request",
        "/context/time",
    ),
    "other action": (request(action="other"), "no-policy-applies", "other"),
    "other action, forbidden property": (
        request(action="other", totl=1),
        "no-policy-applies",
        "other",
    ),
    "forbidden property": (request(totl=1), "invalid-request", "/resource/properties/totl"),
    "forbidden in the context": (
        {**request(), "context": {"tim": 1}},
        "invalid-request",
        "/context/tim",
    ),
}


@pytest.mark.parametrize(("case", "rule", "words"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_decided_is_denied(
    small: Small, case: dict[str, Any], rule: str, words: str
) -> None:
    policies = small("rules:\n" + ALLOW + "outputs:\n  one: {value: '1', on: [allow, deny]}\n")
    decision = policies.decide(case)
    assert decision.effect == "deny"
    assert kinds(decision) == [(rule, "default")]
    assert words in decision.reasons[0].message
    assert decision.outputs == {}
    assert decision.valid_until is None
    jsonschema.validate(decision.to_dict(), generate("decision"))


def test_a_missing_attribute_errs_where_it_is_read(small: Small) -> None:
    case = request()
    del case["resource"]["properties"]["total"]
    assert small("rules:\n" + ALLOW).decide(case).allowed
    decision = small("rules:\n" + ALLOW + DENY).decide(case)
    assert kinds(decision) == [("closed", "indeterminate")]
    error = decision.reasons[0].error
    assert error is not None
    assert (error.kind, error.message) == (
        "invalid_attribute",
        "`/resource/properties/total` is missing",
    )


@pytest.mark.parametrize("data", [None, 5, "text", [], b"x"])
def test_what_is_no_mapping_is_a_mistake_of_the_caller(small: Small, data: Any) -> None:
    with pytest.raises(evaluator.RequestError):
        small("rules:\n" + ALLOW).decide(data)


def test_what_could_not_be_read_is_refused_with_the_reason(small: Small) -> None:
    with pytest.raises(evaluator.RequestError) as caught:
        evaluator.Request.parse('{"subject": NaN}')
    decision = small("rules:\n" + ALLOW).refuse(caught.value)
    assert kinds(decision) == [("invalid-request", "default")]
    assert "`NaN` is no number of JSON" in decision.reasons[0].message
    jsonschema.validate(decision.to_dict("da"), generate("decision"))


class Hostile(Mapping[str, Any]):
    """A Mapping that fails when it is looked at."""

    def __getitem__(self, key: str) -> Any:
        raise RuntimeError("no")

    def __iter__(self) -> Any:
        raise RuntimeError("no")

    def __len__(self) -> int:
        return 1


def test_host_objects_that_misbehave_are_denied(small: Small) -> None:
    decision = small("rules:\n" + ALLOW).decide(Hostile())
    assert kinds(decision) == [("invalid-request", "default")]


class Fickle(dict[str, Any]):
    """A Mapping that fails when it is looked at for the second time."""

    looked = 0

    def get(self, key: str, default: Any = None) -> Any:
        self.looked += 1
        if self.looked > 4:
            raise RuntimeError("no more")
        return super().get(key, default)

    def __repr__(self) -> str:
        raise RuntimeError("no")


def test_what_fails_while_it_is_read_is_denied(small: Small) -> None:
    policies = small("rules:\n" + ALLOW + DENY)
    case = request()
    case["resource"]["properties"] = Fickle(case["resource"]["properties"])
    case["resource"]["properties"].looked = 9
    decision = policies.decide(case)
    assert (decision.effect, decision.rule_ids) == ("deny", ("invalid-request",))
    assert decision.to_dict()["reasons"][0]["kind"] == "default"


def test_a_broken_clock_is_denied(small: Small) -> None:
    def broken() -> int:
        raise OSError("no clock")

    decision = small("rules:\n" + ALLOW, clock=broken).decide(request(time=None))
    assert (decision.effect, decision.rule_ids) == ("deny", ("invalid-request",))


def test_exceptions_can_be_pickled() -> None:
    errors: list[Exception] = []
    for act in (
        lambda: evaluator.Expression("1 +"),
        lambda: evaluator.load(evaluator.MemoryFiles({})),
        lambda: evaluator.Request.parse("{"),
        lambda: evaluator.Expression("1 / 0").evaluate(),
    ):
        with pytest.raises(evaluator.EvaluatorError) as caught:
            act()
        errors.append(caught.value)
    for error in errors:
        again = pickle.loads(pickle.dumps(error))
        assert type(again) is type(error)
        assert str(again) == str(error)


def test_host_values(small: Small) -> None:
    policies = small(
        "rules:\n" + ALLOW.rstrip("\n") + "\n    when: resource.at > now && resource.total == 5\n"
    )
    moment = datetime(2026, 3, 3, 9, tzinfo=UTC)
    case = request(at=moment + timedelta(microseconds=1), total=5.0)
    case["context"]["time"] = moment
    assert policies.decide(case).allowed
    case["resource"]["properties"]["at"] = datetime(2027, 1, 1)  # noqa: DTZ001  # naive on purpose
    decision = policies.decide(case)
    assert not decision.allowed
    assert decision.errors[0].kind == "invalid_attribute"


OUTPUTS = """\
rules:
  - id: open
    effect: allow
  - id: closed
    effect: deny
    reason: Closed.
    when: resource.total > 5
outputs:
  both: {value: resource.total, on: [allow, deny]}
  on_allow: {value: '"yes"'}
  gone: {value: resource.?other}
  first:
    - {value: '"many"', when: resource.total > 2}
    - {value: '"few"'}
  failing: {value: 1 / (resource.total - 1)}
  codes:
    value: '["one", "two"]'
    labels: {one: {en: One of {resource.total}}, two: Two}
"""


def test_outputs(small: Small) -> None:
    policies = small(
        OUTPUTS.replace("{en: One of {resource.total}}", '{en: "One of {resource.total}"}')
    )
    decision = policies.decide(request(total=1, other=3))
    assert decision.outputs == {
        "both": 1,
        "on_allow": "yes",
        "gone": 3,
        "first": "few",
        "codes": [{"code": "one", "text": "One of 1"}, {"code": "two", "text": "Two"}],
    }
    assert [(error.output, error.kind) for error in decision.errors] == [
        ("failing", "divide_by_zero")
    ]
    assert policies.decide(request(total=3)).outputs["first"] == "many"
    assert "gone" not in policies.decide(request(total=3)).outputs
    assert policies.decide(request(total=6)).outputs == {"both": 6}


REMEDIES = """\
rules:
  - id: open
    effect: allow
  - id: closed
    effect: deny
    reason: There are {resource.total}.
    when: resource.total > 5
    remedies:
      - id: take-less
        message: Take five.
        sets: {resource.total: '5'}
      - id: take-more
        message: Take a hundred.
        sets: {resource.total: '100'}
      - id: conditional
        when: resource.total > 50
        message: Only of many.
      - id: failing
        message: Never seen.
        sets: {resource.total: 1 / (resource.total - 6)}
  - id: also-closed
    effect: deny
    reason: Other.
    when: has(resource.other) && resource.other > 0
    remedies:
      - id: without
        message: Leave it out.
        sets: {resource.other: optional.none()}
"""


def test_remedies(small: Small) -> None:
    policies = small(REMEDIES)
    case = request(total=6, other=1)
    untouched = copy.deepcopy(case)
    decision = policies.decide(case)
    assert [remedy.id for remedy in decision.remedies] == ["take-less", "take-more", "without"]
    assert [(error.remedy, error.kind) for error in decision.errors] == [
        ("failing", "divide_by_zero")
    ]
    less, more, without = decision.remedies
    assert less.sets == {"/resource/properties/total": 5}
    assert without.sets == {"/resource/properties/other": None}
    verified = decision.verify(less)
    assert verified.verified
    assert verified.decision is not None
    assert verified.decision.rule_ids == ("also-closed",)  # the other rule still denies
    refused = decision.verify(more)
    assert (refused.verified, refused.decision) == (False, None)
    assert refused.problem == "the rule `closed` still fires"
    all_of_them = dict(policies.decide(case).verified())
    assert list(all_of_them) == ["take-less", "take-more", "without"]
    assert [one.problem for one in all_of_them.values()] == [None, refused.problem, None]
    changed = decision.verify(without).request
    assert changed == all_of_them["without"].request
    assert changed is not None
    assert "other" not in changed["resource"]["properties"]
    assert case == untouched


@pytest.mark.parametrize("case", [{}, request(total=1)], ids=["broken", "allowed"])
def test_without_reasons_to_deny_there_is_nothing_to_verify(
    small: Small, case: dict[str, Any]
) -> None:
    assert list(small(REMEDIES).decide(case).verified()) == []


@pytest.mark.parametrize("seed", range(4))
def test_every_remedy_that_the_licence_pack_offers_works(
    policies: evaluator.PolicySet, seed: int
) -> None:
    tried = 0
    for case in requests(seed + 60_000, 250):
        decision = policies.decide(case)
        for remedy in decision.remedies:
            if remedy.sets:
                tried += 1
                verification = decision.verify(remedy)
                assert verification.verified, (json.dumps(case), remedy, verification.problem)
                assert remedy.rule not in verification.decision.rule_ids  # type: ignore[union-attr]
    assert tried > 50


def test_the_order_of_files_changes_neither_effect_nor_the_set_of_reasons(
    policies: evaluator.PolicySet,
) -> None:
    folder = evaluator.Folder(POLICIES)
    files = {name: folder.read(name) for name in folder.names() if name.startswith("licenses/")}
    pack = files["licenses/pack.yaml"].decode()
    listed = [line for line in pack.splitlines() if line.strip().startswith("- ")]
    assert len(listed) > 5
    shuffled = listed.copy()
    random.Random(7).shuffle(shuffled)
    lines = iter(shuffled)
    files["licenses/pack.yaml"] = "\n".join(
        next(lines) if line in listed else line for line in pack.splitlines()
    ).encode()
    other = evaluator.load(evaluator.MemoryFiles(files))
    for case in requests(70_000, 500):
        one, two = policies.decide(case), other.decide(case)
        assert one.effect == two.effect
        assert set(one.rule_ids) == set(two.rule_ids)


@pytest.mark.parametrize("name", FORMATS)
def test_published_schemas(name: Format, tmp_path: Path) -> None:
    write(str(tmp_path))
    file = f"{name}.schema.json"
    assert (SCHEMAS / file).read_text("utf-8") == (tmp_path / file).read_text("utf-8")
    jsonschema.Draft202012Validator.check_schema(generate(name))


def test_decisions_satisfy_the_published_schema(policies: evaluator.PolicySet) -> None:
    decision_schema = jsonschema.Draft202012Validator(generate("decision"))
    request_schema = jsonschema.Draft202012Validator(generate("request"))
    rng = random.Random(3)
    for case in requests(80_000, 150):
        request_schema.validate(case)
        for given in (case, mutated(case, rng)):
            document = policies.decide(given).to_dict("da")
            decision_schema.validate(json.loads(json.dumps(document, allow_nan=False)))


def test_ten_thousand_damaged_requests_are_decided(policies: evaluator.PolicySet) -> None:
    rng = random.Random(11)
    for number, case in enumerate(requests(90_000, 10_000)):
        damaged = mutated(case, rng)
        decision = policies.decide(damaged)
        assert decision.effect in ("allow", "deny")
        if number % 20 == 0:
            json.dumps(decision.to_dict("da"), allow_nan=False)


def test_frozen_and_pickled_decisions_stay_what_they_were(policies: evaluator.PolicySet) -> None:
    for case in requests(95_000, 40):
        decision = policies.decide(case)
        expected = {locale: policies.decide(case).to_dict(locale) for locale in ("en", "da")}
        copied = pickle.loads(pickle.dumps(decision))
        case["context"] = {"broken": True}
        for one in (copied, decision, decision.freeze()):
            for locale in ("en", "da", "da-DK"):
                assert one.to_dict(locale) == expected[locale[:2]]
        assert (copied.effect, copied.rule_ids) == (decision.effect, decision.rule_ids)
        for remedy in copied.remedies:
            with pytest.raises(evaluator.RequestError, match="frozen"):
                copied.verify(remedy)


def test_a_request_that_was_changed_is_noticed(policies: evaluator.PolicySet) -> None:
    case = next(requests(5, 1))
    decision = policies.decide(case)
    case["resource"]["properties"]["total"] = 12345
    for read in (
        lambda: decision.reasons,
        lambda: decision.outputs,
        lambda: decision.valid_until,
        decision.to_dict,
        decision.freeze,
    ):
        with pytest.raises(evaluator.RequestError, match="was changed after it was decided"):
            read()
    assert decision.effect in ("allow", "deny")


def test_require(policies: evaluator.PolicySet, small: Small) -> None:
    assert small("rules:\n" + ALLOW).require(request()).allowed
    with pytest.raises(evaluator.Denied, match=r"closed: Closed\.") as caught:
        small("rules:\n" + ALLOW + DENY).require(request(total=6))
    assert caught.value.decision.rule_ids == ("closed",)
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.decision.to_dict() == caught.value.decision.to_dict()


MESSAGES = """\
rules:
  - id: closed
    effect: deny
    reason:
      en: "{resource.total} {plural(resource.total, {'one': 'thing', 'other': 'things'})}, {{x}}"
      da: "{resource.total} {plural(resource.total, {'other': 'ting'})}, {resource.at}"
    description:
      en: "{date(resource.at, 'full', 'Europe/Copenhagen')}; {date(resource.at, 'iso')}"
      da: "{resource.length} {1 / (resource.total - 1)}"
"""


@pytest.mark.parametrize(
    ("locale", "message", "description"),
    [
        ("en", "1 thing, {x}", "Tuesday, March 3, 2026; 2026-03-03T12:00:00Z"),
        ("en-GB", "1 thing, {x}", "Tuesday, 3 March 2026; 2026-03-03T12:00:00Z"),
        ("da", "1 ting, 3. mar. 2026", "7 døgn …"),
        ("da-DK", "1 ting, 3. mar. 2026", "7 døgn …"),
        ("fr", "1 thing, {x}", "Tuesday, March 3, 2026; 2026-03-03T12:00:00Z"),
        ("no such locale", "1 thing, {x}", "Tuesday, March 3, 2026; 2026-03-03T12:00:00Z"),
    ],
)
def test_messages(small: Small, locale: str, message: str, description: str) -> None:
    rules = MESSAGES.replace("{resource.length}", "{duration('168h')}")
    policies = small(rules, locale=locale)
    (reason,) = policies.decide(request(total=1)).reasons
    assert reason.message == message
    assert (reason.description or "").replace("7 dage", "7 døgn") == description


def test_numbers_and_lists_are_formatted(small: Small) -> None:
    policies = small(
        "rules:\n  - id: closed\n    effect: deny\n    reason:\n"
        "      en: '{resource.total} {[1, 2, 3]} {1.5} {true}'\n"
        "      da: '{resource.total} {[1, 2, 3]} {1.5} {true}'\n"
    )
    decision = policies.decide(request(total=1234567))
    assert decision.to_dict("en")["reasons"][0]["message"] == "1,234,567 1, 2, and 3 1.5 yes"
    assert decision.to_dict("da")["reasons"][0]["message"] == "1.234.567 1, 2 og 3 1,5 ja"


def test_several_packs(small: Small) -> None:
    def pack(name: str, rules: str) -> dict[str, str]:
        return {
            f"{name}/pack.yaml": f"language: 1\nname: {name}\nversion: '1'\ntitle: T\n"
            "files: [rules.yaml]\ncombining: deny_overrides\ndefault_locale: en\n"
            "time_zone: UTC\n",
            f"{name}/rules.yaml": f"policy: {name}.rules\ntitle: R\n"
            f"applies_to: {{resource: {'thing' if name != 'c' else 'other'}, actions: '**'}}\n"
            "rules:\n" + rules,
        }

    files = {
        **pack("a", ALLOW),
        **pack(
            "b",
            "  - id: closed\n    effect: deny\n    reason: No.\n"
            "    when: resource.?total.orValue(0) == 6\n",
        ),
        **pack("c", ALLOW),
    }
    policies = evaluator.load(evaluator.MemoryFiles(files))
    allowed = policies.decide(request(total=1))
    assert kinds(allowed) == [("open", "allow")]
    assert [pack.name for pack in allowed.packs] == ["a", "b"]  # c has nothing to say
    assert kinds(policies.decide(request(total=6))) == [("closed", "deny")]
    assert allowed.reasons[0].at is not None
    assert allowed.reasons[0].at.file == "a/rules.yaml"
