"""Generated packs: valid, and the same by hand and as YAML."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import evaluator
from benchmarks.generated_rules import KINDS, Shape, answer, requests, write

SHAPES = [Shape(12), Shape(30), Shape(500), Shape(300, crowded=True)]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_pack_answers_as_its_rules_do_by_hand(shape: Shape, tmp_path: Path) -> None:
    size = write(shape, tmp_path)
    assert size == sum(path.stat().st_size for path in tmp_path.iterdir())
    policies = evaluator.load(tmp_path)
    assert len(policies.packs[0].variants[0].rules) == shape.count
    for request in requests(shape, 1, 200, sets=10):
        assert policies.effect_and_ids(request) == answer(shape, request), json.dumps(request)


def test_every_kind_of_rule_fires_for_some_request() -> None:
    shape = Shape(12)
    fired = {
        rule for request in requests(shape, 1, 2_000, sets=1) for rule in answer(shape, request)[1]
    }
    assert fired >= {f"rule-{number}" for number in range(len(KINDS))}


def test_sets_have_twelve_rules_and_one_type_and_action() -> None:
    shape = Shape(1_000)
    rules = list(shape.rules())
    places = {(rule.resource, rule.action) for rule in rules}
    assert len(places) == shape.sets == 84
    assert len({rule.resource for rule in rules}) == 5
