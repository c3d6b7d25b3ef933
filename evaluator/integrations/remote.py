"""A decision that a service made: read from its JSON, with the interface of ``Decision``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from evaluator.decision.explanation import Node, RuleExplanation
from evaluator.decision.languages import locale_of
from evaluator.decision.messages import BUILTIN_LOCALES, builtin
from evaluator.decision.parts import Location, Notice, PackInfo, Problem, Reason, Remedy
from evaluator.decision.wire import decision_json
from evaluator.language.instants import parse_instant
from evaluator.language.values import Timestamp
from evaluator.policy.model import Effect

__all__ = [
    "MalformedError",
    "RemoteDecision",
    "RemoteExplanation",
    "denial",
    "read_answer",
    "read_explanation",
]

_UNKNOWN_LOCALE: Final = "und"  # BCP 47: undetermined
_KINDS: Final = ("allow", "deny", "indeterminate", "default")


class MalformedError(Exception):
    """JSON that is no decision; the text says where."""


@dataclass(frozen=True, slots=True)
class RemoteDecision:
    """Allow or deny, with every reason, as a service told it in one locale.

    It reads as ``Decision`` does, with these differences. Texts are in the one locale that was
    asked for, ``und`` where neither side named one. ``outputs`` are JSON data: instants and lengths
    of time are text. Places have no columns (they are 1) but those of errors. ``id`` is what the
    service knows the decision by, ``ignored`` are the JSON pointers of what it did not look at,
    such as ``/context/time``.
    """

    effect: Effect
    reasons: tuple[Reason, ...]
    decided_at: Timestamp
    outputs: Mapping[str, Any] = field(default_factory=dict)
    valid_until: Timestamp | None = None
    notices: tuple[Notice, ...] = ()
    errors: tuple[Problem, ...] = ()
    packs: tuple[PackInfo, ...] = ()
    now_from: str = "clock"
    locale: str = _UNKNOWN_LOCALE
    id: str | None = None
    ignored: tuple[str, ...] = ()

    @property
    def allowed(self) -> bool:
        return self.effect == "allow"

    @property
    def rule_ids(self) -> tuple[str, ...]:
        """The ids of the rules that decided, or the reserved id."""
        return tuple(reason.rule for reason in self.reasons)

    @property
    def remedies(self) -> tuple[Remedy, ...]:
        """The remedies of all reasons, in order."""
        return tuple(remedy for reason in self.reasons for remedy in reason.remedies)

    def to_dict(self, locale: str | None = None) -> dict[str, Any]:
        """The decision as JSON data, in the locale that it came in whatever ``locale`` is."""
        return decision_json(
            effect=self.effect,
            reasons=self.reasons,
            outputs=self.outputs,
            valid_until=self.valid_until,
            notices=self.notices,
            errors=self.errors,
            packs=self.packs,
            decided_at=self.decided_at,
            now_from=self.now_from,
        )


@dataclass(frozen=True, slots=True)
class RemoteExplanation:
    """A decision of a service, and every rule that was for the request, in pack order."""

    decision: RemoteDecision
    rules: tuple[RuleExplanation, ...]

    def of(self, rules: Collection[str]) -> RemoteExplanation:
        """The explanation of some rules only."""
        kept = tuple(one for one in self.rules if one.rule in rules)
        return RemoteExplanation(self.decision, kept)

    def to_dict(self, locale: str | None = None) -> dict[str, Any]:
        return {
            "decision": self.decision.to_dict(locale),
            "rules": [rule.to_dict() for rule in self.rules],
        }


def denial(rule: str, problem: str, *, now: int, locale: str | None) -> RemoteDecision:
    """The denial, at ``now`` in nanoseconds, that stands where there is no decision.

    ``rule`` is ``invalid-request``, or ``service-unavailable``, which is not to be kept.
    """
    spoken = (locale_of(locale, BUILTIN_LOCALES) if locale else None) or "en"
    message = builtin(rule, spoken, problem=problem)
    reason = Reason(rule, None, "default", message, None, (), None)
    at = Timestamp(now)
    return RemoteDecision(
        "deny",
        (reason,),
        at,
        valid_until=at if rule == "service-unavailable" else None,
        locale=spoken,
    )


def read_answer(answer: Any, *, locale: str | None) -> RemoteDecision:
    """An answer of the Access Evaluation API of AuthZEN 1.0, whose ``context`` is ours.

    It allows only if ``decision`` is ``true``. A service that tells no reasons is taken as it is.
    ``locale`` is the one that was asked for. Raises ``MalformedError``.
    """
    told = _object(answer, "")
    effect = _get(told, "decision", _bool)
    context = _get(told, "context", _object, {})
    named: str | None = _get(context, "locale", _text, None)
    named = named or next(iter(_get(context, "reason_user", _object, {})), None)
    return _decision("allow" if effect else "deny", context, named or _asked(locale))


def read_explanation(answer: Any, *, locale: str | None) -> RemoteExplanation:
    """What ``/v1/explain`` answers. Raises ``MalformedError``."""
    told = _object(answer, "")
    document = _get(told, "decision", _object)
    effect = _get(document, "decision", _text)
    if effect not in ("allow", "deny"):
        raise MalformedError("`decision` is neither `allow` nor `deny`")
    decision = _decision("allow" if effect == "allow" else "deny", document, _asked(locale))
    return RemoteExplanation(decision, _several(told, "rules", _rule))


def _asked(locale: str | None) -> str | None:
    """The locale that was asked for, if it was a single one."""
    return None if locale is None or "," in locale or ";" in locale else locale


def _decision(effect: Effect, told: Mapping[str, Any], locale: str | None) -> RemoteDecision:
    return RemoteDecision(
        effect,
        _several(told, "reasons", _reason),
        _get(told, "decided_at", _instant, Timestamp(0)),
        outputs=_get(told, "outputs", _object, {}),
        valid_until=_get(told, "valid_until", _instant, None),
        notices=_several(told, "notices", _notice),
        errors=_several(told, "errors", _problem),
        packs=_several(told, "packs", _pack),
        now_from=_get(told, "now_from", _text, "clock"),
        locale=locale or _UNKNOWN_LOCALE,
        id=_get(told, "id", _text, None),
        ignored=_several(told, "ignored", _text),
    )


def _reason(value: Any, path: str) -> Reason:
    told = _object(value, path)
    rule = _get(told, "rule", _text)
    policy = _get(told, "policy", _text, None)
    remedies = tuple(
        Remedy(
            _get(remedy, "id", _text),
            rule,
            policy or "",
            _get(remedy, "message", _text),
            _get(remedy, "sets", _object, {}),
        )
        for remedy in _several(told, "remedies", _object)
    )
    return Reason(
        rule,
        policy,
        _get(told, "kind", _kind),
        _get(told, "message", _text),
        _get(told, "description", _text, None),
        remedies,
        _get(told, "at", _place, None),
        _cause_of(told, policy, rule),
    )


def _notice(value: Any, path: str) -> Notice:
    told = _object(value, path)
    rule = _get(told, "rule", _text)
    policy = _get(told, "policy", _text)
    return Notice(
        rule,
        policy,
        _get(told, "effect", _text),
        _get(told, "kind", _kind),
        _get(told, "message", _text),
        _get(told, "at", _place),
        _cause_of(told, policy, rule),
    )


def _cause_of(told: Mapping[str, Any], policy: str | None, rule: str) -> Problem | None:
    cause = _get(told, "error", _object, None)
    if cause is None:
        return None
    return _problem({**cause, "policy": policy, "rule": rule}, "error")


def _problem(value: Any, path: str) -> Problem:
    told = _object(value, path)
    return Problem(
        _get(told, "kind", _text),
        _get(told, "message", _text),
        _get(told, "at", _place, None),
        _get(told, "policy", _text, None),
        _get(told, "rule", _text, None),
        _get(told, "remedy", _text, None),
        _get(told, "output", _text, None),
    )


def _pack(value: Any, path: str) -> PackInfo:
    told = _object(value, path)
    return PackInfo(*(_get(told, key, _text) for key in ("name", "version", "digest")))


def _rule(value: Any, path: str) -> RuleExplanation:
    told = _object(value, path)
    return RuleExplanation(
        _get(told, "rule", _text),
        _get(told, "policy", _text),
        _get(told, "effect", _text),
        _get(told, "mode", _text),
        _get(told, "at", _place),
        _get(told, "state", _any),
        _get(told, "decisive", _bool),
        _get(told, "condition", _node, None),
    )


def _node(value: Any, path: str) -> Node:
    told = _object(value, path)
    return Node(
        _get(told, "text", _text),
        _get(told, "value", _text, None),
        _get(told, "kind", _any),
        _get(told, "at", _place),
        _several(told, "children", _node),
        _get(told, "matters", _bool),
        _get(told, "label", _text, None),
    )


# Reading JSON: each takes a value and its place, and returns it typed.

_T = TypeVar("_T")
_REQUIRED: Final[Any] = object()


def _get(
    told: Mapping[str, Any], key: str, read: Callable[[Any, str], _T], default: Any = _REQUIRED
) -> _T:
    """A member, read; without it, or where it is null, the default if there is one."""
    value = told.get(key)
    if value is None and default is not _REQUIRED:
        found: _T = default
        return found
    return read(value, key)


def _several(told: Mapping[str, Any], key: str, read: Callable[[Any, str], _T]) -> tuple[_T, ...]:
    """The items of a list, each read; none where there is no list."""
    value = told.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise MalformedError(f"`{key}` is not an array")
    return tuple(read(item, f"{key}[{index}]") for index, item in enumerate(value))


def _any(value: Any, path: str) -> Any:
    return _text(value, path)


def _object(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedError(f"{f'`{path}`' if path else 'the answer'} is not an object")
    return value


def _text(value: Any, path: str) -> str:
    if not isinstance(value, str):
        raise MalformedError(f"`{path}` is not a text")
    return value


def _bool(value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        raise MalformedError(f"`{path}` is neither true nor false")
    return value


def _kind(value: Any, path: str) -> Any:
    if value not in _KINDS:
        raise MalformedError(f"`{path}` is none of {', '.join(_KINDS)}")
    return value


def _instant(value: Any, path: str) -> Timestamp:
    instant = parse_instant(_text(value, path))
    if instant is None:
        raise MalformedError(f"`{path}` is not a date and time of RFC 3339")
    return Timestamp(instant)


def _place(value: Any, path: str) -> Location:
    told = _object(value, path)
    return Location(
        _get(told, "file", _text), _get(told, "line", _number), _get(told, "column", _number, 1)
    )


def _number(value: Any, path: str) -> int:
    if type(value) is not int:
        raise MalformedError(f"`{path}` is not an integer")
    return value
