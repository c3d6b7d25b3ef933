"""Policies that are interpreted: nothing that they say becomes code, and they decide the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import evaluator
from evaluator.source import Folder
from evaluator.suites.outcome import places
from evaluator.suites.reading import read_suites
from evaluator.suites.running import Runner

ROOT = Path(__file__).parents[2]
POLICIES = ROOT / "policies"

# Counts what becomes code after all has been done once, so that nothing is left to be imported.
WATCHED = """
import sys
import evaluator
from evaluator.source import Folder
from evaluator.suites.reading import read_suites

def everything(policies, questions):
    for question in questions:
        request = {**question.request, "context": {**question.request.get("context", {})}}
        request["context"]["time"] = "2026-03-03T09:00:00Z"
        for locale in ("en", "da"):
            decision = policies.decide(request, locale=locale)
            decision.to_dict()
            decision.told_until
            [decision.verify(remedy) for remedy in decision.remedies]
            list(decision.verified())
        policies.allowed(request)
        policies.effect_and_ids(request)
        policies.decide_partial(request, ["resource.total"])
        policies.explain(request).to_dict()

def run(interpret):
    policies = evaluator.load(sys.argv[1], interpret=interpret).warm()
    suites = read_suites(Folder(sys.argv[1]), policies.packs).suites
    everything(policies, [step.question for suite in suites for _, step in suite.steps()][:40])

seen = []
run(True)
sys.addaudithook(lambda event, arguments: event in ("compile", "exec") and seen.append(event))
run(True)
print(len(seen))
run(False)
print(len(seen))
"""


def test_nothing_becomes_code() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, str(POLICIES / "licenses")],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    interpreted, compiled = map(int, done.stdout.split())
    assert interpreted == 0
    assert compiled > 10  # what would have been seen


def test_they_decide_the_same() -> None:
    clock = evaluator.Timestamp(1_772_528_400_000_000_000)
    compiled = evaluator.load(POLICIES, clock=lambda: clock)
    interpreted = evaluator.load(POLICIES, clock=lambda: clock, interpret=True)
    suites = read_suites(Folder(POLICIES), compiled.packs).suites
    for place in places(suites)[::4]:
        request = place.step.question.request
        one, other = compiled.decide(request), interpreted.decide(request)
        assert one.to_dict("da") == other.to_dict("da")
        assert compiled.effect_and_ids(request) == interpreted.effect_and_ids(request)
        assert [(remedy, tried.verified, tried.request) for remedy, tried in one.verified()] == [
            (remedy, tried.verified, tried.request) for remedy, tried in other.verified()
        ]


def test_suites_can_be_run_by_the_interpreter() -> None:
    packs = evaluator.load(POLICIES / "expenses", interpret=True).packs
    suites = read_suites(Folder(POLICIES / "expenses"), packs).suites
    runner = Runner(packs, interpret=True)
    assert all(runner.passes(place.step) for place in places(suites))
