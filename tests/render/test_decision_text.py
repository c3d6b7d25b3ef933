"""Decisions and explanations as screens: what stands on them, in every width, tone and language."""

from __future__ import annotations

import io
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

import evaluator
from evaluator.render.decision_text import decision_text
from evaluator.render.explanation_text import explanation_text
from evaluator.render.words import words

PACK = """\
language: 1
name: odd
version: "1"
title: Odd
files: [rules.yaml]
default_locale: en
time_zone: UTC
"""
RULES = r"""policy: odd.rules
title: Rules
applies_to: {resource: thing, actions: ["*"]}
rules:
  - id: anyone
    effect: allow
    when: resource.total > 0
    reason: |
      Two lines,
      and "[bold red]no markup[/]" \ with {resource.name}.
  - id: too-many
    effect: deny
    when: resource.total > 5
    reason: "There are {resource.total}."
    description: A total above five.
    remedies:
      - {id: fewer, message: Take five., sets: {resource.total: "5"}}
      - {id: six, message: Take six., sets: {resource.total: "6"}}
      - {id: ask, message: Ask someone.}
  - id: too-dear
    effect: deny
    when: resource.price > 10.0
    reason: Too dear.
    remedies:
      - {id: cheaper, message: Pay less., sets: {resource.price: "1.0", context.note: '"[x]"'}}
  - id: undecidable
    effect: deny
    when: resource.absent.size() > 0
    reason: Never said.
  - id: on-trial
    effect: deny
    mode: report
    reason: A rule we try.
  - id: old
    effect: deny
    effective: {until: 2020-01-01T00:00:00Z}
    reason: Gone.
outputs:
  moment: {value: now, on: [allow, deny]}
  empty: {value: "[]", on: [allow, deny]}
  truth: {value: "true", on: [allow, deny]}
  mapping: {value: '{"a": [1, 2], "b": null}', on: [allow, deny]}
  code: {value: '"one"', on: [allow, deny], labels: {one: The first.}}
  codes: {value: '["one", "two"]', on: [allow, deny], labels: {one: The first., two: The second.}}
  wrong: {value: 1 / (resource.total - resource.total), on: [allow, deny]}
"""


@pytest.fixture(scope="module")
def policies() -> evaluator.PolicySet:
    return evaluator.load(evaluator.MemoryFiles({"pack.yaml": PACK, "rules.yaml": RULES}))


def request(**properties: Any) -> evaluator.Request:
    return evaluator.Request.parse(
        {
            "subject": {"type": "user", "id": "a\x1b[31mnn"},
            "action": {"name": "do"},
            "resource": {"type": "thing", "id": "1", "properties": properties},
            "context": {"time": "2026-03-03T09:00:00Z"},
        }
    )


ALLOWED = request(total=1, price=1.0, name="[red]x[/red]\x07", absent=[])
DENIED = request(total=7, price=20.0, name="x")


def screen(renderable: RenderableType, width: int = 80) -> str:
    """The lines of a screen without colours, and without the blanks that fill them up."""
    file = io.StringIO()
    Console(file=file, width=width, markup=False, emoji=False, highlight=False).print(renderable)
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def test_allowed(policies: evaluator.PolicySet) -> None:
    assert (
        screen(decision_text(policies.decide(ALLOWED), ALLOWED))
        == r"""✓ ALLOW  user a\x1b[31mnn · do · thing 1
• anyone  rules.yaml:5
  Two lines,
  and "[bold red]no markup[/]" \ with [red]x[/red]\x07.
Outputs
  moment  2026-03-03T09:00:00Z    empty    -
  truth   yes                     mapping  {"a": [1, 2], "b": null}
  code   The first.
  codes  1. The first.
         2. The second.
Rules on trial
  • on-trial (deny)  rules.yaml:30  A rule we try.
Could not be evaluated
  • wrong  divide_by_zero: division by zero  rules.yaml:45:18
Valid: time does not change it
"""
    )


