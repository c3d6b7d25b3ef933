"""Packs about orders that use what the file format has, and requests for them by chance."""

from __future__ import annotations

import json
from random import Random
from typing import Any

__all__ = ["files", "functions", "request"]

_PACK = """\
language: 1
name: {name}
version: "1"
title: Orders
files: [shared.yaml, orders.yaml]
combining: {combining}
default_locale: en
time_zone: UTC
functions:
  is_holiday: {{signature: "(timestamp) -> bool"}}
{request}
"""
_SCHEMA = """\
{"type": "object", "properties": {
  "subject": {"type": "object", "properties": {"properties": {"type": "object", "properties": {
    "roles": {"type": "array", "items": {"enum": ["clerk", "manager", "auditor"]}, "default": []},
    "limit": {"type": ["integer", "null"], "minimum": 0}}, "required": ["limit"]}}},
  "resource": {"type": "object", "properties": {"properties": {
    "type": "object", "additionalProperties": false,
    "properties": {
      "state": {"enum": ["open", "paid", "shipped"]},
      "total": {"type": "integer", "minimum": 0, "maximum": 1000},
      "price": {"type": "number"},
      "paid": {"type": "boolean", "default": false},
      "note": {"type": "string", "minLength": 1, "maxLength": 5},
      "code": {"type": "string", "pattern": "^[A-Z]+$"},
      "due": {"type": "string", "format": "date-time"},
      "wait": {"type": "string", "format": "duration"},
      "level": {"enum": [1, 2, 3]},
      "numbers": {"type": "array", "items": {"type": "integer"}, "maxItems": 4},
      "labels": {"type": "object", "additionalProperties": {"type": "integer"}},
      "address": {"type": "object", "required": ["country"], "properties": {
        "country": {"type": "string"}, "phone": {"type": "string"},
        "geo": {"type": "object", "additionalProperties": false,
                "properties": {"zone": {"enum": ["near", "far"]}}}}},
      "lines": {"type": "array", "minItems": 0, "items": {
        "type": "object", "additionalProperties": false, "required": ["product", "quantity"],
        "properties": {
          "product": {"type": "string"},
          "quantity": {"type": "integer", "minimum": 1},
          "at": {"type": "string", "format": "date-time"},
          "gift": {"type": "boolean", "default": false}}}},
      "events": {"type": "array", "items": {
        "type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}}},
    "required": ["state", "total", "due", "lines"]}}},
  "context": {"type": "object", "properties": {
    "time": {"type": "string", "format": "date-time"}, "reason": {"type": "string"}}}}}
"""
_SHARED: dict[str, Any] = {
    "title": "Shared",
    "constants": {"grace": 'duration("48h")', "most": "10"},
    "tables": {
        "approvers": {"open": ["clerk", "manager"], "paid": ["manager"], "shipped": []},
        "weights": {"open": 1, "paid": 2, "shipped": 3},
    },
    "variables": {
        "may_approve": "subject.roles.exists(role, role in approvers[resource.state])",
        "late_lines": "resource.lines.filter(l, has(l.at) && l.at > resource.due)",
        "quantity": "sum(resource.lines.map(line, line.quantity))",
    },
}
_ORDERS: dict[str, Any] = {
    "title": "Orders",
    "applies_to": {"resource": "order", "actions": ["approve", "cancel", "report:**"]},
    "imports": ["shared.yaml"],
    "variables": {
        "average": "quantity / resource.lines.size()",
        "is_big": "quantity > most && resource.total > most",
    },
}
_RULES: list[tuple[str, str, Any, dict[str, Any]]] = [
    ("may-approve", "allow", "may_approve", {}),
    ("auditors", "allow", '"auditor" in subject.roles', {"actions": "report:**"}),
    ("none-left", "deny", "resource.total == 0 || quantity == 0", {}),
    ("too-big", "deny", "is_big", {"actions": "approve"}),
    ("on-trial", "deny", "average > 3", {"mode": "report"}),
    ("averages", "allow", "average == 2", {}),
    ("late", "deny", {"all": ["late_lines.size() > 0", "resource.due + grace < now"]}, {}),
    (
        "new-rule",
        "deny",
        "has(resource.price) && resource.price > 2.5",
        {"effective": {"from": "2026-01-01T00:00:00Z", "until": "2026-07-01T00:00:00Z"}},
    ),
    ("limits", "deny", "subject.limit != null && resource.total > subject.limit", {}),
    ("notes", "deny", "has(resource.note) && resource.note.size() > 3 && !resource.paid", {}),
    ("far", "deny", 'resource.?address.?geo.?zone.orValue("near") == "far"', {}),
    ("home", "allow", 'has(resource.address) && resource.address.country == "DK"', {}),
    ("waits", "deny", "has(resource.wait) && resource.wait > grace", {}),
    ("labels", "allow", 'has(resource.labels) && resource.labels.exists(k, k == "vip")', {}),
    ("values", "deny", "has(resource.labels) && resource.labels.all(k, v, v > 1)", {}),
    ("one", "allow", "has(resource.numbers) && resource.numbers.exists_one(n, n == 1)", {}),
    ("first", "deny", "has(resource.numbers) && resource.numbers[0] == 2", {}),
    ("levels", "allow", "has(resource.level) && resource.level >= weights[resource.state]", {}),
    (
        "lines",
        "deny",
        "resource.lines.map(l, l.product).distinct().size() < resource.lines.size()",
        {},
    ),
    ("gifts", "deny", 'resource.lines.exists(l, has(l.gift) && l.gift && l.product == "a")', {}),
    ("events", "allow", "has(resource.events) && resource.events.exists(e, 'a' in [e.name])", {}),
    ("holidays", "deny", 'is_holiday(now) && resource.state != "open"', {}),
    ("codes", "allow", 'has(resource.code) && resource.code.lowerAscii() == "abc"', {}),
    ("words", "allow", 'has(context.reason) && context.reason.matches("^ok")', {}),
    ("hours", "deny", 'now.getHours("Europe/Copenhagen") < 6', {}),
    ("same", "allow", 'subject.id == resource.id || action.name == "cancel"', {}),
    (
        "listed",
        "deny",
        "resource.lines.filter(l, l.?gift.orValue(true)) == resource.lines",
        {"actions": "cancel"},
    ),
]
# What is told beside the effect: remedies and messages of rules, outputs.
_TOLD: dict[str, dict[str, Any]] = {
    "none-left": {
        "reason": {"en": "{quantity} left of {resource.total}.", "da": "{quantity} tilbage."},
        "remedies": [
            {
                "id": "order-more",
                "when": "resource.lines.size() > 1",
                "message": {"en": "Order {resource.lines[1].product}.", "da": "Bestil mere."},
                "sets": {"resource.total": "quantity + 1", "context.reason": '"more"'},
            },
            {"id": "average", "message": "On average {average}, on {date(now, 'datetime-short')}."},
        ],
    },
    "late": {
        "description": "Late: {late_lines.map(l, l.product)}, {late_lines.size()} in all.",
        "remedies": [
            {
                "id": "wait",
                "when": {"any": ["resource.due + grace + grace > now", "average == 2"]},
                "message": "Wait {grace} from {resource.due}.",
                "sets": {"resource.due": "now + grace"},
            },
        ],
    },
    "notes": {
        "reason": "The note {resource.note} has {resource.note.size()} letters.",
        "remedies": [
            {"id": "shorten", "message": "Cut it.", "sets": {"resource.note": "optional.none()"}}
        ],
    },
    "on-trial": {"reason": "{average} {plural(average, {'one': 'piece', 'other': 'pieces'})}."},
}
_OUTPUTS: dict[str, Any] = {
    "quantity": {"value": "quantity", "on": ["allow", "deny"]},
    "share": {"value": "resource.total / quantity", "on": ["allow", "deny"]},
    "deadline": {"value": "resource.due + grace", "on": ["allow", "deny"]},
    "is_late": {"value": "resource.due + grace < now", "on": ["allow", "deny"]},
    "left": [
        {"value": "resource.due - now", "when": "now < resource.due", "on": ["deny"]},
        {"value": 'duration("0s")', "on": ["allow", "deny"]},
    ],
    "hour": {"value": "now.getHours()", "on": ["deny"]},
    "late_products": {"value": "late_lines.map(l, l.product)", "on": ["allow", "deny"]},
    "first_event": {
        "value": "resource.?events[?0].optMap(e, e.name)",
        "on": ["allow", "deny"],
        "actions": "approve",
    },
    "steps": {
        "value": '["pay", "ship"].filter(s, s != "pay" || resource.state == "open")',
        "on": ["allow", "deny"],
        "labels": {
            "pay": {"en": "Pay {resource.total}.", "da": "Betal {resource.total}."},
            "ship": {"en": "Ship before {resource.due}.", "da": "Send inden {resource.due}."},
        },
    },
}
_LOOSE: dict[str, Any] = {
    "title": "Orders",
    "applies_to": {"resource": "**", "actions": "*"},
    "imports": ["shared.yaml"],
}
_LOOSE_RULES: list[tuple[str, str, Any, dict[str, Any]]] = [
    ("roles", "allow", 'subject.roles.exists(r, r == "clerk")', {}),
    ("totals", "deny", "resource.total > most", {}),
    ("any-note", "allow", 'has(resource.note) && resource.note.contains("a")', {}),
    ("prices", "deny", "dyn(resource.price) == 3 || resource.paid", {}),
    ("zones", "deny", 'resource.?address.geo.zone == optional.of("far")', {}),
    ("lines", "allow", "resource.lines.all(l, l.quantity > 1)", {}),
]


