"""Packs of any number of rules, with requests for them, for us and for other engines.

Rules come in sets of twelve for one resource type and action, one of each of ``KINDS`` with numbers
of its own; or, crowded, all for one type and action. Twenty actions make a type, a type a file.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

__all__ = ["KINDS", "Kind", "Rule", "Shape", "answer", "requests", "write"]

_IN_A_SET: Final = 12
_ACTIONS: Final = 20
_IN_A_CROWDED_FILE: Final = 250

_SCHEMA: Final = {
    "type": "object",
    "properties": {
        "subject": {
            "type": "object",
            "properties": {
                "properties": {
                    "type": "object",
                    "required": ["roles"],
                    "properties": {"roles": {"type": "array", "items": {"type": "string"}}},
                }
            },
        },
        "resource": {
            "type": "object",
            "properties": {
                "properties": {
                    "type": "object",
                    "required": ["owner", "region", "tier", "active", "amount", "score"],
                    "properties": {
                        "owner": {"type": "string"},
                        "region": {"type": "string"},
                        "tier": {"enum": ["free", "silver", "gold"]},
                        "active": {"type": "boolean"},
                        "amount": {"type": "integer", "minimum": 0, "maximum": 1_000_000},
                        "score": {"type": "integer", "minimum": 0, "maximum": 1_000_000},
                    },
                }
            },
        },
        "context": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "quantity": {"type": "integer", "minimum": 0},
                "time": {"type": "string", "format": "date-time"},
            },
        },
    },
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A form of rule: its effect, its condition in CEL with ``N``, a number, and by hand."""

    effect: str
    condition: str
    fires: Callable[[int, str, list[str], dict[str, Any], int | None], bool]


