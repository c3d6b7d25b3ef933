"""Remedies: which are offered against a reason, what they set, and whether they work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evaluator.errors import RequestError
from evaluator.language.values import ABSENT, ErrorValue, Optional
from evaluator.policy.model import Remedy, Rule
from evaluator.policy.request import Request
from evaluator.program.evaluation import Evaluation
from evaluator.program.judging import Program, Verdict
from evaluator.program.run import fires

__all__ = ["Changes", "Offer", "offers", "try_changes"]

Changes = Mapping[tuple[str, tuple[str, ...]], Any]
"""New values by attribute, ("resource", ("total",)); ``ABSENT`` removes."""


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """A remedy that holds for a request, with the change it stands for."""

    remedy: Remedy
    changes: Changes


def offers(
    rule: Rule, evaluation: Evaluation, report: Callable[[Remedy, ErrorValue], None]
) -> Iterator[Offer]:
    """The remedies that hold for a rule that fired; one that errs is reported instead."""
    for remedy in rule.remedies:
        offer = _offer(rule, remedy, evaluation)
        if isinstance(offer, ErrorValue):
            report(remedy, offer)
        elif offer is not None:
            yield offer


def _offer(rule: Rule, remedy: Remedy, evaluation: Evaluation) -> Offer | ErrorValue | None:
    for condition, scope in ((remedy.shared_when, remedy.scope), (remedy.when, rule.scope)):
        if condition is None:
            continue
        holds = evaluation.value(condition, scope)
        if isinstance(holds, ErrorValue):
            return holds
        if holds is not True:
            return None
    changes = {}
    for assignment in remedy.sets:
        value = evaluation.value(assignment.expression, remedy.scope)
        if isinstance(value, ErrorValue):
            return value
        if isinstance(value, Optional):
            value = value.value if value.present else ABSENT
        changes[assignment.root, assignment.path] = value
    return Offer(remedy, changes)


def try_changes(
    program: Program, verdict: Verdict, rule: Rule, request: Request, now: int, changes: Changes
) -> tuple[Request, int, Verdict] | str:
    """The verdict on the changed request if the change works, else why it does not.

    It works when the changed request is valid and the rule, without error, no longer fires.
    """
    part = next(part for part in verdict.applicable if part.contains(rule))
    raw = part.variant.request_type.assign(request.raw, changes)
    try:
        changed = Request.parse(raw)
    except RequestError as error:
        return str(error)
    if changed.time is not None:
        now = changed.time
    settled = program.decider.decide_parsed(changed, now)
    if settled is None:
        after = program.judge(changed, now)
    else:
        after = program.verdict(settled, changed, now)
    if after.problem is not None:
        return after.problem
    for part, evaluation in zip(after.applicable, after.evaluations, strict=True):
        problems = part.variant.request_type.validate(changed)
        if problems:
            return problems[0].message
        for other in part.rules:
            if (other.id, other.policy) == (rule.id, rule.policy):
                still = fires(other, evaluation)
                if isinstance(still, ErrorValue):
                    return still.message
                if still:
                    return f"the rule `{rule.id}` still fires"
    return changed, now, after
