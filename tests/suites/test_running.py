"""Steps pass if the decision is as expected, and tell every difference if it is not."""

from __future__ import annotations

from typing import Any

import pytest

from evaluator.language.values import ABSENT
from evaluator.policy.loading import load_packs
from evaluator.source import Folder, MemoryFiles
from evaluator.suites.comparing import Difference
from evaluator.suites.model import Step
from evaluator.suites.reading import read_suites
from evaluator.suites.running import Runner
from tests.cli_runner import ROOT
from tests.wrong_suites import BASE

PACK = BASE | {
    "orders.yaml": BASE["orders.yaml"].replace(
        "outputs:\n",
        """\
  - id: many
    effect: allow
    when: resource.total / resource.lines.size() > 20
    reason: {en: Many., da: Mange.}
    source: {facts: [1]}
  - id: broken
    effect: deny
    when: resource.lines.exists(line, 10 / line.quantity > 20)
    reason: {en: Broken., da: I stykker.}
  - id: late
    effect: deny
    when: now > resource.due
    reason: {en: Late., da: For sent.}
    remedies:
      - id: no-cure
        message: {en: Wait., da: Vent.}
        sets: {resource.total: "1"}
outputs:
""",
    )
}

OPEN = "{subject: ann, action: ship, resource: open-order}"
PAID = "{subject: ann, action: ship, resource: order}"
HUGE = "{subject: ann, action: ship, resource: {extends: order, properties: {total: 5000}}}"
EMPTY = "{subject: ann, action: ship, resource: {extends: order, properties: {lines: []}}}"
BROKEN = (
    "{subject: ann, action: ship, resource: {extends: order, properties: {lines: [{quantity: 0}]}}}"
)
LATE = (
    "{subject: ann, action: ship, resource: "
    "{extends: order, properties: {due: 2026-01-01T00:00:00Z}}}"
)
UNKNOWN = "{subject: ann, action: shpi, resource: order}"
INVALID = "{subject: ann, action: ship, resource: {extends: order, properties: {totla: 1}}}"


def steps(cases: str) -> tuple[Runner, list[Step]]:
    text = (
        f"suite: shop.orders\nnow: 2026-03-03T09:00:00Z\nimports: [fixtures.yaml]\ncases:\n{cases}"
    )
    files = MemoryFiles(PACK | {"suites/orders.suite.yaml": text})
    packs = load_packs(files).packs
    read = read_suites(files, packs)
    assert [str(item) for item in read.diagnostics if item.code != "EVL708"] == []
    return Runner(packs), [step for suite in read.suites for _, step in suite.steps()]


def one(request: str, expect: str) -> tuple[Runner, Step]:
    runner, (step,) = steps(f"  - name: a case\n    request: {request}\n    expect: {expect}\n")
    return runner, step


def told(differences: tuple[Difference, ...]) -> list[tuple[str, Any, Any]]:
    return [(item.field, item.expected, item.got) for item in differences]


