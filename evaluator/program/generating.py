"""One Python function for a set of applicable rules: which of them fire, as the bits of an int."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from evaluator.language.checker import Checked
from evaluator.language.compiler import (
    Compiler,
    NotPlainError,
    Slot,
    UnsupportedError,
    hold,
)
from evaluator.language.compiling.builder import Builder
from evaluator.language.compiling.forms import Form, Value
from evaluator.language.compiling.selections import attributes
from evaluator.language.types import BOOL, INT, STRING, TIMESTAMP, EnumType, ListType, ObjectType
from evaluator.policy.model import Constant, Period, Rule, Scope, Variable
from evaluator.policy.pointers import ENVELOPE, Path
from evaluator.program.index import Applicable
from evaluator.program.lines import Listing
from evaluator.program.reading import PARAMETERS, RequestCode

__all__ = ["Generated", "generate"]

Generated = Callable[..., int]
"""Takes what ``PARAMETERS`` name; bit n tells whether rule n fires. Raises where one may err."""

_MOST_RETRIES = 20


def generate(part: Applicable) -> Generated | None:
    """The function of a pack's applicable rules; None where only the interpreter can tell."""
    as_maps: frozenset[tuple[str, Path]] = frozenset()
    for _ in range(_MOST_RETRIES):
        try:
            return _Generator(part, as_maps).function()
        except NotPlainError as error:
            as_maps |= {error.origin}
        except (UnsupportedError, RecursionError):
            return None
    return None


class _Generator:
    def __init__(self, part: Applicable, as_maps: frozenset[tuple[str, Path]]) -> None:
        self._part = part
        self._builder = Builder()
        self._uses = Counter(_attributes(part.rules))
        self._request = RequestCode(part.variant.request_type, frozenset(self._uses), as_maps)
        self._listing = Listing()
        self._compiler = Compiler(
            self._builder, self._request, part.pack.functions, self._listing.place
        )
        self._variables: dict[Variable, Slot] = {}
        self._lookups: dict[Scope, Callable[[str], Value | Slot]] = {}

    def function(self) -> Generated:
        builder = self._builder
        builder.assign("mask", builder.constant(0))
        eager = [place for place, uses in self._uses.items() if uses > 1 and self._is_cheap(place)]
        self._request.begin(self._compiler, eager)
        for number, rule in enumerate(self._part.rules):
            self._rule(rule, 1 << number)
        builder.give(builder.load("mask"))
        made: Generated = self._compiler.function(
            "judge",
            list(PARAMETERS),
            file=f"rules of {self._part.pack.name} (generated)",
            loader=self._listing,
        )
        return made

    def _is_cheap(self, place: tuple[str, Path]) -> bool:
        """Whether an attribute may as well be read where no rule may ask for it."""
        type_ = self._part.variant.request_type.type_of(*place)
        if isinstance(type_, ListType):
            return not isinstance(type_.element, ObjectType)
        return isinstance(type_, EnumType) or type_ in (BOOL, INT, STRING)

    def _rule(self, rule: Rule, bit: int) -> None:
        builder, compiler = self._builder, self._compiler
        builder.place = self._listing.place(rule.span)

        def fire() -> None:
            builder.increase("mask", ast.BitOr(), builder.constant(bit))
            if rule.mode == "enforce" and self._part.pack.combining == "first_match":
                builder.give(builder.load("mask"))

        def judge() -> None:
            if rule.condition is None:
                fire()
                return
            with compiler.inside(rule.condition, self._lookup(rule.scope)) as root:
                compiler.when_true(root, fire)

        compiler.begin()
        if rule.effective is None:
            judge()
        else:
            with compiler.branch(), builder.when(self._in_force(rule.effective)):
                judge()

    def _in_force(self, period: Period) -> ast.expr:
        builder = self._builder
        now = builder.load("now")
        tests = []
        if period.start is not None:
            tests.append(builder.compare(now, ast.GtE(), builder.constant(period.start)))
        if period.until is not None:
            tests.append(builder.compare(now, ast.Lt(), builder.constant(period.until)))
        return builder.logical("&&", tests) if tests else builder.constant(value=True)

    def _lookup(self, scope: Scope) -> Callable[[str], Value | Slot]:
        found = self._lookups.get(scope)
        if found is None:

            def lookup(name: str) -> Value | Slot:
                if name == "now":
                    return Value(self._builder.load("now"), TIMESTAMP, Form.NANOS)
                definition = scope.names.get(name)
                if isinstance(definition, Constant):
                    return self._compiler.literal(definition.value)
                if definition is None:
                    raise UnsupportedError(name)
                return self._variable(definition)

            found = self._lookups[scope] = lookup
        return found

    def _variable(self, variable: Variable) -> Slot:
        slot = self._variables.get(variable)
        if slot is None:
            hint = variable.name if variable.name.isidentifier() else "v"
            local = self._builder.fresh(hint)

            def make() -> Value:
                compiler = self._compiler
                lookup = self._lookup(variable.scope)
                with compiler.inside(variable.expression, lookup) as root:
                    return hold(compiler, local, compiler.visit(root))

            slot = self._variables[variable] = Slot(local, make)
        return slot


def _attributes(rules: tuple[Rule, ...]) -> Iterator[tuple[str, Path]]:
    """The attributes that rules read, each once a rule, those of their variables among them."""
    known: dict[Variable, frozenset[tuple[str, Path]]] = {}
    for rule in rules:
        if rule.condition is not None:
            yield from sorted(_reads(rule.condition, rule.scope, known))


def _reads(
    expression: Checked, scope: Scope, known: dict[Variable, frozenset[tuple[str, Path]]]
) -> frozenset[tuple[str, Path]]:
    found = {
        (node.root, node.path)
        for node in attributes(expression.root)
        if (node.root, node.path) not in ENVELOPE
    }
    for name in expression.uses:
        definition: Any = scope.names.get(name)
        if isinstance(definition, Variable):
            if definition not in known:
                known[definition] = frozenset()
                known[definition] = _reads(definition.expression, definition.scope, known)
            found |= known[definition]
    return frozenset(found)
