"""What of a decision is compared: the ids and values in it, without the words for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from evaluator.decision.decision import Decision
from evaluator.decision.wire import plain
from evaluator.diagnostics import Diagnostic
from evaluator.history import problems
from evaluator.language.values import ABSENT, Timestamp

__all__ = ["Answer", "Given", "answer_of", "read_answer"]

_EFFECTS: Final = ("allow", "deny")


@dataclass(frozen=True, slots=True)
class Given:
    """A reason or a notice: which rule, how it came about, and in words.

    ``kind`` is ``allow``, ``deny``, ``indeterminate`` or ``default``. ``file`` and ``line`` are
    None for a reserved id, and where a log does not tell them.
    """

    rule: str
    policy: str | None
    kind: str
    message: str = field(default="", compare=False)
    file: str | None = field(default=None, compare=False)
    line: int | None = field(default=None, compare=False)


Remedies = Mapping[tuple[str, str], Any]
"""What each remedy sets, as JSON data by pointer; the key is the rule's id and its own."""

Failures = frozenset[tuple[str, str]]
"""What could not be evaluated, ``rule``, ``rule/remedy`` or ``output``, and the kind of error."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A decision as far as it is compared.

    A part that a log does not have is None, ``valid_until`` then is ``ABSENT``; it is not compared.
    """

    effect: str
    reasons: tuple[Given, ...] | None
    remedies: Remedies | None
    outputs: Mapping[str, Any] | None
    notices: tuple[Given, ...] | None
    errors: Failures | None
    valid_until: Any


def answer_of(decision: Decision, *, validity: bool = True) -> Answer:
    """What a decision answers; without ``validity`` not until when, which takes as long again."""
    until = decision.valid_until if validity else ABSENT
    return Answer(
        effect=decision.effect,
        reasons=tuple(map(_given, decision.reasons)),
        remedies={(one.rule, one.id): dict(one.sets) for one in decision.remedies},
        outputs={name: _codes(plain(value)) for name, value in decision.outputs.items()},
        notices=tuple(map(_given, decision.notices)),
        errors=frozenset(
            (
                "/".join(part for part in (one.rule, one.remedy, one.output) if part),
                one.kind,
            )
            for one in decision.errors
        ),
        valid_until=str(until) if isinstance(until, Timestamp) else until,
    )


def _given(item: Any) -> Given:
    """A reason or a notice of a decision."""
    at = item.at
    return Given(
        item.rule,
        item.policy,
        item.kind,
        item.message,
        None if at is None else at.file,
        None if at is None else at.line,
    )


def _codes(value: Any) -> Any:
    """The value of an output with codes in place of codes and their texts."""
    if isinstance(value, dict):
        if value.keys() == {"code", "text"}:
            return value["code"]
        return {key: _codes(item) for key, item in value.items()}
    return [_codes(item) for item in value] if isinstance(value, list) else value


def read_answer(document: Mapping[str, Any]) -> Answer | Diagnostic:
    """What a logged decision answers: a decision as JSON, of which parts may be missing."""
    effect = document.get("decision")
    if effect not in _EFFECTS:
        return problems.record_decision("decision", "`allow` or `deny`")
    try:
        return _read(effect, document)
    except _DamagedError as damaged:
        return problems.record_decision(damaged.field, damaged.expected)


class _DamagedError(Exception):
    def __init__(self, field: str, expected: str) -> None:
        self.field = field
        self.expected = expected
        super().__init__(field, expected)


def _read(effect: str, document: Mapping[str, Any]) -> Answer:
    reasons = _objects(document, "reasons")
    notices = _objects(document, "notices")
    errors = _objects(document, "errors")
    outputs = document.get("outputs")
    if outputs is not None and not isinstance(outputs, dict):
        raise _DamagedError("outputs", "an object")
    return Answer(
        effect=effect,
        reasons=None if reasons is None else tuple(_read_given(one, "reasons") for one in reasons),
        remedies=None if reasons is None else _read_remedies(reasons),
        outputs=None if outputs is None else {key: _codes(one) for key, one in outputs.items()},
        notices=None if notices is None else tuple(_read_given(one, "notices") for one in notices),
        errors=None if errors is None else frozenset(map(_read_error, errors)),
        valid_until=document.get("valid_until", ABSENT),
    )


def _objects(document: Mapping[str, Any], field: str) -> list[dict[str, Any]] | None:
    value = document.get(field)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise _DamagedError(field, "a list of objects")
    return value


def _read_given(item: Mapping[str, Any], field: str) -> Given:
    at = item.get("at")
    place = at if isinstance(at, dict) else {}
    line = place.get("line")
    return Given(
        _text(item, field, "rule"),
        item["policy"] if isinstance(item.get("policy"), str) else None,
        _text(item, field, "kind"),
        item["message"] if isinstance(item.get("message"), str) else "",
        place["file"] if isinstance(place.get("file"), str) else None,
        line if type(line) is int else None,
    )


def _read_remedies(reasons: list[dict[str, Any]]) -> Remedies | None:
    found: dict[tuple[str, str], Any] = {}
    for reason in reasons:
        remedies = _objects(reason, "remedies")
        if remedies is None:  # a log of rules alone
            return None
        for remedy in remedies:
            key = (_text(reason, "reasons", "rule"), _text(remedy, "remedies", "id"))
            found[key] = remedy.get("sets") or {}
    return found


def _read_error(item: Mapping[str, Any]) -> tuple[str, str]:
    named = [item.get(part) for part in ("rule", "remedy", "output")]
    return "/".join(part for part in named if isinstance(part, str)), _text(item, "errors", "kind")


def _text(item: Mapping[str, Any], field: str, key: str) -> str:
    value = item.get(key)
    if not isinstance(value, str):
        raise _DamagedError(f"{field}.{key}", "a text")
    return value
