"""In which order definitions can be evaluated and checked: each after those that it depends on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from evaluator.diagnostics import Diagnostics
from evaluator.policy import pack_problems as problems
from evaluator.policy.expressions import Expressions
from evaluator.policy.names import Definition, FileNames
from evaluator.policy.packs import PolicySource

__all__ = ["Dependencies"]


@dataclass(frozen=True, slots=True, eq=False)
class Dependencies:
    """What each definition of a pack uses directly.

    ``order`` has all of them, used before user; those in ``circular`` depend on themselves, or on
    one that does, and are left out of it.
    """

    uses: Mapping[Definition, tuple[Definition, ...]]
    order: tuple[Definition, ...]
    circular: frozenset[Definition] = field(default=frozenset())

    @classmethod
    def of(
        cls,
        files: Mapping[PolicySource, FileNames],
        expressions: Expressions,
        diagnostics: Diagnostics,
    ) -> Dependencies:
        """The dependencies of all files' definitions; each circle is reported once."""
        uses = {
            definition: tuple(_used(definition, names, expressions))
            for names in files.values()
            for definition in names.own.values()
        }
        order = tuple(_in_order(uses))
        circular = frozenset(uses).difference(order)
        _report_circles(uses, circular, diagnostics)
        return cls(uses, order, circular)

    def closure(self, definitions: Iterable[Definition]) -> set[Definition]:
        """Some definitions with all that they depend on."""
        found: set[Definition] = set()
        stack = list(definitions)
        while stack:
            definition = stack.pop()
            if definition not in found:
                found.add(definition)
                stack.extend(self.uses[definition])
        return found


def _used(
    definition: Definition, names: FileNames, expressions: Expressions
) -> Iterator[Definition]:
    if definition.parsed is not None:
        for name in sorted(expressions.names(definition.parsed)):
            if name in names.visible:
                yield names.visible[name]


def _in_order(uses: Mapping[Definition, tuple[Definition, ...]]) -> Iterator[Definition]:
    users: dict[Definition, list[Definition]] = {definition: [] for definition in uses}
    open_uses = {}
    for definition, used in uses.items():
        open_uses[definition] = len(used)
        for one in used:
            users[one].append(definition)
    ready = [definition for definition, count in open_uses.items() if not count]
    for definition in ready:  # grows while it is read
        yield definition
        for user in users[definition]:
            open_uses[user] -= 1
            if not open_uses[user]:
                ready.append(user)


def _report_circles(
    uses: Mapping[Definition, tuple[Definition, ...]],
    circular: frozenset[Definition],
    diagnostics: Diagnostics,
) -> None:
    done: set[Definition] = set()
    for start in uses:
        path: dict[Definition, None] = {}
        at = start
        # Each member of `circular` uses another one, so this walk ends on a circle.
        while at in circular and at not in done and at not in path:
            path[at] = None
            at = next(one for one in uses[at] if one in circular)
        if at in path:
            circle = list(path)[list(path).index(at) :]
            diagnostics.add(
                problems.definition_cycle(
                    circle[0].key.span,
                    [definition.name for definition in circle],
                    [definition.key.span for definition in circle],
                )
            )
        done.update(path)
