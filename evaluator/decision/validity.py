"""Until when a decision holds: the first later instant at which it may be another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from evaluator.decision.outputs import evaluate_outputs
from evaluator.decision.remedies import offers
from evaluator.language.temporal import Moments
from evaluator.language.values import ErrorValue, to_json
from evaluator.policy.model import Effect, Output, Remedy
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


def valid_until(program: Program, request: Request, now: int, verdict: Verdict) -> int | None:
    """The first instant after ``now`` at which effect, reasons, ids or outputs may be others.

    None: time cannot change the decision. ``now`` itself: it cannot be said, do not cache. Between
    two noted instants every comparison with ``now`` keeps its result, so the decision does too;
    each is tried by deciding again until one changes something. ``verdict`` is that at ``now``.
    """
    applicable = program.index.find(request.resource_type, request.action_name)
    timed = [program.timed(part) for part in applicable]
    if not any(timed):
        return None
    # Generated code knows no other `context.time` than the request's.
    if request.time is None or not any(one.reads_time for one in timed):
        try:
            return _first_change(lambda at: _quick(program, request, timed, at, verdict), now)
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


def _quick(
    program: Program,
    request: Request,
    timed: Sequence[Timed],
    moments: Moments,
    known: Verdict,
) -> Any:
    """The same of what depends on time alone, by generated code; ``known`` is what is at hand."""
    instant = moments.instant
    if known.settled is not None and known.at == instant:
        settled, verdict = known.settled, known
    else:
        decided = program.decider.decide_parsed(request, instant)
        if decided is None:
            raise _InDoubtError
        settled, verdict = decided, program.verdict(decided, request, instant)
    errors: list[tuple[str, ...]] = []
    remedies = []
    outputs = []
    for one, part, evaluation in zip(timed, verdict.applicable, verdict.evaluations, strict=True):
        outputs.append(_watched(one, part, evaluation, settled.effect, moments, errors))
        for finding in settled.outcome.reasons:
            if finding.rule in one.remedies:
                remedies.append(_remedies(finding, evaluation.following(moments), errors))
    outcome = settled.outcome
    reasons = [finding.rule for finding in outcome.reasons]
    notices = [finding.rule for finding in outcome.notices]
    return settled.effect, settled.default, reasons, notices, remedies, outputs, sorted(errors)


def _watched(
    timed: Timed,
    part: Applicable,
    evaluation: Evaluation,
    effect: Effect,
    moments: Moments,
    errors: list[tuple[str, ...]],
) -> Any:
    """The outputs that depend on time; notes when they change, and when the rules that do, do."""
    rules, outputs = timed.rules, timed.outputs[effect]
    if part.pack.combining == "first_match":
        following = evaluation.following(moments)
        for rule in part.rules:
            if fires(rule, following) and rule.mode == "enforce":
                break
        rules = ()
    if not rules and not outputs:
        return None
    # All outputs, where one depends on time: they are told as well.
    found = evaluation.watch(rules, part.outputs if outputs else (), effect, moments)
    if found is None:
        following = evaluation.following(moments)
        for rule in rules:
            fires(rule, following)
        return _outputs([(outputs, following)], effect, errors)
    return {
        output.name: _kept(output, value, moments) for output, value in found if output in outputs
    }


def _signature(program: Program, request: Request, moments: Moments) -> Any:
    """What must not change while a decision is valid; evaluating it fills ``moments``."""
    verdict = program.judge(request, moments.instant, moments=moments)
    outcome = verdict.outcome
    errors: list[tuple[str, ...]] = [
        ("rule", finding.rule.policy, finding.rule.id, _kind(finding)) for finding in outcome.errors
    ]
    reasons = [
        (*_identity(finding), _remedies(finding, verdict.evaluation_of(finding.rule), errors))
        for finding in outcome.reasons
    ]
    notices = [_identity(finding) for finding in outcome.notices]
    outputs = _outputs(
        [
            (part.outputs, evaluation)
            for part, evaluation in zip(verdict.applicable, verdict.evaluations, strict=True)
        ],
        outcome.effect or "deny",
        errors,
    )
    return outcome.effect, verdict.default, reasons, notices, outputs, sorted(errors)


def _kind(finding: Finding) -> str:
    return finding.error.kind if finding.error is not None else ""


def _identity(finding: Finding) -> tuple[str, ...]:
    return finding.rule.policy, finding.rule.id, finding.kind, _kind(finding)


def _remedies(finding: Finding, evaluation: Evaluation, errors: list[tuple[str, ...]]) -> list[str]:
    if finding.kind != "deny":
        return []
    rule = finding.rule

    def report(remedy: Remedy, error: ErrorValue) -> None:
        errors.append(("remedy", rule.policy, rule.id, remedy.id, error.kind))

    return [offer.remedy.id for offer in offers(rule, evaluation, report)]


def _outputs(
    definitions: Iterable[tuple[tuple[Output, ...], Evaluation]],
    effect: Effect,
    errors: list[tuple[str, ...]],
) -> dict[str, _Kept]:
    """The outputs by name, as they are compared."""

    def report(output: Output, error: ErrorValue) -> None:
        errors.append(("output", output.policy, output.name, error.kind))

    found: dict[str, _Kept] = {}
    for outputs, evaluation in definitions:
        for output, value in evaluate_outputs(outputs, effect, evaluation, report):
            found.setdefault(output.name, _kept(output, value, evaluation.moments))
    return found


_Kept = tuple[str, Any]
"""Of an output that stands still its value, of one that moves the policy that defines it."""


def _kept(output: Output, value: Any, moments: Moments | None) -> _Kept:
    if output.value.volatile:
        return "moving", output.policy
    assert moments is not None
    return "still", to_json(moments.settle(value))
