"""The compiler: from checked expressions to Python syntax trees that evaluate them.

Compiled code knows values only. Where the interpreter would meet an error, absorbed or not, it
raises ``Doubt`` (or what Python raises), and the interpreter has to say what the whole comes to. So
it may evaluate in any order, and ahead, what costs little; it must never give a value that the
interpreter would not give. The work that it does is counted so that it never counts less.

Code is made of statements: conditions become ``if``, comprehensions loops. Variables and attributes
live in *slots*, local variables that are filled where they are first needed.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from evaluator.language.budget import DEFAULT_BUDGET
from evaluator.language.compiling.builder import Builder, Place
from evaluator.language.compiling.calls import visit_call
from evaluator.language.compiling.forms import (
    Form,
    NotPlainError,
    UnsupportedError,
    Value,
    form_of,
    plain_type,
)
from evaluator.language.compiling.loops import visit_comprehension
from evaluator.language.compiling.runtime import UNSET, Doubt, boolean, listed, mapped
from evaluator.language.compiling.selections import visit_attribute, visit_select
from evaluator.language.functions.registry import Registry
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
    Name,
    Select,
)
from evaluator.language.types import (
    BOOL,
    DURATION,
    DYN,
    TIMESTAMP,
    Type,
)
from evaluator.language.values import Duration, Timestamp

if TYPE_CHECKING:
    from evaluator.language.checker import Checked
    from evaluator.language.syntax import Parsed
    from evaluator.source import Span

__all__ = [
    "Attributes",
    "Compiler",
    "Doubt",
    "NotPlainError",
    "Slot",
    "UnsupportedError",
    "hold",
]

_MISSING: Final = frozenset({"no_such_field", "no_such_key"})
_HALF: Final = DEFAULT_BUDGET // 2


class Slot:
    """A local variable that is filled where it is first needed.

    ``make`` emits the code that fills it and tells what it then holds. ``depth`` is the number of
    loops around its declaration.
    """

    __slots__ = ("depth", "local", "make", "value")

    def __init__(self, local: str, make: Callable[[], Value], depth: int = 0) -> None:
        self.local = local
        self.make = make
        self.depth = depth
        self.value: Value | None = None


class Attributes(Protocol):
    """What makes the code that reads the request."""

    def read(self, root: str, path: tuple[str, ...]) -> Value:
        """An attribute; ``may_be_absent`` where there may be none."""
        ...

    def has(self, root: str, path: tuple[str, ...]) -> ast.expr:
        """Whether there is something at a path."""
        ...


Names = Callable[[str], "Value | Slot"]
"""What a declared name stands for: a constant, a variable, ``now``."""


class Compiler:
    """Emits the code of expressions, one after another, into one function."""

    def __init__(
        self,
        builder: Builder,
        attributes: Attributes,
        functions: Registry,
        place: Callable[[Span], Place] | None = None,
    ) -> None:
        self.builder = builder
        self._place = place
        self._parsed: Parsed | None = None
        self.attributes = attributes
        self.functions = functions
        self.types: Mapping[int, Type] = {}
        self.overloads: Mapping[int, tuple[str, ...]] = {}
        self.error_kinds: Mapping[int, frozenset[str]] = {}
        self.names: Names = _no_names
        self.locals: dict[str, Value | Slot] = {}
        self.depth = 0
        self.counts = False  # whether anything is added to `cost` at run time
        self.fixed_cost = (
            0  # units that each turn of the innermost loop, or the whole, costs anyhow
        )
        self.unset: set[str] = set()
        self.shared: dict[Any, Any] = {}  # what constants were turned into
        self._spent = False
        self._assigned: set[Slot] = set()
        self._reached: set[Slot] = set()

    # Expressions

    @contextmanager
    def inside(self, checked: Checked, names: Names) -> Iterator[Expr]:
        """Compiles an expression of its own: its tables, its names, none of the loops around."""
        parsed, self._parsed = self._parsed, checked.parsed
        kept = self.types, self.overloads, self.error_kinds, self.names, self.locals
        place = self.builder.place
        self.types, self.overloads = checked.types, checked.overloads
        self.error_kinds, self.names, self.locals = checked.error_kinds, names, {}
        try:
            yield checked.root
        finally:
            self.types, self.overloads, self.error_kinds, self.names, self.locals = kept
            self._parsed, self.builder.place = parsed, place

    def visit(self, node: Expr) -> Value:
        """The code of a node's value."""
        outside = self.builder.place
        if self._place is not None and self._parsed is not None and node.id in self._parsed.places:
            self.builder.place = self._place(self._parsed.span(node))
        value = _VISITORS[type(node)](self, node)
        self.builder.place = outside
        known = self.type_of(node)
        if value.form is Form.PLAIN and known not in (DYN, value.type):
            value = replace(value, type=known)
        return value

    def type_of(self, node: Expr) -> Type:
        return plain_type(self.types.get(node.id, DYN))

    def may_miss(self, node: Expr) -> bool:
        """Whether what a node reads may not be there, as far as the checker knows."""
        return not _MISSING.isdisjoint(self.error_kinds.get(node.id, _MISSING))

    # Forms

    def plain(self, value: Value) -> ast.expr:
        """The value as ``language.values`` has it."""
        if value.rate:
            raise UnsupportedError("a moving time that is used as data")
        if value.form is Form.NANOS:
            if value.is_constant:
                return self.builder.constant(value.known, "time")
            kind = Timestamp if value.type == TIMESTAMP else Duration
            return self.builder.call(kind, value.code)
        if value.layout is not None:
            raise NotPlainError(value.layout.origin)
        return value.code

    def nanos(self, value: Value) -> ast.expr:
        """A timestamp or duration as its integer."""
        if value.form is Form.NANOS:
            return value.code
        return self.builder.attribute(self.plain(value), "nanoseconds")

    def truth(self, node: Expr) -> ast.expr:
        """A node that must be a bool, as one."""
        value = self.visit(node)
        if self.type_of(node) == BOOL:
            return value.code
        return self.builder.call(boolean, self.plain(value))

    def named(self, code: ast.expr, hint: str = "t") -> ast.expr:
        """The same value as code that may be used several times."""
        if isinstance(code, (ast.Name, ast.Constant)):
            return code
        local = self.builder.fresh(hint)
        self.builder.assign(local, code)
        return self.builder.load(local)

    def literal(self, value: Any, type_: Type | None = None) -> Value:
        """The code of a constant."""
        if type(value) is Timestamp or type(value) is Duration:
            kind = TIMESTAMP if type(value) is Timestamp else DURATION
            code = self.builder.constant(value.nanoseconds)
            return Value(code, kind, Form.NANOS, known=value, is_constant=True)
        code = self.builder.constant(value)
        return Value(code, plain_type(type_ or DYN), known=value, is_constant=True)

    # Slots

    def need(self, slot: Slot) -> Value:
        """The value of a slot, which is filled here unless it surely has been."""
        if slot not in self._assigned:
            if slot in self._reached or self.depth > slot.depth:
                self.unset.add(slot.local)
                # What is made inside is there for certain only when the slot was empty.
                with self.branch(), self.builder.block() as body:
                    slot.value = slot.make()
                empty = self.builder.is_(
                    self.builder.load(slot.local), self.builder.constant(UNSET, "unset")
                )
                self.builder.choose(empty, body, [])
            else:
                slot.value = slot.make()
            self._reached.add(slot)
            self._assigned.add(slot)
        assert slot.value is not None
        return slot.value

    @contextmanager
    def branch(self) -> Iterator[None]:
        """What is emitted inside may not be reached."""
        kept = set(self._assigned)
        try:
            yield
        finally:
            self._assigned = kept

    # Cost

    def begin(self) -> None:
        """Starts the count of an expression that has a budget of its own."""
        if self._spent:
            self.builder.assign("cost", self.builder.constant(0))
        self._spent = False
        self.fixed_cost = 0

    def spend(self, units: ast.expr) -> None:
        """Counts work, and gives up where the interpreter might run out of its budget."""
        self.counts = self._spent = True
        self.builder.increase("cost", ast.Add(), units)
        over = self.builder.compare(
            self.builder.load("cost"), ast.Gt(), self.builder.constant(_HALF)
        )
        with self.builder.when(over):
            self.builder.fail(Doubt)

    def spend_always(self, units: int) -> None:
        """Counts work of which the amount is known: half of the budget is for it."""
        self.fixed_cost += units
        if self.fixed_cost > _HALF:
            raise UnsupportedError("an expression that costs too much")

    # Control

    def chain(
        self, operator: str, operands: Sequence[Expr], first: ast.expr | None = None
    ) -> ast.expr:
        """``&&`` or ``||``; as statements from the first operand on that needs any."""
        builder = self.builder
        codes = [self.truth(operands[0]) if first is None else first]
        for number, operand in enumerate(operands[1:], start=1):
            local = ""
            with self.branch(), builder.block() as body:
                code = self.truth(operand)
                if body:
                    local = builder.fresh("b")
                    builder.assign(local, self.chain(operator, operands[number:], code))
            if body:
                builder.assign(local, builder.logical(operator, codes))
                going_on = builder.load(local)
                if operator == "||":
                    going_on = builder.negated(going_on)
                builder.choose(going_on, body, [])
                return builder.load(local)
            codes.append(code)
        return builder.logical(operator, codes)

    def when_true(self, node: Expr, then: Callable[[], None]) -> None:
        """Emits ``if node: then``."""
        if isinstance(node, Logical) and node.operator == "&&":
            self._when_all(node.operands, then)
        else:
            self._when_all((node,), then)

    def _when_all(
        self, operands: Sequence[Expr], then: Callable[[], None], first: ast.expr | None = None
    ) -> None:
        """One ``if`` for all operands; another one inside from where on any needs statements."""
        builder = self.builder
        codes = [self.truth(operands[0]) if first is None else first]
        for number, operand in enumerate(operands[1:], start=1):
            with self.branch(), builder.block() as body:
                code = self.truth(operand)
                if body:
                    self._when_all(operands[number:], then, code)
            if body:
                builder.choose(builder.logical("&&", codes), body, [])
                return
            codes.append(code)
        with self.branch(), builder.when(builder.logical("&&", codes)):
            then()

    # The whole

    def function(
        self,
        name: str,
        parameters: list[str],
        *,
        file: str = "expression (generated)",
        loader: Any = None,
    ) -> Any:
        """The Python function of what has been emitted.

        ``file`` is what tracebacks call the place, ``loader`` gives its lines. Raises
        ``UnsupportedError`` where that is more than Python compiles.
        """
        builder = self.builder
        node = builder.function(name, parameters)
        with builder.block() as first:
            if self.counts:
                builder.assign("cost", builder.constant(0))
            for local in sorted(self.unset):
                builder.assign(local, builder.constant(UNSET, "unset"))
        node.body[:0] = first
        try:
            code = compile(ast.Module([node], []), file, "exec")
        except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
            raise UnsupportedError(str(error)) from error
        scope: dict[str, Any] = {"__builtins__": {}, **builder.globals}
        if loader is not None:
            scope |= {"__name__": file, "__loader__": loader}
        exec(code, scope)  # a tree that was built here, of safe constants
        return scope[name]


