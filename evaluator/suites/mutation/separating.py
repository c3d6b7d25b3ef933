"""The search for a question that two versions of some packs decide differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from evaluator.policy.model import Pack
from evaluator.suites.model import Question
from evaluator.suites.mutation.apart import decide_alike, hold_alike, tell_alike
from evaluator.suites.mutation.linked import Changed, Signatures
from evaluator.suites.running import Runner
from evaluator.suites.search.domains import Domains
from evaluator.suites.search.searching import Found, search

__all__ = ["DEFAULT_BUDGET", "Budget", "Separator"]


@dataclass(frozen=True, slots=True)
class Budget:
    """How many questions are tried, besides those of the suites, before two are called the same.

    ``near`` of them change what the difference depends on, ``far`` anything that matters at all.
    """

    near: int = 4_000
    far: int = 2_000


DEFAULT_BUDGET: Final = Budget()


class Separator:
    """Looks for questions that tell versions of some packs from the packs as they are.

    ``questions`` are those of the suites, from which the search begins.
    """

    def __init__(
        self,
        packs: Sequence[Pack],
        runner: Runner,
        questions: Sequence[Question],
        budget: Budget,
    ) -> None:
        self._runner = runner
        self._budget = budget
        self._signatures = Signatures(packs)
        self._domains = Domains.of(packs, examples=questions)
        now = questions[0].now if questions else 0
        self._seeds = [*questions, *self._domains.beginnings(now)]

    def separate(self, packs: Sequence[Pack], runner: Runner) -> Found | None:
        """A question that another version, which ``runner`` runs, decides otherwise.

        None when the two say the same, so that there can be no such question.
        """
        changed = self._signatures.changed(packs)
        return None if changed.is_nothing else self._search(changed, runner)

    def _search(self, changed: Changed, runner: Runner) -> Found:
        on_trial = any(rule.mode == "report" for rule in changed.rules)
        deep = changed.told or changed.outputs or on_trial
        alike = tell_alike if deep else decide_alike

        def differs(question: Question) -> bool:
            return not alike(self._runner.decide(question), runner.decide(question))

        near = self._near(changed)
        found = search(differs, self._seeds, near, budget=len(self._seeds) + self._budget.near)
        if found.question is None and near.findings.moment:
            found = self._among_seeds(found, runner)
        if found.question is not None:
            return found
        tried = found.tried
        most = len(self._seeds) + self._budget.far
        found = search(differs, self._seeds, self._domains, budget=most)
        return Found(found.question, tried + found.tried, exhausted=False)

    def _near(self, changed: Changed) -> Domains:
        """The domains of what the difference depends on."""
        rules = (*changed.rules, *changed.told)  # these have to fire to be told of
        return self._domains.narrowed(rules=rules, expressions=changed.told_expressions())

    def _among_seeds(self, found: Found, runner: Runner) -> Found:
        """Whether the moment until which a decision holds tells the two apart."""
        for question in self._seeds:
            if not hold_alike(self._runner.decide(question), runner.decide(question)):
                return Found(question, found.tried, exhausted=False)
        return found