def functions() -> dict[str, Any]:
    """The host function: mostly an answer, sometimes a failure."""

    def is_holiday(moment: Any) -> bool:
        if moment.nanoseconds % 7 == 0:
            raise ValueError("no calendar")
        return bool(moment.nanoseconds % 2)

    return {"is_holiday": is_holiday}


def files(*packs: tuple[str, str, bool]) -> dict[str, str]:
    """The files of packs: (name, combining, whether the request is typed)."""
    made = {}
    for name, combining, typed in packs:
        request_line = "request: request.schema.json" if typed else ""
        made[f"{name}/pack.yaml"] = _PACK.format(
            name=name, combining=combining, request=request_line
        )
        shared = _SHARED if typed else {"title": "Shared", "constants": {"most": "10"}}
        head, rules = (_ORDERS, _RULES) if typed else (_LOOSE, _LOOSE_RULES)
        listed = [
            {"id": id, "effect": effect, "when": when, **_reason(effect), **more}
            | (_TOLD.get(id, {}) if typed else {})
            for id, effect, when, more in rules
        ]
        # JSON is YAML.
        made[f"{name}/shared.yaml"] = json.dumps({"policy": f"{name}.shared", **shared})
        made[f"{name}/orders.yaml"] = json.dumps(
            {"policy": f"{name}.orders", **head, "rules": listed}
            | ({"outputs": _OUTPUTS} if typed else {})
        )
        if typed:
            made[f"{name}/request.schema.json"] = _SCHEMA
    return made


