"""Suites are read as they are meant, and those with mistakes get their diagnostics."""

from __future__ import annotations

from typing import Any

import pytest

from evaluator.language.instants import format_instant
from evaluator.policy.loading import load_packs
from evaluator.source import Files, MemoryFiles
from evaluator.suites.model import Suite
from evaluator.suites.reading import Read, read_suites
from tests.wrong_suites import BASE, CASES, read_case, report

HEAD = """\
suite: shop.orders
now: 2026-03-03T09:00:00Z
imports: [fixtures.yaml]
"""


def read(text: str, *, head: str = HEAD, fixtures: str | None = None) -> Read:
    """What the base pack's suite comes to with another text."""
    files = BASE | {"suites/orders.suite.yaml": head + text}
    if fixtures is not None:
        files["suites/fixtures.yaml"] = fixtures
    return read_files(MemoryFiles(files))


def read_files(files: Files) -> Read:
    return read_suites(files, load_packs(files).packs)


def suite(text: str, **rest: str) -> Suite:
    found = read(text, **rest)
    assert [str(item) for item in found.diagnostics if item.code != "EVL708"] == []
    (made,) = found.suites
    return made


def asked(text: str) -> list[tuple[str | None, dict[str, Any], str]]:
    """(label, request, moment) of each step."""
    return [
        (step.label, dict(step.question.request), format_instant(step.question.now))
        for _, step in suite(text).steps()
    ]


@pytest.mark.parametrize("name", CASES)
def test_wrong_suite(name: str):
    case = read_case(name)
    assert report(case.files) == case.golden


def test_the_base_of_the_cases_is_right():
    assert report(BASE) == "none\n"
    (made,) = read_files(MemoryFiles(BASE)).suites
    assert (made.name, made.pack, made.file) == ("shop.orders", "shop", "suites/orders.suite.yaml")
    assert [case.name for case in made.cases] == ["a clerk ships what is paid", "not what is open"]


@pytest.mark.parametrize("name", CASES)
def test_a_suite_with_an_error_is_left_out(name: str):
    files = MemoryFiles(read_case(name).files)
    found = read_files(files)
    wrong = {item.span.source.name for item in found.diagnostics if item.span is not None}
    if found.has_errors:
        assert {made.file for made in found.suites}.isdisjoint(wrong)
    else:
        assert len(found.suites) == 1


def test_fixtures_are_merged_at_every_depth():
    ((_, request, now),) = asked(
        """\
fixtures:
  resources:
    large: {extends: order, properties: {total: 500, lines: []}}
    bare: {extends: large, without: [properties.due, properties.state], id: o-2}
  contexts:
    phone: {channel: phone, amount: 3}
cases:
  - name: a case
    request:
      subject: {extends: ann, properties: {team: {name: red}}}
      action: ship
      resource: {extends: bare, properties: {note: hello}}
      context: {extends: phone, without: [amount]}
    expect: allow
"""
    )
    assert now == "2026-03-03T09:00:00Z"
    assert request == {
        "subject": {
            "type": "user",
            "id": "ann",
            "properties": {"roles": ["clerk"], "team": {"name": "red"}},
        },
        "action": {"name": "ship"},
        "resource": {
            "type": "order",
            "id": "o-2",
            "properties": {"total": 500, "lines": [], "note": "hello"},
        },
        "context": {"channel": "phone"},
    }


def test_an_action_is_a_fixture_or_a_name():
    found = asked(
        """\
fixtures:
  actions:
    gift: {name: ship, properties: {wrapped: true}}
cases:
  - name: a matrix
    matrix: {subjects: [ann], actions: [gift, cancel], resources: [order]}
    expect: allow
"""
    )
    assert [request["action"] for _, request, _ in found] == [
        {"name": "ship", "properties": {"wrapped": True}},
        {"name": "cancel"},
    ]
    assert "context" not in found[0][1]


@pytest.mark.parametrize(
    ("key", "moment"),
    [
        ("+0s", "2026-03-03T09:00:00Z"),
        ("+167h59m", "2026-03-10T08:59:00Z"),
        ("-1.5s", "2026-03-03T08:59:58.500Z"),
        ("+168h1ns", "2026-03-10T09:00:00.000000001Z"),
        ("2026-04-01T00:00:00+02:00", "2026-03-31T22:00:00Z"),
    ],
)
def test_moments(key: str, moment: str):
    request = "{subject: ann, action: ship, resource: order}"
    found = asked(f"cases:\n  - name: a\n    request: {request}\n    at:\n      {key}: allow\n")
    assert [(label, now) for label, _, now in found] == [(key, moment)]


def test_a_case_may_have_its_own_moment():
    found = asked(
        """\
cases:
  - name: a case
    now: 2026-05-01T00:00:00Z
    request: {subject: ann, action: ship, resource: order}
    at: {+1h: allow}
"""
    )
    assert found[0][2] == "2026-05-01T01:00:00Z"


