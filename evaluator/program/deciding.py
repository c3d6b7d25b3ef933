"""The hot path: from a plain request to effect and rule ids by generated functions.

Whatever is not plain, does not satisfy its schema, or may end in an error is left to the
interpreter, which is asked when None is returned here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from evaluator.language.instants import parse_instant
from evaluator.policy.model import Effect
from evaluator.policy.request import Request
from evaluator.program.combining import Finding, Outcome, combine, merge
from evaluator.program.generating import Generated, generate
from evaluator.program.index import Applicable, Index

__all__ = ["Decided", "Decider", "Interpreting", "Settled"]

_NOTHING: Final[Mapping[str, Any]] = {}
_MOST_REMEMBERED: Final = 4096


class Settled:
    """What some rules that fire come to: the same for every request of which they do."""

    __slots__ = ("answer", "applicable", "default", "effect", "outcome", "rule_ids")

    def __init__(
        self, outcome: Outcome, applicable: tuple[Applicable, ...], default: str | None
    ) -> None:
        self.outcome = outcome
        self.applicable = applicable
        self.default = default
        self.effect: Effect = outcome.effect or "deny"
        ids = tuple(finding.rule.id for finding in outcome.reasons)
        self.rule_ids = ids or (default or "no-rule-allows",)
        self.answer: tuple[Effect, tuple[str, ...]] = (self.effect, self.rule_ids)


_NO_POLICY: Final = Settled(Outcome(None, (), (), ()), (), "no-policy-applies")


Decided = tuple[Settled, int, bool]
"""What was settled, at which moment, and whether the request named it."""


class _Judge:
    """The generated functions of a set of applicable rules, and what has been settled by them.

    ``fires`` takes what ``PARAMETERS`` name and gives the bits of the rules that fire, a tuple of
    them where several packs speak; None where only the interpreter can tell.
    """

    __slots__ = ("_applicable", "fires", "settled")

    def __init__(self, applicable: tuple[Applicable, ...]) -> None:
        self._applicable = applicable
        self.settled: dict[Any, Settled] = {}
        self.fires: Callable[..., Any] | None = _together([generate(part) for part in applicable])

    def settle(self, fired: int | tuple[int, ...]) -> Settled:
        """What the rules that fire come to."""
        masks = (fired,) if isinstance(fired, int) else fired
        outcome = merge(
            combine(
                part.pack.combining,
                (Finding(rule) for bit, rule in enumerate(part.rules) if mask >> bit & 1),
            )
            for part, mask in zip(self._applicable, masks, strict=True)
        )
        default = None if outcome.effect else "no-rule-allows"
        made = Settled(outcome, self._applicable, default)
        if len(self.settled) < _MOST_REMEMBERED:  # requests choose which rules fire together
            self.settled[fired] = made
        return made


def _together(functions: Sequence[Generated | None]) -> Callable[..., Any] | None:
    """One function for those of all packs that speak."""
    if None in functions:
        return None
    if len(functions) == 1:
        return functions[0]
    known = [function for function in functions if function is not None]
    return lambda *request: tuple([function(*request) for function in known])


class Interpreting:
    """In place of a ``Decider``: leaves all to the interpreter, so that nothing becomes code."""

    def decide(self, raw: Mapping[str, Any], clock: Callable[[], int]) -> Decided | None:
        """See ``Decider.decide``."""
        return None

    def decide_parsed(self, request: Request, now: int) -> Settled | None:
        """See ``Decider.decide_parsed``."""
        return None

    def warm(self) -> None:
        """There is nothing to generate."""


class Decider:
    """Decides plain requests. Functions are generated when first needed, or by ``warm``."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._judges: dict[tuple[Applicable, ...], _Judge] = {}
        self._by_name: dict[tuple[str, str], _Judge] = {}

    def decide(self, raw: Mapping[str, Any], clock: Callable[[], int]) -> Decided | None:
        """What a request comes to; None where the interpreter has to be asked."""
        try:
            subject, action, resource = raw["subject"], raw["action"], raw["resource"]
            context = raw.get("context", _NOTHING)
            of_subject = subject.get("properties", _NOTHING)
            of_action = action.get("properties", _NOTHING)
            of_resource = resource.get("properties", _NOTHING)
            if (
                not type(context)
                is type(of_subject)
                is type(of_action)
                is type(of_resource)
                is dict
            ):
                return None
            subject_type, subject_id = subject["type"], subject["id"]
            resource_type, resource_id = resource["type"], resource["id"]
            name = action["name"]
            if not (
                type(subject_type)
                is type(subject_id)
                is type(resource_type)
                is type(resource_id)
                is type(name)
                is str
            ):
                return None
            if "time" in context:
                now, from_request = parse_instant(context["time"]), True
                if now is None:
                    return None
            else:
                now, from_request = clock(), False
            judge = self._by_name.get((resource_type, name)) or self._find(resource_type, name)
            if judge is None:
                return _NO_POLICY, now, from_request
            if judge.fires is None:
                return None
            fired = judge.fires(
                subject_type,
                subject_id,
                name,
                resource_type,
                resource_id,
                of_subject,
                of_action,
                of_resource,
                context,
                now,
            )
            return judge.settled.get(fired) or judge.settle(fired), now, from_request
        except Exception:  # noqa: BLE001  # not in order or in doubt: the interpreter knows
            return None

    def decide_parsed(self, request: Request, now: int) -> Settled | None:
        """What a request whose envelope has been read comes to; None as above."""
        try:
            judge = self._find(request.resource_type, request.action_name)
            if judge is None:
                return _NO_POLICY
            if judge.fires is None:
                return None
            fired = judge.fires(*request.arguments, now)
            return judge.settled.get(fired) or judge.settle(fired)
        except Exception:  # noqa: BLE001  # in doubt
            return None

    def warm(self) -> None:
        """Generates the functions for all types and actions that policies spell out."""
        for resource_type, action in self._index.names():
            self._find(resource_type, action)

    def _find(self, resource_type: str, action: str) -> _Judge | None:
        """The judge of the rules for a type and an action; None when there is no rule."""
        known = self._by_name.get((resource_type, action))
        if known is not None:
            return known
        applicable = self._index.find(resource_type, action)
        if not applicable:
            return None
        judge = self._judges.get(applicable)
        if judge is None:
            judge = self._judges[applicable] = _Judge(applicable)
        if self._index.remembers(resource_type, action):
            self._by_name[resource_type, action] = judge
        return judge
