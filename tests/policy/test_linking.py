"""What linking makes of a pack: variants, rules, remedies, outputs and the names that they see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from evaluator.diagnostics import Severity
from evaluator.errors import EvaluationError
from evaluator.language.interpreter import evaluate
from evaluator.language.values import ABSENT, Duration, ErrorValue, Map
from evaluator.policy.loading import Loaded, load_packs
from evaluator.policy.model import Constant, Pack, Rule, Variable
from evaluator.policy.request_types import UNTYPED
from evaluator.source import MemoryFiles
from tests.wrong_packs import BASE

HEAD = "policy: shop.orders\napplies_to: {resource: order, actions: [ship, cancel]}\n"


def load(
    orders: str, functions: Mapping[str, Callable[..., Any]] | None = None, **files: str
) -> Loaded:
    named = {f"{name}.yaml": text for name, text in files.items()}
    loaded = load_packs(
        MemoryFiles({**BASE, "orders.yaml": HEAD + orders, **named}), functions=functions
    )
    errors = [str(item) for item in loaded.diagnostics if item.severity is Severity.ERROR]
    assert errors == []
    return loaded


def pack(orders: str, **files: str) -> Pack:
    (found,) = load(orders, None, **files).packs
    return found


def rules(found: Pack) -> dict[str, Rule]:
    return {rule.id: rule for variant in found.variants for rule in variant.rules}


def test_rule():
    found = pack(
        """
rules:
  - id: late
    effect: deny
    mode: report
    actions: ship
    source: {title: Handbook, section: "2", facts: [3, 4]}
    effective: {from: 2026-01-01T00:00:00Z}
    when:
      all: [resource.total > 3, {any: [resource.state == "open", has(context.amount)]}]
    reason: {en: "Late, {resource.due}.", da: "For sent."}
"""
    )
    rule = rules(found)["late"]
    assert (rule.policy, rule.effect, rule.mode) == ("shop.orders", "deny", "report")
    assert (rule.applies.resources.texts, rule.applies.actions.texts) == (("order",), ("ship",))
    assert rule.source is not None
    assert rule.source.facts == (3, 4)
    assert rule.effective is not None
    assert (rule.effective.start, rule.effective.until) == (1_767_225_600_000_000_000, None)
    assert rule.reason is not None
    assert set(rule.reason) == {"en", "da"}
    text, expression, rest = rule.reason["en"].parts
    assert (text, rest) == ("Late, ", ".")
    assert not isinstance(expression, str)
    assert str(expression.type) == "timestamp"
    assert rule.condition is not None
    assert rule.condition.reads == {
        ("resource", ("total",)),
        ("resource", ("state",)),
        ("context", ("amount",)),
    }
    assert rule.span.text == "late"
    assert rule.span.source.name == "orders.yaml"


def test_names_that_a_file_sees():
    found = pack(
        """
imports: [common.yaml]
variables:
  is_large: resource.total > limits["large"]
rules:
  - {id: large, effect: allow, when: is_large && is_due && half > 1.0}
""",
        pack=BASE["pack.yaml"].replace("[orders.yaml]", "[common.yaml, orders.yaml]"),
        common="""\
policy: shop.common
constants:
  day: duration("24h")
  half: double(hours) / 10.0
  hours: day.getHours()
tables:
  limits: {large: 100, small: 1}
variables:
  is_due: resource.due <= now + day
""",
    )
    names = rules(found)["large"].scope.names
    values = {name: one.value for name, one in names.items() if isinstance(one, Constant)}
    assert values == {
        "day": Duration(86_400 * 10**9),
        "hours": 24,
        "half": 2.4,
        "limits": Map({"large": 100, "small": 1}),
    }
    due = names["is_due"]
    assert isinstance(due, Variable)
    assert due.file == "common.yaml"
    assert set(due.scope.names) == {"day", "hours", "half", "limits", "is_due"}


def test_variable_facts_hold_where_it_is_used():
    found = pack(
        """
variables:
  has_note: has(resource.note)
rules:
  - id: noted
    effect: deny
    when: has_note
    reason: It says {resource.note}.
"""
    )
    assert rules(found)["noted"].reason


def test_remedies():
    found = pack(
        """
remedies:
  - id: pay
    when: resource.total > 5
    message: Pay.
    sets: {resource.state: '"paid"', context.amount: resource.total, action.name: '"ship"'}
rules:
  - id: a
    effect: deny
    reason: No.
    remedies:
      - {use: pay, when: resource.state == "open"}
      - {id: wait, message: Wait., sets: {context.amount: optional.none()}}
