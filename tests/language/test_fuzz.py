"""Whatever the text: a value, an error of the language, or a diagnostic that has a place in it."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest

from evaluator.errors import PolicyError
from evaluator.language.checker import check
from evaluator.language.interpreter import evaluate
from evaluator.language.parser import parse_text
from evaluator.language.values import ABSENT, ERROR_KINDS, ErrorValue
from tests.generating.damage import damaged
from tests.generating.settings import Setting, has_errors

SEEDS = (5, 1009, 65537)
CHUNKS = 2
SCHEMAS, TEXTS = 14, 120  # for each seed and chunk: 10,080 texts in all


def ended(text: str, setting: Setting) -> str:
    """How far a text comes; fails on what no text may come to."""
    try:
        parsed = parse_text(text)
    except PolicyError as error:
        (problem,) = error.diagnostics
        assert problem.code.startswith("EVL2")
        assert problem.message
        assert problem.help
        assert problem.span is not None
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
        return "no expression"
    found = check(parsed, setting.environment)
    for problem in found.diagnostics:
        assert problem.message
        assert problem.span is not None
        assert 0 <= problem.span.start <= problem.span.end <= len(text)
    reading = setting.reading(setting.requests.request(damage=0.05))
    value: Any = None
    for tree in (parsed, found):  # also what the checker would not let through
        value = evaluate(tree, reading)
        assert value is not ABSENT
        if isinstance(value, ErrorValue):
            assert value.kind in ERROR_KINDS
            assert value.message
    if has_errors(found):
        return "a problem"
    return "an error" if isinstance(value, ErrorValue) else "a value"


@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.parametrize("seed", SEEDS)
def test_every_text_has_an_end(seed: int, chunk: int) -> None:
    random = Random(seed * CHUNKS + chunk)
    ends: Counter[str] = Counter()
    for _ in range(SCHEMAS):
        setting = Setting(random, dynamic=True)
        for _ in range(TEXTS):
            text = setting.expressions.expression(random.choice((2, 3, 4)))
            for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
                text = damaged(random, text)
            try:
                ends[ended(text, setting)] += 1
            except BaseException as error:
                error.add_note(f"seed {seed}, chunk {chunk}: {text!r}")
                raise
    # Else the property would say little.
    fewest = min(ends[end] for end in ("no expression", "a problem", "a value"))
    assert fewest >= ends.total() / 20, f"seed {seed}, chunk {chunk}: {ends}"
