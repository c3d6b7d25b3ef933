"""The interpreter: what expressions mean. Every other target is tested against it.

Its domain is *value, error or unknown*: functions and operators are strict in errors and unknowns,
``&&``, ``||``, ``all`` and ``exists`` absorb them where the other operands decide (langdef.md,
"Logical Operators"), and where both occur the unknown wins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from evaluator.language.budget import Budget, BudgetExceededError
from evaluator.language.dispatch import choose, choose_index, no_overload
from evaluator.language.functions import STANDARD
from evaluator.language.functions.registry import Overload, Registry
from evaluator.language.loops import run_loop
from evaluator.language.syntax import (
    Attribute,
    Bind,
    Call,
    Comprehension,
    Conditional,
    Expr,
    ListExpr,
    Literal,
    Logical,
    MapExpr,
    Message,
    Name,
    Parsed,
    Select,
    SelectMode,
)
from evaluator.language.temporal import Moments, Moving
from evaluator.language.type_text import TYPE_NAMES
from evaluator.language.values import ABSENT, NONE, ErrorValue, Map, Optional, UInt, Unknown

if TYPE_CHECKING:
    from evaluator.language.checker import Checked

__all__ = ["Activation", "evaluate"]

Locals = Mapping[str, Any]
Trace = Callable[[int, Any], None]


class Activation(Protocol):
    """What an expression's names and attributes stand for."""

    def attribute(self, root: str, path: tuple[str, ...]) -> Any:
        """The value at a path of the request; an error, an unknown, or ``ABSENT``."""
        ...

    def has(self, root: str, path: tuple[str, ...]) -> Any:
        """Whether there is something at a path: a bool, an error or an unknown."""
        ...

    def name(self, name: str) -> Any:
        """The value of a constant, a variable or ``now``; ``ABSENT`` when there is none."""
        ...


def evaluate(
    expression: Checked | Parsed,
    activation: Activation,
    *,
    functions: Registry = STANDARD,
    trace: Trace | None = None,
    budget: Budget | None = None,
    moments: Moments | None = None,
    container: str = "",
) -> Any:
    """The value of an expression, an ``ErrorValue`` or an ``Unknown``; nothing is raised.

    ``trace`` is told each node's id and value as it is evaluated, in loops at every turn.
    ``budget`` bounds the work (a fresh one by default). ``moments`` notes how ``now`` enters.
    ``container`` is the namespace in which the names of a tree that was only parsed are looked up
    first.
    """
    run = Run(activation, functions, trace, budget or Budget(), moments)
    if isinstance(expression, Parsed):
        run.prefixes = _prefixes(container)
    else:
        run.overloads = expression.overloads
    try:
        return run.value(expression.root, _NO_LOCALS)
    except BudgetExceededError as exceeded:
        return exceeded.error or ErrorValue(
            "cost_exceeded",
            f"the evaluation took more than {run.budget.limit} steps",
            expression.root.id,
        )


_NO_LOCALS: Final[Locals] = {}


class Lazy:
    """The value of ``cel.bind``, evaluated when it is first asked for."""

    __slots__ = ("_locals", "_node", "_run", "_value")

    def __init__(self, run: Run, node: Expr, locals_: Locals) -> None:
        self._run = run
        self._node = node
        self._locals = locals_
        self._value: Any = ABSENT

    def get(self) -> Any:
        if self._value is ABSENT:
            self._value = self._run.value(self._node, self._locals)
        return self._value


