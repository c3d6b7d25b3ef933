"""The boolean structure of a condition: its atoms, when one of them decides, and how far it is off.

An *atom* is a part that is true or false and is not itself made with ``&&``, ``||``, ``!`` or
``?:``: a comparison, a call, an attribute, a name. What is inside a macro such as ``exists``
belongs to the atom that the macro is. An atom *decides* when, the others being what they are, its
other value would give another outcome (masking MC/DC). All atoms count with the value that they
have, also where evaluation would have stopped before them: ``a && b`` with both false is decided by
neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluator.language.syntax import Call, Conditional, Expr, Literal, Logical

__all__ = ["Atom", "Chain", "Choice", "Fixed", "Not", "Structure", "Tree", "Truth"]

Truth = bool | None
"""True, false, or None for an error."""


@dataclass(frozen=True, slots=True)
class Atom:
    """The atom of a number, counted in the order of the text."""

    number: int


@dataclass(frozen=True, slots=True)
class Fixed:
    """``true`` or ``false`` written out."""

    value: bool


@dataclass(frozen=True, slots=True)
class Not:
    """``!``."""

    part: Tree


@dataclass(frozen=True, slots=True)
class Chain:
    """``&&``, where ``neutral`` is true, or ``||``, where it is false."""

    neutral: bool
    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """``condition ? then : otherwise``."""

    condition: Tree
    then: Tree
    otherwise: Tree


Tree = Atom | Fixed | Not | Chain | Choice


@dataclass(frozen=True, slots=True)
class Structure:
    """A condition's tree, and the node of each atom by its number."""

    tree: Tree
    atoms: tuple[Expr, ...]

    @classmethod
    def of(cls, root: Expr) -> Structure:
        atoms: list[Expr] = []
        return cls(_tree(root, atoms), tuple(atoms))

    @property
    def is_plain(self) -> bool:
        """Whether the condition is one atom and nothing more."""
        return isinstance(self.tree, Atom)

    def outcome(self, values: Sequence[Truth]) -> Truth:
        """What the condition comes to when its atoms have these values."""
        return _outcome(self.tree, values)

    def decides(self, number: int, values: Sequence[Truth]) -> bool:
        """Whether the atom's other value would give another outcome."""
        flipped = list(values)
        flipped[number] = not values[number]
        return _outcome(self.tree, values) is not _outcome(self.tree, flipped)

    def distance(self, wanted: bool, costs: Sequence[tuple[float, float]]) -> float:
        """How far the condition is from an outcome: 0 when it has it.

        ``costs`` are, for each atom, how far it is from false and how far from true.
        """
        return _cost(self.tree, wanted, costs)

    def distance_to_decide(
        self, number: int, value: bool, costs: Sequence[tuple[float, float]]
    ) -> float:
        """How far the condition is from being decided by an atom that has this value."""
        return _to_decide(self.tree, number, value, costs)


def _tree(node: Expr, atoms: list[Expr]) -> Tree:
    if isinstance(node, Logical):
        return Chain(node.operator == "&&", tuple(_tree(part, atoms) for part in node.operands))
    if isinstance(node, Call) and node.function == "!_":
        return Not(_tree(node.args[0], atoms))
    if isinstance(node, Conditional):
        return Choice(
            _tree(node.condition, atoms), _tree(node.then, atoms), _tree(node.otherwise, atoms)
        )
    if isinstance(node, Literal) and isinstance(node.value, bool):
        return Fixed(node.value)
    atoms.append(node)
    return Atom(len(atoms) - 1)


def _outcome(tree: Tree, values: Sequence[Truth]) -> Truth:
    if isinstance(tree, Atom):
        return values[tree.number]
    if isinstance(tree, Fixed):
        return tree.value
    if isinstance(tree, Not):
        inner = _outcome(tree.part, values)
        return None if inner is None else not inner
    if isinstance(tree, Choice):
        condition = _outcome(tree.condition, values)
        if condition is None:
            return None
        return _outcome(tree.then if condition else tree.otherwise, values)
    found: Truth = tree.neutral
    for part in tree.parts:
        value = _outcome(part, values)
        if value is (not tree.neutral):
            return value
        if value is None:
            found = None
    return found


def _cost(tree: Tree, wanted: bool, costs: Sequence[tuple[float, float]]) -> float:
    if isinstance(tree, Atom):
        return costs[tree.number][wanted]
    if isinstance(tree, Fixed):
        return 0 if tree.value is wanted else 1e6
    if isinstance(tree, Not):
        return _cost(tree.part, not wanted, costs)
    if isinstance(tree, Choice):
        return min(
            _cost(tree.condition, True, costs) + _cost(tree.then, wanted, costs),
            _cost(tree.condition, False, costs) + _cost(tree.otherwise, wanted, costs),
        )
    parts = [_cost(part, wanted, costs) for part in tree.parts]
    return sum(parts) if wanted is tree.neutral else min(parts)


def _to_decide(tree: Tree, number: int, value: bool, costs: Sequence[tuple[float, float]]) -> float:
    if isinstance(tree, Atom):
        return costs[number][value]
    if isinstance(tree, Not):
        return _to_decide(tree.part, number, value, costs)
    if isinstance(tree, Chain):
        return sum(
            _to_decide(part, number, value, costs)
            if number in _numbers(part)
            else _cost(part, tree.neutral, costs)
            for part in tree.parts
        )
    assert isinstance(tree, Choice)
    if number in _numbers(tree.then):
        inner = _to_decide(tree.then, number, value, costs)
        return _cost(tree.condition, True, costs) + inner
    if number in _numbers(tree.otherwise):
        inner = _to_decide(tree.otherwise, number, value, costs)
        return _cost(tree.condition, False, costs) + inner
    differing = min(
        _cost(tree.then, first, costs) + _cost(tree.otherwise, not first, costs)
        for first in (True, False)
    )
    return _to_decide(tree.condition, number, value, costs) + differing


def _numbers(tree: Tree) -> Iterator[int]:
    if isinstance(tree, Atom):
        yield tree.number
    elif isinstance(tree, Not):
        yield from _numbers(tree.part)
    elif isinstance(tree, Chain):
        for part in tree.parts:
            yield from _numbers(part)
    elif isinstance(tree, Choice):
        for part in (tree.condition, tree.then, tree.otherwise):
            yield from _numbers(part)
