"""Obligations: what suites have to show of packs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from evaluator.policy.model import Localized, Output, Remedy, Rule, Variable
from evaluator.program.index import Applicable
from evaluator.source import Span
from evaluator.suites.coverage.conditions import Condition, place_of
from evaluator.suites.coverage.observing import Event, Observer
from evaluator.suites.search.expressions import Expression, of_rule

__all__ = ["Kind", "Obligation", "Target", "obligations"]

Kind = Literal["rule", "condition", "remedy", "output", "message", "decision"]


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """Where an obligation is in one variant of a pack: what a search has to reach."""

    part: Applicable
    rule: Rule | None = None
    remedy: Remedy | None = None
    output: Output | None = None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Obligation:
    """Something that the suites of a pack have to show.

    ``owner`` and ``what`` say it in words: "rule `mca-role`", "fires". ``event`` is what shows it;
    for an atom, of which it is ``("atom", place, number)``, a pair of events that go on from it
    with the atom's value and the outcome. ``text`` is the atom's. ``rules`` are the ids of the
    rules that it is about.
    """

    kind: Kind
    owner: str
    what: str
    span: Span | None
    event: Event
    text: str | None = None
    rules: set[str] = field(default_factory=set)
    targets: list[Target] = field(default_factory=list, repr=False)

    @property
    def words(self) -> str:
        """The whole in words."""
        return f"{self.owner} {self.what}"


class _Collector:
    """Obligations by event: what several variants or rules share is one."""

    def __init__(self) -> None:
        self.found: dict[Event, Obligation] = {}

    def add(self, made: Obligation, target: Target, rules: Iterable[str] = ()) -> None:
        known = self.found.setdefault(made.event, made)
        known.targets.append(target)
        known.rules.update(rules)


def obligations(observer: Observer) -> tuple[Obligation, ...]:
    """Every obligation of the observer's packs, by file and place; decisions come last.

    A rule must fire and, if it has a condition or a period, not fire. Each atom of a condition must
    decide with either value, with different outcomes: conditions are those of rules, remedies and
    outputs, composed ones of variables, and those before a ``?`` in a value. Each remedy must be
    offered, each definition of an output be used, each message be told in each locale it has. For
    each resource type and action that policies spell out, allow and deny must be decided, where
    rules make both possible.
    """
    collector = _Collector()
    for pack in observer.packs:
        for variant in pack.variants:
            part = Applicable(pack, variant, tuple(variant.rules), tuple(variant.outputs))
            _of_rules(collector, observer, part)
            _of_outputs(collector, observer, part)
            _of_variables(collector, observer, part)
    found = list(collector.found.values())
    found.sort(key=_order)
    return (*found, *_decisions(observer))


def _order(obligation: Obligation) -> tuple[str, int, int]:
    span = obligation.span
    assert span is not None  # decisions alone have none
    return span.source.name, span.start, _KINDS.index(obligation.kind)


_KINDS: Sequence[Kind] = ("rule", "condition", "remedy", "output", "message", "decision")


def _of_rules(collector: _Collector, observer: Observer, part: Applicable) -> None:
    for rule in part.rules:
        target = Target(part, rule=rule)
        owner = f"rule `{rule.id}`"
        for fired, what in ((True, "fires"), (False, "does not fire")):
            if not fired and rule.condition is None and rule.effective is None:
                continue
            event = ("rule", rule.policy, rule.id, fired)
            made = Obligation("rule", owner, what, rule.span, event)
            collector.add(made, target, [rule.id])
        condition = observer.conditions.of_rule(rule)
        if condition is not None:
            _of_condition(collector, condition, Target(part, rule=rule, condition=condition))
        _of_text(collector, rule.reason, f"the reason of {owner}", target)
        if rule.mode == "enforce":
            _of_text(collector, rule.description, f"the description of {owner}", target)
            if rule.effect == "deny":
                _of_remedies(collector, observer, part, rule)


def _of_remedies(collector: _Collector, observer: Observer, part: Applicable, rule: Rule) -> None:
    for remedy in rule.remedies:
        target = Target(part, rule=rule, remedy=remedy)
        event = ("remedy", rule.policy, rule.id, remedy.id)
        owner = f"remedy `{remedy.id}`"
        what = f"of rule `{rule.id}` is offered"
        collector.add(Obligation("remedy", owner, what, remedy.span, event), target, [rule.id])
        found = list(observer.conditions.of_remedy(rule, remedy))
        for assignment in remedy.sets:
            value = assignment.expression
            inner = observer.conditions.of_value(value, remedy.scope, owner)
            found += [guarded.condition for guarded in inner]
        for condition in found:
            inside = Target(part, rule=rule, remedy=remedy, condition=condition)
            _of_condition(collector, condition, inside)
        _of_text(collector, remedy.message, f"the message of {owner}", target)


def _of_outputs(collector: _Collector, observer: Observer, part: Applicable) -> None:
    for output in part.outputs:
        target = Target(part, output=output)
        owner = f"output `{output.name}`"
        event = ("output", place_of(output.span))
        collector.add(Obligation("output", owner, "is given", output.span, event), target)
        found = [
            guarded.condition
            for guarded in observer.conditions.of_value(output.value, output.scope, owner)
        ]
        if output.when is not None:
            found.append(observer.conditions.of_when(output.when, output.scope, owner))
        for condition in found:
            _of_condition(collector, condition, Target(part, output=output, condition=condition))
        for code, localized in (output.labels or {}).items():
            _of_text(collector, localized, f"the text of `{code}` of {owner}", target)


def _of_variables(collector: _Collector, observer: Observer, part: Applicable) -> None:
    users = _users(part)
    for guarded in observer.conditions.variables(part):
        condition = guarded.condition
        rules = users.get(condition.title, ())
        _of_condition(collector, condition, Target(part, condition=condition), rules)


def _users(part: Applicable) -> dict[str, set[str]]:
    """The rules that use each variable, by its title."""
    users: dict[str, set[str]] = {}
    for rule in part.rules:
        waiting: list[Expression] = list(of_rule(rule))
        seen: set[Variable] = set()
        while waiting:
            checked, scope = waiting.pop()
            for name in checked.uses:
                variable = scope.names.get(name)
                if isinstance(variable, Variable) and variable not in seen:
                    seen.add(variable)
                    users.setdefault(f"variable `{variable.name}`", set()).add(rule.id)
                    waiting.append((variable.expression, variable.scope))
    return users


def _of_condition(
    collector: _Collector, condition: Condition, target: Target, rules: Iterable[str] = ()
) -> None:
    mentioned = [target.rule.id] if target.rule is not None else rules
    for number, (text, span) in enumerate(zip(condition.texts, condition.spans, strict=True)):
        event = ("atom", condition.place, number)
        made = Obligation(
            "condition", condition.title, f"is decided by `{text}`", span, event, text
        )
        collector.add(made, target, mentioned)


def _of_text(
    collector: _Collector, localized: Localized | None, owner: str, target: Target
) -> None:
    for locale, template in (localized or {}).items():
        event = ("message", place_of(template.span), locale)
        made = Obligation("message", owner, f"is told in `{locale}`", template.span, event)
        collector.add(made, target, [target.rule.id] if target.rule is not None else ())


def _decisions(observer: Observer) -> Iterator[Obligation]:
    index = observer.program.index
    names = sorted(set(index.names()))
    for resource_type in sorted({name for name, _ in names}):
        for action in sorted({name for _, name in names}):
            parts = index.find(resource_type, action)
            if not parts:
                continue
            rules = [rule for part in parts for rule in part.rules if rule.mode == "enforce"]
            targets = [Target(part) for part in parts]
            for effect in ("allow", "deny"):
                if _is_possible(effect, rules):
                    yield Obligation(
                        "decision",
                        f"`{action}` of `{resource_type}`",
                        "is allowed" if effect == "allow" else "is denied",
                        None,
                        ("decision", resource_type, action, effect),
                        targets=list(targets),
                    )


def _is_possible(effect: str, rules: Sequence[Rule]) -> bool:
    allows = [rule for rule in rules if rule.effect == "allow"]
    if effect == "allow":
        return bool(allows)
    always = any(rule.condition is None and rule.effective is None for rule in allows)
    return not always or len(allows) < len(rules)
