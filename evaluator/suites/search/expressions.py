"""The expressions of packs, what they read, and the constants in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from evaluator.language.checker import Checked
from evaluator.language.instants import parse_duration, parse_instant
from evaluator.language.syntax import Call, Expr, Literal, Name, children
from evaluator.language.types import BOOL
from evaluator.language.values import Duration, Map, Timestamp
from evaluator.policy.model import Constant, Output, Pack, Remedy, Rule, Scope, Variable

__all__ = [
    "Expression",
    "Findings",
    "decisive_expressions",
    "findings",
    "of_output",
    "of_rule",
    "told_expressions",
]

Expression = tuple[Checked, Scope]
"""An expression, and the names that it sees."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What some expressions depend on, variables followed.

    ``attributes`` are the paths they read, ("resource", "total"), ``moment`` whether they use
    ``now``. The constants are by type, in the order they are met: ``texts`` only those that
    conditions compare with, ``durations`` and ``instants`` in nanoseconds. ``clock`` tells that
    parts of an instant are asked for, such as its hour.
    """

    attributes: frozenset[tuple[str, ...]]
    moment: bool
    clock: bool
    integers: tuple[int, ...]
    doubles: tuple[float, ...]
    texts: tuple[str, ...]
    durations: tuple[int, ...]
    instants: tuple[int, ...]


def decisive_expressions(packs: Iterable[Pack]) -> Iterator[Expression]:
    """Every expression that may change effect, reasons or remedies."""
    for pack in packs:
        for variant in pack.variants:
            for rule in variant.rules:
                yield from of_rule(rule)


def told_expressions(packs: Iterable[Pack]) -> Iterator[Expression]:
    """Every expression of outputs."""
    for pack in packs:
        for variant in pack.variants:
            for output in variant.outputs:
                yield from of_output(output)


def of_rule(rule: Rule, *, remedies: bool = True) -> Iterator[Expression]:
    """The expressions that a rule, and with ``remedies`` each of its remedies, depend on."""
    if rule.condition is not None:
        yield rule.condition, rule.scope
    for remedy in rule.remedies if remedies else ():
        yield from _of_remedy(remedy, rule.scope)


def _of_remedy(remedy: Remedy, scope: Scope) -> Iterator[Expression]:
    if remedy.shared_when is not None:
        yield remedy.shared_when, remedy.scope
    if remedy.when is not None:
        yield remedy.when, scope
    for assignment in remedy.sets:
        yield assignment.expression, remedy.scope


def of_output(output: Output) -> Iterator[Expression]:
    """The expressions that an output depends on."""
    if output.when is not None:
        yield output.when, output.scope
    yield output.value, output.scope


def findings(expressions: Iterable[Expression]) -> Findings:
    """What the expressions read and compare with, through the variables they use."""
    collector = _Collector()
    for checked, scope in expressions:
        collector.expression(checked, scope)
    return collector.found()


class _Collector:
    def __init__(self) -> None:
        self._attributes: set[tuple[str, ...]] = set()
        self._moment = self._clock = False
        # Dicts, which keep the order: the search has to be the same in every run.
        self._integers: dict[int, None] = {}
        self._doubles: dict[float, None] = {}
        self._texts: dict[str, None] = {}
        self._durations: dict[int, None] = {}
        self._instants: dict[int, None] = {}
        self._done: set[int] = set()
        self._constants: set[tuple[int, bool]] = set()

    def found(self) -> Findings:
        return Findings(
            frozenset(self._attributes),
            self._moment,
            self._clock,
            tuple(self._integers),
            tuple(self._doubles),
            tuple(self._texts),
            tuple(self._durations),
            tuple(self._instants),
        )

    def expression(self, checked: Checked, scope: Scope) -> None:
        if id(checked) in self._done:
            return
        self._done.add(id(checked))
        for root, path in checked.reads:
            self._attributes.add((root, *path))
        self._moment |= "now" in checked.uses or ("context", ("time",)) in checked.reads
        self._node(checked.root, checked, scope, False)

    def _node(self, node: Expr, checked: Checked, scope: Scope, compared: bool) -> None:
        if isinstance(node, Literal):
            self._value(node.value, compared)
        elif isinstance(node, Name):
            definition = scope.names.get(node.name)
            if isinstance(definition, Variable):
                self.expression(definition.expression, definition.scope)
            elif isinstance(definition, Constant):
                self._constant(definition, compared)
        elif isinstance(node, Call):
            self._call(node)
            compared = compared or checked.types.get(node.id) == BOOL
        for child in children(node):
            self._node(child, checked, scope, compared)

    def _constant(self, constant: Constant, compared: bool) -> None:
        if (id(constant), compared) not in self._constants:
            self._constants.add((id(constant), compared))
            self._value(constant.value, compared)

    def _call(self, node: Call) -> None:
        self._clock |= node.function.startswith("get")
        if node.target is None and len(node.args) == 1 and isinstance(node.args[0], Literal):
            text = node.args[0].value
            if isinstance(text, str) and node.function == "duration":
                self._add(self._durations, parse_duration(text))
            elif isinstance(text, str) and node.function == "timestamp":
                self._add(self._instants, parse_instant(text))

    def _value(self, value: Any, compared: bool) -> None:
        if value is None or isinstance(value, bool):
            return
        if isinstance(value, int):
            self._integers.setdefault(int(value))
        elif isinstance(value, float):
            self._doubles.setdefault(value)
        elif isinstance(value, str):
            if compared:
                self._texts.setdefault(value)
        elif isinstance(value, Duration):
            self._durations.setdefault(value.nanoseconds)
        elif isinstance(value, Timestamp):
            self._instants.setdefault(value.nanoseconds)
        elif isinstance(value, Map):
            for key, item in value.items():
                self._value(key, compared)
                self._value(item, compared)
        elif isinstance(value, (list, tuple)):
            for item in value:
                self._value(item, compared)

    @staticmethod
    def _add(found: dict[int, None], value: int | None) -> None:
        if value is not None:
            found.setdefault(value)
