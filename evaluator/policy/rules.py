"""Rules: linked from their nodes, with condition, period, reason and remedies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from evaluator.diagnostics import Diagnostics
from evaluator.documents.nodes import Node, Scalar
from evaluator.language.checker import NOTHING
from evaluator.language.instants import parse_instant
from evaluator.policy import pack_problems, problems
from evaluator.policy.applies import Narrowing
from evaluator.policy.citations import citation
from evaluator.policy.linking import Link
from evaluator.policy.localized import Translations, localized
from evaluator.policy.model import Applies, Effect, Mode, Period, Rule
from evaluator.policy.packs import PolicySource
from evaluator.policy.reading import child, items, scalar, text, values
from evaluator.policy.remedies import link_remedies

__all__ = ["RESERVED_RULE_IDS", "RuleSource", "collect_rules", "link_rule"]

RESERVED_RULE_IDS: Final = frozenset({"no-rule-allows", "no-policy-applies", "invalid-request"})
_ID_SIGNS: Final = str.maketrans("-_.", "xxx")  # that ids have beside letters and digits


@dataclass(slots=True, eq=False)
class RuleSource:
    """A rule as it is written, and what it is for.

    Nothing changes it; a frozen one would take three times as long to make.
    """

    policy: PolicySource
    policy_name: str
    parts: Mapping[str, Node]
    id: Scalar
    effect: Effect
    applies: Applies
    effective: Period | None


def collect_rules(
    files: Iterable[tuple[PolicySource, str, Applies | None]], diagnostics: Diagnostics
) -> Iterator[RuleSource]:
    """The rules of a pack in its order, their ids compared; those without an id left out."""
    known: dict[str, Scalar] = {}
    for policy, name, applies in files:
        narrowing = None if applies is None else Narrowing(applies, diagnostics)
        for node in items(policy.root.get("rules")):
            part = values(node)
            id_ = scalar(part.get("id"))
            effect = text(part.get("effect"))
            if id_ is None or effect not in ("allow", "deny"):
                continue
            if id_.text in RESERVED_RULE_IDS:
                diagnostics.add(pack_problems.rule_id_reserved(id_.span, id_.text))
            elif not (id_.text.isascii() and id_.text.translate(_ID_SIGNS).isalnum()):
                diagnostics.add(pack_problems.id_invalid(id_.span, id_.text))
            elif id_.text in known:
                diagnostics.add(problems.rule_repeated(id_.span, id_.text, known[id_.text].span))
            known.setdefault(id_.text, id_)
            period = _period(part.get("effective"), diagnostics)
            if narrowing is not None:
                yield RuleSource(
                    policy,
                    name,
                    part,
                    id_,
                    cast("Effect", effect),
                    narrowing.to(part.get("actions")),
                    period,
                )


def _period(node: Node | None, diagnostics: Diagnostics) -> Period | None:
    if node is None:
        return None
    bounds: list[int | None] = []
    for key in ("from", "until"):
        written = scalar(child(node, key))
        instant = None
        if written is not None:
            instant = parse_instant(written.text)
            if instant is None:
                diagnostics.add(problems.not_an_instant(written.span, written.text))
        bounds.append(instant)
    start, until = bounds
    end = scalar(child(node, "until"))
    if start is not None and until is not None and until <= start and end is not None:
        diagnostics.add(problems.period_empty(end.span))
    return Period(start, until)


def link_rule(link: Link, source: RuleSource, translations: Translations) -> Rule:
    """A rule with its expressions checked for the request type of ``link``."""
    policy, part = source.policy, source.parts.get
    condition = link.condition(policy, part("when"))
    holds = NOTHING if condition is None else condition.when_true
    return Rule(
        id=source.id.text,
        policy=source.policy_name,
        effect=source.effect,
        mode=cast("Mode", text(part("mode")) or "enforce"),
        applies=source.applies,
        effective=source.effective,
        condition=condition,
        scope=link.scope(policy),
        reason=localized(link, policy, part("reason"), translations, holds),
        description=localized(link, policy, part("description"), translations, holds),
        remedies=link_remedies(link, policy, part("remedies"), translations, holds),
        source=citation(part("source")),
        span=source.id.span,
    )
