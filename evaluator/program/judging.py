"""Judging a request at one moment: which packs speak, whether it may be decided, what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluator.language.temporal import Moments
from evaluator.policy.model import Effect, Pack, Rule, Variant
from evaluator.policy.request import Request
from evaluator.program.combining import Outcome
from evaluator.program.deciding import Decider, Interpreting, Settled
from evaluator.program.evaluation import Evaluation, Tracer
from evaluator.program.expressions import Expressions
from evaluator.program.index import Applicable, Index
from evaluator.program.run import run
from evaluator.program.timed import Timed, timed_parts

__all__ = ["NOTHING", "Program", "Verdict"]

NOTHING = Outcome(None, (), (), ())


@dataclass(frozen=True, slots=True, eq=False)
class Verdict:
    """What a program says of a request.

    ``default`` is the reserved id of the reason when no rule decided: ``invalid-request``,
    ``no-policy-applies`` or ``no-rule-allows``; ``problem`` says what is invalid. ``applicable``
    and ``evaluations`` belong together, one for each pack that speaks. ``settled`` is what
    generated code has said of the moment ``at``, where it has.
    """

    outcome: Outcome
    default: str | None = None
    problem: str | None = None
    applicable: tuple[Applicable, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()
    settled: Settled | None = None
    at: int | None = None

    @property
    def effect(self) -> Effect:
        return self.outcome.effect or "deny"

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """The ids of the rules that decided, or the reserved id."""
        ids = tuple(finding.rule.id for finding in self.outcome.reasons)
        return ids or (self.default or "no-rule-allows",)

    def evaluation_of(self, rule: Rule) -> Evaluation:
        """The evaluation of the pack that a rule is of."""
        for part, evaluation in zip(self.applicable, self.evaluations, strict=True):
            if part.contains(rule):
                return evaluation
        raise LookupError(rule.id)


class Program:
    """All packs, indexed. With ``interpret`` no code is made of what they say."""

    def __init__(self, packs: Sequence[Pack], *, interpret: bool = False) -> None:
        self.packs = tuple(packs)
        self.index = Index(self.packs)
        self.decider = Interpreting() if interpret else Decider(self.index)
        self._expressions: dict[Variant, Expressions] = {}
        self._timed: dict[Applicable, Timed] = {}

    def expressions(self, part: Applicable) -> Expressions:
        """The functions of the single expressions of what applies."""
        found = self._expressions.get(part.variant)
        if found is None:
            made = Expressions(part.pack, part.variant)
            found = self._expressions.setdefault(part.variant, made)
        return found

    def timed(self, part: Applicable) -> Timed:
        """What of what applies depends on time."""
        found = self._timed.get(part)
        if found is None:
            found = self._timed[part] = timed_parts(part, self.expressions(part))
        return found

    def judge(
        self,
        request: Request,
        now: int,
        *,
        moments: Moments | None = None,
        tracer: Tracer | None = None,
    ) -> Verdict:
        """The verdict at ``now`` (nanoseconds since the epoch)."""
        applicable = self.index.find(request.resource_type, request.action_name)
        if not applicable:
            return Verdict(NOTHING, "no-policy-applies")
        for part in applicable:
            forbidden = part.variant.request_type.forbidden(request)
            if forbidden:
                return Verdict(NOTHING, "invalid-request", _unknown(forbidden))
        evaluations = tuple(
            Evaluation(part.pack, part.variant, request, now, moments=moments, tracer=tracer)
            for part in applicable
        )
        outcome = run(applicable, evaluations)
        default = None if outcome.effect else "no-rule-allows"
        return Verdict(outcome, default, None, applicable, evaluations)

    def verdict(self, settled: Settled, request: Request | None, now: int) -> Verdict:
        """The verdict that generated code has settled, ready for what is told of it."""
        assert request is not None or not settled.applicable
        evaluations = tuple(
            [
                Evaluation(
                    part.pack,
                    part.variant,
                    request,  # type: ignore[arg-type]  # see above
                    now,
                    compiled=self.expressions(part),
                )
                for part in settled.applicable
            ]
        )
        return Verdict(
            settled.outcome, settled.default, None, settled.applicable, evaluations, settled, now
        )


def _unknown(pointers: Sequence[str]) -> str:
    names = ", ".join(f"`{pointer}`" for pointer in pointers[:5])
    more = f" and {len(pointers) - 5} more" if len(pointers) > 5 else ""
    return f"the request's schema does not know {names}{more}"