# By hand: of the number, the user, the roles, the resource and the quantity.
KINDS: Final = (
    Kind(
        "allow",
        '"role-N" in subject.roles || "admin" in subject.roles',
        lambda n, _, roles, __, ___: f"role-{n}" in roles or "admin" in roles,
    ),
    Kind("allow", "resource.owner == subject.id", lambda _, user, __, r, ___: r["owner"] == user),
    Kind("deny", "!resource.active", lambda _, __, ___, r, ____: not r["active"]),
    Kind(
        "deny",
        'resource.tier == "free" && resource.amount > N',
        lambda n, _, __, r, ___: r["tier"] == "free" and r["amount"] > n,
    ),
    Kind(
        "deny",
        'resource.region == "region-N"',
        lambda n, _, __, r, ___: r["region"] == f"region-{n}",
    ),
    Kind(
        "deny",
        "has(context.quantity) && context.quantity > N",
        lambda n, _, __, ___, quantity: quantity is not None and quantity > n,
    ),
    Kind(
        "deny",
        "resource.amount < 50 && resource.score > N",
        lambda n, _, __, r, ___: r["amount"] < 50 and r["score"] > n,
    ),
    Kind(
        "deny",
        'resource.score >= N && resource.tier != "gold"',
        lambda n, _, __, r, ___: r["score"] >= n and r["tier"] != "gold",
    ),
    Kind(
        "deny",
        '"banned-N" in subject.roles',
        lambda n, _, roles, __, ___: f"banned-{n}" in roles,
    ),
    Kind(
        "deny",
        "resource.amount + resource.score > 1000 + N",
        lambda n, _, __, r, ___: r["amount"] + r["score"] > 1000 + n,
    ),
    Kind(
        "deny",
        'resource.region == "region-N" && has(context.quantity) && context.quantity < 5',
        lambda n, _, __, r, q: r["region"] == f"region-{n}" and q is not None and q < 5,
    ),
    Kind(
        "deny",
        'resource.owner != subject.id && resource.tier == "gold" && resource.score > N',
        lambda n, user, _, r, __: r["owner"] != user and r["tier"] == "gold" and r["score"] > n,
    ),
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its number among all, its kind, and for which resource type and action it is."""

    number: int
    kind: Kind
    resource: str
    action: str

    @property
    def id(self) -> str:
        return f"rule-{self.number}"

    @property
    def condition(self) -> str:
        return self.kind.condition.replace("N", str(_figure(self.number)))


@dataclass(frozen=True, slots=True)
class Shape:
    """How many rules, and whether all are for one type and action."""

    count: int
    crowded: bool = False

    def rules(self) -> Iterator[Rule]:
        """The rules, in the order of the pack."""
        for number in range(self.count):
            yield self.rule(number)

    def rule(self, number: int) -> Rule:
        place = 0 if self.crowded else number // _IN_A_SET
        kind = KINDS[number % _IN_A_SET]
        return Rule(number, kind, f"type-{place // _ACTIONS}", f"action-{place % _ACTIONS}")

    @property
    def sets(self) -> int:
        return 1 if self.crowded else -(-self.count // _IN_A_SET)

    def of_set(self, place: int) -> range:
        """The numbers of the rules of a set."""
        if self.crowded:
            return range(self.count)
        return range(place * _IN_A_SET, min(self.count, (place + 1) * _IN_A_SET))


def write(shape: Shape, folder: Path) -> int:
    """Writes the pack into an empty folder; how many bytes it has."""
    files: dict[str, str] = {}
    of_file: dict[str, list[Rule]] = {}
    for rule in shape.rules():
        name = f"part-{rule.number // _IN_A_CROWDED_FILE}" if shape.crowded else rule.resource
        of_file.setdefault(name, []).append(rule)
    for name, rules in of_file.items():
        files[f"{name}.yaml"] = _policy(name, rules)
    listed = "".join(f"  - {name}\n" for name in files)
    files["pack.yaml"] = (
        f"language: 1\nname: generated\nversion: '1'\ntitle: Generated\n"
        f"request: request.schema.json\nfiles:\n{listed}"
    )
    files["request.schema.json"] = json.dumps(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **_SCHEMA}
    )
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return sum(len(text) for text in files.values())


def requests(shape: Shape, seed: int, count: int, *, sets: int) -> list[dict[str, Any]]:
    """Valid requests for some of the sets, spread over all of them."""
    rng = random.Random(seed)
    places = [index * shape.sets // min(sets, shape.sets) for index in range(min(sets, shape.sets))]
    return [_request(shape, rng.choice(places), rng) for _ in range(count)]


def answer(shape: Shape, request: Mapping[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The effect and ids, by hand; deny overrides."""
    user = request["subject"]["id"]
    roles = request["subject"]["properties"]["roles"]
    resource, action = request["resource"], request["action"]["name"]
    quantity = request.get("context", {}).get("quantity")
    type_number, action_number = (
        int(name.rpartition("-")[2]) for name in (resource["type"], action)
    )
    fired: dict[str, list[str]] = {"allow": [], "deny": []}
    for number in shape.of_set(type_number * _ACTIONS + action_number):
        rule = shape.rule(number)
        if rule.kind.fires(_figure(number), user, roles, resource["properties"], quantity):
            fired[rule.kind.effect].append(rule.id)
    if fired["deny"]:
        return "deny", tuple(fired["deny"])
    return ("allow", tuple(fired["allow"])) if fired["allow"] else ("deny", ("no-rule-allows",))


def _figure(number: int) -> int:
    """The number in a condition: hardly two alike within a set."""
    return 100 + number * 37 % 900


def _policy(name: str, rules: list[Rule]) -> str:
    actions = json.dumps(sorted({rule.action for rule in rules}))
    lines = [
        f"policy: generated.{name}",
        "title: Generated",
        "applies_to:",
        f"  resource: {rules[0].resource}",
        f"  actions: {actions}",
        "rules:",
    ]
    for rule in rules:
        lines += [f"  - id: {rule.id}", f"    effect: {rule.kind.effect}"]
        lines += [f"    actions: {rule.action}", f"    when: {json.dumps(rule.condition)}"]
        if rule.kind.effect == "deny":
            lines.append(f"    reason: Rule {rule.number} says no to {{subject.id}}.")
    return "\n".join(lines) + "\n"


def _request(shape: Shape, place: int, rng: random.Random) -> dict[str, Any]:
    first = shape.of_set(place)[0]
    figure = _figure(first)
    context = {"quantity": rng.choice((0, 5, 101, 700))} if rng.random() < 0.5 else {}
    roles = ("admin", f"role-{figure}", f"banned-{_figure(first + 8)}", "x", "y")
    regions = (*(f"region-{_figure(first + offset)}" for offset in (4, 10)), "here", "there")
    most = rng.choice((100, 1200))
    return {
        "subject": {
            "type": "user",
            "id": rng.choice(("ann", "bo")),
            "properties": {"roles": rng.sample(roles, 2)},
        },
        "action": {"name": f"action-{place % _ACTIONS}"},
        "resource": {
            "type": f"type-{place // _ACTIONS}",
            "id": "r-1",
            "properties": {
                "owner": "ann",
                "region": rng.choice(regions),
                "tier": rng.choice(("free", "silver", "gold")),
                "active": rng.random() < 0.9,
                "amount": rng.randrange(most),
                "score": rng.randrange(most),
            },
        },
        "context": {"time": "2026-03-03T09:00:00Z", **context},
    }
