"""A decision on a request that is not known whole: allow, deny, or what it depends on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from evaluator.decision.parts import Kind, Location
from evaluator.diagnostics import Diagnostic, did_you_mean
from evaluator.errors import RequestError
from evaluator.language.types import ObjectType
from evaluator.language.values import Timestamp
from evaluator.policy import request_problems as problems
from evaluator.policy.model import Effect, Pack
from evaluator.policy.pointers import ENVELOPE, Path
from evaluator.policy.request_types import ROOTS, RequestType
from evaluator.program.partial import PartialVerdict

__all__ = ["Condition", "PartialDecision", "PartialReason", "attribute_paths", "partial_decision"]


@dataclass(frozen=True, slots=True)
class Condition:
    """A rule that fires when ``when``, which is what is left of its condition, is true.

    ``when`` is an expression over the unknown attributes; the variables, constants and tables of
    the policy have been put in.
    """

    rule: str
    policy: str
    effect: Effect
    when: str
    at: Location


@dataclass(frozen=True, slots=True)
class PartialReason:
    """A rule whose part in the decision is certain, or a reserved id of kind ``default``."""

    rule: str
    policy: str | None
    kind: Kind


@dataclass(frozen=True, slots=True)
class PartialDecision:
    """What can be decided of a request of which some attributes are not known.

    ``effect`` is None when it depends on them: on ``depends_on``, by the ``conditions`` of the
    rules that may or may not fire. ``reasons`` are what is certain, with an ``effect`` those of it.
    """

    effect: Effect | None
    depends_on: tuple[str, ...]
    conditions: tuple[Condition, ...]
    reasons: tuple[PartialReason, ...]
    decided_at: Timestamp

    @property
    def allowed(self) -> bool | None:
        """Whether it is allow; None when it depends."""
        return None if self.effect is None else self.effect == "allow"

    def to_dict(self) -> dict[str, Any]:
        """As JSON data: ``decision`` is ``allow``, ``deny`` or ``depends``."""
        return {
            "schema": 1,
            "decision": self.effect or "depends",
            "depends_on": list(self.depends_on),
            "conditions": [
                {
                    "rule": one.rule,
                    "policy": one.policy,
                    "effect": one.effect,
                    "when": one.when,
                    "at": {"file": one.at.file, "line": one.at.line},
                }
                for one in self.conditions
            ],
            "reasons": [
                {"rule": one.rule, "policy": one.policy, "kind": one.kind} for one in self.reasons
            ],
            "decided_at": str(self.decided_at),
        }


def partial_decision(verdict: PartialVerdict, now: int) -> PartialDecision:
    """The decision that a partial verdict is."""
    reasons = [
        PartialReason(one.rule.id, one.rule.policy, _kind(one.kind)) for one in verdict.certain
    ]
    if verdict.default is not None:
        reasons = [PartialReason(verdict.default, None, "default")]
    effect = next(iter(verdict.effects)) if len(verdict.effects) == 1 else None
    return PartialDecision(
        effect,
        tuple(sorted(frozenset().union(*(one.paths for one in verdict.left)))),
        tuple(
            Condition(
                one.rule.id,
                one.rule.policy,
                one.rule.effect,
                one.condition,
                Location.of(one.rule.span),
            )
            for one in verdict.left
        ),
        tuple(reasons),
        Timestamp(now),
    )


def _kind(kind: str) -> Kind:
    return "indeterminate" if kind == "indeterminate" else "allow" if kind == "allow" else "deny"


# Paths


def attribute_paths(texts: Iterable[str], packs: Iterable[Pack]) -> tuple[tuple[str, Path], ...]:
    """The attributes that paths such as ``resource.total`` or ``context`` name.

    Raises ``RequestError`` for what is none, what no schema of the packs knows, and what selects
    the rules: type, id and the action's name have to be known.
    """
    known = [variant.request_type for pack in packs for variant in pack.variants]
    found, wrong = [], []
    for text in [texts] if isinstance(texts, str) else texts:
        root, *parts = text.split(".")
        problem = _problem(text, root, tuple(parts), known)
        if problem is None:
            found.append((root, tuple(parts)))
        else:
            wrong.append(problem)
    if wrong:
        raise RequestError(wrong)
    return tuple(found)


def _problem(text: str, root: str, path: Path, known: list[RequestType]) -> Diagnostic | None:
    if root not in ROOTS or not all(path):
        guess = did_you_mean(root, ROOTS)
        return problems.unknown_path(
            text,
            "is no attribute of a request",
            f"did you mean `{guess}`?" if guess else "write it as expressions do: `resource.total`",
        )
    if (root, path) in ENVELOPE:
        return problems.unknown_path(
            text, "has to be known: it is what finds the rules", "give it in the request"
        )
    if not path or any(one.type_of(root, path) is not None for one in known):
        return None
    names = {
        name
        for one in known
        if isinstance(type_ := one.roots[root], ObjectType)
        for name in type_.fields
    }
    guess = did_you_mean(path[0], sorted(names))
    hint = f"did you mean `{root}.{guess}`?" if guess and path[0] not in names else None
    return problems.unknown_path(text, "is not known to the schema of requests", hint)
