"""Which rules and outputs are for a resource type and an action, found by look-up."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from evaluator.policy.model import Applies, Lookup, Output, Pack, Rule, Variant

__all__ = ["Applicable", "Index"]


@dataclass(frozen=True, slots=True, eq=False)
class Applicable:
    """The rules (one at least) and outputs of a pack that are for a request, in pack order."""

    pack: Pack
    variant: Variant
    rules: tuple[Rule, ...]
    outputs: tuple[Output, ...]
    _members: frozenset[Rule] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_members", frozenset(self.rules))

    def contains(self, rule: Rule) -> bool:
        return rule in self._members


_MOST_REMEMBERED: Final = 100_000


class Index:
    """Finds the applicable rules of all packs.

    Only names that patterns spell out are remembered; what a request brings besides is matched anew
    against the wildcards, so that requests cannot fill memory. Equal sets of rules share one
    ``Applicable``.
    """

    def __init__(self, packs: Sequence[Pack]) -> None:
        self._tables = [_Table(pack, variant) for pack in packs for variant in pack.variants]
        self._by_pack = [[table for table in self._tables if table.pack is pack] for pack in packs]
        self._types = frozenset().union(*(table.types for table in self._tables))
        self._actions = frozenset().union(*(table.actions for table in self._tables))
        self._known: dict[tuple[str, str], tuple[Applicable, ...]] = {}

    def find(self, resource_type: str, action: str) -> tuple[Applicable, ...]:
        """What applies, in the order of the packs. Packs without a rule for it are left out."""
        key = (resource_type, action)
        found = self._known.get(key)
        if found is None:
            found = self._search(resource_type, action)
            if self.remembers(resource_type, action):
                self._known[key] = found
        return found

    def remembers(self, resource_type: str, action: str) -> bool:
        """Whether what applies to these names is kept: policies spell them out."""
        if resource_type not in self._types or action not in self._actions:
            return False
        return len(self._known) < _MOST_REMEMBERED or (resource_type, action) in self._known

    def names(self) -> Iterator[tuple[str, str]]:
        """The pairs of a type and an action that policies spell out."""
        for table in self._tables:
            yield from table.pairs

    def actions_on(self, resource_type: str) -> frozenset[str]:
        """The actions that policies spell out for a resource type, whatever they say of them."""
        return frozenset().union(*(table.actions_on(resource_type) for table in self._tables))

    def _search(self, resource_type: str, action: str) -> tuple[Applicable, ...]:
        found = []
        for tables in self._by_pack:
            for table in tables:
                if table.variant.actions.matches(action):
                    applicable = table.find(resource_type, action)
                    if applicable is not None:
                        found.append(applicable)
                    break
        return tuple(found)


class _Table:
    """The rules and outputs of one variant of a pack, with a first cut by literal names."""

    def __init__(self, pack: Pack, variant: Variant) -> None:
        self.pack = pack
        self.variant = variant
        self._lookup = variant.lookup or Lookup.of(variant.rules, variant.outputs)
        self.types = self._lookup.types
        self.actions = self._lookup.actions
        self._sets: dict[tuple[int, ...], Applicable | None] = {}

    @property
    def pairs(self) -> Iterable[tuple[str, str]]:
        return self._lookup.exact.keys()

    @cached_property
    def _by_type(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for resource_type, action in self._lookup.exact:
            found.setdefault(resource_type, []).append(action)
        return found

    def actions_on(self, resource_type: str) -> Iterator[str]:
        """The actions that are spelt out for a resource type; one may come several times."""
        yield from self._by_type.get(resource_type, ())
        for _, applies in self._lookup.wild:
            if applies.resources.matches(resource_type):
                yield from applies.actions.literals

    def find(self, resource_type: str, action: str) -> Applicable | None:
        exact = self._lookup.exact.get((resource_type, action), ())
        wild = [
            number
            for number, applies in self._lookup.wild
            if _applies(applies, resource_type, action)
        ]
        numbers = tuple(sorted([*exact, *wild])) if wild else tuple(exact)
        try:
            return self._sets[numbers]
        except KeyError:
            applicable = self._sets[numbers] = self._assemble(numbers)
            return applicable

    def _assemble(self, numbers: tuple[int, ...]) -> Applicable | None:
        rules, outputs = self.variant.rules, self.variant.outputs
        count = len(rules)
        first = bisect_left(numbers, count)
        if not first:
            return None
        return Applicable(
            self.pack,
            self.variant,
            tuple([rules[number] for number in numbers[:first]]),
            tuple([outputs[number - count] for number in numbers[first:]]),
        )


def _applies(applies: Applies, resource_type: str, action: str) -> bool:
    return applies.resources.matches(resource_type) and applies.actions.matches(action)