def test_denied(policies: evaluator.PolicySet) -> None:
    told = screen(decision_text(policies.decide(DENIED), DENIED))
    assert (
        told.partition("Outputs\n")[0]
        == r"""✗ DENY  user a\x1b[31mnn · do · thing 1
• too-many  rules.yaml:11
  There are 7.
  A total above five.
  what helps → Take five.  [fewer]
               resource.total = 5  verified, but then denied by too-dear,
               undecidable
             → Take six.  [six]
               resource.total = 6  not verified: the rule `too-many` still fires
             → Ask someone.  [ask]
• too-dear  rules.yaml:20
  Too dear.
  what helps → Pay less.  [cheaper]
               resource.price = 1.0, context.note = "[x]"  verified, but then
               denied by too-many, undecidable
• undecidable  ?  rules.yaml:26
  This rule could not be evaluated: the request has no `resource.absent`.
  no_such_field rules.yaml:28
"""
    )


def test_explained(policies: evaluator.PolicySet) -> None:
    told = screen(explanation_text(policies.explain(DENIED), DENIED, every_rule=True))
    assert (
        told.partition("\n\nRules")[2]
        == r"""  (in parentheses: another value would change nothing)
● anyone  allow  fired  rules.yaml:5
└── resource.total > 0  true  7:11
    └── resource.total  7  7:11
● too-many  deny  fired, decided  rules.yaml:11
└── resource.total > 5  true  13:11
    └── resource.total  7  13:11
● too-dear  deny  fired, decided  rules.yaml:20
└── resource.price > 10.0  true  22:11
    └── resource.price  20.0  22:11
? undecidable  deny  could not be evaluated, decided  rules.yaml:26
└── resource.absent.size() > 0  no_such_field: the request has no
    `resource.absent`  28:11
    └── resource.absent.size()  no_such_field: the request has no
        `resource.absent`  28:11
        └── resource.absent  no_such_field: the request has no `resource.absent`
            28:11
● on-trial  deny (on trial)  fired  rules.yaml:30  has no condition: always
- old  deny  not in force now  rules.yaml:34
"""
    )


def test_nothing_but_a_default(policies: evaluator.PolicySet) -> None:
    assert screen(decision_text(policies.decide({}))).startswith("✗ DENY\n• invalid-request\n")


def test_a_frozen_decision_is_shown_without_trying_its_remedies(
    policies: evaluator.PolicySet,
) -> None:
    told = screen(decision_text(policies.decide(DENIED).freeze()))
    assert "resource.total = 5\n" in told
    assert "verified" not in told


@pytest.mark.parametrize("width", [30, 40, 80, 200])
@pytest.mark.parametrize("asked", [ALLOWED, DENIED], ids=["allowed", "denied"])
def test_nothing_is_lost_or_too_wide(
    policies: evaluator.PolicySet, asked: evaluator.Request, width: int
) -> None:
    shown = explanation_text(policies.explain(asked), asked, every_rule=True)
    narrow, wide = screen(shown, width), screen(shown, 400)
    assert max(map(cell_len, narrow.splitlines())) <= width
    assert "…" not in narrow
    if width >= 80:
        assert sorted("".join(narrow.split())) == sorted("".join(wide.split()))


def test_colours_are_readable_on_dark_and_light(policies: evaluator.PolicySet) -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, color_system="standard", width=80)
    console.print(explanation_text(policies.explain(DENIED), DENIED, every_rule=True))
    codes = {
        int(code)
        for part in file.getvalue().split("\x1b[")[1:]
        for code in part.partition("m")[0].split(";")
    }
    assert codes & {31, 32, 36}
    # Neither black, yellow, blue, white, bright colours, nor any background.
    assert not codes & {30, 33, 34, 37, *range(40, 48), *range(90, 108)}


def test_danish(policies: evaluator.PolicySet) -> None:
    told = screen(decision_text(policies.decide(DENIED, locale="da"), DENIED))
    for word in ("AFVIST", "det hjælper → ", "Oplysninger", "ja", "Regler på prøve"):
        assert word in told


def test_every_language_has_every_word() -> None:
    assert words("da").keys() == words("en").keys()
    assert words("da_DK") is words("da") is words("DA-dk")
    assert words("fr") is words("en")
