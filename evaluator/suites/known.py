"""What the packs have that a suite may name: rules, remedies, outputs, locales."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evaluator.decision.messages import pack_locales
from evaluator.policy.model import Pack, Rule

__all__ = ["RESERVED", "Known", "all_rules"]

RESERVED: Final = ("no-rule-allows", "no-policy-applies", "invalid-request")


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Names by kind. ``remedies`` maps rules to their remedies, and whether these have ``sets``."""

    rules: frozenset[str]
    remedies: Mapping[str, Mapping[str, bool]]
    outputs: frozenset[str]
    locales: tuple[str, ...]

    @classmethod
    def of(cls, packs: Sequence[Pack]) -> Known:
        """The names of some packs, which decide together."""
        remedies: dict[str, dict[str, bool]] = {}
        for rule in all_rules(packs):
            found = remedies.setdefault(rule.id, {})
            for remedy in rule.remedies:
                found[remedy.id] = found.get(remedy.id, False) or bool(remedy.sets)
        outputs = frozenset(
            output.name for pack in packs for variant in pack.variants for output in variant.outputs
        )
        return cls(frozenset(remedies), remedies, outputs, pack_locales(packs))

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
