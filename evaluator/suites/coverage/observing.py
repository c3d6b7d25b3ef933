"""Observing: what one question shows of the packs that decide it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from evaluator.decision.messages import pack_locales
from evaluator.decision.outputs import evaluate_outputs
from evaluator.decision.remedies import offers
from evaluator.decision.telling import tell
from evaluator.errors import RequestError
from evaluator.language.checker import Checked
from evaluator.language.values import ErrorValue
from evaluator.policy.model import Localized, Output, Pack, Remedy, Rule
from evaluator.policy.request import Request
from evaluator.program.combining import Finding
from evaluator.program.evaluation import Evaluation
from evaluator.program.index import Applicable
from evaluator.program.judging import Program, Verdict
from evaluator.program.run import fires
from evaluator.suites.coverage.conditions import Condition, Conditions, place_of
from evaluator.suites.coverage.structure import Truth
from evaluator.suites.model import Question

__all__ = ["Event", "Observation", "Observer"]

Event = tuple[object, ...]
"""Something that a decision showed: ``("rule", policy, id, fired)``, ``("atom", place, number,
value, outcome)``, ``("remedy", policy, rule, id)``, ``("output", place)``, ``("message", place,
locale)``, ``("decision", type, action, effect)``."""


class Observer:
    """Makes observations of questions to some packs."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self.packs = tuple(packs)
        self.program = Program(packs)
        self.conditions = Conditions()
        self.locales = pack_locales(packs)

    def verdict(self, request: Request, now: int) -> Verdict:
        """The verdict on a request; by generated code, and where that is in doubt the interpreter.

        A search makes thousands of them.
        """
        settled = self.program.decider.decide_parsed(request, now)
        if settled is None or not settled.applicable:
            return self.program.judge(request, now)
        # Atoms are evaluated where their guards do not hold, which generated code must not be.
        evaluations = tuple(
            Evaluation(part.pack, part.variant, request, now) for part in settled.applicable
        )
        return Verdict(settled.outcome, settled.default, None, settled.applicable, evaluations)

    def observe(self, question: Question) -> Observation | None:
        """What a question shows; None for a request that has no order."""
        try:
            return Observation(self, Request.parse(question.request), question.now)
        except RequestError:
            return None


