"""Judging a request of which some attributes are not known: what is certain, and what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from evaluator.language.printer import print_expression
from evaluator.language.residual import Definition, residual
from evaluator.language.syntax import Literal
from evaluator.language.values import Unknown
from evaluator.policy.model import Effect, Rule, Scope, Variable
from evaluator.policy.pointers import Path
from evaluator.policy.request import Request
from evaluator.program.combining import Finding
from evaluator.program.evaluation import Evaluation
from evaluator.program.index import Applicable
from evaluator.program.judging import Program

__all__ = ["Left", "PartialVerdict", "judge_partly"]


@dataclass(frozen=True, slots=True, eq=False)
class Left:
    """A rule that may fire or not: its condition as far as it is left, the paths that it needs."""

    rule: Rule
    condition: str
    paths: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class PartialVerdict:
    """What can be said of a request.

    ``effects`` are those that it may have. ``certain`` are the findings that hold whatever the
    rest is; ``left`` the rules on which it depends where there is more than one effect. ``default``
    is the reserved id where nothing but that can be the reason.
    """

    effects: frozenset[Effect]
    certain: tuple[Finding, ...] = ()
    left: tuple[Left, ...] = ()
    default: str | None = None
    applicable: tuple[Applicable, ...] = ()


_Outcome = Effect | None
_DENY: frozenset[Effect] = frozenset({"deny"})


def judge_partly(
    program: Program, request: Request, now: int, unknown: Sequence[tuple[str, Path]]
) -> PartialVerdict:
    """The verdict on a request at ``now``, some of whose attributes are unknown."""
    applicable = program.index.find(request.resource_type, request.action_name)
    if not applicable:
        return PartialVerdict(_DENY, default="no-policy-applies")
    if any(part.variant.request_type.forbidden(request) for part in applicable):
        return PartialVerdict(_DENY, default="invalid-request")
    certain: list[Finding] = []
    left: list[Left] = []
    possible: set[_Outcome] = set()
    for number, part in enumerate(applicable):
        found = list(_findings(part, request, now, unknown))
        outcomes, decisive = _outcomes(part.pack.combining, found)
        certain += (item for item in decisive if isinstance(item, Finding))
        left += (item for item in decisive if isinstance(item, Left))
        if number:
            outcomes = {_merged(one, other) for one, other in product(possible, outcomes)}
        possible = outcomes
    effects = frozenset[Effect](outcome or "deny" for outcome in possible)
    if len(effects) > 1:
        return PartialVerdict(effects, tuple(certain), tuple(left), None, applicable)
    (effect,) = effects
    reasons = tuple(item for item in certain if item.rule.effect == effect)
    default = "no-rule-allows" if possible == {None} else None
    return PartialVerdict(effects, reasons, (), default, applicable)


def _findings(
    part: Applicable, request: Request, now: int, unknown: Sequence[tuple[str, Path]]
) -> Iterator[Finding | Left]:
    """The rules that fire, err or may do so, in pack order; those on trial are left out."""
    evaluation = Evaluation(part.pack, part.variant, request, now)
    evaluation.hide(unknown)
    for rule in part.rules:
        if rule.mode == "report" or (rule.effective and not rule.effective.holds(now)):
            continue
        value = True
        if rule.condition is not None:
            value = evaluation.value(rule.condition, rule.scope)
        if value is True:
            yield Finding(rule)
        elif isinstance(value, Unknown):
            yield from _left(rule, evaluation, value)
        elif value is not False:
            yield Finding(rule, value)


def _left(rule: Rule, evaluation: Evaluation, value: Unknown) -> Iterator[Left | Finding]:
    assert rule.condition is not None
    tree = residual(
        rule.condition.root,
        evaluation.names(rule.scope),
        functions=evaluation.functions,
        definition=_definitions(evaluation, rule.scope),
    )
    if not isinstance(tree, Literal):
        yield Left(rule, print_expression(tree), value.paths)
    elif tree.value is not False:  # a loop may hide what its turns, one by one, make plain
        yield Finding(rule)


def _definitions(evaluation: Evaluation, scope: Scope) -> Definition:
    def definition(name: str) -> object:
        found = scope.names.get(name)
        if not isinstance(found, Variable):
            return None
        names = evaluation.names(found.scope)
        return found.expression.root, names, _definitions(evaluation, found.scope)

    return definition  # type: ignore[return-value]  # it is recursive


def _outcomes(
    combining: str, found: Iterable[Finding | Left]
) -> tuple[set[_Outcome], list[Finding | Left]]:
    """What a pack may come to, and the findings that this rests on.

    An erring allow rule has not fired. A rule that may fire may also err, which is the one or the
    other.
    """
    counting = [
        item
        for item in found
        if isinstance(item, Left) or item.error is None or item.rule.effect == "deny"
    ]
    if combining == "first_match":
        return _of_first(counting)
    first: Effect = "deny" if combining == "deny_overrides" else "allow"
    second: Effect = "allow" if first == "deny" else "deny"
    outcomes: set[_Outcome] = set()
    for effect in (first, second):
        ours = [item for item in counting if item.rule.effect == effect]
        if ours:
            outcomes.add(effect)
        if any(isinstance(item, Finding) for item in ours):
            # Another rule of this effect changes nothing any more, nor does one of the second.
            sure = [item for item in counting if isinstance(item, Finding)]
            still = [item for item in counting if item.rule.effect in outcomes - {effect}]
            return outcomes, [item for item in counting if item in sure or item in still]
    return outcomes | {None}, counting


def _of_first(counting: list[Finding | Left]) -> tuple[set[_Outcome], list[Finding | Left]]:
    outcomes: set[_Outcome] = set()
    for number, item in enumerate(counting, start=1):
        outcomes.add(item.rule.effect)
        if isinstance(item, Finding):
            return outcomes, counting[:number]
    return outcomes | {None}, counting


def _merged(one: _Outcome, other: _Outcome) -> _Outcome:
    """The outcome of two packs: a deny denies, otherwise an allow allows."""
    for effect in ("deny", "allow"):
        if effect in (one, other):
            return effect
    return None
