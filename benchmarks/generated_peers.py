"""The generated rules in other engines: all rules in one, each with its type and action.

None of them has an index that can be asked: the type and the action are conditions like others.
Whoever keeps a program for each type and action in a dict of one's own gets what twelve rules take.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from benchmarks.generated_rules import Rule, Shape

__all__ = ["PEERS"]

Answer = tuple[str, tuple[str, ...]]
Decide = Callable[[Mapping[str, Any]], Answer]


_SIGNS: Final = ("in", "==", "!=", "<=", ">=", "<", ">")
_LOGIC_SIGNS: Final = {"==": "===", "!=": "!=="}


def datalogic(shape: Shape) -> Decide:
    """A list of conditions as one rule of JSONLogic."""
    import datalogic_py

    rules = list(shape.rules())
    engine = datalogic_py.Engine()
    rule = engine.compile([_logic(rule) for rule in rules])
    evaluate = engine.session().evaluate
    return lambda request: _answer(rules, evaluate(rule, _read(request)))


def zen(shape: Shape) -> Decide:
    """A list of conditions as one expression."""
    import zen as engine

    rules = list(shape.rules())
    listed = ", ".join(_zen(rule) for rule in rules)
    evaluate = engine.compile_expression(f"[{listed}]").evaluate
    return lambda request: _answer(rules, evaluate(_read(request)))


def cedar(shape: Shape) -> Decide:
    """A policy each, the type and the action in its scope."""
    import cedarpy

    rules = list(shape.rules())
    policies = cedarpy.PolicySet.from_str("\n".join(map(_cedar, rules)))
    entities = cedarpy.Entities.from_json_str("[]")

    def decide(request: Mapping[str, Any]) -> Answer:
        read = _read(request)
        asked = {
            "principal": {"type": "User", "id": read["subject"]["id"]},
            "action": {"type": "Action", "id": read["action"]},
            "resource": {"type": _cedar_type(read["type"]), "id": "r-1"},
            "context": {
                "subject": read["subject"],
                "resource": read["resource"],
                **read["context"],
            },
        }
        reasons = cedarpy.is_authorized(asked, policies, entities).diagnostics.reasons
        numbers = sorted(int(reason.removeprefix("policy")) for reason in reasons)
        if not numbers:
            return "deny", ("no-rule-allows",)
        return rules[numbers[0]].kind.effect, tuple(rules[number].id for number in numbers)

    return decide


PEERS: Final = {"datalogic-py": datalogic, "zen-engine": zen, "cedarpy": cedar}


def _read(request: Mapping[str, Any]) -> dict[str, Any]:
    """What rules read."""
    resource, context = request["resource"], request["context"]
    return {
        "type": resource["type"],
        "action": request["action"]["name"],
        "subject": {
            "id": request["subject"]["id"],
            "roles": request["subject"]["properties"]["roles"],
        },
        "resource": resource["properties"],
        "context": {"quantity": context["quantity"]} if "quantity" in context else {},
    }


def _answer(rules: list[Rule], fired: list[object]) -> Answer:
    found = [rule for rule, fires in zip(rules, fired, strict=True) if fires]
    denies = tuple(rule.id for rule in found if rule.kind.effect == "deny")
    if denies:
        return "deny", denies
    allows = tuple(rule.id for rule in found)
    return ("allow", allows) if allows else ("deny", ("no-rule-allows",))


def _zen(rule: Rule) -> str:
    condition = rule.condition
    for theirs, its in (
        ("&&", "and"),
        ("||", "or"),
        ("!resource", "not resource"),
        ("has(context.quantity)", "context.quantity != null"),
    ):
        condition = condition.replace(theirs, its)
    return f'type == "{rule.resource}" and action == "{rule.action}" and ({condition})'


def _cedar_type(name: str) -> str:
    return name.replace("type-", "Type")


def _cedar(rule: Rule) -> str:
    condition = re.sub(
        r'("[^"]*") in subject\.roles', r"subject.roles.contains(\1)", rule.condition
    )
    condition = condition.replace("has(context.quantity)", "context has quantity")
    condition = re.sub(r"\b(subject|resource)\.", r"context.\1.", condition)
    verb = "permit" if rule.kind.effect == "allow" else "forbid"
    scope = (
        f'principal, action == Action::"{rule.action}", resource is {_cedar_type(rule.resource)}'
    )
    return f"{verb}({scope}) when {{ {condition} }};"


def _logic(rule: Rule) -> dict[str, Any]:
    place = [
        {"===": [{"var": "type"}, rule.resource]},
        {"===": [{"var": "action"}, rule.action]},
    ]
    return {"and": [*place, _logic_of(rule.condition)]}


def _logic_of(condition: str) -> Any:
    """The conditions of ``KINDS``, which have no parentheses but those of ``has``."""
    for operator, name in ((" || ", "or"), (" && ", "and")):
        if operator in condition:
            return {name: [_logic_of(part) for part in condition.split(operator)]}
    if condition.startswith("!"):
        return {"!": [{"var": condition[1:]}]}
    if condition.startswith("has("):
        return {"!==": [{"var": condition[4:-1]}, None]}
    sign = next(sign for sign in _SIGNS if f" {sign} " in condition)
    left, _, right = condition.partition(f" {sign} ")
    return {_LOGIC_SIGNS.get(sign, sign): [_operand(left), _operand(right)]}


def _operand(text: str) -> Any:
    if " + " in text:
        return {"+": [_operand(part) for part in text.split(" + ")]}
    if text[0] == '"' or text.isdigit():
        return json.loads(text)
    return {"var": text}
