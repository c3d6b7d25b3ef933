"""How far a question is from showing an obligation, which is what guides the search."""

from __future__ import annotations

from evaluator.language.checker import Checked
from evaluator.program.evaluation import Evaluation
from evaluator.program.index import Applicable
from evaluator.suites.coverage.conditions import Condition
from evaluator.suites.coverage.obligations import Obligation, Target
from evaluator.suites.coverage.observing import Event, Observation, Observer
from evaluator.suites.search.domains import Domains
from evaluator.suites.search.expressions import Expression

__all__ = ["FAR", "distance", "domains_of"]

FAR = 1000.0
"""The distance of a question that the rules in question are not even for."""

_STEP = 10.0  # of what comes before the last step, more than a condition is usually off


def distance(
    observer: Observer, observation: Observation, obligation: Obligation, wanted: Event
) -> float:
    """How many changes, roughly, an observation is from an event of the obligation."""
    found = FAR
    for part, evaluation in observation.parts:
        for target in obligation.targets:
            if target.part.variant is part.variant and _is_for(target, part):
                its = _to_target(observer, observation, target, wanted, part, evaluation)
                found = min(found, its)
    return found


def domains_of(domains: Domains, obligation: Obligation) -> Domains:
    """The domains of what decides whether a question shows an obligation."""
    if obligation.kind == "decision":
        return domains
    rules = []
    expressions: list[Expression] = []
    for target in obligation.targets:
        pack = target.part.pack
        if target.rule is not None:
            rules.append(target.rule)
        if target.output is not None or pack.combining == "first_match":
            rules += target.part.rules
        if target.remedy is not None and target.rule is not None:
            expressions += _of_remedy(target)
        if target.output is not None:
            output = target.output
            expressions.append((output.value, output.scope))
            if output.when is not None:
                expressions.append((output.when, output.scope))
        if target.condition is not None:
            scope = target.condition.scope
            expressions += [(part, scope) for part in target.condition.parts]
    return domains.narrowed(rules=rules, expressions=expressions)


def _of_remedy(target: Target) -> list[Expression]:
    rule, remedy = target.rule, target.remedy
    assert rule is not None
    assert remedy is not None
    found: list[Expression] = [(item.expression, remedy.scope) for item in remedy.sets]
    if remedy.shared_when is not None:
        found.append((remedy.shared_when, remedy.scope))
    if remedy.when is not None:
        found.append((remedy.when, rule.scope))
    return found


def _is_for(target: Target, part: Applicable) -> bool:
    if target.rule is not None:
        return part.contains(target.rule)
    return target.output is None or target.output in part.outputs


def _to_target(
    observer: Observer,
    observation: Observation,
    target: Target,
    wanted: Event,
    part: Applicable,
    evaluation: Evaluation,
) -> float:
    far = 0.0
    if wanted[0] == "decision":
        return _to_effect(observer, observation, str(wanted[3]), part, evaluation)
    if wanted[0] == "rule":
        return _to_fire(observer, observation, target, evaluation, fires=bool(wanted[3]))
    if target.rule is not None and (target.remedy is not None or wanted[0] == "message"):
        far += _STEP * _to_fire(observer, observation, target, evaluation, fires=True)
        if target.remedy is not None:
            for condition in observer.conditions.of_remedy(target.rule, target.remedy):
                if condition is not target.condition:
                    far += _to(observation, condition, evaluation, wanted=True)
    if target.output is not None:
        output = target.output
        if observation.verdict.effect not in output.on:
            effect = next(iter(output.on))
            far += _STEP * _to_effect(observer, observation, effect, part, evaluation)
        if output.when is not None:
            when = observer.conditions.of_when(output.when, output.scope, "")
            if when is not target.condition:
                far += _to(observation, when, evaluation, wanted=True)
    if target.condition is not None and wanted[0] == "atom":
        condition = target.condition
        far += _guards(observer, target, part, condition, evaluation)
        number, value = wanted[2], wanted[3]
        assert isinstance(number, int)
        far += condition.structure.distance_to_decide(
            number, bool(value), observation.costs(condition, evaluation)
        )
    return far


def _guards(
    observer: Observer,
    target: Target,
    part: Applicable,
    condition: Condition,
    evaluation: Evaluation,
) -> float:
    """How many guards of a condition inside a value do not hold."""
    conditions = observer.conditions
    if target.output is not None:
        found = conditions.of_value(target.output.value, target.output.scope, "")
    elif target.rule is None:
        found = conditions.variables(part)
    else:
        return 0
    guards: list[tuple[Checked, bool]] = []
    for guarded in found:
        if guarded.condition.place == condition.place:
            guards = list(guarded.guards)
    return sum(evaluation.value(guard, condition.scope) is not wanted for guard, wanted in guards)


def _to_fire(
    observer: Observer,
    observation: Observation,
    target: Target,
    evaluation: Evaluation,
    *,
    fires: bool,
) -> float:
    rule = target.rule
    assert rule is not None
    condition = observer.conditions.of_rule(rule)
    if condition is None:
        return 0 if fires else 1
    return _to(observation, condition, evaluation, wanted=fires)


def _to(
    observation: Observation, condition: Condition, evaluation: Evaluation, *, wanted: bool
) -> float:
    return condition.structure.distance(wanted, observation.costs(condition, evaluation))


def _to_effect(
    observer: Observer,
    observation: Observation,
    effect: str,
    part: Applicable,
    evaluation: Evaluation,
) -> float:
    """How far a pack's rules are from an effect: those against it, and the nearest one for it."""
    against, nearest = 0.0, FAR
    for rule in part.rules:
        condition = observer.conditions.of_rule(rule)
        if rule.mode != "enforce" or condition is None:
            continue
        if rule.effect == effect:
            nearest = min(nearest, _to(observation, condition, evaluation, wanted=True))
        else:
            against += _to(observation, condition, evaluation, wanted=False)
    if observation.verdict.effect == effect:
        return 0
    return max(1.0, against + nearest if effect == "allow" else min(nearest, against))