@pytest.mark.parametrize(
    ("request_", "expect"),
    [
        pytest.param(PAID, "allow", id="allowed"),
        pytest.param(OPEN, "deny", id="denied"),
        pytest.param(PAID, "{decision: allow}", id="at-length"),
        pytest.param(PAID, "{decision: allow, rules: [clerk, many]}", id="rules"),
        pytest.param(PAID, "{decision: allow, contains: {rules: [many]}}", id="some-rules"),
        pytest.param(
            OPEN, "{decision: deny, rules: [unpaid], remedies: [by-phone, pay]}", id="remedies"
        ),
        pytest.param(
            OPEN,
            "{decision: deny, rules: [unpaid], contains: {remedies: [pay]}}",
            id="some-remedies",
        ),
        pytest.param(PAID, "{decision: allow, outputs: {parcels: 1}}", id="output"),
        pytest.param(PAID, "{decision: allow, outputs: {parcels: 1.0}}", id="double-for-int"),
        pytest.param(PAID, "{decision: allow, outputs: {carrier: bike}}", id="code-alone"),
        pytest.param(
            PAID,
            "{decision: allow, outputs: {carrier: {code: bike, text: By bike.}}}",
            id="code-with-its-text",
        ),
        pytest.param(
            PAID, "{decision: allow, contains: {outputs: {carrier: {code: bike}}}}", id="some-keys"
        ),
        pytest.param(
            OPEN,
            "{decision: deny, rules: [unpaid], remedies: [by-phone, pay], absent: [carrier]}",
            id="absent",
        ),
        pytest.param(HUGE, "{decision: allow, notices: [huge]}", id="notices"),
        pytest.param(EMPTY, "{decision: allow, rules: [clerk], errors: [many]}", id="erring-allow"),
        pytest.param(
            BROKEN, "{decision: deny, rules: [broken], errors: [broken]}", id="erring-deny"
        ),
        pytest.param(
            PAID,
            "{decision: allow, valid_until: 2026-04-01T00:00:00.000000001Z}",
            id="valid-until",
        ),
        pytest.param(
            OPEN,
            "{decision: deny, rules: [unpaid], remedies: [by-phone, pay],"
            " messages: {da: {unpaid: Ordren er ikke betalt., unpaid/pay: {contains: [Betal]}}}}",
            id="messages",
        ),
        pytest.param(
            OPEN,
            "{decision: deny, rules: [unpaid], remedies: [by-phone, pay], then: {by-phone: allow}}",
            id="then",
        ),
        pytest.param(
            OPEN,
            "{decision: deny, rules: [unpaid], remedies: [by-phone, pay],"
            " then: {by-phone: {decision: allow, rules: [clerk, many], outputs: {parcels: 1}}}}",
            id="then-at-length",
        ),
        pytest.param(UNKNOWN, "{decision: deny, rules: [no-policy-applies]}", id="no-policy"),
        pytest.param(INVALID, "{decision: deny, rules: [invalid-request]}", id="invalid"),
    ],
)
def test_passes(request_: str, expect: str):
    runner, step = one(request_, expect)
    assert told(runner.run(step)) == []
    assert runner.passes(step)


