"""A pack with something of everything that suites have to show, and suites that show some of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from evaluator.policy.loading import load_packs
from evaluator.policy.model import Pack
from evaluator.source import MemoryFiles
from evaluator.suites.coverage.measuring import measure
from evaluator.suites.coverage.results import Coverage
from evaluator.suites.reading import read_suites

__all__ = ["FILES", "covered", "packs_of"]

FILES: Final[Mapping[str, str]] = {
    "pack.yaml": """\
language: 1
name: shop
version: "1"
request: request.json
combining: deny_overrides
default_locale: en
files: [orders.yaml]
""",
    "request.json": """\
{"type": "object", "properties": {
  "subject": {"type": "object", "properties": {"properties": {"type": "object",
    "properties": {"roles": {"type": "array", "items": {"type": "string"}, "default": []}}}}},
  "resource": {"type": "object", "required": ["properties"], "properties": {"properties": {
    "type": "object", "additionalProperties": false, "required": ["state", "total"],
    "properties": {
      "state": {"enum": ["open", "paid", "shipped"]},
      "total": {"type": "integer", "minimum": 0},
      "due": {"type": "string", "format": "date-time"}}}}},
  "context": {"type": "object", "additionalProperties": false, "properties": {
    "rush": {"type": "boolean", "default": false}}}}}
""",
    "orders.yaml": """\
policy: shop.orders
applies_to: {resource: order, actions: [ship, cancel]}
variables:
  is_cheap: resource.total < 100 && resource.state != "shipped"
rules:
  - id: clerk
    effect: allow
    when: '"clerk" in subject.roles || "chief" in subject.roles'
    reason: {en: Clerks may., da: Ekspedienter må.}
  - id: unpaid
    effect: deny
    actions: ship
    when:
      all:
        - resource.state == "open"
        - none: [is_cheap]
    reason: {en: The order is not paid., da: Ordren er ikke betalt.}
    remedies:
      - id: wait
        when: has(resource.due) && now < resource.due
        message: {en: "Wait until {resource.due}.", da: "Vent til {resource.due}."}
  - id: frozen
    effect: deny
    effective: {from: 2026-06-01T00:00:00Z, until: 2026-07-01T00:00:00Z}
    reason: {en: We are closed., da: Vi har lukket.}
  - id: huge
    effect: deny
    mode: report
    when: resource.total > 1000
    reason: {en: It is huge., da: Den er enorm.}
outputs:
  carrier:
    value: 'context.rush ? "plane" : "bike"'
    labels:
      plane: {en: By plane., da: Med fly.}
      bike: {en: By bike., da: På cykel.}
""",
    "suites/orders.suite.yaml": """\
suite: shop.orders
now: 2026-03-03T09:00:00Z
cases:
  - name: a clerk ships
    request:
      subject: {type: user, id: ann, properties: {roles: [clerk]}}
      action: ship
      resource: {type: order, id: o-1, properties: {state: open, total: 99}}
    expect: allow
""",
}


def packs_of(files: Mapping[str, str]) -> tuple[Pack, ...]:
    """The packs of some files, which have no problem."""
    loaded = load_packs(MemoryFiles(dict(files)))
    assert [str(item) for item in loaded.diagnostics] == []
    return loaded.packs


def covered(
    changes: Mapping[str, str] | None = None, *, cases: str = "", budget: int = 10_000
) -> Coverage:
    """The coverage of the pack with some files changed, and some lines added to its suite."""
    files = {**FILES, **(changes or {})}
    files["suites/orders.suite.yaml"] += cases
    packs = packs_of(files)
    read = read_suites(MemoryFiles(files), packs)
    assert [str(item) for item in read.diagnostics] == []
    return measure(packs, read.suites, unreachable=read.unreachable, budget=budget)
