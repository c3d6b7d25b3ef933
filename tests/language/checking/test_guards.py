"""What conditions establish: which guards make a value readable, and which do not."""

from __future__ import annotations

import pytest

from evaluator.language.checker import Facts
from evaluator.language.types import BOOL
from tests.language.checking_setting import checked, codes, environment, variable

GUARDED = {
    "has and": "has(resource.partner) && resource.partner == 'a'",
    "not has or": "!has(resource.partner) || resource.partner == 'a'",
    "has ternary": "has(resource.partner) ? resource.partner == 'a' : false",
    "not has ternary": "!has(resource.partner) ? true : resource.partner == 'a'",
    "double negation": "!(!has(resource.partner)) && resource.partner == 'a'",
    "negated or": "!(!has(resource.partner) || resource.paid) && resource.partner == 'a'",
    "in a chain": "resource.paid && has(resource.partner) && resource.total > 1"
    " && resource.partner == 'a'",
    "for all that follow": "has(resource.partner) && (resource.paid || resource.partner == 'a')",
    "either establishes it": "(has(resource.partner) && resource.paid || has(resource.partner))"
    " && resource.partner == 'a'",
    "a ternary that is true": "(resource.paid ? has(resource.partner) : false)"
    " && resource.partner == 'a'",
    "compared with true": "has(resource.partner) == true && resource.partner == 'a'",
    "compared with false": "has(resource.partner) != false && resource.partner == 'a'",
    "hasValue": "resource.?partner.hasValue() && resource.partner == 'a'",
    "hasValue of what is inside": "resource.?billing.phone.hasValue()"
    " && resource.billing.phone == '1'",
    "orValue(false)": "resource.?urgent.orValue(false) && resource.urgent",
    "orValue(true)": "!resource.?urgent.orValue(true) && !resource.urgent",
    "optMap": "resource.?partner.optMap(p, p == 'a').orValue(false) && resource.partner == 'a'",
    "inside optMap": "resource.?partner.optMap(p, resource.partner == p).orValue(false)",
    "the parent first": "has(resource.billing) && has(resource.billing.phone)"
    " && resource.billing.phone == ''",
    "the parent, then a required field": "has(resource.billing)"
    " && resource.billing.country == 'DK'",
    "not null": "resource.manager != null && resource.manager.startsWith('a')",
    "null or": "resource.manager == null || resource.manager.startsWith('a')",
    "null on the left": "null != resource.manager && resource.manager.startsWith('a')",
    "not null twice": "resource.manager != null && resource.manager != null"
    " && resource.manager.size() > 0",
    "an object that is not null": "resource.parent != null && resource.parent.country == 'DK'",
    "an optional field of one": "resource.parent != null && has(resource.parent.phone)"
    " && resource.parent.phone == ''",
    "a loop's variable": "resource.lines.exists(l, has(l.note) && l.note == 'a')",
    "the key of a loop's variable": "resource.lines.exists(l, 'note' in l && l.note == 'a')",
    "filter then map": "resource.lines.filter(l, has(l.note)).map(l, l.note).size() == 0",
    "filter then index": "resource.lines.filter(l, has(l.note))[0].note == 'a'",
    "filter of a filter": "resource.lines.filter(l, has(l.note)).filter(l, l.note == 'a')"
    ".map(m, m.note).size() == 0",
    "map with a filter": "resource.lines.map(l, has(l.note), l.note).size() == 0",
    "transformList with a filter": "resource.lines.transformList(i, l, has(l.note),"
    " l.note).size() == 0",
    "all then map": "resource.lines.all(l, has(l.note)) && resource.lines.map(l, l.note) == ['a']",
    "all then index": "resource.lines.all(l, has(l.note)) && resource.lines[0].note == 'a'",
    "none exists": "!resource.lines.exists(l, !has(l.note)) && resource.lines.map(l, l.note) == []",
    "of something else in exists": "resource.lines.exists(l, has(resource.partner)"
    " && l.product == '')"
    " && resource.partner == 'a'",
    "cel.bind of an attribute": "cel.bind(p, resource.?partner, p.hasValue()"
    " && p.value() == resource.partner)",
    "cel.bind of a condition": "cel.bind(there, has(resource.partner), there"
    " && resource.partner == 'a')",
    "cel.bind of an element": "cel.bind(l, resource.lines[0], has(l.note) && l.note == 'a')",
    "an element by index": "has(resource.lines[0].note) && resource.lines[0].note == 'a'",
    "an undeclared attribute": "has(context.colour) && context.colour == 'red'",
    "a case of an enum": "resource.state != 'shipped' && partial[resource.state] > 1",
    "cases of an enum": "resource.state in ['open', 'paid'] && partial[resource.state] > 1",
    "the other cases of an enum": "resource.state == 'shipped' || partial[resource.state] > 1",
    "none of the cases of an enum": "!(resource.state in ['shipped'])"
    " && partial[resource.state] > 1",
    "a case of an enum in a ternary": "resource.state == 'shipped' ? false"
    " : partial[resource.state] > 1",
    "dead code": "false && resource.partner == 'a'",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=id) for id, text in GUARDED.items()])
