"""The checker's promise: what it passed ends, on a valid request, in none but the declared errors.

Each example is a triple: a request schema, an expression that the checker passes in it, and a
request that satisfies it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from random import Random
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from evaluator.language.checker import Checked
from evaluator.language.interpreter import evaluate
from evaluator.language.values import ErrorValue
from evaluator.policy.request import Request
from tests.generating.reducing import reduced
from tests.generating.settings import Setting, has_errors
from tests.language.checking_setting import conforms

SEEDS = (20261, 48611, 90001)
CHUNKS = 4
SCHEMAS, EXPRESSIONS, REQUESTS = 12, 28, 5  # for each seed and chunk: 20,160 triples in all
UNTYPED = frozenset({"no_such_field", "no_such_overload"})
INVALID = frozenset({"invalid_attribute"})  # declared by whatever reads an attribute
everywhere = pytest.mark.parametrize(
    ("seed", "chunk"), [(seed, chunk) for seed in SEEDS for chunk in range(CHUNKS)]
)


def settings(seed: int, chunk: int) -> Iterator[tuple[Setting, Random]]:
    random = Random(seed * CHUNKS + chunk)
    for _ in range(SCHEMAS):
        yield Setting(random), random


def undeclared(found: Checked, value: Any, never: frozenset[str] = INVALID) -> bool:
    """Whether an expression ended in what it cannot end in."""
    if isinstance(value, ErrorValue):
        return value.kind not in found.errors - never
    return not conforms(value, found.type)


def told(setting: Setting, text: str, raw: Mapping[str, Any], never: frozenset[str]) -> str:
    """The smallest expression that fails likewise, and what it comes to."""

    def fails(candidate: str) -> bool:
        found = setting.checked(candidate)
        value = evaluate(found, setting.reading(raw))
        return not has_errors(found) and undeclared(found, value, never)

    smallest = reduced(text, fails)
    found = setting.checked(smallest)
    value = evaluate(found, setting.reading(raw))
    return f"{smallest}\n{found.type} {sorted(found.errors)}\n{value!r}\n{raw}\n{setting.schema}"


@everywhere
def test_no_error_but_the_declared_ones(seed: int, chunk: int) -> None:
    ends: Counter[str] = Counter()
    for setting, _ in settings(seed, chunk):
        for text, found in islice(setting.accepted(), EXPRESSIONS):
            assert not found.errors & UNTYPED, f"{text}\n{setting.schema}"
            for _ in range(REQUESTS):
                raw = setting.requests.request()
                reading = setting.reading(raw)
                value = evaluate(found, reading)
                if undeclared(found, value):
                    pytest.fail(f"seed {seed}: " + told(setting, text, raw, INVALID))
                ends["all"] += 1
                ends["guarded"] += reading.optional_reads > 0
                ends[value.kind if isinstance(value, ErrorValue) else repr(value)[:5]] += 1
    # Else the property would say little.
    shares = f"seed {seed}, chunk {chunk}: {ends.most_common(12)}"
    assert ends["guarded"] >= ends["all"] / 3, shares
    assert min(ends["True"], ends["False"]) >= ends["all"] / 5, shares


@everywhere
def test_an_invalid_request_adds_invalid_attribute_alone(seed: int, chunk: int) -> None:
    seen: Counter[str] = Counter()
    for setting, _ in settings(seed, chunk):
        for text, found in islice(setting.accepted(), 6):
            for _ in range(REQUESTS):
                raw = setting.requests.request(damage=0.2)
                value = evaluate(found, setting.reading(raw))
                if undeclared(found, value, frozenset()):
                    pytest.fail(f"seed {seed}: " + told(setting, text, raw, frozenset()))
                seen[value.kind if isinstance(value, ErrorValue) else "a value"] += 1
    shares = f"seed {seed}, chunk {chunk}: {seen}"
    assert min(seen["invalid_attribute"], seen["a value"]) >= seen.total() / 10, shares


@pytest.mark.parametrize("seed", SEEDS)
def test_the_requests_are_what_they_are_meant_to_be(seed: int) -> None:
    damaged = 0
    for setting, _ in settings(seed, 0):
        judge = Draft202012Validator(setting.schema)
        for _ in range(10):
            raw = setting.requests.request()
            judge.validate(raw)
            assert setting.type.validate(Request.parse(raw)) == ()
            wrong = setting.requests.request(damage=0.2)
            damaged += setting.type.validate(Request.parse(wrong)) != ()
    assert damaged >= SCHEMAS * 10 / 2
