"""Two decisions on one question held against each other, in all that a suite can expect of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from evaluator.decision.decision import Decision
from evaluator.decision.wire import plain
from evaluator.language.values import ABSENT
from evaluator.suites.comparing import erring_ids

__all__ = ["Difference", "decide_alike", "differences", "expected", "hold_alike", "tell_alike"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two decisions differ, spelt as in suites, and its values as JSON data.

    ``old`` or ``new`` is ABSENT for an output or a message that is not there.
    """

    field: str
    old: Any
    new: Any


def decide_alike(old: Decision, new: Decision) -> bool:
    """Whether two decisions have the effect and the reasons in common; that is quickly told."""
    return (
        old.effect == new.effect
        and old.rule_ids == new.rule_ids
        and old.rules_erred == new.rules_erred
    )


def tell_alike(old: Decision, new: Decision) -> bool:
    """Whether they also have everything else in common but until when they hold."""
    return decide_alike(old, new) and not any(True for _ in _told(old, new))


def hold_alike(old: Decision, new: Decision) -> bool:
    """Whether two decisions hold until the same moment; that takes long to find out."""
    return old.valid_until == new.valid_until


def differences(old: Decision, new: Decision) -> Iterator[Difference]:
    """Everything in which they differ, the most important first."""
    if old.effect != new.effect:
        yield Difference("decision", old.effect, new.effect)
    if old.rule_ids != new.rule_ids:
        yield Difference("rules", list(old.rule_ids), list(new.rule_ids))
    yield from _told(old, new)
    until = [None if one.valid_until is None else str(one.valid_until) for one in (old, new)]
    if until[0] != until[1]:
        yield Difference("valid_until", *until)


def _told(old: Decision, new: Decision) -> Iterator[Difference]:
    yield from _ids("remedies", old.remedies, new.remedies, "id")
    yield from _ids("notices", old.notices, new.notices, "rule")
    if erring_ids(old) != erring_ids(new):
        yield Difference("errors", list(erring_ids(old)), list(erring_ids(new)))
    for name in dict.fromkeys([*old.outputs, *new.outputs]):
        one, other = (
            _codes(plain(decision.outputs[name])) if name in decision.outputs else ABSENT
            for decision in (old, new)
        )
        if one != other or repr(one) != repr(other):  # 1 == True
            yield Difference(f"outputs.{name}", one, other)
    yield from _tried(old, new)
    yield from _texts(old, new)


def _ids(field: str, old: tuple[Any, ...], new: tuple[Any, ...], name: str) -> Iterator[Difference]:
    one, other = ([getattr(item, name) for item in items] for items in (old, new))
    if one != other:
        yield Difference(field, one, other)


def _codes(value: Any) -> Any:
    """The value with codes without their texts."""
    if isinstance(value, list):
        return [_codes(item) for item in value]
    if isinstance(value, dict):
        if value.keys() == {"code", "text"}:
            return value["code"]
        return {key: _codes(item) for key, item in value.items()}
    return value


def _tried(old: Decision, new: Decision) -> Iterator[Difference]:
    """What is decided after each remedy: None if it fails, ABSENT if it is no change."""
    if old.effect == new.effect == "deny":
        before, after = _after(old), _after(new)
        offered = {item.id for item in old.remedies} & {item.id for item in new.remedies}
        for remedy in dict.fromkeys([*before, *after]):
            one, other = before.get(remedy, ABSENT), after.get(remedy, ABSENT)
            if one != other and remedy in offered:
                yield Difference(f"then.{remedy}", one, other)


def _after(decision: Decision) -> Mapping[str, str | None]:
    found: dict[str, str | None] = {}
    for remedy in decision.remedies:
        if remedy.sets and remedy.id not in found:
            after = decision.verify(remedy).decision
            found[remedy.id] = None if after is None else after.effect
    return found


def _texts(old: Decision, new: Decision) -> Iterator[Difference]:
    """What is said otherwise in the locale of the decisions, of what both say."""
    before, after = dict(_spoken(old)), dict(_spoken(new))
    for kind, key in before:
        text = before[kind, key]
        other = after.get((kind, key))
        if other is not None and text != other:
            yield Difference(f"{kind}.{old.locale}.{key}", text, other)


def _spoken(decision: Decision) -> Iterator[tuple[tuple[str, str], str]]:
    """Each text, by its field in suites and its key there."""
    for reason in decision.reasons:
        yield ("messages", reason.rule), reason.message
        if reason.description is not None:
            yield ("descriptions", reason.rule), reason.description
        for remedy in reason.remedies:
            yield ("messages", f"{reason.rule}/{remedy.id}"), remedy.message
    for name, value in decision.outputs.items():
        for code in value if isinstance(value, list) else [value]:
            if isinstance(code, dict) and code.keys() == {"code", "text"}:
                yield ("labels", f"{name}/{code['code']}"), code["text"]


def expected(found: tuple[Difference, ...]) -> dict[str, Any]:
    """The fields of an expectation by which a suite sees the differences, as ``old`` has them.

    Effect, reasons, remedies, notices and errors are left out: every case to paste has them.
    """
    expectation: dict[str, Any] = {}
    for difference in found:
        field, _, name = difference.field.partition(".")
        if field == "outputs" and difference.old is ABSENT:
            expectation.setdefault("absent", []).append(name)
        elif field == "outputs":
            expectation.setdefault("outputs", {})[name] = difference.old
        elif field == "then" and difference.old not in (None, ABSENT):
            expectation.setdefault("then", {})[name] = difference.old
        elif field in ("messages", "descriptions", "labels"):
            locale, _, key = name.partition(".")
            expectation.setdefault(field, {}).setdefault(locale, {})[key] = difference.old
        elif field == "valid_until":
            expectation["valid_until"] = difference.old
    return expectation