"""
    )
    pay, wait = rules(found)["a"].remedies
    assert (pay.id, pay.when is not None, pay.shared_when is not None) == ("pay", True, True)
    assert [change.pointer for change in pay.sets] == [
        "/resource/properties/state",
        "/context/amount",
        "/action/name",
    ]
    assert (wait.when, wait.shared_when) == (None, None)
    assert (wait.sets[0].root, wait.sets[0].path) == ("context", ("amount",))


def test_outputs():
    found = pack(
        """
outputs:
  amount:
    - {title: Amount, value: context.?amount, actions: ship}
    - {value: resource.total, on: [allow, deny]}
  state:
    when: resource.total > 3
    value: resource.state
    labels: {open: Open, paid: Paid, shipped: Shipped}
"""
    )
    (variant,) = found.variants
    first, second, state = variant.outputs
    assert [output.name for output in variant.outputs] == ["amount", "amount", "state"]
    assert sorted(first.on) == ["allow"]
    assert sorted(second.on) == ["allow", "deny"]
    assert first.applies.actions.texts == ("ship",)
    assert first.title is not None
    assert first.title["en"].parts == ("Amount",)
    assert state.labels is not None
    assert set(state.labels) == {"open", "paid", "shipped"}


def test_variants():
    found = pack(
        """
rules:
  - {id: both, effect: allow, when: has(resource.total)}
  - {id: ship, effect: allow, actions: ship}
  - {id: cancel, effect: allow, actions: cancel, when: has(resource.whatever)}
""",
        pack=BASE["pack.yaml"].replace(
            "request: request.schema.json", "request: {ship: request.schema.json}"
        ),
    )
    typed, untyped = found.variants
    assert untyped.request_type is UNTYPED
    assert [rule.id for rule in typed.rules] == ["both", "ship"]
    assert [rule.id for rule in untyped.rules] == ["both", "cancel"]


def test_schemas_are_shared_by_actions():
    found = pack(
        "rules: [{id: a, effect: allow}]\n",
        pack=BASE["pack.yaml"].replace(
            "request: request.schema.json",
            """request:
  ship: request.schema.json
  cancel: request.schema.json
  "**": request.schema.json""",
        ),
    )
    (variant,) = found.variants
    assert variant.actions.texts == ("ship", "cancel", "**")


def test_without_a_schema_all_is_dynamic():
    found = pack(
        "rules: [{id: a, effect: allow, when: has(resource.x) && resource.x > 3}]\n",
        pack=BASE["pack.yaml"].replace("request: request.schema.json\n", ""),
    )
    (variant,) = found.variants
    assert variant.request_type is UNTYPED


PACK_WITH_FUNCTION = BASE["pack.yaml"] + (
    'functions: {score: {signature: "(string) -> int", errors: [invalid_argument]}}\n'
)


class _Nothing:
    def attribute(self, root: str, path: tuple[str, ...]) -> Any:
        return ABSENT

    def has(self, root: str, path: tuple[str, ...]) -> Any:
        return False

    def name(self, name: str) -> Any:
        return ABSENT


def _raise(error: Exception) -> Any:
    raise error


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        pytest.param(len, 3, id="a value of its type"),
        pytest.param(lambda text: text, "host_function", id="another type"),
        pytest.param(lambda text: 2**70, "host_function", id="too large"),
        pytest.param(lambda text: True, "host_function", id="a bool is no int"),
        pytest.param(lambda text: 1 // 0, "host_function", id="an exception"),
        pytest.param(lambda: 1, "host_function", id="other parameters"),
        pytest.param(
            lambda text: _raise(EvaluationError("invalid_argument", "no")),
            "invalid_argument",
            id="an error that it declares",
        ),
        pytest.param(
            lambda text: _raise(EvaluationError("overflow", "no")),
            "host_function",
            id="an error that it does not declare",
        ),
    ],
)
def test_host_function(function: Callable[..., Any], expected: object):
    loaded = load(
        'outputs: {x: {value: score("abc")}}\n', {"score": function}, pack=PACK_WITH_FUNCTION
    )
    (found,) = loaded.packs
    expression = found.variants[0].outputs[0].value
    assert expression.errors == {"host_function", "invalid_argument"}
    value = evaluate(expression, _Nothing(), functions=found.functions)
    assert (value.kind if isinstance(value, ErrorValue) else value) == expected


def test_host_function_that_no_pack_declares():
    found = load_packs(MemoryFiles(BASE), functions={"score": len}).diagnostics
    assert [item.code for item in found] == ["EVL436"]


def test_constants_call_no_host_functions():
    files = {
        **BASE,
        "pack.yaml": PACK_WITH_FUNCTION,
        "orders.yaml": HEAD + 'constants: {best: score("x")}\noutputs: {x: {value: best}}\n',
    }
    found = load_packs(MemoryFiles(files), functions={"score": len}).diagnostics
    assert [item.code for item in found] == ["EVL427"]
