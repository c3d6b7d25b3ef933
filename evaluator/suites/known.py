"""What the packs have that a suite may name: rules, remedies, outputs, codes, locales."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evaluator.decision.messages import pack_locales
from evaluator.policy.model import Output, Pack, Rule

__all__ = ["RESERVED", "Known", "all_rules"]

RESERVED: Final = ("no-rule-allows", "no-policy-applies", "invalid-request")


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Names by kind.

    ``remedies`` maps rules to their remedies, and whether these have ``sets``; ``described`` are
    the rules with a description; ``labels`` maps outputs to the codes that have a text.
    """

    rules: frozenset[str]
    remedies: Mapping[str, Mapping[str, bool]]
    described: frozenset[str]
    outputs: frozenset[str]
    labels: Mapping[str, frozenset[str]]
    locales: tuple[str, ...]

    @classmethod
    def of(cls, packs: Sequence[Pack]) -> Known:
        """The names of some packs, which decide together."""
        remedies: dict[str, dict[str, bool]] = {}
        for rule in all_rules(packs):
            found = remedies.setdefault(rule.id, {})
            for remedy in rule.remedies:
                found[remedy.id] = found.get(remedy.id, False) or bool(remedy.sets)
        labels: dict[str, frozenset[str]] = {}
        for output in all_outputs(packs):
            labels[output.name] = labels.get(output.name, frozenset()).union(output.labels or ())
        return cls(
            rules=frozenset(remedies),
            remedies=remedies,
            described=frozenset(rule.id for rule in all_rules(packs) if rule.description),
            outputs=frozenset(labels),
            labels=labels,
            locales=pack_locales(packs),
        )

    def remedies_of(self, rules: Sequence[str] | None) -> dict[str, bool]:
        """The remedies of some rules, or of all; and whether any of that name has ``sets``."""
        found: dict[str, bool] = {}
        for rule in self.remedies if rules is None else rules:
            for remedy, changes in self.remedies.get(rule, {}).items():
                found[remedy] = found.get(remedy, False) or changes
        return found


def all_rules(packs: Sequence[Pack]) -> Iterator[Rule]:
    """Every rule of every variant of some packs."""
    for pack in packs:
        for variant in pack.variants:
            yield from variant.rules


def all_outputs(packs: Sequence[Pack]) -> Iterator[Output]:
    """Every definition of an output in every variant of some packs."""
    for pack in packs:
        for variant in pack.variants:
            yield from variant.outputs
