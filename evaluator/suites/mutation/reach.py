"""Which rules and outputs depend on what a mutant may change, by its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evaluator.language.checker import Checked
from evaluator.policy.model import Pack, Remedy, Rule, Scope, Variable

__all__ = ["reach_of"]


def reach_of(packs: Sequence[Pack]) -> Mapping[str, frozenset[str]]:
    """The ids of rules and names of outputs by the name of what they depend on.

    That is a constant, table or variable, a remedy, or the rule or output itself.
    """
    found: dict[str, set[str]] = {}
    uses = _Uses()
    for pack in packs:
        for variant in pack.variants:
            for rule in variant.rules:
                for name in _of_rule(rule, uses):
                    found.setdefault(name, set()).add(rule.id)
            for output in variant.outputs:
                for name in (output.name, *uses.of(output.when, output.scope)):
                    found.setdefault(name, set()).add(output.name)
                for name in uses.of(output.value, output.scope):
                    found.setdefault(name, set()).add(output.name)
    return {name: frozenset(users) for name, users in found.items()}


def _of_rule(rule: Rule, uses: _Uses) -> Iterator[str]:
    yield rule.id
    yield from uses.of(rule.condition, rule.scope)
    for remedy in rule.remedies:
        yield from _of_remedy(remedy, rule.scope, uses)


def _of_remedy(remedy: Remedy, scope: Scope, uses: _Uses) -> Iterator[str]:
    yield remedy.id
    yield from uses.of(remedy.when, scope)
    yield from uses.of(remedy.shared_when, remedy.scope)
    for assignment in remedy.sets:
        yield from uses.of(assignment.expression, remedy.scope)
    for template in remedy.message.values():
        for part in template.parts:
            if not isinstance(part, str):
                yield from uses.of(part, remedy.scope)


class _Uses:
    """The names that expressions use, through variables; each expression is looked at once."""

    def __init__(self) -> None:
        self._known: dict[int, frozenset[str]] = {}

    def of(self, checked: Checked | None, scope: Scope) -> frozenset[str]:
        if checked is None:
            return frozenset()
        known = self._known.get(id(checked))
        if known is None:
            found = {name for name in checked.uses if name in scope.names}
            for name in sorted(found):
                definition = scope.names[name]
                if isinstance(definition, Variable):
                    found |= self.of(definition.expression, definition.scope)
            known = self._known[id(checked)] = frozenset(found)
        return known
