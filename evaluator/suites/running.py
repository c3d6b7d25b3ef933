"""Steps run: each question decided at its moment, and compared with what is expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from evaluator.decision.decision import Decision
from evaluator.decision.explanation import Explanation
from evaluator.engine import PolicySet
from evaluator.policy.model import Pack
from evaluator.suites.comparing import VACUOUS, Difference, differences
from evaluator.suites.known import all_rules
from evaluator.suites.model import Question, Step

__all__ = ["Runner"]


class Runner:
    """Runs steps against some packs, which decide together. Not to be shared between threads.

    ``interpret`` is as ``evaluator.load`` has it.
    """

    def __init__(self, packs: Sequence[Pack], *, interpret: bool = False) -> None:
        self._now = 0
        self._policies = PolicySet(tuple(packs), clock=lambda: self._now, interpret=interpret)
        # Denials by other rules offer nothing that could be tried, so that the effect tells all
        # of them that an expectation of the effect alone is about.
        self._changing = frozenset(
            rule.id
            for rule in all_rules(packs)
            if rule.effect == "deny" and any(remedy.sets for remedy in rule.remedies)
        )

    def decide(self, question: Question) -> Decision:
        """The decision on a question, at its moment."""
        self._now = question.now
        return self._policies.decide(question.request)

    def explain(self, question: Question) -> Explanation:
        """The decision on a question, with the value of every sub-expression."""
        self._now = question.now
        return self._policies.explain(question.request)

    def run(self, step: Step) -> tuple[Difference, ...]:
        """Every difference between the decision and what is expected; none if the step passes."""
        decision = self.decide(step.question)
        return () if self._is_plain(step, decision) else tuple(self._differences(step, decision))

    def passes(self, step: Step) -> bool:
        """Whether the step passes, which takes no longer than to find the first difference."""
        decision = self.decide(step.question)
        return self._is_plain(step, decision) or not any(
            True for _ in self._differences(step, decision)
        )

    def _is_plain(self, step: Step, decision: Decision) -> bool:
        """Whether the effect is as expected and there is no more to it."""
        expectation = step.expectation
        if not expectation.short or decision.effect != expectation.effect or decision.rules_erred:
            return False
        if decision.effect == "allow":
            return True
        rules = decision.rule_ids
        return rules[0] not in VACUOUS and self._changing.isdisjoint(rules)

    def _differences(self, step: Step, decision: Decision) -> Iterator[Difference]:
        return differences(
            step.expectation, decision, step.question.request, self._decide_in_locale
        )

    def _decide_in_locale(self, request: Mapping[str, Any], locale: str) -> Decision:
        return self._policies.decide(request, locale=locale)