def _reason(effect: str) -> dict[str, str]:
    return {"reason": "It is not to be."} if effect == "deny" else {}


def request(random: Random) -> dict[str, Any]:
    """A request, mostly in order; often a value or two are not."""
    pick = random.choice

    def maybe(made: dict[str, Any], name: str, *values: Any, share: float = 0.6) -> None:
        if random.random() < share:
            made[name] = pick(values)

    line: dict[str, Any]
    lines = []
    for _ in range(random.randrange(4)):
        line = {"product": pick("aab"), "quantity": pick((1, 2, 5))}
        maybe(line, "at", "2026-03-04T00:00:00Z", "2026-01-01T00:00:00.5+02:00")
        maybe(line, "gift", True, False)
        lines.append(line)
    resource: dict[str, Any] = {
        "state": pick(("open", "open", "paid", "shipped")),
        "total": pick((0, 1, 4, 12, 5.0, 1000)),
        "due": pick(("2026-03-03T00:00:00Z", "2026-02-01T12:00:00.123456789+05:45")),
        "lines": lines,
    }
    maybe(resource, "price", 1, 2.5, 3.0, 1e9)
    maybe(resource, "paid", True, False)
    maybe(resource, "note", "a", "abcde", "\N{LATIN SMALL LETTER AE}" * 4)
    maybe(resource, "code", "ABC", "Z")
    maybe(resource, "wait", "PT1H", "P3D", "-PT5M")
    maybe(resource, "level", 1, 2, 3)
    maybe(resource, "numbers", [], [1], [2, 1], [1, 1, 3])
    maybe(resource, "labels", {}, {"vip": 1}, {"a": 2, "b": 3})
    maybe(resource, "address", {"country": "DK"}, {"country": "SE", "geo": {"zone": "far"}})
    maybe(resource, "address", {"country": "DK", "phone": "1", "geo": {}}, share=0.2)
    maybe(resource, "events", [{"name": "a", "more": 1}], [{"name": "b"}, {"name": "ab"}])
    subject: dict[str, Any] = {"limit": pick((None, 3, 100))}
    maybe(subject, "roles", ["clerk"], ["manager", "auditor"], [])
    context: dict[str, Any] = {}
    maybe(context, "reason", "ok then", "no")
    moments = ("2026-03-03T01:00:00Z", "2026-03-09T12:00:00.000000007Z", "2026-09-01T23:30:00Z")
    maybe(context, "time", *moments, share=0.95)
    made: dict[str, Any] = {
        "subject": {"type": "user", "id": pick(("ann", "o1")), "properties": subject},
        "action": {"name": pick(("approve", "cancel", "report:day", "report:a:b", "other"))},
        "resource": {"type": pick(("order",) * 5 + ("box",)), "id": "o1", "properties": resource},
        "context": context,
    }
    while random.random() < 0.3:
        _damage(random, pick((resource, resource, subject, context, *lines, made)))
    return made


_WRONG: tuple[Any, ...] = (
    *(None, True, 0, -1, 2**70, 1.5, float("nan"), "", "x"),
    *([], {}, [1], ["x"], {"a": 1}, ()),
)


def _damage(random: Random, where: dict[str, Any]) -> None:
    name = random.choice([*where, "unknown"])
    if random.random() < 0.3:
        where.pop(name, None)
    else:
        where[name] = random.choice(_WRONG)
