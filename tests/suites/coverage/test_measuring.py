"""Coverage: what there is to show, what is shown, and requests that show the rest."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from evaluator.suites.coverage.results import Coverage
from tests.covered_pack import FILES, covered

ORDERS = FILES["orders.yaml"]


def found_cases(coverage: Coverage) -> Iterator[str]:
    """The cases for the gaps, each once, under names of their own."""
    cases = dict.fromkeys(
        closing.case.partition("\n")[2]
        for result in coverage.gaps
        for closing in result.closings
        if closing.case is not None
    )
    for number, case in enumerate(cases):
        yield f"  - name: found {number}\n{case}"


def words(coverage: Coverage) -> set[str]:
    return {result.words for result in coverage.gaps}


def test_there_is_something_of_each_kind():
    counted: dict[str, int] = {}
    for result in covered(budget=0).results:
        counted[result.obligation.kind] = counted.get(result.obligation.kind, 0) + 1
    assert counted == {
        "rule": 8,  # four, each fires or does not
        "condition": 10,
        "remedy": 1,
        "output": 1,
        "message": 14,
        "decision": 4,
    }


def test_one_case_shows_little():
    coverage = covered(budget=0)
    assert (coverage.met, coverage.total, coverage.percent, coverage.steps) == (10, 38, 26, 1)
    met = {result.words for result in coverage.results if result.state == "met"}
    assert met == {
        "rule `clerk` fires",
        "rule `unpaid` does not fire",
        "rule `frozen` does not fire",
        "rule `huge` does not fire",
        "the reason of rule `clerk` is told in `en`",
        "the reason of rule `clerk` is told in `da`",
        "output `carrier` is given",
        "the text of `bike` of output `carrier` is told in `en`",
        "the text of `bike` of output `carrier` is told in `da`",
        "`ship` of `order` is allowed",
    }


def test_an_atom_is_met_by_a_pair_only():
    """`is_cheap` is decided by its first part being true here, and by the pair in the second."""
    assert "variable `is_cheap` is decided by `resource.total < 100` being false" in words(
        covered(budget=0)
    )
    dear = """\
  - name: dear
    request:
      subject: {type: user, id: ann, properties: {roles: [clerk]}}
      action: ship
      resource: {type: order, id: o-1, properties: {state: open, total: 100}}
    expect: deny
"""
    dear = dear.replace("expect: deny", "expect: {decision: deny, rules: [unpaid]}")
    assert not any("resource.total < 100" in gap for gap in words(covered(cases=dear, budget=0)))
    # The other part is false as well, so that neither decides.
    shipped = dear.replace("state: open", "state: shipped").replace(
        "{decision: deny, rules: [unpaid]}", "allow"
    )
    assert any("resource.total < 100" in gap for gap in words(covered(cases=shipped, budget=0)))


@pytest.mark.parametrize("combining", ["deny_overrides", "allow_overrides", "first_match"])
def test_the_cases_that_are_found_close_the_gaps(combining: str):
    """Those of first_match have to get past the rules before: here the allow rule stands last."""
    head, clerk, rest = ORDERS.partition("  - id: clerk\n")
    body, unpaid, rules = rest.partition("  - id: unpaid\n")
    rules, outputs, tail = rules.partition("outputs:\n")
    changes = {
        "pack.yaml": FILES["pack.yaml"].replace("deny_overrides", combining),
        "orders.yaml": head + unpaid + rules + clerk + body + outputs + tail,
    }
    coverage = covered(changes)
    assert all(closing.case for gap in coverage.gaps for closing in gap.closings)
    after = covered(changes, cases="".join(found_cases(coverage)))
    assert (words(after), after.percent) == (set(), 100)


def test_the_cases_are_always_the_same():
    assert list(found_cases(covered())) == list(found_cases(covered()))


CONTRADICTION = {
    "orders.yaml": ORDERS.replace(
        "when: resource.total > 1000", 'when: is_cheap && resource.state == "shipped"'
    ).replace("We are closed.", "We are shut.")
}


def test_what_cannot_be_is_said_to_be_nowhere_near():
    coverage = covered(CONTRADICTION)
    gap = next(gap for gap in coverage.gaps if gap.words == "rule `huge` fires")
    (closing,) = gap.closings
    assert (closing.question, closing.case) == (None, None)
    assert closing.exhausted
    assert closing.tried > 100
    short = covered(CONTRADICTION, budget=50)
    gap = next(gap for gap in short.gaps if gap.words == "rule `huge` fires")
    assert [(one.tried, one.exhausted) for one in gap.closings] == [(50, False)]


UNREACHABLE = """\
unreachable:
  - {rule: huge, because: What is shipped is not cheap.}
