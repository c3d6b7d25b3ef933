"""What differs between two answers to a request, and which differences explain the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from evaluator.history.answers import Answer, Given
from evaluator.language.values import ABSENT

__all__ = ["Change", "Flip", "causes", "changes", "flip"]

Part = Literal["reason", "order", "remedy", "output", "notice", "error", "valid_until", "decision"]
How = Literal["added", "removed", "changed"]
Flip = Literal["allow", "deny"]

_NOTHING_FIRED: Final = "no-rule-allows"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: a part of the decision, which of them, and how it changed.

    ``name`` is the id of a rule, ``rule/remedy``, the name of an output, or what could not be
    evaluated; "" where there is only one. ``rule`` is the rule that it comes from, ``policy`` that
    rule's, where they are known. ``kind`` is a reason's or an error's.
    """

    part: Part
    name: str
    how: How
    rule: str | None = None
    policy: str | None = None
    kind: str | None = None


def flip(old: Answer, new: Answer) -> Flip | None:
    """What the decision has become, if it was another before."""
    if old.effect == new.effect:
        return None
    return "allow" if new.effect == "allow" else "deny"


def changes(old: Answer, new: Answer) -> tuple[Change, ...]:
    """Every difference, parts in the order that a decision has them."""
    return (
        *_reasons(old, new),
        *_remedies(old, new),
        *_outputs(old, new),
        *_notices(old, new),
        *_errors(old, new),
        *_valid_until(old, new),
    )


def causes(
    old: Answer,
    new: Answer,
    found: tuple[Change, ...],
    *,
    edited: Callable[[Change], bool] | None = None,
) -> tuple[Change, ...]:
    """The differences that explain the others; at least one if there is any.

    A decision that flips does so by the rules that came or went; that outputs and remedies come and
    go with it needs no telling. ``edited`` tells which rules are known to decide otherwise, which
    settles what the order of rules leaves open.
    """
    turned = flip(old, new)
    reasons = tuple(one for one in found if one.part == "reason")
    always = tuple(one for one in found if one.part in ("notice", "error"))
    if turned is not None and (old.reasons is None or new.reasons is None):
        # A log of effects alone: what decides now is all that is known.
        told = tuple(_of_given("reason", given, "added") for given in new.reasons or ())
        return (*(told or (Change("decision", "", "changed"),)), *always)
    if turned is not None:
        by = _flipping(old, new, turned, reasons, edited)
        return (*(by or (Change("decision", "", "changed"),)), *always)
    order = tuple(one for one in found if one.part == "order")
    ruled = tuple(one for one in reasons if one.kind != "default")
    reasons = ruled or tuple(one for one in reasons if one.how != "removed")
    gone = {one.rule for one in reasons}
    # Remedies of a rule that came or went did so with it.
    remedies = tuple(one for one in found if one.part == "remedy" and one.rule not in gone)
    outputs = tuple(one for one in found if one.part == "output")
    explaining = (*reasons, *order, *remedies, *outputs, *always)
    return explaining or found


def _flipping(
    old: Answer,
    new: Answer,
    turned: Flip,
    reasons: tuple[Change, ...],
    edited: Callable[[Change], bool] | None,
) -> tuple[Change, ...]:
    added = tuple(one for one in reasons if one.how != "removed")
    removed = tuple(one for one in reasons if one.how != "added")
    if turned == "allow":
        usual, others = removed, added
    else:
        usual, others = added, removed
    denial = old if turned == "allow" else new
    if any(given.rule == _NOTHING_FIRED for given in denial.reasons or ()):
        usual, others = others, usual  # what allows came or went; nothing denies
    if edited is not None:
        for side in (usual, others):
            by = tuple(filter(edited, side))
            if by:
                return by
    return usual or others


def _reasons(old: Answer, new: Answer) -> Iterator[Change]:
    if old.reasons is None or new.reasons is None:
        if old.effect != new.effect:
            yield Change("decision", "", "changed")
        return
    before, after = _by_rule(old.reasons, new.reasons)
    for key, given in before.items():
        other = after.get(key)
        if other is None:
            yield _of_given("reason", given, "removed")
        elif other.kind != given.kind:
            yield _of_given("reason", other, "changed")
    for key, given in after.items():
        if key not in before:
            yield _of_given("reason", given, "added")
    if before.keys() == after.keys() and list(before) != list(after):
        yield Change("order", "", "changed")


def _by_rule(
    old: tuple[Given, ...], new: tuple[Given, ...]
) -> tuple[dict[tuple[str, str], Given], dict[tuple[str, str], Given]]:
    """Both by pack and rule, since packs may call rules alike; by rule where a log has no more."""
    both = (*old, *new)
    told = all(given.policy is not None or given.kind == "default" for given in both)

    def key(given: Given) -> tuple[str, str]:
        return ((given.policy or "").partition(".")[0] if told else "", given.rule)

    return {key(given): given for given in old}, {key(given): given for given in new}


def _of_given(part: Part, given: Given, how: How) -> Change:
    return Change(part, given.rule, how, given.rule, given.policy, given.kind)


def _remedies(old: Answer, new: Answer) -> Iterator[Change]:
    if old.remedies is None or new.remedies is None:
        return
    for key, how in _mappings(old.remedies, new.remedies):
        rule, remedy = key
        yield Change("remedy", f"{rule}/{remedy}", how, rule)


def _outputs(old: Answer, new: Answer) -> Iterator[Change]:
    if old.outputs is None or new.outputs is None:
        return
    for name, how in _mappings(old.outputs, new.outputs):
        yield Change("output", name, how)


def _mappings(old: Mapping[Any, Any], new: Mapping[Any, Any]) -> Iterator[tuple[Any, How]]:
    for key, value in old.items():
        if key not in new:
            yield key, "removed"
        elif not same(value, new[key]):
            yield key, "changed"
    for key in new:
        if key not in old:
            yield key, "added"


def same(one: Any, other: Any) -> bool:
    """Whether JSON data are the same; true is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def _notices(old: Answer, new: Answer) -> Iterator[Change]:
    if old.notices is None or new.notices is None:
        return
    before, after = _by_rule(old.notices, new.notices)
    for key, given in before.items():
        if key not in after:
            yield _of_given("notice", given, "removed")
        elif after[key].kind != given.kind:
            yield _of_given("notice", after[key], "changed")
    for key, given in after.items():
        if key not in before:
            yield _of_given("notice", given, "added")


def _errors(old: Answer, new: Answer) -> Iterator[Change]:
    if old.errors is None or new.errors is None:
        return
    for name, kind in sorted(old.errors - new.errors):
        yield Change("error", name, "removed", name.partition("/")[0], None, kind)
    for name, kind in sorted(new.errors - old.errors):
        yield Change("error", name, "added", name.partition("/")[0], None, kind)


def _valid_until(old: Answer, new: Answer) -> Iterator[Change]:
    if ABSENT in (old.valid_until, new.valid_until):
        return
    if old.valid_until != new.valid_until:
        yield Change("valid_until", "", "changed")