def test_guards_that_guard(text: str) -> None:
    found = checked(text)
    assert not found.diagnostics
    assert not found.errors & {"no_such_field", "no_such_key", "no_such_overload"}


UNGUARDED = {
    "or": "has(resource.partner) || resource.partner == 'a'",
    "not": "!has(resource.partner) && resource.partner == 'a'",
    "the other side": "has(resource.partner) ? true : resource.partner == 'a'",
    "too late": "resource.partner == 'a' && has(resource.partner)",
    "another attribute": "has(resource.discount) && resource.partner == 'a'",
    "one of two": "(has(resource.partner) || resource.paid) && resource.partner == 'a'",
    "a ternary": "(resource.paid ? has(resource.partner) : true) && resource.partner == 'a'",
    "another operator's guard": "(has(resource.partner) && resource.paid) == resource.paid"
    " && resource.partner == 'a'",
    "another loop's variable": "resource.lines.exists(l, has(l.note))"
    " && resource.lines.all(l, l.note == '')",
    "exists then index": "resource.lines.exists(l, has(l.note)) && resource.lines[0].note == ''",
    "an element for another": "has(resource.lines[0].note) && resource.lines[1].note == 'a'",
    "an element of a filter for one of all": "resource.lines.filter(l, has(l.note)).size() > 0"
    " && resource.lines[0].note == ''",
    "an inner loop's variable of the same name": "resource.lines.exists(l, has(l.note)"
    " && resource.lines.exists(l, l.note == ''))",
    "all of an empty list": "resource.lines.all(l, has(resource.partner))"
    " && resource.partner == 'a'",
    "the parent alone": "has(resource.billing) && resource.billing.phone == ''",
    "orValue(true)": "resource.?urgent.orValue(true) && resource.urgent",
    "null in or": "(resource.manager != null || resource.paid) && resource.manager.size() > 1",
    "equal to null": "resource.manager == null && resource.manager.size() > 1",
    "one case too few": "resource.state != 'open' && partial[resource.state] > 1",
    "only in a filter": "resource.lines.filter(l, resource.manager != null).size() > 1"
    " && resource.manager.size() > 1",
    "another key": "'a' in resource.labels && has(resource.partner) && resource.discount > 1",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=id) for id, text in UNGUARDED.items()])
def test_guards_that_do_not_guard(text: str) -> None:
    (code,) = codes(text)
    assert code in ("EVL308", "EVL309", "EVL312")


def test_guards_in_variables() -> None:
    has_partner = variable("has(resource.partner) && resource.paid")
    lacks_partner = variable("!has(resource.partner)")
    noted = variable("resource.lines.filter(l, has(l.note))")
    late = variable("noted.filter(l, l.note != '')", noted=noted)
    setting = environment(
        has_partner=has_partner, lacks_partner=lacks_partner, noted=noted, late=late
    )
    for text in (
        "has_partner && resource.partner == 'a'",
        "lacks_partner || resource.partner == 'a'",
        "noted.map(l, l.note)",
        "noted[0].note",
        "late.all(l, l.note.size() > 1)",
        "cel.bind(a, has_partner, a) && resource.partner == 'a'",
    ):
        assert not codes(text, setting=setting)
    for text in ("has_partner || resource.partner == 'a'", "resource.lines[0].note"):
        assert codes(text, setting=setting) == ["EVL308"]


def test_guards_about_variables() -> None:
    partner = variable("resource.?partner")
    setting = environment(partner=partner)
    use = "partner.value() == 'a'"
    assert "no_value" in checked(use, setting).errors
    assert "no_value" not in checked(f"partner.hasValue() && {use}", setting).errors
    guard = checked("partner.hasValue()", setting)
    assert "no_value" not in checked(use, setting, assuming=guard.when_true).errors
    # Another variable of the same name, in another file, is not the same.
    other = environment(partner=variable("resource.?partner"))
    assert "no_value" in checked(use, other, assuming=guard.when_true).errors


def test_what_a_condition_establishes_is_assumed_elsewhere() -> None:
    condition = checked("has(resource.partner) && resource.manager != null", expected=BOOL)
    use = "resource.partner + resource.manager"
    assert not codes(use, assuming=condition.when_true)
    assert codes(use, assuming=condition.when_false) == ["EVL308", "EVL309"]
    assert not codes(use, assuming=Facts(impossible=True))


def test_facts_about_loops_stay_inside() -> None:
    found = checked("resource.lines.exists(l, has(l.note) && has(resource.partner))")
    places = {place for place, _ in found.when_true.items}
    assert places == {("resource", "partner"), ("resource", "lines", 0)}
