"""How far a question is from showing an obligation, which is what guides the search."""

from __future__ import annotations

from evaluator.language.checker import Checked
from evaluator.policy.model import Rule
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

_STEP = 2.0  # what comes before the last step counts for more


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
    if target.rule is not None:
        far += _before(observer, observation, target.rule, part, evaluation)
    if wanted[0] == "rule":
        return far + _to_fire(observer, observation, target, evaluation, fires=bool(wanted[3]))
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


def _before(
    observer: Observer,
    observation: Observation,
    rule: Rule,
    part: Applicable,
    evaluation: Evaluation,
) -> float:
    """How far the rules before one are from not firing, where the first that does decides."""
    far = 0.0
    if part.pack.combining == "first_match":
        for other in part.rules:
            if other is rule:
                break
            far += _rule(observer, observation, other, evaluation, wanted=False)
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
    assert target.rule is not None
    return _rule(observer, observation, target.rule, evaluation, wanted=fires)


def _rule(
    observer: Observer,
    observation: Observation,
    rule: Rule,
    evaluation: Evaluation,
    *,
    wanted: bool,
) -> float:
    """How far a rule is from firing or, unless that is wanted, from not firing."""
    if rule.mode == "report" and not wanted:
        return 0
    in_force = rule.effective is None or rule.effective.holds(evaluation.now)
    if not in_force:
        return float(wanted)
    condition = observer.conditions.of_rule(rule)
    if condition is None:
        return float(not wanted)
    return _to(observation, condition, evaluation, wanted=wanted)


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
    """How far a pack's rules are from an effect: the nearest one for it, and those against it."""
    if observation.verdict.effect == effect:
        return 0
    combining = part.pack.combining
    against, nearest = 0.0, FAR
    for rule in part.rules:
        if rule.mode != "enforce":
            continue
        fire = _rule(observer, observation, rule, evaluation, wanted=True)
        quiet = _rule(observer, observation, rule, evaluation, wanted=False)
        if rule.effect != effect:
            against += quiet
        elif combining == "first_match":
            nearest = min(nearest, against + fire)
        else:
            nearest = min(nearest, fire)
    by_default = against if effect == "deny" else FAR
    if combining == "first_match" or combining.startswith(effect):
        return max(1.0, min(nearest, by_default))
    return max(1.0, min(nearest + against, by_default))
