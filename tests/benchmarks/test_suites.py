"""The benchmark of suites: its cases hold, and its table says what it measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

import evaluator
from benchmarks import licences, suites
from benchmarks.settings import Settings
from evaluator.suites.running import Runner


def test_it_tells_rates_by_what_cases_expect() -> None:
    found = suites.run(Settings(quick=True, requests=30))
    (table,) = found.tables
    assert [row[0] for row in table.rows] == list(found.values["suites"])
    for rates in found.values["suites"].values():
        assert min(rates["ratio_to_effects"], rates["ratio"]["median"]) > 0
        assert rates["cases_per_second"] > 0


def asked(policies: evaluator.PolicySet) -> Sequence[dict[str, Any]]:
    return list(suites._asked(policies, 60))


def test_cases_expect_what_is_decided() -> None:
    policies = licences.load()
    files = suites._suites(policies, asked(policies), lambda number: number % 3 == 0)
    steps = list(suites._steps(policies, files))
    runner = Runner(policies.packs)
    assert [step.expectation.short for step in steps] == [number % 3 > 0 for number in range(60)]
    assert {step.expectation.effect for step in steps} == {"allow", "deny"}
    assert all(map(runner.passes, steps))


def test_cases_that_fail_are_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    policies = licences.load()
    monkeypatch.setattr(Runner, "passes", lambda runner, step: False)
    with pytest.raises(suites.CasesFailError):
        suites._rates(policies, asked(policies), lambda number: False, 1)