class Run:
    """One evaluation of one expression."""

    __slots__ = (
        "activation",
        "budget",
        "functions",
        "moments",
        "overloads",
        "prefixes",
        "trace",
    )

    def __init__(
        self,
        activation: Activation,
        functions: Registry,
        trace: Trace | None,
        budget: Budget,
        moments: Moments | None,
    ) -> None:
        self.activation = activation
        self.functions = functions
        self.trace = trace
        self.budget = budget
        self.moments = moments
        self.overloads: Mapping[int, tuple[str, ...]] = {}
        # What a name may begin with, the innermost namespace first; nothing where names are final.
        self.prefixes: tuple[str, ...] = ()

    def value(self, node: Expr, locals_: Locals) -> Any:
        """The value of a node, an error or an unknown."""
        value = _VISITORS[type(node)](self, node, locals_)
        if type(value) is ErrorValue and value.id < 0:
            value = replace(value, id=node.id)
        if self.trace is not None:
            self.trace(node.id, value.value if type(value) is Moving else value)
        return value

    def settled(self, node: Expr, locals_: Locals) -> Any:
        """The value of a node as plain data, which no longer moves with ``now``."""
        value = self.value(node, locals_)
        return value if self.moments is None else self.moments.settle(value)

    def _literal(self, node: Literal, _: Locals) -> Any:
        return node.value

    def _name(self, node: Name, locals_: Locals) -> Any:
        name = node.name
        if name in locals_:
            value = locals_[name]
            return value.get() if type(value) is Lazy else value
        value = self._declared(name)
        if value is ABSENT:
            return ErrorValue("undeclared_reference", f"nothing declares `{name}`")
        return value

    def _declared(self, name: str) -> Any:
        """What a name stands for outside of loops, ABSENT when it stands for nothing."""
        if not self.prefixes or name.startswith("."):
            return self._exactly(name.removeprefix("."))
        for prefix in self.prefixes:
            value = self._exactly(prefix + name)
            if value is not ABSENT:
                return value
        return ABSENT

    def _exactly(self, name: str) -> Any:
        value = self.activation.name(name)
        if value is ABSENT:
            return TYPE_NAMES.get(name, ABSENT)
        if type(value) is ErrorValue and value.kind == "cost_exceeded":
            raise BudgetExceededError(value)
        return value

    def _attribute(self, node: Attribute, _: Locals) -> Any:
        root, path, optional_from = node.root, node.path, node.optional_from
        if optional_from is not None and optional_from > 0:
            there = self.activation.has(root, path[:optional_from])
            if there is False:
                return _no_field(root, path[:optional_from])
            if there is not True:
                return there
        value = self.activation.attribute(root, path)
        if optional_from is None:
            return _no_field(root, path) if value is ABSENT else value
        if value is ABSENT:
            return NONE
        if type(value) is ErrorValue or type(value) is Unknown:
            return value
        return Optional(value if self.moments is None else self.moments.settle(value))

    def _select(self, node: Select, locals_: Locals) -> Any:
        operand, field, mode = node.operand, node.field, node.mode
        if type(operand) is Attribute and mode is SelectMode.HAS and operand.optional_from is None:
            return self.activation.has(operand.root, (*operand.path, field))
        if mode is SelectMode.PLAIN and self.prefixes:
            named = self._qualified_name(node, locals_)
            if named is not ABSENT:
                return named
        value = self.value(operand, locals_)
        if type(value) is ErrorValue or type(value) is Unknown:
            return value
        inner = value
        if type(value) is Optional:
            if not value.present:
                return False if mode is SelectMode.HAS else NONE
            inner = value.value
        if type(inner) is not Map:
            return no_overload(f".{field}", [inner])
        found = inner.get(field, ABSENT)
        if mode is SelectMode.HAS:
            return found is not ABSENT
        if mode is SelectMode.OPTIONAL or type(value) is Optional:
            return NONE if found is ABSENT else Optional(found)
        if found is ABSENT:
            return ErrorValue("no_such_key", f"there is no key `{field}`")
        return found

    def _qualified_name(self, node: Select, locals_: Locals) -> Any:
        """What ``a.b.c`` stands for as one declared name, ABSENT when it is none."""
        name = _dotted(node)
        if name is None or name.split(".", 1)[0] in locals_:
            return ABSENT
        return self._declared(name)

    def _call(self, node: Call, locals_: Locals) -> Any:
        function, target = node.function, node.target
        if self.prefixes:
            function, target = self._function(function, target, locals_)
        member = target is not None
        args: list[Any] = []
        if target is not None:
            receiver = self.value(target, locals_)
            if type(receiver) is Optional and receiver.present:
                # The alternative to a value that is there is not even looked at.
                if function == "orValue" and len(node.args) == 1:
                    return receiver.value
                if function == "or" and len(node.args) == 1:
                    return receiver
            args.append(receiver)
        for arg in node.args:
            args.append(self.value(arg, locals_))
        unknown: Unknown | None = None
        error: ErrorValue | None = None
        moving = False
        for arg in args:
            kind = type(arg)
            if kind is ErrorValue:
                error = error or arg
            elif kind is Unknown:
                unknown = arg if unknown is None else unknown | arg
            elif kind is Moving:
                moving = True
        if unknown is not None or error is not None:
            return unknown or error
        chosen = self.overloads.get(node.id)
        candidates: Sequence[Overload]
        if chosen:
            candidates = tuple(map(self.functions.overload, chosen))
        else:
            candidates = self.functions.candidates(function, member, len(args))
        if not candidates and not self.functions.overloads(function, member=member):
            return ErrorValue("unknown_function", f"nothing declares the function `{function}`")
        if moving and self.moments is not None:
            return self.moments.call(
                function, args, lambda plain: self._apply(function, candidates, plain)
            )
        return self._apply(function, candidates, args)

    def _function(
        self, function: str, target: Expr | None, locals_: Locals
    ) -> tuple[str, Expr | None]:
        """The full name of a function, and its target: none if that was the name's beginning."""
        if target is None and len(self.prefixes) == 1:
            return function.removeprefix("."), None
        prefix = None if target is None else _dotted(target)
        if prefix is not None and prefix.split(".", 1)[0] not in locals_:
            written = f"{prefix}.{function}"
        elif target is None:
            written = function
        else:
            return function, target
        if written.startswith("."):
            names = [written[1:]]
        else:
            names = [start + written for start in self.prefixes]
        for name in names:
            if name in self.functions:
                return name, None
        return function, target

    def _apply(self, function: str, candidates: Sequence[Overload], args: Sequence[Any]) -> Any:
        choice = choose_index if function in _INDEXING else choose
        overload = choice(candidates, args)
        if overload is None:
            return no_overload(function, args)
        if overload.cost is not None:
            self.budget.spend(overload.cost(*args))
        return overload.implementation(*args)

    def _logical(self, node: Logical, locals_: Locals) -> Any:
        decides = node.operator == "||"
        unknown: Unknown | None = None
        error: ErrorValue | None = None
        for operand in node.operands:
            value = self.value(operand, locals_)
            if value is decides:
                return decides
            if type(value) is Unknown:
                unknown = value if unknown is None else unknown | value
            elif type(value) is ErrorValue:
                error = error or value
            elif value is not (not decides):
                error = error or replace(no_overload(node.operator, [value]), id=operand.id)
        return unknown or error or (not decides)

    def _conditional(self, node: Conditional, locals_: Locals) -> Any:
        condition = self.value(node.condition, locals_)
        if condition is True:
            return self.value(node.then, locals_)
        if condition is False:
            return self.value(node.otherwise, locals_)
        if type(condition) is ErrorValue or type(condition) is Unknown:
            return condition
        return no_overload("? :", [condition])

    def _list(self, node: ListExpr, locals_: Locals) -> Any:
        values = [self.settled(element, locals_) for element in node.elements]
        failed = _failed(values)
        if failed is not None:
            return failed
        if not node.optional:
            return values
        kept = []
        for index, value in enumerate(values):
            if index not in node.optional:
                kept.append(value)
            elif type(value) is not Optional:
                return no_overload("[?]", [value])
            elif value.present:
                kept.append(value.value)
        return kept

    def _map(self, node: MapExpr, locals_: Locals) -> Any:
        pairs = []
        for entry in node.entries:
            key = self.settled(entry.key, locals_)
            pairs.append((entry, key, self.settled(entry.value, locals_)))
        failed = _failed([part for _, key, value in pairs for part in (key, value)])
        if failed is not None:
            return failed
        made: list[tuple[Any, Any]] = []
        for entry, key, value in pairs:
            if type(key) not in (str, int, bool, UInt):
                return replace(no_overload("{}", [key]), id=entry.id)
            if entry.optional:
                if type(value) is not Optional:
                    return replace(no_overload("{?}", [value]), id=entry.id)
                if not value.present:
                    continue
                value = value.value
            made.append((key, value))
        result = Map(made)
        if len(result) != len(made):
            return ErrorValue("duplicate_key", "the map has a key twice")
        return result

    def _message(self, node: Message, _: Locals) -> Any:
        return ErrorValue("unknown_function", f"there is no message type `{node.name}`")

    def _comprehension(self, node: Comprehension, locals_: Locals) -> Any:
        return run_loop(self, node, locals_)

    def _bind(self, node: Bind, locals_: Locals) -> Any:
        return self.value(node.body, {**locals_, node.name: Lazy(self, node.value, locals_)})


