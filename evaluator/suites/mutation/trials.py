"""Trials: a mutant loaded, the suites run on it, and if none notices it, what tells it apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluator.diagnostics import Severity
from evaluator.policy.loading import load_packs
from evaluator.policy.model import Pack
from evaluator.policy.packs import PACK_FILE
from evaluator.policy.paths import folder_of
from evaluator.source import MemoryFiles
from evaluator.suites.mutation.apart import differences, expected
from evaluator.suites.mutation.mutants import Mutant
from evaluator.suites.mutation.preparing import Prepared
from evaluator.suites.mutation.reach import reach_of
from evaluator.suites.mutation.separating import DEFAULT_BUDGET, Budget, Separator
from evaluator.suites.mutation.verdicts import Apart, Verdict
from evaluator.suites.outcome import Place
from evaluator.suites.pasting import case_text
from evaluator.suites.reading import read_suites
from evaluator.suites.running import Runner

__all__ = ["Trials"]


class Trials:
    """Tries mutants of some packs on the steps of their suites, which must pass without them.

    Not to be shared between threads.
    """

    def __init__(self, prepared: Prepared, *, budget: Budget = DEFAULT_BUDGET) -> None:
        packs = prepared.packs
        self._prepared = prepared
        self._runner = Runner(packs)
        self._reach = reach_of(packs)
        self._steps = _spread([_Step.of(place, self._runner) for place in prepared.places])
        questions = [step.place.step.question for step in self._steps]
        self._separator = Separator(packs, self._runner, questions, budget)
        self._homes = [_folder(pack) for pack in packs]

    def judge(self, mutant: Mutant) -> Verdict:
        """What becomes of a mutant."""
        files, packs, problem = self._load(mutant)
        if problem is not None:
            return Verdict("invalid", problem)
        runner = Runner(packs)
        for step in self._order(mutant):
            if not runner.passes(step.place.step):
                return Verdict("noticed", step.place.name)
        read = read_suites(files, packs)
        if read.has_errors:  # they name what is gone
            first = next(item for item in read.diagnostics if item.severity is Severity.ERROR)
            return Verdict("noticed", str(first))
        return self._tell_apart(mutant, packs, runner)

    def _load(self, mutant: Mutant) -> tuple[MemoryFiles, list[Pack], str | None]:
        """The files and packs with a mutant, or what is wrong with it; only its pack is read."""
        prepared = self._prepared
        texts = mutant.texts(prepared.generated.originals)
        contents: dict[str, bytes | str] = {**prepared.contents, **texts}
        if mutant.removed is not None:
            contents.pop(mutant.removed, None)
        packs = list(prepared.packs)
        number = next(
            number
            for number, home in enumerate(self._homes)
            if mutant.file in packs[number].files and mutant.file.startswith(home)
        )
        home = self._homes[number]
        functions = {
            name: function
            for name, function in (prepared.functions or {}).items()
            if name in packs[number].functions
        }
        inside = {name: text for name, text in contents.items() if name.startswith(home)}
        loaded = load_packs(MemoryFiles(inside), functions=functions)
        errors = [item for item in loaded.diagnostics if item.severity is Severity.ERROR]
        if errors:
            return MemoryFiles({}), [], str(errors[0])
        packs[number] = loaded.packs[0]
        return MemoryFiles(contents), packs, None

    def _order(self, mutant: Mutant) -> Iterable[_Step]:
        """The steps, those first that are about what is changed."""
        reached = self._reach.get(mutant.subject, frozenset())
        return sorted(self._steps, key=lambda step: reached.isdisjoint(step.about))

    def _tell_apart(self, mutant: Mutant, packs: Sequence[Pack], runner: Runner) -> Verdict:
        found = self._separator.separate(packs, runner)
        if found is None:
            return Verdict("equivalent", "it says the same in other words")
        question = found.question
        if question is None:
            extent = "all" if found.exhausted else "the"
            because = f"no difference in {extent} {found.tried:,} requests tried"
            return Verdict("equivalent", because)
        old, new = self._runner.decide(question), runner.decide(question)
        apart = tuple(differences(old, new))
        name = f"noticed in {mutant.subject} at {mutant.line}:{mutant.column}, {mutant.change}"
        case = case_text(name, question, old, also=expected(apart))
        return Verdict("survived", "no step notices it", Apart(question, apart, case))


def _folder(pack: Pack) -> str:
    """The folder of a pack, "" or with a final ``/``."""
    homes = [folder_of(name) for name in pack.files if name == folder_of(name) + PACK_FILE]
    return min(homes, key=len)


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