"""


def test_what_is_unreachable_is_set_aside():
    before = covered(CONTRADICTION)
    coverage = covered(CONTRADICTION, cases=UNREACHABLE)
    assert coverage.diagnostics == ()
    aside = {result.obligation.words: result.because for result in coverage.aside}
    assert "rule `huge` fires" in aside
    assert set(aside.values()) == {"What is shipped is not cheap."}
    assert coverage.total == before.total - len(aside)
    # That it does not fire is shown, and counts.
    assert "rule `huge` does not fire" not in aside


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        pytest.param(
            "{rule: huge, because: It seems so.}",
            "this is called unreachable, but a request was found that shows it: rule `huge` fires",
            id="found",
        ),
        pytest.param(
            '{rule: clerk, condition: "now < resource.due", because: No.}',
            "the rule `clerk` has no condition `now < resource.due`",
            id="of another rule",
        ),
        pytest.param(
            "{rule: unpaid, condition: is_cheep, because: No.}",
            "the rule `unpaid` has no condition `is_cheep`",
            id="misspelt",
        ),
    ],
)
def test_what_is_called_unreachable_and_is_not(entry: str, message: str):
    coverage = covered(cases=f"unreachable:\n  - {entry}\n")
    assert [(item.code, item.message) for item in coverage.diagnostics] == [("EVL750", message)]
    assert coverage.aside == ()
    span = coverage.diagnostics[0].span
    assert span is not None
    assert span.text in entry


def test_what_a_case_shows_is_not_unreachable():
    cases = "".join(found_cases(covered()))
    entry = "unreachable:\n  - {rule: unpaid, condition: is_cheap, because: It seems so.}\n"
    (item,) = covered(cases=cases + entry).diagnostics
    assert item.code == "EVL750"
    assert item.message.startswith("this is called unreachable, but a case shows it: ")


def test_a_misspelt_condition_is_put_right():
    entry = "unreachable:\n  - {rule: unpaid, condition: is_cheep, because: No.}\n"
    (item,) = covered(cases=entry, budget=0).diagnostics
    assert item.help == "did you mean `is_cheap`?"
    assert item.fix is not None


def test_a_rule_in_an_open_pack_without_a_schema():
    """Requests that no schema describes have the attributes that expressions read."""
    changes = {
        "pack.yaml": FILES["pack.yaml"].replace("request: request.json\n", ""),
        "request.json": "",
        "orders.yaml": """\
policy: shop.orders
applies_to: {resource: order, actions: [ship, cancel]}
rules:
  - id: clerk
    effect: allow
    when: has(resource.state) && resource.state == "open" && resource.total > 3
    reason: {en: "Yes.", da: "Ja."}
""",
    }
    del changes["request.json"]
    coverage = covered(changes)
    assert [gap.words for gap in coverage.gaps for one in gap.closings if one.case is None] == []


def test_percent_is_rounded_down():
    coverage = Coverage(covered(budget=0).results, 1, (), ())
    met = [result for result in coverage.results if result.state == "met"]
    almost = Coverage((*met * 40, coverage.gaps[0]), 1, (), ())
    assert (almost.met, almost.total, almost.percent) == (400, 401, 99)