_VISITORS: Final[dict[type[Expr], Callable[[Run, Any, Locals], Any]]] = {
    Literal: Run._literal,
    Name: Run._name,
    Attribute: Run._attribute,
    Select: Run._select,
    Call: Run._call,
    Logical: Run._logical,
    Conditional: Run._conditional,
    ListExpr: Run._list,
    MapExpr: Run._map,
    Message: Run._message,
    Comprehension: Run._comprehension,
    Bind: Run._bind,
}


_INDEXING: Final = frozenset({"_[_]", "_[?_]"})


def _prefixes(container: str) -> tuple[str, ...]:
    """``a.b.``, ``a.`` and nothing for ``a.b`` (langdef.md, "Name Resolution")."""
    parts = container.split(".") if container else []
    return (*(".".join(parts[:end]) + "." for end in range(len(parts), 0, -1)), "")


def _no_field(root: str, path: tuple[str, ...]) -> ErrorValue:
    return ErrorValue("no_such_field", f"the request has no `{'.'.join((root, *path))}`")


def _failed(values: Sequence[Any]) -> Unknown | ErrorValue | None:
    """The unknown that some values are, or the first error among them."""
    error = None
    unknown: Unknown | None = None
    for value in values:
        if type(value) is Unknown:
            unknown = value if unknown is None else unknown | value
        elif type(value) is ErrorValue and error is None:
            error = value
    return unknown or error


def _dotted(node: Expr) -> str | None:
    """``a.b.c`` of a chain of plain selections from a name, None of anything else."""
    if type(node) is Name:
        return node.name
    if type(node) is Select and node.mode is SelectMode.PLAIN:
        base = _dotted(node.operand)
        return None if base is None else f"{base}.{node.field}"
    return None
