"""Decisions compared with what is expected of them: each field that differs, with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from evaluator.decision.decision import Decision
from evaluator.decision.wire import plain
from evaluator.documents.nodes import Mapping as MappingNode
from evaluator.language.values import ABSENT, Timestamp
from evaluator.source import Span
from evaluator.suites.expectations import Expectation, ExpectedIds, ExpectedText

__all__ = ["VACUOUS", "Decide", "Difference", "differences", "erring_ids"]

VACUOUS: Final = frozenset({"invalid-request", "no-policy-applies"})
"""Reserved ids of denials that no policy had a say in: `deny` alone would hold by mistake."""

Decide = Callable[[Mapping[str, Any], str], Decision]
"""Decides a request at the moment of the step, with messages in a locale."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which a decision differs: what was expected, and what it is, as JSON data.

    ``field`` is spelt as in suites: ``rules``, ``outputs.invoice``, ``messages.en.RULE/REMEDY``,
    ``then.REMEDY.decision``; besides these ``verified.REMEDY`` is about a remedy that does not
    work. ``part`` tells that only a part of the field was expected. ``got`` or ``expected`` is
    ``ABSENT`` for an output or a message that is not there; ``note`` says what is left to say.
    ``span`` is where the expectation of the field stands, or else the whole expectation.
    """

    field: str
    expected: Any
    got: Any
    span: Span
    part: bool = False
    note: str | None = None


def differences(
    expectation: Expectation, decision: Decision, request: Mapping[str, Any], decide: Decide
) -> Iterator[Difference]:
    """What differs, one after another; what takes least to find out comes first.

    ``request`` is the one that was decided; of a denial every remedy that is a change of it is
    tried.
    """
    yield from _effect(expectation, decision)
    if expectation.short:
        yield from _short(expectation, decision)
    else:
        if expectation.rules is not None:
            yield from _ids("rules", expectation.rules, decision.rule_ids)
        yield from _details(expectation, decision)
        yield from _texts(expectation, decision, request, decide)
    if decision.effect == "deny":
        yield from _remedies(expectation, decision, decide)
    yield from _valid_until(expectation, decision)


def _effect(expectation: Expectation, decision: Decision) -> Iterator[Difference]:
    if decision.effect != expectation.effect:
        node = expectation.node
        stated = node.get("decision") if isinstance(node, MappingNode) else node
        span = expectation.span if stated is None else stated.span
        yield Difference("decision", expectation.effect, decision.effect, span)


def _short(expectation: Expectation, decision: Decision) -> Iterator[Difference]:
    """Of an effect alone: that it did not come about by an error."""
    if expectation.effect == decision.effect == "deny" and decision.rule_ids[0] in VACUOUS:
        reason = decision.reasons[0]
        note = f"write `rules: [{reason.rule}]` if this is what is meant"
        yield Difference("rules", None, [reason.rule], expectation.span, note=note)
    if decision.rules_erred:
        yield Difference("errors", [], list(erring_ids(decision)), expectation.span)


def _details(expectation: Expectation, decision: Decision) -> Iterator[Difference]:
    remedies = [remedy.id for remedy in decision.remedies]
    yield from _ids("remedies", expectation.remedies, remedies)
    outputs = decision.outputs
    for name, expected in expectation.outputs.items():
        field = f"outputs.{name}"
        if name not in outputs:
            yield Difference(field, expected.value, ABSENT, expected.span, part=not expected.exact)
            continue
        got = plain(outputs[name])
        if not _equals(expected.value, got, part=not expected.exact):
            shown = _with_codes(expected.value, got)
            yield Difference(field, expected.value, shown, expected.span, part=not expected.exact)
    for name, span in expectation.absent.items():
        if name in outputs:
            yield Difference(f"outputs.{name}", ABSENT, plain(outputs[name]), span)
    notices = [notice.rule for notice in decision.notices]
    yield from _ids("notices", expectation.notices, notices)
    yield from _ids("errors", expectation.errors, erring_ids(decision))


def _ids(field: str, expected: ExpectedIds, got: Sequence[str]) -> Iterator[Difference]:
    same = tuple(got) == expected.ids if expected.exact else _in_order(expected.ids, got)
    if not same:
        yield Difference(
            field, list(expected.ids), list(got), expected.span, part=not expected.exact
        )


def _in_order(part: Sequence[Any], whole: Sequence[Any]) -> bool:
    """Whether a list has the items of another in their order, others between them or not."""
    rest = iter(whole)
    return all(any(_equals(item, other, part=True) for other in rest) for item in part)


def erring_ids(decision: Decision) -> tuple[str, ...]:
    """What could not be evaluated: remedies, outputs and rules, reasons first, each once."""
    reasons = [reason.rule for reason in decision.reasons if reason.error is not None]
    others = [problem.remedy or problem.output or problem.rule or "" for problem in decision.errors]
    notices = [notice.rule for notice in decision.notices if notice.error is not None]
    return tuple(dict.fromkeys([*reasons, *others, *notices]))


def _texts(
    expectation: Expectation, decision: Decision, request: Mapping[str, Any], decide: Decide
) -> Iterator[Difference]:
    spoken: dict[str, Decision] = {decision.locale: decision}
    for expected in expectation.texts:
        if expected.locale not in spoken:
            spoken[expected.locale] = decide(request, expected.locale)
        got: Any = _text(spoken[expected.locale], expected)
        field = f"{expected.field}.{expected.locale}.{expected.key}"
        shown = ABSENT if got is None else got
        if expected.whole is None:
            missing = [text for text in expected.contains if got is None or text not in got]
            if missing:
                yield Difference(field, missing, shown, expected.span, part=True)
        elif got != expected.whole:
            yield Difference(field, expected.whole, shown, expected.span)


def _text(decision: Decision, expected: ExpectedText) -> str | None:
    if expected.field == "labels":
        return _label(decision.outputs.get(expected.owner), expected.part)
    reason = next((item for item in decision.reasons if item.rule == expected.owner), None)
    if reason is None:
        return None
    if expected.field == "descriptions":
        return reason.description
    if expected.part is None:
        return reason.message
    return next((item.message for item in reason.remedies if item.id == expected.part), None)


def _label(output: Any, code: str | None) -> str | None:
    """What an output, a code with its text or a list of them, says of a code."""
    for item in output if isinstance(output, list) else [output]:
        if isinstance(item, Mapping) and item.get("code") == code:
            text: str | None = item.get("text")
            return text
    return None


def _valid_until(expectation: Expectation, decision: Decision) -> Iterator[Difference]:
    expected = expectation.valid_until
    if expected is None:
        return
    got = decision.valid_until
    if (None if got is None else got.nanoseconds) != expected.instant:
        instant = None if expected.instant is None else str(Timestamp(expected.instant))
        yield Difference("valid_until", instant, None if got is None else str(got), expected.span)


def _remedies(expectation: Expectation, decision: Decision, decide: Decide) -> Iterator[Difference]:
    """That remedies work which are a change of the request, and what is decided after them."""
    tried = set()
    for remedy, found in decision.verified():
        tried.add(remedy)
        if found.decision is None or found.request is None:
            place = expectation.remedies.span
            yield Difference(f"verified.{remedy}", True, False, place, note=found.problem)
            continue
        after = expectation.then.get(remedy)
        if after is not None:
            for difference in differences(after, found.decision, found.request, decide):
                yield replace(difference, field=f"then.{remedy}.{difference.field}")
    for name, after in expectation.then.items():
        if name not in tried:
            note = "the remedy is not offered"
            yield Difference(f"then.{name}", after.effect, ABSENT, after.span, note=note)


def _equals(expected: Any, got: Any, *, part: bool) -> bool:
    """Whether JSON data is as expected; with ``part`` whether it has what is expected in it.

    A code that has a text, ``{"code": ..., "text": ...}``, may be expected by the code alone.
    """
    if isinstance(got, dict) and got.keys() == {"code", "text"} and not isinstance(expected, dict):
        got = got["code"]
    if isinstance(expected, dict) and isinstance(got, dict):
        same = expected.keys() <= got.keys() if part else expected.keys() == got.keys()
        return same and all(_equals(expected[key], got[key], part=part) for key in expected)
    if isinstance(expected, list) and isinstance(got, list):
        if part:
            return _in_order(expected, got)
        pairs = zip(expected, got, strict=False)
        return len(expected) == len(got) and all(
            _equals(one, other, part=False) for one, other in pairs
        )
    if isinstance(expected, bool) or isinstance(got, bool):
        return expected is got
    return bool(expected == got)


def _with_codes(expected: Any, got: Any) -> Any:
    """What there is, codes without their texts where codes alone are expected."""
    if isinstance(got, list) and isinstance(expected, list):
        if any(isinstance(item, dict) for item in expected):
            return got
        return [_with_codes(None, item) for item in got]
    if isinstance(got, dict) and got.keys() == {"code", "text"} and not isinstance(expected, dict):
        return got["code"]
    return got
