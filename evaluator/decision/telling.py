"""Telling a verdict: its reasons, remedies, notices, outputs and errors as data in one locale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from evaluator.decision.messages import Messages, builtin
from evaluator.decision.outputs import evaluate_outputs
from evaluator.decision.parts import Location, Notice, Problem, Reason, Remedy
from evaluator.decision.remedies import Changes, offers
from evaluator.language.values import ErrorValue, to_host
from evaluator.policy.model import Localized, Output, Rule
from evaluator.policy.model import Remedy as RemedyDefinition
from evaluator.policy.request import Request
from evaluator.policy.request_types import host_value
from evaluator.program.combining import Finding
from evaluator.program.judging import Verdict

__all__ = ["Told", "location", "problem_of", "tell"]


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict in words. ``offers`` maps (policy, rule, remedy) to the change behind a remedy."""

    reasons: tuple[Reason, ...]
    notices: tuple[Notice, ...]
    outputs: Mapping[str, Any]
    errors: tuple[Problem, ...]
    offers: Mapping[tuple[str, str, str], Changes]


def tell(verdict: Verdict, request: Request | None, locale: str) -> Told:
    """Everything that a person may want to know of a verdict, in a locale or the nearest to it."""
    return _Teller(verdict, request, locale).told()


def location(error: ErrorValue) -> Location | None:
    """Where an error arose, as far as that is known."""
    if error.origin is None:
        return None
    parsed = error.origin.parsed
    node = error.id if error.id in parsed.places else parsed.root
    return Location.of(parsed.span(node))


def problem_of(error: ErrorValue, **about: str) -> Problem:
    """The error as data; ``about`` names what could not be evaluated."""
    return Problem(error.kind, error.message, location(error), **about)


class _Teller:
    def __init__(self, verdict: Verdict, request: Request | None, locale: str) -> None:
        self._verdict = verdict
        self._request = request
        self._locale = locale
        self._errors: list[Problem] = []
        self._offers: dict[tuple[str, str, str], Changes] = {}
        self._messages = {
            id(evaluation): Messages(part.pack, evaluation, locale)
            for part, evaluation in zip(verdict.applicable, verdict.evaluations, strict=True)
        }

    def told(self) -> Told:
        outcome = self._verdict.outcome
        for finding in outcome.errors:
            if finding.error is not None:
                self._report(finding.error, policy=finding.rule.policy, rule=finding.rule.id)
        reasons = tuple(map(self._reason, outcome.reasons)) or (self._default(),)
        notices = tuple(map(self._notice, outcome.notices))
        outputs = self._outputs()
        return Told(reasons, notices, outputs, tuple(self._errors), self._offers)

    def _report(self, error: ErrorValue, **about: str) -> None:
        problem = problem_of(error, **about)
        if problem not in self._errors:
            self._errors.append(problem)

    def _reason(self, finding: Finding) -> Reason:
        rule = finding.rule
        at = Location.of(rule.span)
        if finding.error is not None:
            problem = problem_of(finding.error, policy=rule.policy, rule=rule.id)
            message = builtin("indeterminate", self._locale, problem=finding.error.message)
            return Reason(
                rule.id, rule.policy, "indeterminate", message, None, (), at, error=problem
            )
        return Reason(
            rule.id,
            rule.policy,
            rule.effect,
            self._text(rule.reason, rule) or rule.id,
            self._text(rule.description, rule),
            self._remedies(rule) if rule.effect == "deny" else (),
            at,
        )

    def _default(self) -> Reason:
        rule = self._verdict.default or "no-rule-allows"
        request = self._request
        message = builtin(
            rule,
            self._locale,
            action=request.action_name if request else "",
            resource=request.resource_type if request else "",
            problem=self._verdict.problem or "",
        )
        return Reason(rule, None, "default", message, None, (), None)

    def _notice(self, finding: Finding) -> Notice:
        rule = finding.rule
        problem = None
        if finding.error is not None:
            problem = problem_of(finding.error, policy=rule.policy, rule=rule.id)
            message = builtin("indeterminate", self._locale, problem=finding.error.message)
        else:
            message = self._text(rule.reason, rule) or rule.id
        return Notice(
            rule.id,
            rule.policy,
            rule.effect,
            "indeterminate" if problem else rule.effect,
            message,
            Location.of(rule.span),
            error=problem,
        )

    def _text(self, localized: Localized | None, rule: Rule) -> str | None:
        if localized is None:
            return None
        messages = self._messages[id(self._verdict.evaluation_of(rule))]
        return messages.text(
            localized,
            rule.scope,
            lambda error: self._report(error, policy=rule.policy, rule=rule.id),
        )

    def _remedies(self, rule: Rule) -> tuple[Remedy, ...]:
        evaluation = self._verdict.evaluation_of(rule)
        messages = self._messages[id(evaluation)]

        def report(remedy: RemedyDefinition, error: ErrorValue) -> None:
            self._report(error, policy=rule.policy, rule=rule.id, remedy=remedy.id)

        told = []
        for offer in offers(rule, evaluation, report):
            remedy = offer.remedy
            self._offers[rule.policy, rule.id, remedy.id] = offer.changes
            message = messages.text(remedy.message, remedy.scope, partial(report, remedy))
            sets = {
                assignment.pointer: host_value(offer.changes[assignment.root, assignment.path])
                for assignment in remedy.sets
            }
            told.append(Remedy(remedy.id, rule.id, rule.policy, message, sets))
        return tuple(told)

    def _outputs(self) -> dict[str, Any]:
        def report(output: Output, error: ErrorValue) -> None:
            self._report(error, policy=output.policy, output=output.name)

        found: dict[str, Any] = {}
        verdict = self._verdict
        for part, evaluation in zip(verdict.applicable, verdict.evaluations, strict=True):
            messages = self._messages[id(evaluation)]
            for output, value in evaluate_outputs(part.outputs, verdict.effect, evaluation, report):
                if output.name in found:
                    continue  # an earlier pack's definition has won
                if output.labels is None:
                    found[output.name] = to_host(value)
                else:
                    found[output.name] = self._labelled(output, value, messages, report)
        return found

    def _labelled(self, output: Output, value: Any, messages: Messages, report: Any) -> Any:
        """A code, or a list of codes, each with its text."""
        if isinstance(value, (list, tuple)):
            return [self._labelled(output, code, messages, report) for code in value]
        label = (output.labels or {}).get(value) if isinstance(value, str) else None
        if label is None:
            return {"code": to_host(value), "text": str(value)}
        text = messages.text(label, output.scope, lambda error: report(output, error))
        return {"code": value, "text": text}
