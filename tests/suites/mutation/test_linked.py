from __future__ import annotations

import pytest

from evaluator.policy.loading import load_packs
from evaluator.policy.model import Pack
from evaluator.source import MemoryFiles
from evaluator.suites.mutation.linked import Signatures
from evaluator.suites.mutation.reach import reach_of
from tests.mutation_runs import FILES

RULES = (
    FILES["rules.yaml"]
    .replace(
        "rules:\n", "variables: {far: resource.pages > most, further: far && most > 1}\nrules:\n"
    )
    .replace("when: resource.pages > most", "when: further")
)


def packs(rules: str, pack: str = FILES["pack.yaml"]) -> tuple[Pack, ...]:
    loaded = load_packs(MemoryFiles({**FILES, "pack.yaml": pack, "rules.yaml": rules}))
    assert loaded.packs, loaded.diagnostics
    return loaded.packs


# What is replaced in rules.yaml, by what, and the rules, outputs and rules told of that differ.
CHANGES = {
    "nothing": ("", "", set(), set(), set()),
    "a comment": ("effect: allow\n", "effect: allow # as ever\n", set(), set(), set()),
    "parentheses": ("resource.pages > most,", "(resource.pages) > (most),", set(), set(), set()),
    "a constant that comes to the same": ('"10"', '"2 * 5"', set(), set(), set()),
    "a constant": ('"10"', '"11"', {"too-long"}, {"left"}, set()),
    "a variable behind another": ("pages > most,", "pages >= most,", {"too-long"}, set(), set()),
    "a table": ("[eve, ", "[", {"anybody"}, set(), set()),
    "an effect": (
        "effect: allow\n",
        "effect: deny\n    reason: No.\n",
        {"anybody"},
        set(),
        {"anybody"},
    ),
    "a message": ("It is finished.", "It is done.", set(), set(), {"finished"}),
    "a description": (
        "    reason: It is finished.\n",
        "    reason: It is finished.\n    description: It says so.\n",
        set(),
        set(),
        {"finished"},
    ),
    "a remedy": ("Make it a draft again.", "Reopen it.", set(), set(), {"finished"}),
    "what a remedy sets": ("'\"draft\"'", "resource.state", set(), set(), {"finished"}),
    "an output": ("on: [allow, deny]", "on: [deny]", set(), {"left"}, set()),
}


@pytest.mark.parametrize(("old", "new", "rules", "outputs", "told"), CHANGES.values(), ids=CHANGES)
def test_what_differs_between_two_versions(old, new, rules, outputs, told):
    changed = RULES.replace(old, new, 1) if old else RULES

    found = Signatures(packs(RULES)).changed(packs(changed))

    assert {rule.id for rule in found.rules} == rules
    assert {output.name for output in found.outputs} == outputs
    assert {rule.id for rule in found.told} == told
    assert found.is_nothing == (not rules and not outputs and not told)


def test_another_order_may_change_every_rule():
    first = "  - {id: one, effect: allow}\n"
    rules = RULES.replace("rules:\n", "rules:\n" + first)
    last = RULES.replace("outputs:\n", f"{first}outputs:\n")

    found = Signatures(packs(rules)).changed(packs(last))

    assert {rule.id for rule in found.rules} == {"one", "anybody", "too-long", "finished"}


def test_another_combining_may_change_every_rule():
    other = FILES["pack.yaml"] + "combining: first_match\n"

    found = Signatures(packs(RULES)).changed(packs(RULES, other))

    assert {rule.id for rule in found.rules} == {"anybody", "too-long", "finished"}


def test_what_depends_on_a_definition():
    reach = reach_of(packs(RULES))

    assert reach == {
        "anybody": {"anybody"},
        "banned": {"anybody"},
        "too-long": {"too-long"},
        "far": {"too-long"},
        "further": {"too-long"},
        "most": {"too-long", "left"},
        "finished": {"finished"},
        "reopen": {"finished"},
        "left": {"left"},
    }
