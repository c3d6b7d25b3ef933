"""An explanation: each rule's condition as a tree with the value of every sub-expression."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from evaluator.decision.decision import Decision
from evaluator.decision.parts import Location
from evaluator.diagnostics import shortened
from evaluator.language.checker import Checked
from evaluator.language.printer import print_value
from evaluator.language.syntax import (
    Attribute,
    Comprehension,
    ComprehensionKind,
    Expr,
    Logical,
    Name,
    children,
    walk,
)
from evaluator.language.syntax import (
    Literal as LiteralNode,
)
from evaluator.language.values import ErrorValue, Map, Optional, Unknown
from evaluator.policy.model import Rule, Scope, Variable
from evaluator.program.judging import Verdict
from evaluator.source import Span

__all__ = [
    "Explanation",
    "Node",
    "Recorder",
    "RuleExplanation",
    "explain_expression",
    "explain_rules",
]

State = Literal["fired", "not fired", "error", "not in force", "not reached"]


@dataclass(frozen=True, slots=True)
class Node:
    """One sub-expression: its text, its value as text, and what it is made of.

    ``value`` is None when it was not evaluated (``kind`` is then ``skipped``). ``matters`` is false
    where another value would have changed nothing, given the other parts. ``label`` says what a
    child is to its parent where that is not plain: a variable's definition, a turn of a loop.
    """

    text: str
    value: str | None
    kind: Literal["value", "error", "unknown", "skipped"]
    at: Location
    children: tuple[Node, ...]
    matters: bool
    label: str | None = None
    span: Span | None = field(default=None, compare=False, repr=False)  # None from a service

    def telling(self) -> Iterator[Node]:
        """The children that tell more than this node does: a bare name only by its definition."""
        for child in self.children:
            if child.label is None and child.text == self.text and child.value == self.value:
                yield from child.telling()
            else:
                yield child

    def to_dict(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "value": self.value,
            "kind": self.kind,
            "at": {"file": self.at.file, "line": self.at.line, "column": self.at.column},
            "matters": self.matters,
            "label": self.label,
            "children": [child.to_dict() for child in self.children],
        }


@dataclass(frozen=True, slots=True)
class RuleExplanation:
    """How one applicable rule came out. ``decisive``: it is among the decision's reasons."""

    rule: str
    policy: str
    effect: str
    mode: str
    at: Location
    state: State
    decisive: bool
    condition: Node | None
    span: Span | None = field(default=None, compare=False, repr=False)  # of the rule's id

    def to_dict(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "policy": self.policy,
            "effect": self.effect,
            "mode": self.mode,
            "at": {"file": self.at.file, "line": self.at.line},
            "state": self.state,
            "decisive": self.decisive,
            "condition": None if self.condition is None else self.condition.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision, and every rule that was for the request, in pack order."""

    decision: Decision
    rules: tuple[RuleExplanation, ...]

    def of(self, rules: Collection[str]) -> Explanation:
        """The explanation of some rules only."""
        return Explanation(self.decision, tuple(one for one in self.rules if one.rule in rules))

    def to_dict(self, locale: str | None = None) -> dict[str, Any]:
        return {
            "decision": self.decision.to_dict(locale),
            "rules": [rule.to_dict() for rule in self.rules],
        }


Event = tuple[int, Any]


class Recorder:
    """A tracer that keeps the values of each expression's nodes in the order they were found."""

    def __init__(self) -> None:
        self._events: dict[Checked, list[Event]] = {}

    def __call__(self, expression: Checked) -> Callable[[int, Any], None]:
        events = self._events[expression] = []
        return lambda id, value: events.append((id, value))

    def events(self, expression: Checked) -> Sequence[Event] | None:
        return self._events.get(expression)


def explain_rules(verdict: Verdict, recorder: Recorder) -> tuple[RuleExplanation, ...]:
    """The explanation of every applicable rule of a verdict that was judged with the recorder."""
    decisive = {finding.rule for finding in verdict.outcome.reasons}
    return tuple(
        _rule(rule, evaluation.now, rule in decisive, recorder)
        for part, evaluation in zip(verdict.applicable, verdict.evaluations, strict=True)
        for rule in part.rules
    )


def explain_expression(expression: Checked, scope: Scope, recorder: Recorder) -> Node:
    """The tree of an expression that was evaluated with the recorder."""
    return _Tree(expression, scope, recorder).node(recorder.events(expression) or ())


def _rule(rule: Rule, now: int, decisive: bool, recorder: Recorder) -> RuleExplanation:
    condition = None
    state: State = "fired"
    if rule.effective is not None and not rule.effective.holds(now):
        state = "not in force"
    elif rule.condition is not None:
        events = recorder.events(rule.condition)
        if events is None:
            state = "not reached"
        else:
            condition = explain_expression(rule.condition, rule.scope, recorder)
            result = events[-1][1] if events else None  # nothing came to an end: nested too deeply
            state = "error"
            if result is True or result is False:
                state = "fired" if result else "not fired"
    at = Location.of(rule.span)
    return RuleExplanation(
        rule.id, rule.policy, rule.effect, rule.mode, at, state, decisive, condition, rule.span
    )


class _Tree:
    """Builds the nodes of one expression out of the events of its evaluation.

    Events come in evaluation order, a node after its parts, so what belongs to a part is known by
    its ids; the turns of a loop end at the events of the loop's body.
    """

    def __init__(self, expression: Checked, scope: Scope, recorder: Recorder) -> None:
        self._expression = expression
        self._parsed = expression.parsed
        self._scope = scope
        self._recorder = recorder

    @cached_property
    def _inside(self) -> dict[int, frozenset[int]]:
        return {
            node.id: frozenset(below.id for below in walk(node))
            for node in walk(self._expression.root)
        }

    def node(self, events: Sequence[Event]) -> Node:
        return self._node(self._expression.root, events, True, None, frozenset())

    def _node(
        self,
        node: Expr,
        events: Sequence[Event],
        matters: bool,
        label: str | None,
        bound: frozenset[str],
    ) -> Node:
        found = [value for id, value in events if id == node.id]
        value = found[-1] if found else None
        if not found:
            kind: Literal["value", "error", "unknown", "skipped"] = "skipped"
        elif isinstance(value, ErrorValue):
            kind = "error"
        else:
            kind = "unknown" if isinstance(value, Unknown) else "value"
        span = self._parsed.span(node)
        return Node(
            text=" ".join(self._parsed.text(node).split()),
            value=_show(value) if found else None,
            kind=kind,
            at=Location.of(span),
            children=tuple(self._children(node, events, value, matters, bound)) if found else (),
            matters=matters and bool(found),
            label=label,
            span=span,
        )

    def _children(
        self,
        node: Expr,
        events: Sequence[Event],
        value: Any,
        matters: bool,
        bound: frozenset[str],
    ) -> Iterator[Node]:
        if isinstance(node, Comprehension):
            yield from self._loop(node, events, value, matters, bound)
            return
        if isinstance(node, Name) and node.name not in bound:
            definition = self._scope.names.get(node.name)
            if isinstance(definition, Variable):
                inner = self._recorder.events(definition.expression)
                if inner:
                    tree = _Tree(definition.expression, definition.scope, self._recorder)
                    root = definition.expression.root
                    yield tree._node(root, inner, matters, "definition", frozenset())
            return
        for child in children(node):
            if _says_nothing(child, bound):
                continue
            own = self._within(child, events)
            yield self._node(child, own, matters and _matters(node, child, value, own), None, bound)

    def _loop(
        self,
        node: Comprehension,
        events: Sequence[Event],
        value: Any,
        matters: bool,
        bound: frozenset[str],
    ) -> Iterator[Node]:
        over = self._within(node.range, events)
        yield self._node(node.range, over, matters, None, bound)
        elements = _elements(over[-1][1] if over else None)
        inner = bound | frozenset(node.variables)
        first = node.body if node.filter is None else node.filter
        for number, turn in enumerate(self._turns(node, first, events)):
            at = elements[number] if number < len(elements) else None
            label = ", ".join(
                f"{name} = {_show(part)}"
                for name, part in zip(node.variables, _bindings(node, number, at), strict=False)
            )
            for part in (node.filter, node.body):
                if part is None or _says_nothing(part, inner):
                    continue
                own = self._within(part, turn)
                if own:
                    counts = matters and _turn_matters(node, own[-1][1], value)
                    yield self._node(part, own, counts, label, inner)

    def _turns(
        self, node: Comprehension, first: Expr, events: Sequence[Event]
    ) -> Iterator[list[Event]]:
        """The events of each turn of a loop: each begins after the first part's last one."""
        inside = self._inside[node.body.id] | self._inside[first.id]
        turn: list[Event] = []
        started = False
        for event in events:
            if event[0] not in inside:
                continue
            if started and event[0] in self._inside[first.id]:
                yield turn
                turn, started = [], False
            turn.append(event)
            started = started or event[0] == first.id
        if turn:
            yield turn

    def _within(self, node: Expr, events: Sequence[Event]) -> list[Event]:
        inside = self._inside[node.id]
        return [event for event in events if event[0] in inside]


def _says_nothing(node: Expr, bound: frozenset[str]) -> bool:
    """Whether the text above a node, or the label of its turn, tells its value already."""
    if isinstance(node, Attribute):
        return not node.path
    return isinstance(node, LiteralNode) or (isinstance(node, Name) and node.name in bound)


def _matters(parent: Expr, child: Expr, value: Any, events: Sequence[Event]) -> bool:
    """Whether another value of a part could have changed the whole, the others being as they are.

    Of a false ``&&`` only the false parts count, of a true ``||`` only the true ones.
    """
    if not events:
        return False
    result = events[-1][1]
    if isinstance(parent, Logical):
        if parent.operator == "&&":
            return value is not False or result is False
        return value is not True or result is True
    return True


def _turn_matters(node: Comprehension, result: Any, value: Any) -> bool:
    if node.kind is ComprehensionKind.ALL and value is False:
        return result is False
    if node.kind is ComprehensionKind.EXISTS and value is True:
        return result is True
    return True


def _elements(value: Any) -> list[Any]:
    if isinstance(value, Map):
        return list(value.items())
    if isinstance(value, Optional):
        return [value.value] if value.present else []
    return list(value) if isinstance(value, (list, tuple)) else []


def _bindings(node: Comprehension, number: int, element: Any) -> tuple[Any, ...]:
    """The values of a loop's variables in one turn; a map's element is a (key, value) pair."""
    if isinstance(element, tuple) and len(element) == 2:
        return element if len(node.variables) == 2 else element[:1]
    return (number, element) if len(node.variables) == 2 else (element,)


def _show(value: Any, limit: int = 80) -> str:
    if isinstance(value, ErrorValue):
        return f"{value.kind}: {value.message}"
    if isinstance(value, Unknown):
        return "unknown: " + ", ".join(sorted(value.paths))
    return shortened(print_value(value), limit)
