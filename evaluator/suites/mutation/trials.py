"""Trials: a mutant loaded, the suites run on it, and where none notices it the search for one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from evaluator.diagnostics import Severity
from evaluator.policy.loading import load_packs
from evaluator.policy.model import Pack
from evaluator.source import MemoryFiles
from evaluator.suites.model import Question
from evaluator.suites.mutation.apart import (
    decide_alike,
    differences,
    expected,
    tell_alike,
)
from evaluator.suites.mutation.linked import Changed, Signatures
from evaluator.suites.mutation.mutants import Mutant
from evaluator.suites.mutation.preparing import Prepared
from evaluator.suites.mutation.reach import reach_of
from evaluator.suites.mutation.verdicts import Apart, Verdict
from evaluator.suites.outcome import Place
from evaluator.suites.pasting import case_text
from evaluator.suites.reading import read_suites
from evaluator.suites.running import Runner
from evaluator.suites.search.domains import Domains
from evaluator.suites.search.searching import Found, search

__all__ = ["DEFAULT_BUDGET", "Budget", "Trials"]


@dataclass(frozen=True, slots=True)
class Budget:
    """How many questions are tried before a mutant is called equivalent.

    ``near`` of them change what the mutant depends on, ``far`` anything that matters to the packs.
    """

    near: int = 4_000
    far: int = 2_000


DEFAULT_BUDGET: Final = Budget()


class Trials:
    """Tries mutants of some packs on the steps of their suites, which must pass without them.

    Not to be shared between threads.
    """

    def __init__(self, prepared: Prepared, *, budget: Budget = DEFAULT_BUDGET) -> None:
        packs = prepared.packs
        self._prepared = prepared
        self._budget = budget
        self._runner = Runner(packs)
        self._signatures = Signatures()
        self._reach = reach_of(packs)
        self._steps = _spread([_Step.of(place, self._runner) for place in prepared.places])
        questions = [step.place.step.question for step in self._steps]
        self._domains = Domains.of(packs, examples=questions)
        now = questions[0].now if questions else 0
        self._seeds = [*questions, *self._domains.beginnings(now)]

    def judge(self, mutant: Mutant) -> Verdict:
        """What becomes of a mutant."""
        prepared = self._prepared
        texts = mutant.texts(prepared.generated.originals)
        contents: dict[str, bytes | str] = {**prepared.contents, **texts}
        if mutant.removed is not None:
            contents.pop(mutant.removed, None)
        files = MemoryFiles(contents)
        loaded = load_packs(files, functions=prepared.functions)
        errors = [item for item in loaded.diagnostics if item.severity is Severity.ERROR]
        if errors or len(loaded.packs) != len(prepared.packs):
            return Verdict("invalid", str(errors[0]) if errors else "a pack is gone")
        runner = Runner(loaded.packs)
        for step in self._order(mutant):
            if not runner.passes(step.place.step):
                return Verdict("noticed", step.place.name)
        read = read_suites(files, loaded.packs)
        if read.has_errors:
            problem = next(item for item in read.diagnostics if item.severity is Severity.ERROR)
            return Verdict("noticed", str(problem))
        return self._tell_apart(mutant, loaded.packs, runner)

    def _order(self, mutant: Mutant) -> Iterable[_Step]:
        """The steps, those first that are about what is changed."""
        reached = self._reach.get(mutant.subject, frozenset())
        return sorted(self._steps, key=lambda step: reached.isdisjoint(step.about))

    def _tell_apart(self, mutant: Mutant, packs: Sequence[Pack], runner: Runner) -> Verdict:
        changed = self._signatures.changed(self._prepared.packs, packs)
        if changed.is_nothing:
            return Verdict("equivalent", "it says the same in other words")
        found = self._search(changed, runner)
        if found.question is None:
            extent = "all" if found.exhausted else "the"
            return Verdict(
                "equivalent", f"no difference in {extent} {found.tried:,} requests tried"
            )
        question = found.question
        old, new = self._runner.decide(question), runner.decide(question)
        apart = tuple(differences(old, new))
        name = f"notices that {mutant.change} in {mutant.subject}"
        case = case_text(name, question, old, also=expected(apart))
        return Verdict("survived", "no step notices it", Apart(question, apart, case))

    def _search(self, changed: Changed, runner: Runner) -> Found:
        alike = (
            tell_alike if changed.told or changed.outputs or _on_trial(changed) else decide_alike
        )

        def differs(question: Question) -> bool:
            return not alike(self._runner.decide(question), runner.decide(question))

        expressions = [*changed.told]
        for output in changed.outputs:
            expressions.append((output.value, output.scope))
            if output.when is not None:
                expressions.append((output.when, output.scope))
        near = self._domains.narrowed(rules=changed.rules, expressions=expressions)
        found = search(differs, self._seeds, near, budget=len(self._seeds) + self._budget.near)
        if found.question is not None or not self._budget.far:
            return found
        tried = found.tried
        found = search(
            differs, self._seeds, self._domains, budget=len(self._seeds) + self._budget.far
        )
        return Found(found.question, tried + found.tried, exhausted=False)


def _on_trial(changed: Changed) -> bool:
    """Whether there are rules that are told of only."""
    return any(rule.mode == "report" for rule in changed.rules)


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """A step, and what it is about: the rules that decided, the outputs that are expected."""

    place: Place
    about: frozenset[str]
    rules: tuple[str, ...]

    @classmethod
    def of(cls, place: Place, runner: Runner) -> _Step:
        decision = runner.decide(place.step.question)
        expectation = place.step.expectation
        notices = [notice.rule for notice in decision.notices]
        about = {*decision.rule_ids, *notices, *expectation.outputs, *expectation.absent}
        return cls(place, frozenset(about), decision.rule_ids)


def _spread(steps: Sequence[_Step]) -> list[_Step]:
    """The steps so that different ones come first: one for each set of reasons, then a second.

    Whole expectations come before those of the effect alone.
    """
    groups: dict[tuple[str, ...], list[_Step]] = {}
    for step in sorted(steps, key=lambda step: step.place.step.expectation.short):
        groups.setdefault(step.rules, []).append(step)
    longest = max(map(len, groups.values()), default=0)
    return [
        group[number]
        for number in range(longest)
        for group in groups.values()
        if number < len(group)
    ]
