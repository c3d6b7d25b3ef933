"""The suites of the licence pack pass, and name every fact of the source that shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pytest

from evaluator.policy.loading import load_packs
from evaluator.source import Folder
from evaluator.suites.model import Suite
from evaluator.suites.running import Runner
from tests.policies.licence_suites import PACK, suites

FACTS: Final = range(1, 65)
UNOBSERVABLE: Final[Mapping[int, str]] = {
    64: "titles of articles to read further: no decision, message or output depends on them",
}


@pytest.fixture(scope="module")
def runner() -> Runner:
    return Runner(load_packs(Folder(PACK)).packs)


@pytest.mark.parametrize("suite", suites(), ids=lambda suite: suite.name)
def test_every_step_passes(runner: Runner, suite: Suite) -> None:
    failed = {
        f"{case.name} [{step.label}]": runner.run(step)
        for case, step in suite.steps()
        if not runner.passes(step)
    }
    assert failed == {}


def test_every_fact_that_shows_is_named() -> None:
    named = {fact for suite in suites() for case in suite.cases for fact in case.facts}
    assert sorted(named | UNOBSERVABLE.keys()) == list(FACTS)
    assert named.isdisjoint(UNOBSERVABLE)


@pytest.mark.parametrize("suite", suites(), ids=lambda suite: suite.name)
def test_no_two_cases_have_one_name(suite: Suite) -> None:
    names = [case.name for case in suite.cases]
    assert sorted(set(names)) == sorted(names)