MATRIX = """\
fixtures:
  contexts:
    web: {channel: web}
    phone: {channel: phone}
cases:
  - name: a matrix
    facts: [3, 4]
    matrix:
      actions: [ship, cancel]
      subjects: [ann]
      contexts: [web, phone]
      resources: [order, open-order]
    default: {decision: deny, rules: [huge]}
    expect:
      ship:
        web: {order: allow, open-order: {decision: deny, rules: [unpaid]}}
        phone: allow
      cancel: {decision: deny, contains: {rules: [shipped]}}
"""


def test_a_table_has_a_level_for_each_dimension_with_several_members():
    made = suite(MATRIX)
    (case,) = made.cases
    assert case.facts == (3, 4)
    found = {
        step.label: (
            step.expectation.effect,
            None if step.expectation.rules is None else step.expectation.rules.ids,
        )
        for step in case.steps
    }
    assert found == {
        "ship, web, order": ("allow", None),
        "ship, web, open-order": ("deny", ("unpaid",)),
        "ship, phone, order": ("allow", None),
        "ship, phone, open-order": ("allow", None),
        "cancel, web, order": ("deny", ("shipped",)),
        "cancel, web, open-order": ("deny", ("shipped",)),
        "cancel, phone, order": ("deny", ("shipped",)),
        "cancel, phone, open-order": ("deny", ("shipped",)),
    }
    by_label = {step.label: step for step in case.steps}
    request = by_label["ship, phone, open-order"].question.request
    assert request["context"] == {"channel": "phone"}
    assert request["resource"]["properties"]["state"] == "open"
    assert by_label["ship, web, open-order"].span.text == "{decision: deny, rules: [unpaid]}"
    assert (
        by_label["ship, phone, order"].expectation
        is by_label["ship, phone, open-order"].expectation
    )


def test_a_default_is_for_what_is_not_listed():
    made = suite(MATRIX.replace("        phone: allow\n", ""))
    rules = {
        step.label: step.expectation.rules.ids
        for step in made.cases[0].steps
        if step.expectation.rules is not None
    }
    assert rules["ship, phone, order"] == ("huge",)


def test_expectations():
    made = suite(
        """\
cases:
  - name: a case
    request: {subject: ann, action: ship, resource: open-order}
    expect:
      decision: deny
      contains: {rules: [unpaid], outputs: {parcels: 1}}
      remedies: [by-phone, pay]
      absent: [carrier]
      valid_until: null
      messages:
        en: {unpaid: {contains: paid}, unpaid/pay: Pay it first.}
      then:
        by-phone: {decision: allow, rules: [clerk], outputs: {carrier: bike}}
"""
    )
    expectation = made.cases[0].steps[0].expectation
    assert not expectation.short
    assert expectation.rules is not None
    assert (expectation.rules.ids, expectation.rules.exact) == (("unpaid",), False)
    assert (expectation.remedies.ids, expectation.remedies.exact) == (("by-phone", "pay"), True)
    assert expectation.notices.ids == expectation.errors.ids == ()
    assert {name: value.exact for name, value in expectation.outputs.items()} == {"parcels": False}
    assert list(expectation.absent) == ["carrier"]
    assert expectation.valid_until is not None
    assert expectation.valid_until.instant is None
    assert [(text.key, text.whole, text.contains) for text in expectation.texts] == [
        ("unpaid", None, ("paid",)),
        ("unpaid/pay", "Pay it first.", ()),
    ]
    after = expectation.then["by-phone"]
    assert (after.effect, after.outputs["carrier"].value) == ("allow", "bike")


def test_what_no_request_can_show():
    found = read(
        """\
cases:
  - name: a case
    request: {subject: ann, action: ship, resource: order}
    expect: allow
unreachable:
  - {rule: shipped, condition: resource.state == "shipped", because: It is archived then.}
  - {rule: huge, because: Nobody pays that much.}
"""
    )
    assert [(item.rule, item.condition, item.because) for item in found.unreachable] == [
        ("shipped", 'resource.state == "shipped"', "It is archived then."),
        ("huge", None, "Nobody pays that much."),
    ]


def test_suites_are_no_part_of_what_decides():
    with_suites = load_packs(MemoryFiles(BASE)).packs[0]
    without = {name: text for name, text in BASE.items() if not name.startswith("suites/")}
    assert with_suites.digest == load_packs(MemoryFiles(without)).packs[0].digest


def test_packs_in_folders():
    files = {f"shop/{name}": text for name, text in BASE.items()} | {
        f"other/{name}": text.replace("shop", "other") for name, text in BASE.items()
    }
    found = read_files(MemoryFiles(files))
    assert found.diagnostics == ()
    assert [(made.name, made.file) for made in found.suites] == [
        ("other.orders", "other/suites/orders.suite.yaml"),
        ("shop.orders", "shop/suites/orders.suite.yaml"),
    ]


def test_files_that_cannot_be_listed():
    class Unlistable(MemoryFiles):
        def names(self) -> Any:
            raise OSError("no")

    packs = load_packs(MemoryFiles(BASE)).packs
    assert read_suites(Unlistable(BASE), packs).suites == ()