@pytest.mark.parametrize(
    ("request_", "expect", "differences"),
    [
        pytest.param(PAID, "deny", [("decision", "deny", "allow")], id="allowed"),
        pytest.param(OPEN, "allow", [("decision", "allow", "deny")], id="denied"),
        pytest.param(
            UNKNOWN, "deny", [("rules", None, ["no-policy-applies"])], id="vacuous-denial"
        ),
        pytest.param(INVALID, "deny", [("rules", None, ["invalid-request"])], id="invalid-denial"),
        pytest.param(EMPTY, "allow", [("errors", [], ["many"])], id="an-allow-rule-errs"),
        pytest.param(BROKEN, "deny", [("errors", [], ["broken"])], id="a-deny-rule-errs"),
        pytest.param(
            BROKEN,
            "{decision: deny, rules: [broken]}",
            [("errors", [], ["broken"])],
            id="indeterminate-is-not-fired",
        ),
        pytest.param(
            PAID,
            "{decision: allow, rules: [many, clerk]}",
            [("rules", ["many", "clerk"], ["clerk", "many"])],
            id="order-of-rules",
        ),
        pytest.param(
            PAID,
            "{decision: allow, contains: {rules: [many, clerk]}}",
            [("rules", ["many", "clerk"], ["clerk", "many"])],
            id="order-of-some-rules",
        ),
        pytest.param(
            OPEN,
            "{decision: deny, rules: [unpaid]}",
            [("remedies", [], ["by-phone", "pay"])],
            id="remedies-left-out",
        ),
        pytest.param(HUGE, "{decision: allow}", [("notices", [], ["huge"])], id="notices-left-out"),
        pytest.param(
            PAID,
            "{decision: allow, outputs: {parcels: true}}",
            [("outputs.parcels", True, 1)],
            id="true-is-not-1",
        ),
        pytest.param(
            PAID,
            "{decision: allow, outputs: {parcels: 2}, contains: {outputs: {carrier: truck}}}",
            [("outputs.parcels", 2, 1), ("outputs.carrier", "truck", "bike")],
            id="outputs",
        ),
        pytest.param(
            PAID,
            "{decision: allow, absent: [parcels]}",
            [("outputs.parcels", ABSENT, 1)],
            id="not-absent",
        ),
        pytest.param(
            OPEN,
            "{decision: deny, rules: [unpaid], remedies: [by-phone, pay],"
            " outputs: {carrier: bike}}",
            [("outputs.carrier", "bike", ABSENT)],
            id="output-not-there",
        ),
        pytest.param(
            PAID,
            "{decision: allow, valid_until: null}",
            [("valid_until", None, "2026-04-01T00:00:00.000000001Z")],
            id="valid-until",
        ),
        pytest.param(
            OPEN,
            "{decision: deny, rules: [unpaid], remedies: [by-phone, pay], messages:"
            " {en: {unpaid: Not paid., unpaid/pay: {contains: [Pay, now]}, shipped: Gone.}}}",
            [
                ("messages.en.unpaid", "Not paid.", "The order is not paid."),
                ("messages.en.unpaid/pay", ["now"], "Pay it first."),
                ("messages.en.shipped", "Gone.", ABSENT),
            ],
            id="messages",
        ),
        pytest.param(
            OPEN,
            "{decision: deny, rules: [unpaid], remedies: [by-phone, pay],"
            " then: {by-phone: {decision: allow, rules: [clerk]}}}",
            [("then.by-phone.rules", ["clerk"], ["clerk", "many"])],
            id="then",
        ),
        pytest.param(
            PAID,
            "{decision: deny, rules: [unpaid], remedies: [by-phone], then: {by-phone: allow}}",
            [
                ("decision", "deny", "allow"),
                ("rules", ["unpaid"], ["clerk", "many"]),
                ("remedies", ["by-phone"], []),
            ],
            id="all-at-once",
        ),
        pytest.param(LATE, "deny", [("verified.no-cure", True, False)], id="remedy-that-fails"),
        pytest.param(
            LATE,
            "{decision: deny, rules: [late], remedies: [no-cure]}",
            [("verified.no-cure", True, False)],
            id="remedy-that-fails-at-length",
        ),
    ],
)
def test_differences(request_: str, expect: str, differences: list[tuple[str, Any, Any]]):
    runner, step = one(request_, expect)
    assert told(runner.run(step)) == differences
    assert not runner.passes(step)


def test_a_remedy_that_is_not_offered_has_nothing_after_it():
    runner, step = one(
        LATE,
        "{decision: deny, contains: {remedies: [no-cure]}, rules: [late], then: {by-phone: allow}}",
    )
    assert [item.field for item in runner.run(step)] == ["verified.no-cure", "then.by-phone"]


def test_places():
    runner, step = one(PAID, "{decision: deny, rules: [unpaid], outputs: {parcels: 7}}")
    assert [(item.field, item.span.text) for item in runner.run(step)] == [
        ("decision", "deny"),
        ("rules", "[unpaid]"),
        ("outputs.parcels", "7"),
    ]


def test_the_moment_is_that_of_the_step():
    runner, found = steps(
        f"""\
  - name: a case
    request: {PAID}
    at:
      2026-04-01T00:00:00Z: allow
      2026-04-01T00:00:00.000000001Z: {{decision: deny, rules: [late], remedies: [no-cure]}}
"""
    )
    assert [runner.decide(step.question).effect for step in found] == ["allow", "deny"]
    assert [[item.field for item in runner.run(step)] for step in found] == [
        [],
        ["verified.no-cure"],
    ]


def test_the_packs_pass_their_suites():
    files = Folder(ROOT / "policies")
    packs = load_packs(files).packs
    read = read_suites(files, packs)
    assert [str(item) for item in read.diagnostics] == []
    runner = Runner(packs)
    failed = [
        f"{suite.name}: {case.name} [{step.label}]"
        for suite in read.suites
        for case, step in suite.steps()
        if not runner.passes(step)
    ]
    assert failed == []
    assert {suite.pack for suite in read.suites} == {pack.name for pack in packs}
