"""Matrices: every combination of some fixtures, and the table of what is expected of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from evaluator.diagnostics import Diagnostics
from evaluator.documents.nodes import Mapping as MappingNode
from evaluator.documents.nodes import Node, Scalar
from evaluator.policy.reading import child, entries, items
from evaluator.source import Span
from evaluator.suites import problems
from evaluator.suites.assertions import FIELDS, Assertions
from evaluator.suites.expectations import Expectation
from evaluator.suites.fixtures import KINDS, Kind

__all__ = ["Cell", "Dimension", "cells", "dimensions"]


@dataclass(frozen=True, slots=True, eq=False)
class Dimension:
    """One kind of fixtures in a matrix, and the names that it has there."""

    kind: Kind
    members: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A combination: one name of each dimension, and what is expected of it.

    ``label`` has the names of the dimensions with several members; None where there are none.
    """

    names: dict[Kind, Scalar]
    label: str | None
    expectation: Expectation


def dimensions(matrix: Node, diagnostics: Diagnostics) -> tuple[Dimension, ...]:
    """The dimensions of a matrix, in the order they are written."""
    found = []
    for key, value in entries(matrix):
        kind = next((kind for kind in KINDS if kind == key.text), None)
        if kind is None:
            continue
        members: dict[str, Scalar] = {}
        for item in items(value):
            if isinstance(item, Scalar):
                if item.text in members:
                    first = members[item.text].span
                    diagnostics.add(problems.member_repeated(item.span, item.text, first))
                members.setdefault(item.text, item)
        found.append(Dimension(kind, tuple(members.values())))
    return tuple(found)


def cells(
    case: MappingNode,
    matrix: Sequence[Dimension],
    assertions: Assertions,
    diagnostics: Diagnostics,
) -> Iterator[Cell]:
    """Every combination with its expectation, the last dimension changing fastest.

    Combinations of which nothing is expected are reported, and so is what is no combination.
    """
    table = _Table([part for part in matrix if len(part.members) > 1], assertions, diagnostics)
    default = child(case, "default")
    otherwise = None if default is None else assertions.read(default, validated=True)
    expect = child(case, "expect")
    if expect is not None:
        table.read(expect, ())
    missing = []
    for combination in product(*(part.members for part in matrix)):
        names = {part.kind: name for part, name in zip(matrix, combination, strict=True)}
        label = tuple(names[part.kind].text for part in table.levels)
        expectation = table.found.get(label, otherwise)
        if expectation is not None:
            yield Cell(names, ", ".join(label) or None, expectation)
        elif default is None and label not in table.failed:
            missing.append(", ".join(label))
    if missing and (expect is not None or default is not None):
        diagnostics.add(problems.combinations_unlisted(_heading(case, expect), missing))


def _heading(case: MappingNode, expect: Node | None) -> Span:
    entry = case.entry("expect") or case.entry("matrix")
    return entry[0].span if entry else case.span if expect is None else expect.span


class _Table:
    """The expectations of a table by combination: ``failed`` are those that cannot be read."""

    def __init__(
        self, levels: Sequence[Dimension], assertions: Assertions, diagnostics: Diagnostics
    ) -> None:
        self.levels = levels
        self.found: dict[tuple[str, ...], Expectation] = {}
        self.failed: set[tuple[str, ...]] = set()
        self._assertions = assertions
        self._diagnostics = diagnostics

    def read(self, node: Node, above: tuple[str, ...]) -> None:
        """Takes in the part of the table below the members ``above``."""
        if len(above) == len(self.levels) or not self._is_table(node, len(above)):
            expectation = self._assertions.read(node)
            for below in product(*(part.members for part in self.levels[len(above) :])):
                combination = (*above, *(name.text for name in below))
                if expectation is None:
                    self.failed.add(combination)
                else:
                    self.found[combination] = expectation
            return
        level = self.levels[len(above)]
        members = {name.text for name in level.members}
        for key, value in entries(node):
            if key.text in members:
                self.read(value, (*above, key.text))
            else:
                self._unknown(key, level)

    def _is_table(self, node: Node, depth: int) -> bool:
        if not isinstance(node, MappingNode):
            return False
        keys = node.members.keys()
        if "decision" in keys:
            return False
        members = {name.text for name in self.levels[depth].members}
        return bool(keys & members) or not keys & FIELDS

    def _unknown(self, key: Scalar, level: Dimension) -> None:
        members = [name.text for name in level.members]
        other = next(
            (
                part.kind
                for part in self.levels
                if part is not level and key.text in {name.text for name in part.members}
            ),
            None,
        )
        self._diagnostics.add(
            problems.combination_unknown(key.span, key.text, level.kind, members, other)
        )
