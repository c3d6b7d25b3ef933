"""``suites``: the cases of a suite run, against deciding their requests and reading as much."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import evaluator
from benchmarks import licences
from benchmarks.measuring import Spread, in_turn, once, spread
from benchmarks.results import Result, Table, duration, range_of, ratio
from benchmarks.settings import Settings
from evaluator.suites.known import all_rules
from evaluator.suites.model import Step
from evaluator.suites.reading import read_suites
from evaluator.suites.running import Runner
from tests.licence_requests import requests

__all__ = ["CasesFailError", "run"]

Request = dict[str, Any]

_SEED: Final = 11
_A_FILE: Final = 1_000
"""How many cases a file has."""
_NOW: Final = "2026-03-03T09:00:00Z"
_ENVELOPE: Final = {
    "subject": ("type", "id", "properties"),
    "action": ("name", "properties"),
    "resource": ("type", "id", "properties"),
}
_KINDS: Final[Mapping[str, Callable[[int], bool]]] = {
    "allow or deny": lambda number: False,
    "rules, remedies, errors": lambda number: True,
    "the one or the other": lambda number: number % 2 == 0,
}
"""What cases expect: whether the case of a number expects more than the effect."""

_RUN: Final = "run"
_DECIDE: Final = "decide"
_EFFECT: Final = "decide, and read the effect"


class CasesFailError(Exception):
    """Cases cannot be read, or fail though they expect what is decided; the message names one."""


@dataclass(frozen=True, slots=True)
class _Rates:
    """Cases a second, bare decisions a second, and how much of that rate the cases reach.

    ``to_effects`` is how much they reach where of decisions the effect alone is read.
    """

    cases: float
    decisions: float
    ratio: Spread
    to_effects: float
    reading: float  # seconds for the whole suite

    def as_json(self) -> dict[str, Any]:
        return {
            "cases_per_second": round(self.cases, 1),
            "decisions_per_second": round(self.decisions, 1),
            "ratio": self.ratio.as_json(),
            "ratio_to_effects": round(self.to_effects, 4),
            "reading_seconds": round(self.reading, 4),
        }


def run(settings: Settings) -> Result:
    """Suites of the same requests, by what their cases expect."""
    count = settings.requests or settings.choose(10_000, quick=300)
    rounds = settings.choose(7, quick=3)
    policies = licences.load()
    asked = list(_asked(policies, count))
    found = {name: _rates(policies, asked, kind, rounds) for name, kind in _KINDS.items()}
    rows = tuple(
        (
            name,
            f"{rates.cases:,.0f}",
            f"{rates.decisions:,.0f}",
            ratio(rates.ratio.median),
            range_of(rates.ratio),
            ratio(rates.to_effects),
            duration(rates.reading),
        )
        for name, rates in found.items()
    )
    title = f"{count:,} cases of the licence pack, {rounds} rounds; ratio: to the rate of decisions"
    values = {name: rates.as_json() for name, rates in found.items()}
    return Result((Table(title, _COLUMNS, rows),), _NOTES, {"cases": count, "suites": values})


_COLUMNS: Final = (
    *("expected", "cases/s", "decisions/s", "ratio", "p10 .. p90"),
    *("to effects", "reading them"),
)

_NOTES: Final = (
    (
        "Decisions are those of `PolicySet.decide` on the same requests, of which the same is "
        "read: the effect, or also rules, remedies, notices and errors; and of a denial whose "
        "rules have remedies that change the request, these remedies."
    ),
    (
        "Running a case compares that with what is expected and tries those remedies: each is "
        "applied, the changed request validated and decided. To effects: the rate of cases to that "
        "of decisions of which the effect alone is read, whatever a case expects."
    ),
    "Reading them is what comes before, once: from YAML to cases, every name in it looked up.",
)


def _asked(policies: evaluator.PolicySet, count: int) -> Iterator[Request]:
    """Requests that policies have a say in and suites can spell."""
    found = 0
    for seed in itertools.count(_SEED):
        for request in requests(seed, count):
            plain = {
                root: {name: request[root][name] for name in names if name in request[root]}
                for root, names in _ENVELOPE.items()
            }
            if "context" in request:
                plain["context"] = request["context"]
            spelled = all("" not in plain[root].values() for root in _ENVELOPE)
            if spelled and policies.effect_and_ids(request)[1] != ("no-policy-applies",):
                yield plain
                found += 1
            if found == count:
                return


def _rates(
    policies: evaluator.PolicySet,
    asked: Sequence[Request],
    tells: Callable[[int], bool],
    rounds: int,
) -> _Rates:
    suites = _suites(policies, asked, tells)
    steps: list[Step] = []
    reading = once(lambda: steps.extend(_steps(policies, suites)))
    runner = Runner(policies.packs)
    for step in steps:
        if not runner.passes(step):
            raise CasesFailError(f"{step.question.request}: {runner.run(step)}")
    rivals: dict[str, Callable[[Step], object]] = {
        _RUN: runner.passes,
        _DECIDE: _decider(policies),
        _EFFECT: lambda step: policies.decide(step.question.request).effect,
    }
    seconds = in_turn(rivals, [steps], rounds)
    return _Rates(
        1 / spread(seconds[_RUN]).median,
        1 / spread(seconds[_DECIDE]).median,
        _share(seconds, _DECIDE),
        _share(seconds, _EFFECT).median,
        reading,
    )


def _share(seconds: Mapping[str, Sequence[float]], rival: str) -> Spread:
    """The rate of running to that of a rival, by round."""
    return spread([its / ours for its, ours in zip(seconds[rival], seconds[_RUN], strict=True)])


def _decider(policies: evaluator.PolicySet) -> Callable[[Step], object]:
    """Decides the request of a step and reads what running the step has to look at."""
    changing = {
        rule.id
        for rule in all_rules(policies.packs)
        if rule.effect == "deny" and any(remedy.sets for remedy in rule.remedies)
    }

    def decide(step: Step) -> object:
        decision = policies.decide(step.question.request)
        if step.expectation.short:
            is_plain = decision.allowed or changing.isdisjoint(decision.rule_ids)
            return decision.effect if is_plain else decision.remedies
        return (
            decision.effect,
            decision.rule_ids,
            decision.remedies,
            decision.notices,
            decision.errors,
        )

    return decide


def _suites(
    policies: evaluator.PolicySet, asked: Sequence[Request], tells: Callable[[int], bool]
) -> dict[str, bytes]:
    """Suites, as JSON, which YAML is too: a case for each request that expects what is decided."""
    cases = []
    for number, request in enumerate(asked):
        decision = policies.decide(request)
        expected: Any = decision.effect
        if tells(number):
            expected = {
                "decision": decision.effect,
                "rules": list(decision.rule_ids),
                "remedies": [remedy.id for remedy in decision.remedies],
            }
        cases.append({"name": f"request {number}", "request": request, "expect": expected})
    files = {}
    for start in range(0, len(cases), _A_FILE):
        name = f"many-{start // _A_FILE}"
        suite = {
            "suite": f"licenses.{name}",
            "now": _NOW,
            "cases": cases[start : start + _A_FILE],
        }
        files[f"suites/{name}.suite.yaml"] = json.dumps(suite).encode()
    return files


def _steps(policies: evaluator.PolicySet, suites: Mapping[str, bytes]) -> Iterator[Step]:
    folder = evaluator.Folder(licences.FOLDER)
    files = {name: folder.read(name) for name in policies.packs[0].files}
    read = read_suites(evaluator.MemoryFiles({**files, **suites}), policies.packs)
    if read.diagnostics:
        raise CasesFailError(f"a suite cannot be read: {read.diagnostics[0]}")
    for suite in read.suites:
        for _, step in suite.steps():
            yield step
