"""Until when a decision holds: the first later instant at which it may be another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from evaluator.decision.outputs import evaluate_outputs
from evaluator.decision.remedies import offers
from evaluator.language.temporal import Moments
from evaluator.language.values import ErrorValue, to_json
from evaluator.policy.model import Output, Remedy
from evaluator.policy.request import Request
from evaluator.program.combining import Finding
from evaluator.program.evaluation import Evaluation
from evaluator.program.index import Applicable
from evaluator.program.judging import Program, Verdict
from evaluator.program.run import fires
from evaluator.program.timed import Timed

__all__ = ["valid_until"]

_STEPS: Final = 2_000
"""After so many instants that change nothing we stop looking: the answer holds until there."""


def valid_until(program: Program, request: Request, now: int) -> int | None:
    """The first instant after ``now`` at which effect, reasons, ids or outputs may be others.

    None: time cannot change the decision. ``now`` itself: it cannot be said, do not cache. Between
    two noted instants every comparison with ``now`` keeps its result, so the decision does too;
    each is tried by deciding again until one changes something.
    """
    applicable = program.index.find(request.resource_type, request.action_name)
    timed = [program.timed(part) for part in applicable]
    if not any(timed):
        return None
    # Generated code knows no other `context.time` than the request's.
    if request.time is None or not any(one.reads_time for one in timed):
        try:
            return _first_change(lambda moments: _quick(program, request, timed, moments), now)
        except _InDoubtError:
            pass
    return _first_change(lambda moments: _signature(program, request, moments), now)


class _InDoubtError(Exception):
    """Raised where only the interpreter can tell what is decided at a moment."""


def _first_change(signature: Callable[[Moments], Any], now: int) -> int | None:
    moments = Moments(now)
    first = signature(moments)
    if moments.opaque:
        return now
    for _ in range(_STEPS):
        following = moments.next
        if following is None:
            return None
        moments = Moments(following)
        if signature(moments) != first or moments.opaque:
            return following
    return moments.instant


def _quick(program: Program, request: Request, timed: Sequence[Timed], moments: Moments) -> Any:
    """The same of what depends on time alone, the rules by generated code."""
    settled = program.decider.decide_parsed(request, moments.instant)
    if settled is None:
        raise _InDoubtError
    verdict = program.verdict(settled, request, moments.instant, moments=moments)
    errors: list[tuple[str, ...]] = []
    remedies = []
    outputs = []
    for one, part, evaluation in zip(timed, verdict.applicable, verdict.evaluations, strict=True):
        _note_rules(one, part, evaluation)
        for finding in settled.outcome.reasons:
            if finding.rule in one.remedies:
                remedies.append(_remedies(verdict, finding, errors))
        if one.outputs[settled.effect]:
            outputs.append(_outputs([(one.outputs[settled.effect], evaluation)], verdict, errors))
    outcome = settled.outcome
    reasons = [finding.rule for finding in outcome.reasons]
    notices = [finding.rule for finding in outcome.notices]
    return settled.effect, settled.default, reasons, notices, remedies, outputs, sorted(errors)


def _note_rules(timed: Timed, part: Applicable, evaluation: Evaluation) -> None:
    """Evaluates the rules that are asked and depend on time, to note when they change."""
    first_match = part.pack.combining == "first_match"
    if not first_match and evaluation.follow(timed.rules):
        return
    for rule in part.rules if first_match else timed.rules:
        fired = fires(rule, evaluation)
        if first_match and fired and rule.mode == "enforce":
            break


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
    outputs = _outputs(
        [
            (part.outputs, evaluation)
            for part, evaluation in zip(verdict.applicable, verdict.evaluations, strict=True)
        ],
        verdict,
        errors,
    )
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
    definitions: Iterable[tuple[tuple[Output, ...], Evaluation]],
    verdict: Verdict,
    errors: list[tuple[str, ...]],
) -> dict[str, tuple[str, Any]]:
    """The outputs by name: the value of those that stand still, the policy of those that move."""

    def report(output: Output, error: ErrorValue) -> None:
        errors.append(("output", output.policy, output.name, error.kind))

    found: dict[str, tuple[str, Any]] = {}
    for outputs, evaluation in definitions:
        assert evaluation.moments is not None
        for output, value in evaluate_outputs(outputs, verdict.effect, evaluation, report):
            moving = output.value.volatile
            kept = output.policy if moving else to_json(evaluation.moments.settle(value))
            found.setdefault(output.name, ("moving" if moving else "still", kept))
    return found
