"""Running the applicable rules of a request: each pack's findings, combined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from evaluator.language.values import ErrorValue
from evaluator.policy.model import Period, Rule
from evaluator.program.combining import Finding, Outcome, combine, merge
from evaluator.program.evaluation import Evaluation
from evaluator.program.index import Applicable

__all__ = ["fires", "run"]


def run(applicable: Sequence[Applicable], evaluations: Sequence[Evaluation]) -> Outcome:
    """Effect, reasons, notices and errors of the rules; ``evaluations`` match ``applicable``."""
    return merge(
        combine(part.pack.combining, _findings(part.rules, evaluation))
        for part, evaluation in zip(applicable, evaluations, strict=True)
    )


def _findings(rules: Iterable[Rule], evaluation: Evaluation) -> Iterator[Finding]:
    for rule in rules:
        result = fires(rule, evaluation)
        if result is True:
            yield Finding(rule)
        elif result is not False:
            yield Finding(rule, result)


def fires(rule: Rule, evaluation: Evaluation) -> bool | ErrorValue:
    """Whether a rule fires: its period holds now and its condition is true; or the error."""
    if rule.effective is not None and not _in_force(rule.effective, evaluation):
        return False
    if rule.condition is None:
        return True
    value = evaluation.value(rule.condition, rule.scope)
    if value is True or value is False:
        return value
    if isinstance(value, ErrorValue):
        return value
    return ErrorValue("no_such_overload", "the condition is neither true nor false")


def _in_force(period: Period, evaluation: Evaluation) -> bool:
    if evaluation.moments is not None:
        evaluation.moments.note(period.start, period.until)
    return period.holds(evaluation.now)
