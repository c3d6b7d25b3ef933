"""What is raised inside generated code is shown at the line of the policy."""

from __future__ import annotations

import traceback
from typing import Any

import pytest

import evaluator

FILES = {
    "shop/pack.yaml": """\
language: 1
name: shop
version: "1"
files: [shared.yaml, orders.yaml]
functions:
  ask: {signature: (string) -> bool}
""",
    "shop/shared.yaml": """\
policy: shop.shared
variables:
  asked: |
    size(subject.id) > 0
    && ask("æøå" + subject.id)
""",
    "shop/orders.yaml": """\
policy: shop.orders
applies_to: {resource: order, actions: ship}
imports: [shared.yaml]
rules:
  - id: asked
    effect: allow
    when: action.name == "ship" && asked
""",
}
REQUEST = {
    "subject": {"type": "user", "id": "ann"},
    "action": {"name": "ship"},
    "resource": {"type": "order", "id": "1"},
}


def test_the_line_and_the_part_of_the_policy_are_shown() -> None:
    def ask(text: str) -> Any:
        raise KeyboardInterrupt  # what is no Exception is not caught

    policies = evaluator.load(evaluator.MemoryFiles(FILES), functions={"ask": ask})
    with pytest.raises(KeyboardInterrupt) as caught:
        policies.decide(REQUEST)
    lines = "".join(traceback.format_exception(caught.value)).splitlines()
    (at,) = (number for number, line in enumerate(lines) if "rules of shop (generated)" in line)
    line, marks = lines[at + 1 : at + 3]
    assert line == '    shop/shared.yaml:5:     && ask("æøå" + subject.id)'
    marked = marks.rstrip()  # of a call, Python 3.13 marks the function otherwise: ~~~^^^
    assert line[len(marked) - len(marked.lstrip()) : len(marked)] == 'ask("æøå" + subject.id)'
