"""Mutants of rules and their remedies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evaluator.documents.nodes import Mapping, Scalar, Sequence
from evaluator.policy.reading import entries, items, scalar, text
from evaluator.suites.mutation.conditions import Conditions
from evaluator.suites.mutation.drafts import Draft
from evaluator.suites.mutation.edits import replaced, with_entry, without_entry, without_item
from evaluator.suites.mutation.times import near_instant

__all__ = ["applied", "remedy_drafts", "rule_drafts", "without"]

_OTHER_EFFECT: Final = {"allow": "deny", "deny": "allow"}
_OTHER_MODE: Final = {"enforce": "report", "report": "enforce"}


def rule_drafts(rule: Mapping, conditions: Conditions) -> Iterator[Draft]:
    """The changes of a rule but that it is gone."""
    effect, mode = scalar(rule.get("effect")), scalar(rule.get("mode"))
    if effect is not None:
        yield _instead("effect", effect, _OTHER_EFFECT[effect.text])
        if mode is None:
            edit = with_entry(rule, "effect", "mode: report")
            yield Draft("mode", "on trial: `mode: report`", effect.start, (edit,))
    if mode is not None:
        yield _instead("mode", mode, _OTHER_MODE[mode.text])
    yield from applied(rule, "actions", optional=True)
    yield from _period(rule)
    if "when" in rule:
        yield without("condition", rule, "when")
        yield from conditions.condition(rule.get("when"))
    remedies = rule.get("remedies")
    for number, remedy in enumerate(items(remedies)):
        if isinstance(remedies, Sequence) and isinstance(remedy, Mapping):
            name = text(remedy.get("id")) or text(remedy.get("use"))
            edit = without_item(remedies, number)
            if len(remedies.items) == 1:
                edit = without_entry(rule, "remedies")
            yield Draft("remedy", f"without the remedy `{name}`", remedy.start, (edit,))
            yield from remedy_drafts(remedy, conditions)


def remedy_drafts(remedy: Mapping, conditions: Conditions) -> Iterator[Draft]:
    """The changes of a remedy but that it is gone."""
    if "when" in remedy:
        yield without("condition", remedy, "when")
        yield from conditions.condition(remedy.get("when"))
    sets = remedy.get("sets")
    if isinstance(sets, Mapping):
        yield without("remedy", remedy, "sets")
        for key, value in sets.entries:
            if len(sets) > 1:
                yield without("remedy", sets, key.text)
            yield from conditions.expression(value)


def applied(holder: Mapping, key: str, *, optional: bool) -> Iterator[Draft]:
    """Without an entry of a list of patterns; and without the list where it is ``optional``."""
    patterns = holder.get(key)
    if patterns is None:
        return
    if isinstance(patterns, Sequence) and len(patterns.items) > 1:
        for number, item in enumerate(patterns.items):
            if isinstance(item, Scalar):
                change = f"`{key}` without `{item.text}`"
                yield Draft("applies", change, item.start, (without_item(patterns, number),))
    if optional:
        yield without("applies", holder, key)


def without(operator: str, holder: Mapping, key: str) -> Draft:
    """The mapping without a key."""
    name, _ = holder.members[key]
    return Draft(operator, f"without `{key}`", name.start, (without_entry(holder, key),))


def _period(rule: Mapping) -> Iterator[Draft]:
    period = rule.get("effective")
    if not isinstance(period, Mapping):
        return
    yield without("period", rule, "effective")
    for key, value in entries(period):
        if len(period) > 1:
            yield without("period", period, key.text)
        written = scalar(value)
        if written is not None:
            for instant in near_instant(written.text):
                yield _instead("period", written, instant)


def _instead(operator: str, node: Scalar, new: str) -> Draft:
    edit = replaced(node, new, flow=True)
    return Draft(operator, f"`{node.text}` becomes `{new}`", node.start, (edit,))
