"""What is written alike is parsed and checked once, which must show in nothing but the time.

In a large pack most expressions are known from others. A rule that is alone in its pack has nobody
to go before it, so it has to come out of both as the same, places included.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from benchmarks.generated_rules import Shape, write
from evaluator.documents.composing import compose
from evaluator.documents.nodes import Mapping as MappingNode
from evaluator.documents.nodes import Scalar, Sequence
from evaluator.language.checker import Checked, Declaration, Facts
from evaluator.language.syntax import walk
from evaluator.policy.loading import load_packs
from evaluator.policy.model import Localized, Rule
from evaluator.source import Folder, MemoryFiles, Source
from tests.wrong_packs import BASE

POLICIES = Path(__file__).parents[2] / "policies"


def alone(files: Mapping[str, bytes], id_: str) -> dict[str, bytes]:
    """The files with comments in place of all rules but one, which stays where it is."""
    return {
        name: _alone(content.decode(), id_).encode() if name.endswith(".yaml") else content
        for name, content in files.items()
        if not name.startswith("suites/")
    }


def _alone(text: str, id_: str) -> str:
    root = compose(Source("", text)).root
    assert isinstance(root, MappingNode)
    rules = root.entry("rules")
    if rules is None or not isinstance(rules[1], Sequence):
        return text
    others = [rule for rule in rules[1].items if _id(rule) != id_]
    stretches = [(text.rindex("\n", 0, rule.start) + 1, rule.end) for rule in others]
    if len(others) == len(rules[1].items):
        stretches = [(rules[0].start, rules[1].end)]
    for start, end in stretches:
        lines = text[start:end].split("\n")
        comments = "\n".join("#" * len(line) for line in lines)
        text = text[:start] + comments + text[end:]
    return text


def _id(rule: Any) -> str:
    node = rule.get("id")
    assert isinstance(node, Scalar)
    return node.text


def described(rule: Rule) -> dict[str, Any]:
    """All that linking makes of a rule, in what can be compared."""
    return {
        "condition": None if rule.condition is None else _expression(rule.condition),
        "reason": _texts(rule.reason),
        "description": _texts(rule.description),
        "remedies": [
            (
                remedy.id,
                [
                    None if one is None else _expression(one)
                    for one in (remedy.when, remedy.shared_when)
                ],
                _texts(remedy.message),
                [(step.root, step.path, _expression(step.expression)) for step in remedy.sets],
            )
            for remedy in rule.remedies
        ],
        "span": str(rule.span),
        "rest": (rule.policy, rule.effect, rule.mode, rule.applies, rule.effective, rule.source),
    }


def _texts(texts: Localized | None) -> Any:
    return texts and {
        locale: [part if isinstance(part, str) else _expression(part) for part in template.parts]
        for locale, template in texts.items()
    }


def _expression(checked: Checked) -> Any:
    parsed = checked.parsed
    assert parsed.root is checked.root
    return (
        repr(checked.root),
        [
            (
                node.id,
                str(checked.types.get(node.id)),
                checked.overloads.get(node.id),
                checked.error_kinds.get(node.id),
                _place(parsed.span(node)),
                _place(parsed.name_span(node)),
                parsed.text(node),
            )
            for node in walk(checked.root)
        ],
        (str(checked.type), checked.errors, checked.volatile, checked.uses, checked.reads),
        [_facts(facts) for facts in (checked.when_true, checked.when_false, checked.always)],
        checked.diagnostics,
    )


def _place(span: Any) -> tuple[str, int, int]:
    return (span.source.name, span.start, span.end)


def _facts(facts: Facts) -> Any:
    """Facts without the identity of declarations, which is another in each loading."""
    places = (
        (*(str(step.span) if isinstance(step, Declaration) else step for step in place), what)
        for place, what in facts.items
    )
    return facts.impossible, sorted(map(repr, places))


def rules_of(files: Mapping[str, bytes | str]) -> dict[str, Rule]:
    loaded = load_packs(MemoryFiles(files))
    assert loaded.packs, [str(item) for item in loaded.diagnostics]
    return {
        rule.id: rule
        for pack in loaded.packs
        for variant in pack.variants
        for rule in variant.rules
    }


def contents(folder: Path) -> dict[str, bytes]:
    files = Folder(folder)
    return {name: files.read(name) for name in files.names()}


@pytest.mark.parametrize("pack", ["licenses", "expenses"])
def test_rules_of_packs_by_hand(pack: str) -> None:
    _same_alone(contents(POLICIES / pack), 7)


def test_rules_of_a_generated_pack(tmp_path: Path) -> None:
    write(Shape(480), tmp_path)
    _same_alone(contents(tmp_path), 5)


def _same_alone(files: Mapping[str, bytes], count: int) -> None:
    together = rules_of(files)
    chosen = Random(str(sorted(files))).sample(sorted(together), count)
    # Late rules have most others before them.
    for id_ in {*chosen, list(together)[-1]}:
        assert described(together[id_]) == described(rules_of(alone(files, id_))[id_]), id_


def test_names_that_mean_other_things_in_other_files() -> None:
    """The same texts in two files, of an int in one and of a text in the other."""
    head = "applies_to: {resource: order, actions: [ship]}\n"
    policies = "files: [orders.yaml, others.yaml]"
    rule = """
rules:
  - id: {id}
    effect: deny
    when: has(context.amount) && [limit] != [] && resource.total > floor
    reason: "It is {{limit}}."
"""
    definitions = {
        "orders": "constants: {limit: '5', floor: '3'}",
        "others": "variables: {limit: resource.state, floor: resource.total + 1}",
    }
    files = {
        f"{name}.yaml": f"policy: shop.{name}\n{head}{text}{rule.format(id=name)}"
        for name, text in definitions.items()
    }
    listed = BASE["pack.yaml"].replace("files: [orders.yaml]", policies)
    found = rules_of({**BASE, **files, "pack.yaml": listed})
    types = {}
    for id_, rule_ in found.items():
        assert rule_.reason is not None
        part = rule_.reason["en"].parts[1]
        assert isinstance(part, Checked)
        assert rule_.condition is not None
        types[id_] = (str(part.type), sorted(rule_.condition.errors))
        assert _place(part.parsed.span(part.root))[0] == f"{id_}.yaml"
    assert types == {
        "orders": ("int", ["invalid_attribute"]),
        "others": ("string", ["invalid_attribute", "overflow"]),
    }


def test_each_of_several_mistakes_that_are_alike_is_told() -> None:
    rules = "".join(
        f"  - {{id: r{number}, effect: allow, when: resource.totl > 3}}\n" for number in range(3)
    )
    text = f"policy: shop.orders\napplies_to: {{resource: order, actions: ship}}\nrules:\n{rules}"
    loaded = load_packs(MemoryFiles({**BASE, "orders.yaml": text}))
    assert [item.span and item.span.line for item in loaded.diagnostics] == [4, 5, 6]