def _no_names(name: str) -> Value | Slot:
    raise UnsupportedError(f"nothing declares `{name}`")


def _visit_literal(compiler: Compiler, node: Literal) -> Value:
    return compiler.literal(node.value, compiler.type_of(node))


def _visit_name(compiler: Compiler, node: Name) -> Value:
    found = compiler.locals.get(node.name)
    if found is None:
        found = compiler.names(node.name.removeprefix("."))
    return compiler.need(found) if isinstance(found, Slot) else found


def _visit_logical(compiler: Compiler, node: Logical) -> Value:
    return Value(compiler.chain(node.operator, node.operands), BOOL)


def _visit_conditional(compiler: Compiler, node: Conditional) -> Value:
    """``a ? b : c``; the branches are brought to one form."""
    builder = compiler.builder
    test = compiler.truth(node.condition)
    if isinstance(test, ast.Constant):
        return compiler.visit(node.then if test.value else node.otherwise)
    type_ = compiler.type_of(node)
    form = form_of(type_)
    with compiler.branch(), builder.block() as then:
        one_value = compiler.visit(node.then)
        one = _in_form(compiler, one_value, form)
    with compiler.branch(), builder.block() as otherwise:
        other_value = compiler.visit(node.otherwise)
        other = _in_form(compiler, other_value, form)
    rate = one_value.rate
    if rate != other_value.rate:
        raise UnsupportedError("a time that moves in one branch only")
    if not then and not otherwise:
        return Value(builder.conditional(test, one, other), type_, form, rate=rate)
    local = builder.fresh("c")
    for block, code in ((then, one), (otherwise, other)):
        with builder.block() as last:
            builder.assign(local, code)
        block += last
    builder.choose(test, then, otherwise)
    return Value(builder.load(local), type_, form, rate=rate)


