"""From findings to an effect: the combining algorithms, within a pack and between packs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from evaluator.language.values import ErrorValue
from evaluator.policy.model import Combining, Effect, Rule

__all__ = ["Finding", "Outcome", "combine", "merge"]


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """A rule that fired, or one that erred (then with its error)."""

    rule: Rule
    error: ErrorValue | None = None

    @property
    def kind(self) -> str:
        """``allow``, ``deny`` or ``indeterminate``, as reasons carry it."""
        return self.rule.effect if self.error is None else "indeterminate"


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a set of rules comes to.

    ``effect`` is None when no rule decided, which denies by default. ``reasons`` are the findings
    that decided, ``notices`` those of rules on trial, ``errors`` erring allow rules.
    """

    effect: Effect | None
    reasons: tuple[Finding, ...]
    notices: tuple[Finding, ...]
    errors: tuple[Finding, ...]

    @property
    def allowed(self) -> bool:
        return self.effect == "allow"


def combine(algorithm: Combining, findings: Iterable[Finding]) -> Outcome:
    """The outcome of one pack: ``findings`` in pack order, which ``first_match`` stops reading.

    Rules fail closed: an erring deny rule counts as fired, an erring allow rule as not fired.
    """
    notices: list[Finding] = []
    errors: list[Finding] = []

    def decisive() -> Iterator[Finding]:
        for finding in findings:
            if finding.rule.mode == "report":
                notices.append(finding)
            elif finding.error is not None and finding.rule.effect == "allow":
                errors.append(finding)
            else:
                yield finding

    effect, reasons = _ALGORITHMS[algorithm](decisive())
    return Outcome(effect, reasons, tuple(notices), tuple(errors))


_Decided = tuple[Effect | None, tuple[Finding, ...]]


def _overrides(first: Effect, second: Effect) -> Callable[[Iterator[Finding]], _Decided]:
    def decide(findings: Iterator[Finding]) -> _Decided:
        by_effect: dict[Effect, list[Finding]] = {"allow": [], "deny": []}
        for finding in findings:
            by_effect[finding.rule.effect].append(finding)
        for effect in (first, second):
            if by_effect[effect]:
                return effect, tuple(by_effect[effect])
        return None, ()

    return decide


def _first_match(findings: Iterator[Finding]) -> _Decided:
    for finding in findings:
        return finding.rule.effect, (finding,)
    return None, ()


_ALGORITHMS: dict[Combining, Callable[[Iterator[Finding]], _Decided]] = {
    "deny_overrides": _overrides("deny", "allow"),
    "allow_overrides": _overrides("allow", "deny"),
    "first_match": _first_match,
}


def merge(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome of several packs: any deny denies, otherwise any allow allows."""
    outcomes = list(outcomes)
    notices = tuple(finding for outcome in outcomes for finding in outcome.notices)
    errors = tuple(finding for outcome in outcomes for finding in outcome.errors)
    effects: tuple[Effect, ...] = ("deny", "allow")
    for effect in effects:
        reasons = tuple(
            finding
            for outcome in outcomes
            if outcome.effect == effect
            for finding in outcome.reasons
        )
        if reasons:
            return Outcome(effect, reasons, notices, errors)
    return Outcome(None, (), notices, errors)