class Observation:
    """One question decided, and looked at from as many sides as are asked for."""

    def __init__(self, observer: Observer, request: Request, now: int) -> None:
        self._observer = observer
        self._request = request
        self._now = now if request.time is None else request.time
        self.verdict = observer.verdict(request, self._now)
        # By condition and evaluation, which both outlive this.
        self._values: dict[tuple[int, int], list[Truth]] = {}
        self._costs: dict[tuple[int, int], list[tuple[float, float]]] = {}
        self._rules: dict[int, list[tuple[Rule, bool]]] = {}

    @property
    def parts(self) -> Iterator[tuple[Applicable, Evaluation]]:
        """Each pack that speaks, with the evaluation of its expressions."""
        return zip(self.verdict.applicable, self.verdict.evaluations, strict=True)

    def events(self, known: Collection[Event] = ()) -> Iterator[Event]:
        """Everything that the decision shows; of messages only what is not known yet."""
        request, verdict = self._request, self.verdict
        if verdict.applicable:
            yield "decision", request.resource_type, request.action_name, verdict.effect
        for part, evaluation in self.parts:
            for rule, fired in self.rules(part, evaluation):
                yield "rule", rule.policy, rule.id, fired
            for condition in self.reached(part, evaluation):
                yield from self._atoms(condition, evaluation)
            for rule, remedy in self.offered(evaluation):
                yield "remedy", rule.policy, rule.id, remedy.id
            for output in self.produced(part, evaluation):
                yield "output", place_of(output.span)
        yield from self._messages(known)

    # Rules

    def rules(self, part: Applicable, evaluation: Evaluation) -> list[tuple[Rule, bool]]:
        """The rules that were reached and have an answer, each with whether it fired."""
        found = self._rules.get(id(evaluation))
        if found is None:
            found = self._rules[id(evaluation)] = list(self._reached_rules(part, evaluation))
        return found

    def _reached_rules(
        self, part: Applicable, evaluation: Evaluation
    ) -> Iterator[tuple[Rule, bool]]:
        first = part.pack.combining == "first_match"
        for rule in part.rules:
            result = fires(rule, evaluation)
            if not isinstance(result, ErrorValue):
                yield rule, result
            # Only a denial counts as fired when it errs.
            decided = result is True or (result is not False and rule.effect == "deny")
            if first and decided and rule.mode == "enforce":
                return

    def offered(self, evaluation: Evaluation) -> Iterator[tuple[Rule, Remedy]]:
        """The remedies of the reasons that a pack gave."""
        for finding in self._reasons(evaluation):
            for offer in offers(finding.rule, evaluation, lambda remedy, error: None):
                yield finding.rule, offer.remedy

    def produced(self, part: Applicable, evaluation: Evaluation) -> Iterator[Output]:
        """The definitions whose values are outputs of the decision."""
        for output, _ in evaluate_outputs(
            part.outputs, self.verdict.effect, evaluation, lambda output, error: None
        ):
            yield output

    def _reasons(self, evaluation: Evaluation) -> Iterator[Finding]:
        outcome = self.verdict.outcome
        if outcome.effect != "deny":
            return
        for finding in outcome.reasons:
            if finding.error is None and self.verdict.evaluation_of(finding.rule) is evaluation:
                yield finding

    # Conditions

    def reached(self, part: Applicable, evaluation: Evaluation) -> Iterator[Condition]:
        """The conditions that had a say."""
        conditions = self._observer.conditions
        for rule, _ in self.rules(part, evaluation):
            condition = conditions.of_rule(rule)
            if condition is not None and self._in_force(rule):
                yield condition
        for finding in self._reasons(evaluation):
            for remedy in finding.rule.remedies:
                yield from self._of_remedy(finding.rule, remedy, evaluation)
        yield from self._of_outputs(part, evaluation)
        for guarded in conditions.variables(part):
            if self._hold(guarded.guards, guarded.condition, evaluation):
                yield guarded.condition

    def _in_force(self, rule: Rule) -> bool:
        return rule.effective is None or rule.effective.holds(self._now)

    def _of_remedy(self, rule: Rule, remedy: Remedy, evaluation: Evaluation) -> Iterator[Condition]:
        conditions = self._observer.conditions
        for condition in conditions.of_remedy(rule, remedy):
            yield condition
            if self.outcome(condition, evaluation) is not True:
                return
        for assignment in remedy.sets:
            title = f"remedy `{remedy.id}`"
            for guarded in conditions.of_value(assignment.expression, remedy.scope, title):
                if self._hold(guarded.guards, guarded.condition, evaluation):
                    yield guarded.condition

    def _of_outputs(self, part: Applicable, evaluation: Evaluation) -> Iterator[Condition]:
        """Those of the definitions that are tried: the first of a name that applies wins."""
        conditions = self._observer.conditions
        settled: set[str] = set()
        for output in part.outputs:
            if output.name in settled or self.verdict.effect not in output.on:
                continue
            title = f"output `{output.name}`"
            if output.when is not None:
                condition = conditions.of_when(output.when, output.scope, title)
                yield condition
                outcome = self.outcome(condition, evaluation)
                if outcome is not False:
                    settled.add(output.name)
                if not outcome:
                    continue
            settled.add(output.name)
            for guarded in conditions.of_value(output.value, output.scope, title):
                if self._hold(guarded.guards, guarded.condition, evaluation):
                    yield guarded.condition

    def _hold(
        self,
        guards: Sequence[tuple[Checked, bool]],
        condition: Condition,
        evaluation: Evaluation,
    ) -> bool:
        return all(evaluation.value(guard, condition.scope) is wanted for guard, wanted in guards)

    def values(self, condition: Condition, evaluation: Evaluation) -> list[Truth]:
        """The values of a condition's atoms."""
        key = (id(condition), id(evaluation))
        found = self._values.get(key)
        if found is None:
            found = self._values[key] = [
                value if isinstance(value, bool) else None
                for part in condition.parts
                for value in (evaluation.value(part, condition.scope),)
            ]
        return found

    def outcome(self, condition: Condition, evaluation: Evaluation) -> Truth:
        return condition.structure.outcome(self.values(condition, evaluation))

    def shows(self, wanted: frozenset[Event], rules: Sequence[Rule] = ()) -> bool:
        """Whether the decision shows one of some events, which are of one kind and one thing.

        ``rules`` are those whose firing or whose conditions it is about, if that is known: then
        the others, of which there may be thousands, are not looked at unless they come before.
        """
        kind, *which = next(iter(wanted))
        found: Iterator[Event] = iter(())
        if kind == "decision":
            request, verdict = self._request, self.verdict
            return (kind, request.resource_type, request.action_name, verdict.effect) in wanted
        for part, evaluation in self.parts:
            if rules and part.pack.combining != "first_match":
                found = (
                    event
                    for rule in rules
                    if part.contains(rule)
                    for event in self._of_rule(rule, evaluation)
                )
            elif kind == "rule":
                found = (
                    (kind, rule.policy, rule.id, fired)
                    for rule, fired in self.rules(part, evaluation)
                )
            elif kind == "remedy":
                found = (
                    (kind, rule.policy, rule.id, remedy.id)
                    for rule, remedy in self.offered(evaluation)
                )
            elif kind == "output":
                found = (
                    (kind, place_of(output.span)) for output in self.produced(part, evaluation)
                )
            elif kind == "atom":
                found = (
                    event
                    for condition in self.reached(part, evaluation)
                    if condition.place == which[0]
                    for event in self._atoms(condition, evaluation)
                )
            else:
                found = self._told(str(which[1]), wanted)
            if any(event in wanted for event in found):
                return True
        return False

    def _of_rule(self, rule: Rule, evaluation: Evaluation) -> Iterator[Event]:
        """What a rule shows that is evaluated whatever the others do."""
        fired = fires(rule, evaluation)
        if not isinstance(fired, ErrorValue):
            yield "rule", rule.policy, rule.id, fired
            condition = self._observer.conditions.of_rule(rule)
            if condition is not None and self._in_force(rule):
                yield from self._atoms(condition, evaluation)

    def _atoms(self, condition: Condition, evaluation: Evaluation) -> Iterator[Event]:
        values = self.values(condition, evaluation)
        outcome = condition.structure.outcome(values)
        if outcome is None:
            return
        for number, value in enumerate(values):
            if value is not None and condition.structure.decides(number, values):
                yield "atom", condition.place, number, value, outcome

    def costs(self, condition: Condition, evaluation: Evaluation) -> list[tuple[float, float]]:
        """For each atom how far it is from false and from true, variables looked into."""
        key = (id(condition), id(evaluation))
        known = self._costs.get(key)
        if known is not None:
            return known
        found: list[tuple[float, float]] = []
        for value, definition in zip(
            self.values(condition, evaluation), condition.definitions, strict=True
        ):
            if definition is None:
                # An error may be as good as either: what it would be is not known.
                error = value is None
                found.append(
                    (0.5, 0.5) if error else (float(value is not False), float(value is not True))
                )
                continue
            inner = self.costs(definition, evaluation)
            false, true = (
                max(1.0, definition.structure.distance(wanted, inner)) for wanted in (False, True)
            )
            found.append((0.0 if value is False else false, 0.0 if value is True else true))
        self._costs[key] = found
        return found

    # Messages

    def _messages(self, known: Collection[Event]) -> Iterator[Event]:
        for locale in self._observer.locales:
            wanted = frozenset(text for text, _ in self._texts(locale) if text not in known)
            if wanted:
                yield from self._told(locale, wanted)

    def _told(self, locale: str, wanted: frozenset[Event]) -> Iterator[Event]:
        """Those of some texts that are told in a locale without an error."""
        texts = [(text, owner) for text, owner in self._texts(locale) if text in wanted]
        if not texts:
            return
        told = tell(self.verdict, self._request, locale)
        failed = {
            (problem.policy, problem.rule, problem.remedy, problem.output)
            for problem in told.errors
        }
        for text, owner in texts:
            if owner not in failed:
                yield text

    def _texts(self, locale: str) -> Iterator[tuple[Event, tuple[str | None, ...]]]:
        """The texts that are told in a locale, each with what an error in it is reported for."""

        def text(localized: Localized | None) -> Iterator[Event]:
            if localized is not None and locale in localized:
                yield "message", place_of(localized[locale].span), locale

        outcome = self.verdict.outcome
        told = [(one.rule, one.rule.reason) for one in outcome.notices if one.error is None]
        for finding in outcome.reasons:
            if finding.error is None:
                told.append((finding.rule, finding.rule.reason))
                told.append((finding.rule, finding.rule.description))
        for rule, localized in told:
            for event in text(localized):
                yield event, (rule.policy, rule.id, None, None)
        for part, evaluation in self.parts:
            for rule, remedy in self.offered(evaluation):
                for event in text(remedy.message):
                    yield event, (rule.policy, rule.id, remedy.id, None)
            for output, value in evaluate_outputs(
                part.outputs, self.verdict.effect, evaluation, lambda output, error: None
            ):
                for code in value if isinstance(value, (list, tuple)) else (value,):
                    if isinstance(code, str):
                        for event in text((output.labels or {}).get(code)):
                            yield event, (output.policy, None, None, output.name)
