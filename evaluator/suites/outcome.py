"""What a run of suites comes to: which steps failed, in what, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from evaluator.decision.explanation import Explanation, RuleExplanation
from evaluator.suites.comparing import Difference
from evaluator.suites.model import Case, Step, Suite
from evaluator.suites.running import Runner

__all__ = ["Failure", "Place", "SuiteOutcome", "explained", "places"]

_ABOUT_RULES: Final = frozenset({"decision", "rules", "notices", "errors"})


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A step with its case and suite."""

    suite: Suite
    case: Case
    step: Step

    @property
    def name(self) -> str:
        """All that the step can be selected by: ``licenses.roles: a case [owner, mca]``."""
        return f"{self.suite.name}: {self.title}"

    @property
    def title(self) -> str:
        """The name within the suite: ``a case [owner, mca]``."""
        label = self.step.label
        return self.case.name if label is None else f"{self.case.name} [{label}]"


@dataclass(frozen=True, slots=True, eq=False)
class Failure:
    """A step that failed: the differences, and the rules that show why, each with its values."""

    place: Place
    differences: tuple[Difference, ...]
    rules: tuple[RuleExplanation, ...]
    explanation: Explanation


@dataclass(frozen=True, slots=True, eq=False)
class SuiteOutcome:
    """The steps of one suite that were run, in order, and the failures among them."""

    suite: Suite
    places: Sequence[Place]
    failures: Sequence[Failure]

    @property
    def cases(self) -> int:
        """How many cases the steps are of."""
        return len({id(place.case) for place in self.places})


def places(suites: Iterable[Suite]) -> list[Place]:
    """Every step of some suites."""
    return [Place(suite, case, step) for suite in suites for case, step in suite.steps()]


def explained(place: Place, runner: Runner) -> Failure:
    """The failure of a step that was found not to pass."""
    step = place.step
    differences = runner.run(step)
    explanation = runner.explain(step.question)
    rules: tuple[RuleExplanation, ...] = ()
    if any(item.field in _ABOUT_RULES for item in differences):
        rules = tuple(_telling(step, explanation))
    return Failure(place, differences, rules, explanation)


def _telling(step: Step, explanation: Explanation) -> Iterable[RuleExplanation]:
    """The rules that make the difference: expected ones that decided nothing, and the reverse.

    What allows matters less than the denial that did not come.
    """
    decided = explanation.decision.rule_ids
    expected = step.expectation.rules.ids if step.expectation.rules is not None else ()
    nothing_allows = decided[0] == "no-rule-allows" and step.expectation.effect == "allow"
    missing = [rule for rule in explanation.rules if rule.rule in expected and not rule.decisive]
    for rule in explanation.rules:
        unexpected = rule.decisive and rule.rule not in expected
        if unexpected and rule.effect == "allow":
            unexpected = not missing
        failing_allow = nothing_allows and rule.effect == "allow" and not expected
        if unexpected or rule in missing or failing_allow or rule.state == "error":
            yield rule
