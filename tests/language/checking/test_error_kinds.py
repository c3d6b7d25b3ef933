"""The kinds of error that expressions can end in, and how ``now`` flows into their values."""

from __future__ import annotations

import pytest

from evaluator.language.checker import Environment, Facts
from evaluator.language.functions import STANDARD
from evaluator.language.types import BOOL, DYN
from tests.language.checking_setting import ROOTS, checked, environment, variable

INVALID = {"invalid_attribute"}
COST = {"cost_exceeded"}
KINDS: dict[str, set[str]] = {
    "1": set(),
    "resource.total": INVALID,
    "has(resource.partner)": INVALID,
    "resource.total + 1": INVALID | {"overflow"},
    "resource.total / 2": INVALID,
    "resource.total / -1": INVALID | {"overflow"},
    "resource.total % 0": INVALID | {"overflow", "divide_by_zero"},
    "resource.total / resource.total": INVALID | {"overflow", "divide_by_zero"},
    "resource.total > 1 && 1 / most > 0": INVALID | {"overflow", "divide_by_zero"},
    "resource.paid ? 1 / most : resource.total": INVALID | {"overflow", "divide_by_zero"},
    "resource.total == 1": INVALID,
    "resource.price + 1.0": INVALID,
    "dyn(resource.total) == 'a'": INVALID,
    "dyn(resource.total) > 1": INVALID | {"no_such_overload"},
    "dyn(1).a": {"no_such_field", "no_such_key", "no_such_overload"},
    "{'a': 1}.a": set(),
    "{'a': 1}['a']": set(),
    "{'a': 1}['b']": {"no_such_key"},
    "resource.labels.a": INVALID | {"no_such_key"},
    "resource.labels['a']": INVALID | {"no_such_key"},
    "'a' in resource.labels ? resource.labels['a'] : 1": INVALID,
    "has(resource.labels.a) ? resource.labels['a'] : 1": INVALID,
    "resource.id in resource.labels ? resource.labels[resource.id] : 1": INVALID,
    "resource.id in resource.labels ? resource.labels[subject.id] : 1": INVALID | {"no_such_key"},
    "resource.labels[?'a']": INVALID,
    "limits[resource.state]": INVALID,
    "limits[resource.id]": INVALID | {"no_such_key"},
    "limits.open": set(),
    "resource.state != 'shipped' ? partial[resource.state] : 0": INVALID,
    "resource.lines[0]": INVALID | {"index_out_of_range"},
    "resource.lines.size() > 0 ? resource.lines[0].quantity : 0": INVALID,
    "0 < size(resource.lines) ? resource.lines[0].quantity : 0": INVALID,
    "resource.lines.size() == 0 ? 0 : resource.lines[0].quantity": INVALID,
    "resource.lines == [] ? 0 : resource.lines[0].quantity": INVALID,
    "resource.lines.size() >= 2 ? resource.lines[1].quantity : 0": INVALID,
    "resource.lines.size() >= 2 ? resource.lines[2].quantity : 0": INVALID | {"index_out_of_range"},
    "resource.lines.size() < 2 ? 0 : resource.lines[1].quantity": INVALID,
    "resource.lines.exists(l, l.quantity > 1) ? resource.lines[0].quantity : 0": INVALID | COST,
    "resource.lines.map(l, l.quantity)": INVALID | COST,
    "resource.lines.map(l, l.quantity + 1)": INVALID | COST | {"overflow"},
    "resource.lines.transformMapEntry(i, l, {l.product: 1})": INVALID | COST | {"duplicate_key"},
    "{resource.id: 1, 'a': 2}": INVALID | {"duplicate_key"},
    "{'a': 1, 'a': 2}": {"duplicate_key"},
    "{'a': 1, 'b': 2}": set(),
    "resource.?partner.value()": INVALID | {"no_value"},
    "resource.?partner.hasValue() ? resource.?partner.value() : ''": INVALID,
    "resource.?partner.orValue('')": INVALID,
    "duration('1h')": set(),
    "duration(resource.id)": INVALID | {"invalid_conversion"},
    "now.getHours('Europe/Copenhagen')": {"overflow"},
    "now.getHours(resource.id)": INVALID | {"invalid_argument", "overflow"},
    "is_holiday(now)": {"host_function"},
    "cel.bind(x, 1 / most, 2)": set(),
    "cel.bind(x, 1 / most, x)": {"overflow", "divide_by_zero"},
    "risky > 1": INVALID | {"overflow"},
}


@pytest.mark.parametrize(("text", "kinds"), KINDS.items())
def test_error_kinds(text: str, kinds: set[str]) -> None:
    found = checked(text, environment(risky=variable("resource.total + 1")))
    assert not found.diagnostics
    assert found.errors == kinds


def test_error_kinds_stand_at_the_nodes() -> None:
    found = checked("resource.total > 1 && 7 % most > 0")
    kinds = {found.parsed.text(id): found.error_kinds[id] for id in found.error_kinds}
    assert kinds["resource.total > 1"] == INVALID
    assert kinds["7 % most"] == {"divide_by_zero", "overflow"}
    assert kinds["most"] == frozenset()


def test_a_condition_that_may_be_none() -> None:
    assert checked("dyn(resource.paid)", expected=BOOL).errors == INVALID | {"no_such_overload"}


def test_without_a_schema_everything_may_be_missing() -> None:
    untyped = Environment({}, roots=dict.fromkeys(ROOTS, DYN), functions=STANDARD)
    found = checked("resource.a.b == 1 && resource.total > 5", untyped)
    assert not found.diagnostics
    assert found.errors >= {"no_such_field", "no_such_overload", "invalid_attribute"}
    guarded = checked("has(resource.a) && resource.a == 1", untyped)
    assert "no_such_field" not in guarded.error_kinds[guarded.root.operands[1].id]  # type: ignore[attr-defined]


# now

VOLATILE = {
    "now": True,
    "context.time": True,
    "context.?time": True,
    "now + window": True,
    "resource.due - now": True,
    "string(now)": True,
    "[now]": True,
    "{'at': now}": True,
    "{'at': now}.at": True,
    "resource.paid ? now : resource.due": True,
    "cel.bind(t, now, t)": True,
    "resource.lines.map(l, now)": True,
    "[now].filter(t, t > resource.due)": True,
    "[now].map(t, t)": True,
    "optional.of(now).optMap(t, t)": True,
    "moment": True,
    "now > resource.due": False,
    "now == resource.due": False,
    "now in [resource.due]": False,
    "is_holiday(now)": False,
    "now.getHours()": False,
    "(resource.due - now).getHours()": False,
    "[now].size()": False,
    "now > resource.due ? 1 : 2": False,
    "resource.lines.filter(l, now > resource.due)": False,
    "resource.lines.map(l, now > resource.due)": False,
    "[now].map(t, 1)": False,
    "[now].exists(t, t > resource.due)": False,
    "has(context.time)": False,
    "cel.bind(t, now, 1)": False,
    "late": False,
    "resource.due": False,
}


@pytest.mark.parametrize(("text", "volatile"), VOLATILE.items())
def test_how_now_flows(text: str, volatile: bool) -> None:
    setting = environment(moment=variable("now + window"), late=variable("now > resource.due"))
    found = checked(text, setting, assuming=Facts.present(("context", "time")))
    assert not found.diagnostics
    assert found.volatile is volatile
