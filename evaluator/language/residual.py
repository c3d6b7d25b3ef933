"""Partial evaluation: what is left of an expression when some of what it reads is known.

What is known becomes a literal; ``&&``, ``||`` and ``?:`` lose what no longer matters; loops over
known lists become the conditions of their turns. A part that is known to end in an error stays, as
``||`` and the like may still absorb it. Evaluating what is left gives the value that the whole has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from evaluator.language.budget import Budget, BudgetExceededError
from evaluator.language.functions.registry import Registry
from evaluator.language.interpreter import Activation, Run
from evaluator.language.syntax import (
    Attribute,
    Bind,
    Call,
    Comprehension,
    ComprehensionKind,
    Conditional,
    Entry,
    Expr,
    ListExpr,
    Literal,
    Logical,
    MapExpr,
    Message,
    Name,
    Select,
    walk,
)
from evaluator.language.values import ErrorValue, Map, Unknown

__all__ = ["Definition", "residual"]

Definition = Callable[[str], "tuple[Expr, Activation, Definition] | None"]
"""What a name stands for: the tree of a variable, and what the names in that one stand for."""

_MOST_TURNS: Final = 16
"""Loops over longer lists are kept as loops."""
_MOST_NODES: Final = 2_000
"""An expression that unrolling would make larger than that is kept as it is."""


def residual(
    root: Expr,
    activation: Activation,
    *,
    functions: Registry,
    prefixes: Sequence[str] = (),
    overloads: Mapping[int, tuple[str, ...]] | None = None,
    definition: Definition | None = None,
    unrolls: bool = True,
) -> Expr:
    """The tree that is left. ``activation`` gives ``Unknown`` for what is not known.

    ``definition`` tells which names are variables whose own expressions are to be put in their
    place; ``unrolls`` whether loops over known lists become conditions. Ids in the tree that is
    returned are not unique: print it, or parse what is printed.
    """
    run = Run(activation, functions, None, Budget(), None)
    run.prefixes = tuple(prefixes)
    run.overloads = overloads or {}
    return _Folding(run, definition, unrolls).fold(root, {})


Locals = Mapping[str, Any]


class _Folding:
    def __init__(self, run: Run, definition: Definition | None, unrolls: bool) -> None:
        self._run = run
        self._definition = definition
        self._unrolls = unrolls
        self._nodes = 0

    def fold(self, node: Expr, locals_: Locals) -> Expr:
        """What is left of a node; local variables are known values or ``Unknown``."""
        self._nodes += 1
        value = self._value(node, locals_)
        if type(value) is not Unknown and type(value) is not ErrorValue:
            return _literal(node.id, value)
        fold = _FOLDS.get(type(node))
        return node if fold is None else fold(self, node, locals_)

    def _value(self, node: Expr, locals_: Locals) -> Any:
        try:
            return self._run.value(node, locals_)
        except (BudgetExceededError, RecursionError):
            return Unknown(frozenset())

    def _name(self, node: Name, locals_: Locals) -> Expr:
        found = None
        if self._definition is not None and node.name not in locals_:
            found = self._definition(node.name)
        if found is None:
            return node
        root, activation, definition = found
        run = Run(activation, self._run.functions, None, self._run.budget, None)
        inner = _Folding(run, definition, self._unrolls)
        folded = inner.fold(root, {})
        self._nodes += inner._nodes
        return folded

    def _select(self, node: Select, locals_: Locals) -> Expr:
        operand = node.operand
        if type(operand) is Attribute:
            return node
        return replace(node, operand=self.fold(operand, locals_))

    def _call(self, node: Call, locals_: Locals) -> Expr:
        target = None if node.target is None else self._target(node.target, locals_)
        args = tuple(self.fold(arg, locals_) for arg in node.args)
        return replace(node, target=target, args=args)

    def _target(self, target: Expr, locals_: Locals) -> Expr:
        # `strings.quote(x)`, unchecked: the target is a part of the function's name.
        if (
            self._run.prefixes
            and type(target) is Name
            and type(self._run.value(target, locals_)) is ErrorValue
        ):
            return target
        return self.fold(target, locals_)

    def _logical(self, node: Logical, locals_: Locals) -> Expr:
        neutral = node.operator == "&&"
        left = [self.fold(operand, locals_) for operand in node.operands]
        kept = [part for part in left if not (type(part) is Literal and part.value is neutral)]
        return _joined(node.id, node.operator, kept)

    def _conditional(self, node: Conditional, locals_: Locals) -> Expr:
        condition = self.fold(node.condition, locals_)
        if type(condition) is Literal and condition.value is True:
            return self.fold(node.then, locals_)
        if type(condition) is Literal and condition.value is False:
            return self.fold(node.otherwise, locals_)
        then, otherwise = self.fold(node.then, locals_), self.fold(node.otherwise, locals_)
        return Conditional(node.id, condition, then, otherwise)

    def _list(self, node: ListExpr, locals_: Locals) -> Expr:
        elements = tuple(self.fold(element, locals_) for element in node.elements)
        return replace(node, elements=elements)

    def _map(self, node: MapExpr | Message, locals_: Locals) -> Expr:
        entries = tuple(
            Entry(
                entry.id,
                self.fold(entry.key, locals_),
                self.fold(entry.value, locals_),
                entry.optional,
            )
            for entry in node.entries
        )
        return replace(node, entries=entries)

    def _comprehension(self, node: Comprehension, locals_: Locals) -> Expr:
        over = self.fold(node.range, locals_)
        if type(over) is Literal:
            unrolled = self._unrolled(node, over.value, locals_)
            if unrolled is not None:
                return unrolled
        names = dict.fromkeys(node.variables, _LOCAL)
        inner = {**locals_, **names}
        return replace(
            node,
            range=over,
            filter=None if node.filter is None else self.fold(node.filter, inner),
            body=self.fold(node.body, inner),
        )

    def _unrolled(self, node: Comprehension, over: Any, locals_: Locals) -> Expr | None:
        """``all`` and ``exists`` over known elements as the conditions of their turns."""
        if node.kind not in _QUANTIFIERS or not isinstance(over, (list, tuple, Map)):
            return None
        if not self._unrolls:
            return None
        size = sum(1 for _ in walk(node.body))
        if len(over) > _MOST_TURNS or self._nodes + size * len(over) > _MOST_NODES:
            return None
        operator = "&&" if node.kind is ComprehensionKind.ALL else "||"
        neutral = node.kind is ComprehensionKind.ALL
        turns = []
        for number, element in enumerate(over):
            if len(node.variables) == 1:
                values: tuple[Any, ...] = (element,)
            elif isinstance(over, Map):
                values = (element, over.get(element))
            else:
                values = (number, element)
            known = dict(zip(node.variables, values, strict=True))
            turns.append(_put_in(self.fold(node.body, {**locals_, **known}), known))
        kept = [turn for turn in turns if not (type(turn) is Literal and turn.value is neutral)]
        return _joined(node.id, operator, kept)

    def _bind(self, node: Bind, locals_: Locals) -> Expr:
        value = self._value(node.value, locals_)
        if type(value) is not Unknown and type(value) is not ErrorValue:
            known = {node.name: value}
            return _put_in(self.fold(node.body, {**locals_, **known}), known)
        body = self.fold(node.body, {**locals_, node.name: _LOCAL})
        return Bind(node.id, node.name, self.fold(node.value, locals_), body)


_LOCAL: Final = Unknown(frozenset())
_QUANTIFIERS: Final = (ComprehensionKind.ALL, ComprehensionKind.EXISTS)


def _literal(id: int, value: Any) -> Literal:
    return Literal(id, value)


def _joined(id: int, operator: str, parts: list[Expr]) -> Expr:
    """The parts that count, as a condition; alone, one that need not be a bool stays guarded."""
    neutral = operator == "&&"
    if not parts:
        return Literal(id, neutral)
    flat: list[Expr] = []
    for part in parts:
        if type(part) is Logical and part.operator == operator:
            flat.extend(part.operands)
        else:
            flat.append(part)
    if len(flat) == 1:
        if _is_bool(flat[0]):
            return flat[0]
        flat.append(Literal(id, neutral))
    return Logical(id, operator, tuple(flat))


_RELATIONS: Final = frozenset(
    {"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "!_", "@in", "startsWith", "endsWith"}
    | {"contains", "matches", "hasValue"}
)


def _is_bool(node: Expr) -> bool:
    """Whether a node is a bool or ends in an error, whatever the values."""
    if type(node) is Call:
        return node.function in _RELATIONS
    if type(node) is Select:
        return node.mode == "has"
    if type(node) is Comprehension:
        return node.kind in (*_QUANTIFIERS, ComprehensionKind.EXISTS_ONE)
    if type(node) is Conditional:
        return _is_bool(node.then) and _is_bool(node.otherwise)
    return type(node) is Logical or (type(node) is Literal and isinstance(node.value, bool))


def _put_in(node: Expr, known: Mapping[str, Any]) -> Expr:
    """A tree with values in place of variables, as far as nothing in it binds their names anew."""
    if not known:
        return node
    if type(node) is Name:
        return _literal(node.id, known[node.name]) if node.name in known else node
    if type(node) is Comprehension:
        inner = {name: value for name, value in known.items() if name not in node.variables}
        return replace(
            node,
            range=_put_in(node.range, known),
            filter=None if node.filter is None else _put_in(node.filter, inner),
            body=_put_in(node.body, inner),
        )
    if type(node) is Bind:
        inner = {name: value for name, value in known.items() if name != node.name}
        return replace(node, value=_put_in(node.value, known), body=_put_in(node.body, inner))
    if type(node) is Select:
        return replace(node, operand=_put_in(node.operand, known))
    if type(node) is Call:
        target = None if node.target is None else _put_in(node.target, known)
        return replace(node, target=target, args=tuple(_put_in(arg, known) for arg in node.args))
    if type(node) is Logical:
        return replace(node, operands=tuple(_put_in(part, known) for part in node.operands))
    if type(node) is Conditional:
        return Conditional(
            node.id,
            _put_in(node.condition, known),
            _put_in(node.then, known),
            _put_in(node.otherwise, known),
        )
    if type(node) is ListExpr:
        return replace(node, elements=tuple(_put_in(part, known) for part in node.elements))
    if type(node) is MapExpr:
        entries = (
            replace(part, key=_put_in(part.key, known), value=_put_in(part.value, known))
            for part in node.entries
        )
        return replace(node, entries=tuple(entries))
    return node


_FOLDS: Final[Mapping[type[Expr], Callable[[_Folding, Any, Locals], Expr]]] = {
    Bind: _Folding._bind,
    Call: _Folding._call,
    Comprehension: _Folding._comprehension,
    Conditional: _Folding._conditional,
    ListExpr: _Folding._list,
    Logical: _Folding._logical,
    MapExpr: _Folding._map,
    Message: _Folding._map,
    Name: _Folding._name,
    Select: _Folding._select,
}