def _in_form(compiler: Compiler, value: Value, form: Form) -> ast.expr:
    return compiler.nanos(value) if form is Form.NANOS else compiler.plain(value)


def _visit_list(compiler: Compiler, node: ListExpr) -> Value:
    type_ = compiler.type_of(node)
    values = [compiler.visit(element) for element in node.elements]
    if all(value.is_constant for value in values) and not node.optional:
        return compiler.literal([value.known for value in values], type_)
    builder = compiler.builder
    items = builder.listed([compiler.plain(value) for value in values])
    if node.optional:
        items = builder.call(listed, items, builder.constant(node.optional, "optional"))
    return Value(items, type_)


def _visit_map(compiler: Compiler, node: MapExpr) -> Value:
    builder = compiler.builder
    made = []
    for entry in node.entries:
        key = compiler.plain(compiler.visit(entry.key))
        made.append(builder.tupled([key, compiler.plain(compiler.visit(entry.value))]))
    optional = frozenset(
        number for number, entry in enumerate(node.entries) if getattr(entry, "optional", False)
    )
    code = builder.call(mapped, builder.listed(made), builder.constant(optional, "optional"))
    return Value(code, compiler.type_of(node))


def _visit_bind(compiler: Compiler, node: Bind) -> Value:
    """``cel.bind``: a slot that is filled where the body first needs it."""
    builder = compiler.builder
    local = builder.fresh("v")
    seen = dict(compiler.locals)

    def make() -> Value:
        kept, compiler.locals = compiler.locals, seen
        try:
            value = compiler.visit(node.value)
        finally:
            compiler.locals = kept
        return hold(compiler, local, value)

    if compiler.depth:  # the slot is another one at every turn
        builder.assign(local, builder.constant(UNSET, "unset"))
    compiler.locals = {**seen, node.name: Slot(local, make, compiler.depth)}
    try:
        return compiler.visit(node.body)
    finally:
        compiler.locals = seen


def hold(compiler: Compiler, local: str, value: Value) -> Value:
    """Assigns a value to a local variable, in its own form; the value as the variable has it."""
    builder = compiler.builder
    builder.assign(local, value.code)
    return Value(
        builder.load(local),
        value.type,
        value.form,
        value.may_be_absent,
        value.layout,
        rate=value.rate,
    )


_VISITORS: Final[Mapping[type[Expr], Callable[[Compiler, Any], Value]]] = {
    Attribute: visit_attribute,
    Bind: _visit_bind,
    Call: visit_call,
    Comprehension: visit_comprehension,
    Conditional: _visit_conditional,
    ListExpr: _visit_list,
    Literal: _visit_literal,
    Logical: _visit_logical,
    MapExpr: _visit_map,
    Name: _visit_name,
    Select: visit_select,
}
