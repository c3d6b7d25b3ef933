"""The conditions of packs: where each stands, its structure, and an expression for each atom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from evaluator.language.checker import Checked
from evaluator.language.syntax import Bind, Comprehension, Conditional, Expr, Name, children
from evaluator.language.types import BOOL
from evaluator.policy.model import Remedy, Rule, Scope, Variable
from evaluator.program.index import Applicable
from evaluator.source import Span
from evaluator.suites.coverage.structure import Structure

__all__ = ["Condition", "Conditions", "Guarded", "Place", "place_of"]

Place = tuple[str, int, int]
"""A stretch of a file: its name, and offsets in code points."""


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A condition. ``title`` says whose it is; ``parts`` are its atoms as expressions.

    ``definitions`` has, for an atom that is the name of a variable with a structure of its own, the
    condition that the variable is.
    """

    title: str
    place: Place
    span: Span
    structure: Structure
    parts: tuple[Checked, ...]
    definitions: tuple[Condition | None, ...]
    scope: Scope

    @property
    def texts(self) -> tuple[str, ...]:
        """The text of each atom on one line."""
        return tuple(" ".join(part.parsed.text(part.root).split()) for part in self.parts)

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where each atom stands."""
        return tuple(part.parsed.span(part.root) for part in self.parts)


@dataclass(frozen=True, slots=True, eq=False)
class Guarded:
    """A condition inside a value, reached where the guards have the values that stand with them."""

    condition: Condition
    guards: tuple[tuple[Checked, bool], ...]


_NO_GUARDS: Final[tuple[tuple[Checked, bool], ...]] = ()


class Conditions:
    """Makes conditions of expressions, each once."""

    def __init__(self) -> None:
        # By the expression's identity; the condition keeps the expression alive.
        self._made: dict[tuple[int, int], Condition] = {}
        self._values: dict[int, tuple[Checked, tuple[Guarded, ...]]] = {}
        self._variables: dict[Applicable, tuple[Guarded, ...]] = {}
        self._kept: list[Checked] = []

    def of_rule(self, rule: Rule) -> Condition | None:
        if rule.condition is None:
            return None
        return self._condition(rule.condition, rule.scope, f"rule `{rule.id}`")

    def of_remedy(self, rule: Rule, remedy: Remedy) -> tuple[Condition, ...]:
        """The conditions of a remedy: that of a shared one itself, then that of its use."""
        title = f"remedy `{remedy.id}`"
        found = []
        if remedy.shared_when is not None:
            found.append(self._condition(remedy.shared_when, remedy.scope, title))
        if remedy.when is not None:
            found.append(self._condition(remedy.when, rule.scope, title))
        return tuple(found)

    def of_when(self, when: Checked, scope: Scope, title: str) -> Condition:
        return self._condition(when, scope, title)

    def of_value(self, value: Checked, scope: Scope, title: str) -> tuple[Guarded, ...]:
        """The conditions that choose a value: those before ``?``, or a composed condition itself.

        What is inside macros is left out: it has no value of its own outside of their turns.
        """
        known = self._values.get(id(value))
        if known is None:
            made = tuple(self._of_value(value, scope, title))
            known = self._values[id(value)] = (value, made)
        return known[1]

    def variables(self, part: Applicable) -> tuple[Guarded, ...]:
        """The conditions in the variables that the decisive parts of rules and outputs use."""
        known = self._variables.get(part)
        if known is None:
            known = self._variables[part] = tuple(self._in_variables(part))
        return known

    def _of_value(self, value: Checked, scope: Scope, title: str) -> Iterator[Guarded]:
        if value.type == BOOL:
            whole = self._condition(value, scope, title)
            if not whole.structure.is_plain:
                yield Guarded(whole, _NO_GUARDS)
            return
        yield from self._choices(value.root, value, scope, title, _NO_GUARDS)

    def _choices(
        self,
        node: Expr,
        value: Checked,
        scope: Scope,
        title: str,
        guards: tuple[tuple[Checked, bool], ...],
    ) -> Iterator[Guarded]:
        if isinstance(node, Conditional):
            yield Guarded(self._condition(value, scope, title, node.condition), guards)
            condition = replace(value, root=node.condition)
            for branch, holds in ((node.then, True), (node.otherwise, False)):
                yield from self._choices(branch, value, scope, title, (*guards, (condition, holds)))
        elif isinstance(node, Comprehension):
            yield from self._choices(node.range, value, scope, title, guards)
        elif not isinstance(node, Bind):
            for child in children(node):
                yield from self._choices(child, value, scope, title, guards)

    def _in_variables(self, part: Applicable) -> Iterator[Guarded]:
        waiting: list[tuple[Checked, Scope]] = []
        for rule in part.rules:
            if rule.condition is not None:
                waiting.append((rule.condition, rule.scope))
            for remedy in rule.remedies:
                if remedy.shared_when is not None:
                    waiting.append((remedy.shared_when, remedy.scope))
                if remedy.when is not None:
                    waiting.append((remedy.when, rule.scope))
                waiting += [(item.expression, remedy.scope) for item in remedy.sets]
        for output in part.outputs:
            if output.when is not None:
                waiting.append((output.when, output.scope))
            waiting.append((output.value, output.scope))
        seen: set[Variable] = set()
        while waiting:
            checked, scope = waiting.pop(0)
            for name in sorted(checked.uses):
                variable = scope.names.get(name)
                if isinstance(variable, Variable) and variable not in seen:
                    seen.add(variable)
                    waiting.append((variable.expression, variable.scope))
                    title = f"variable `{variable.name}`"
                    yield from self.of_value(variable.expression, variable.scope, title)

    def _condition(
        self, checked: Checked, scope: Scope, title: str, node: Expr | None = None
    ) -> Condition:
        root = checked.root if node is None else node
        key = (id(checked), root.id)
        made = self._made.get(key)
        if made is None:
            self._kept.append(checked)
            structure = Structure.of(root)
            span = checked.parsed.span(root)
            made = self._made[key] = Condition(
                title,
                place_of(span),
                span,
                structure,
                tuple(replace(checked, root=atom) for atom in structure.atoms),
                tuple(self._definition(atom, scope) for atom in structure.atoms),
                scope,
            )
        return made

    def _definition(self, atom: Expr, scope: Scope) -> Condition | None:
        variable = scope.names.get(atom.name) if isinstance(atom, Name) else None
        if not isinstance(variable, Variable) or variable.expression.type != BOOL:
            return None
        title = f"variable `{variable.name}`"
        inner = self._condition(variable.expression, variable.scope, title)
        return None if inner.structure.is_plain and inner.definitions[0] is None else inner


def place_of(span: Span) -> Place:
    """The place of a span, by which what several variants of a pack share is told to be one."""
    return span.source.name, span.start, span.end
