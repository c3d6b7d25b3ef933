"""Python functions made of the expressions of a pack; of a set of rules, which of them fire."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from evaluator.language.checker import Checked
from evaluator.language.compiler import (
    Compiler,
    NotPlainError,
    Slot,
    UnsupportedError,
    hold,
)
from evaluator.language.compiling.builder import Builder
from evaluator.language.compiling.calls import MOMENTS
from evaluator.language.compiling.forms import Form, Value
from evaluator.language.compiling.selections import attributes
from evaluator.language.functions.registry import Registry
from evaluator.language.types import BOOL, INT, STRING, TIMESTAMP, EnumType, ListType, ObjectType
from evaluator.policy.model import Constant, Period, Rule, Scope, Variable
from evaluator.policy.pointers import ENVELOPE, Path
from evaluator.policy.request_types import RequestType
from evaluator.program.index import Applicable
from evaluator.program.lines import Listing
from evaluator.program.reading import PARAMETERS, RequestCode

__all__ = ["AsMaps", "Code", "Generated", "generate", "plainly", "reads"]

Generated = Callable[..., int]
"""Takes what ``PARAMETERS`` name; bit n tells whether rule n fires. Raises where one may err."""

AsMaps = frozenset[tuple[str, Path]]
"""The lists of objects that a function has to read as maps."""

_MOST_RETRIES = 20
_T = TypeVar("_T")


def generate(part: Applicable) -> Generated | None:
    """The function of a pack's applicable rules; None where only the interpreter can tell."""
    return plainly(lambda as_maps: _rules_function(part, as_maps))


def plainly(make: Callable[[AsMaps], _T]) -> _T | None:
    """What ``make`` makes; None where only the interpreter can tell.

    Lists of objects are first tried as tuples, and as maps where something asks for these.
    """
    as_maps: AsMaps = frozenset()
    for _ in range(_MOST_RETRIES):
        try:
            return make(as_maps)
        except NotPlainError as error:
            as_maps |= {error.origin}
        except (UnsupportedError, RecursionError):
            return None
    return None


class Code:
    """A function under construction that evaluates expressions of a pack on a request.

    ``wanted`` are the attributes that it reads anywhere. With ``follows_time`` it takes besides the
    record of ``language.temporal``, where it notes when comparisons with ``now`` flip.
    """

    def __init__(
        self,
        request_type: RequestType,
        functions: Registry,
        wanted: Iterable[tuple[str, Path]],
        as_maps: AsMaps,
        *,
        follows_time: bool = False,
    ) -> None:
        self.builder = Builder()
        self.request = RequestCode(request_type, frozenset(wanted), as_maps)
        self.listing = Listing()
        self.compiler = Compiler(self.builder, self.request, functions, self.listing.place)
        self.request.attach(self.compiler)
        self._follows_time = follows_time
        self._variables: dict[tuple[Variable, int], Slot] = {}
        self._lookups: dict[tuple[Scope, int], Callable[[str], Value | Slot]] = {}

    def function(self, name: str, file: str) -> Any:
        """The Python function of what has been emitted."""
        parameters = [*PARAMETERS, *((MOMENTS,) if self._follows_time else ())]
        return self.compiler.function(name, parameters, file=file, loader=self.listing)

    def lookup(self, scope: Scope, *, at_rest: bool = False) -> Callable[[str], Value | Slot]:
        """What the names of a file stand for; ``at_rest``: with a ``now`` that is not followed."""
        return self._lookup(scope, int(self._follows_time and not at_rest))

    def _lookup(self, scope: Scope, rate: int) -> Callable[[str], Value | Slot]:
        found = self._lookups.get((scope, rate))
        if found is None:

            def lookup(name: str) -> Value | Slot:
                if name == "now":
                    return Value(self.builder.load("now"), TIMESTAMP, Form.NANOS, rate=rate)
                definition = scope.names.get(name)
                if isinstance(definition, Constant):
                    return self.compiler.literal(definition.value)
                if definition is None:
                    raise UnsupportedError(name)
                return self._variable(definition, rate)

            found = self._lookups[scope, rate] = lookup
        return found

    def _variable(self, variable: Variable, rate: int) -> Slot:
        slot = self._variables.get((variable, rate))
        if slot is None:
            hint = variable.name if variable.name.isidentifier() else "v"
            local = self.builder.fresh(hint)

            def make() -> Value:
                compiler = self.compiler
                lookup = self._lookup(variable.scope, rate)
                with compiler.inside(variable.expression, lookup) as root:
                    return hold(compiler, local, compiler.visit(root))

            slot = self._variables[variable, rate] = Slot(local, make)
        return slot


def _rules_function(part: Applicable, as_maps: AsMaps) -> Generated:
    uses = Counter(_attributes(part.rules))
    request_type = part.variant.request_type
    code = Code(request_type, part.pack.functions, uses, as_maps)
    builder = code.builder
    builder.assign("mask", builder.constant(0))
    code.request.begin(
        place for place, count in uses.items() if count > 1 and _is_cheap(request_type, *place)
    )
    for number, rule in enumerate(part.rules):
        _add_rule(code, part, rule, 1 << number)
    builder.give(builder.load("mask"))
    made: Generated = code.function("judge", f"rules of {part.pack.name} (generated)")
    return made


def _is_cheap(request_type: RequestType, root: str, path: Path) -> bool:
    """Whether an attribute may as well be read where no rule may ask for it."""
    type_ = request_type.type_of(root, path)
    if isinstance(type_, ListType):
        return not isinstance(type_.element, ObjectType)
    return isinstance(type_, EnumType) or type_ in (BOOL, INT, STRING)


def _add_rule(code: Code, part: Applicable, rule: Rule, bit: int) -> None:
    builder, compiler = code.builder, code.compiler
    builder.place = code.listing.place(rule.span)

    def fire() -> None:
        builder.increase("mask", ast.BitOr(), builder.constant(bit))
        if rule.mode == "enforce" and part.pack.combining == "first_match":
            builder.give(builder.load("mask"))

    def judge() -> None:
        if rule.condition is None:
            fire()
            return
        with compiler.inside(rule.condition, code.lookup(rule.scope)) as root:
            compiler.when_true(root, fire)

    compiler.begin()
    if rule.effective is None:
        judge()
    else:
        with compiler.branch(), builder.when(_in_force(builder, rule.effective)):
            judge()


def _in_force(builder: Builder, period: Period) -> ast.expr:
    now = builder.load("now")
    tests = []
    if period.start is not None:
        tests.append(builder.compare(now, ast.GtE(), builder.constant(period.start)))
    if period.until is not None:
        tests.append(builder.compare(now, ast.Lt(), builder.constant(period.until)))
    return builder.logical("&&", tests) if tests else builder.constant(value=True)


def _attributes(rules: tuple[Rule, ...]) -> Iterator[tuple[str, Path]]:
    """The attributes that rules read, each once a rule, those of their variables among them."""
    known: dict[Variable, frozenset[tuple[str, Path]]] = {}
    for rule in rules:
        if rule.condition is not None:
            yield from sorted(reads(rule.condition, rule.scope, known))


def reads(
    expression: Checked, scope: Scope, known: dict[Variable, frozenset[tuple[str, Path]]]
) -> frozenset[tuple[str, Path]]:
    """The attributes that an expression reads, itself or by variables, which ``known`` gathers."""
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
                known[definition] = reads(definition.expression, definition.scope, known)
            found |= known[definition]
    return frozenset(found)
