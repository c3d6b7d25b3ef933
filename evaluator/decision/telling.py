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
from evaluator.decision.tellers import RuleTeller, plain_labels
from evaluator.language.values import ErrorValue, to_host
from evaluator.policy.model import Localized, Output, Pack, Rule
from evaluator.policy.model import Remedy as RemedyDefinition
from evaluator.policy.request import Request
from evaluator.policy.request_types import host_value
from evaluator.program.combining import Finding
from evaluator.program.evaluation import Evaluation
from evaluator.program.index import Applicable
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
        self._parts = tuple(zip(verdict.applicable, verdict.evaluations, strict=True))
        self._messages: dict[Pack, Messages] = {}

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
        if finding.error is not None:
            problem = problem_of(finding.error, policy=rule.policy, rule=rule.id)
            message = builtin("indeterminate", self._locale, problem=finding.error.message)
            at = Location.of(rule.span)
            return Reason(
                rule.id, rule.policy, "indeterminate", message, None, (), at, error=problem
            )
        quick = self._at_once(rule)
        if quick is not None:
            return quick
        return Reason(
            rule.id,
            rule.policy,
            rule.effect,
            self._text(rule.reason, rule) or rule.id,
            self._text(rule.description, rule),
            self._remedies(rule) if rule.effect == "deny" else (),
            Location.of(rule.span),
        )

    def _at_once(self, rule: Rule) -> Reason | None:
        """What generated code tells; None where each part is to be told by itself."""
        part, evaluation = self._part_of(rule)
        locale = self._locale
        teller = evaluation.teller(rule, locale, lambda: RuleTeller(part.pack, rule, locale))
        told = None if teller is None else teller.tell(evaluation)
        if told is None:
            return None
        reason, offers = told
        for id_, changes in offers:
            self._offers[rule.policy, rule.id, id_] = changes
        return reason

    def _part_of(self, rule: Rule) -> tuple[Applicable, Evaluation]:
        for pair in self._parts:
            if pair[0].contains(rule):
                return pair
        raise LookupError(rule.id)

    def _messages_of(self, pack: Pack, evaluation: Evaluation) -> Messages:
        found = self._messages.get(pack)
        if found is None:
            found = self._messages[pack] = Messages(pack, evaluation, self._locale)
        return found

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
        part, evaluation = self._part_of(rule)
        return self._messages_of(part.pack, evaluation).text(
            localized,
            rule.scope,
            lambda error: self._report(error, policy=rule.policy, rule=rule.id),
        )

    def _remedies(self, rule: Rule) -> tuple[Remedy, ...]:
        part, evaluation = self._part_of(rule)
        messages = self._messages_of(part.pack, evaluation)

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
        effect = self._verdict.effect
        for part, evaluation in self._parts:
            for output, value in evaluate_outputs(part.outputs, effect, evaluation, report):
                if output.name in found:
                    continue  # an earlier pack's definition has won
                if output.labels is None:
                    found[output.name] = to_host(value)
                else:
                    found[output.name] = self._labelled(output, value, part.pack, evaluation)
        return found

    def _labelled(self, output: Output, value: Any, pack: Pack, evaluation: Evaluation) -> Any:
        """A code, or a list of codes, each with its text."""
        locale = self._locale
        known = evaluation.teller(output, locale, lambda: plain_labels(pack, output, locale)) or {}

        def labelled(code: Any) -> Any:
            text = known.get(code) if type(code) is str else None
            if text is not None:
                return {"code": code, "text": text}
            if isinstance(code, (list, tuple)):
                return [labelled(one) for one in code]
            return {"code": to_host(code), "text": self._label(output, code, pack, evaluation)}

        return labelled(value)

    def _label(self, output: Output, code: Any, pack: Pack, evaluation: Evaluation) -> str:
        label = (output.labels or {}).get(code) if isinstance(code, str) else None
        if label is None:
            return str(code)
        return self._messages_of(pack, evaluation).text(
            label,
            output.scope,
            lambda error: self._report(error, policy=output.policy, output=output.name),
        )
