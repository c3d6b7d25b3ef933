"""Until when a decision holds: the first later instant at which it may be another."""

from __future__ import annotations

from typing import Any, Final

from evaluator.decision.outputs import evaluate_outputs
from evaluator.decision.remedies import offers
from evaluator.language.temporal import Moments
from evaluator.language.values import ErrorValue, to_json
from evaluator.policy.model import Output, Remedy
from evaluator.policy.request import Request
from evaluator.program.combining import Finding
from evaluator.program.judging import Program, Verdict

__all__ = ["valid_until"]

_STEPS: Final = 2_000
"""After so many instants that change nothing we stop looking: the answer holds until there."""


def valid_until(program: Program, request: Request, now: int) -> int | None:
    """The first instant after ``now`` at which effect, reasons, ids or outputs may be others.

    None: time cannot change the decision. ``now`` itself: it cannot be said, do not cache. Between
    two noted instants every comparison with ``now`` keeps its result, so the decision does too;
    each is tried by deciding again until one changes something.
    """
    moments = Moments(now)
    first = _signature(program, request, moments)
    if moments.opaque:
        return now
    for _ in range(_STEPS):
        following = moments.next
        if following is None:
            return None
        moments = Moments(following)
        if _signature(program, request, moments) != first or moments.opaque:
            return following
    return moments.instant


def _signature(program: Program, request: Request, moments: Moments) -> Any:
    """What must not change while a decision is valid; evaluating it fills ``moments``."""
    verdict = program.judge(request, moments.instant, moments=moments)
    outcome = verdict.outcome
    errors: list[tuple[str, ...]] = [
        ("rule", finding.rule.policy, finding.rule.id, _kind(finding)) for finding in outcome.errors
    ]
    reasons = [
        (*_identity(finding), _remedies(verdict, finding, errors)) for finding in outcome.reasons
    ]
    notices = [_identity(finding) for finding in outcome.notices]
    outputs = _outputs(verdict, moments, errors)
    return outcome.effect, verdict.default, reasons, notices, outputs, sorted(errors)


def _kind(finding: Finding) -> str:
    return finding.error.kind if finding.error is not None else ""


def _identity(finding: Finding) -> tuple[str, ...]:
    return finding.rule.policy, finding.rule.id, finding.kind, _kind(finding)


def _remedies(verdict: Verdict, finding: Finding, errors: list[tuple[str, ...]]) -> list[str]:
    if finding.kind != "deny":
        return []
    rule = finding.rule

    def report(remedy: Remedy, error: ErrorValue) -> None:
        errors.append(("remedy", rule.policy, rule.id, remedy.id, error.kind))

    return [offer.remedy.id for offer in offers(rule, verdict.evaluation_of(rule), report)]


def _outputs(
    verdict: Verdict, moments: Moments, errors: list[tuple[str, ...]]
) -> dict[str, tuple[str, Any]]:
    """The outputs by name: the value of those that stand still, the policy of those that move."""

    def report(output: Output, error: ErrorValue) -> None:
        errors.append(("output", output.policy, output.name, error.kind))

    found: dict[str, tuple[str, Any]] = {}
    for part, evaluation in zip(verdict.applicable, verdict.evaluations, strict=True):
        for output, value in evaluate_outputs(part.outputs, verdict.effect, evaluation, report):
            moving = output.value.volatile
            kept = output.policy if moving else to_json(moments.settle(value))
            found.setdefault(output.name, ("moving" if moving else "still", kept))
    return found
