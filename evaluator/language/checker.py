"""The checker: from a parsed expression and what its names mean to types, errors and problems.

Checking is gradual, as langdef.md has it: what is ``dyn`` is left to run time, everything else is
decided here. Beside types it follows what conditions establish (``checking.facts``), so that an
attribute that may be absent can be read behind a guard and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, TypeVar

from evaluator.diagnostics import Diagnostic
from evaluator.language import check_problems as problems
from evaluator.language import type_problems
from evaluator.language.checking.calls import visit_call
from evaluator.language.checking.checked import Checked
from evaluator.language.checking.comprehensions import visit_bind, visit_comprehension
from evaluator.language.checking.constructs import (
    visit_conditional,
    visit_list,
    visit_literal,
    visit_logical,
    visit_map,
    visit_message,
)
from evaluator.language.checking.environment import Declaration, Environment
from evaluator.language.checking.facts import NOTHING, Facts, Location
from evaluator.language.checking.inference import is_assignable, settled, type_of_value
from evaluator.language.checking.names import visit_name
from evaluator.language.checking.ranges import findings
from evaluator.language.checking.selections import visit_select
from evaluator.language.checking.side_tables import SideTable
from evaluator.language.checking.state import NO_OVERLOAD, State, Term, Visitor
from evaluator.language.checking.tables import enum_of, string_edit
from evaluator.language.syntax import (
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
    walk,
)
from evaluator.language.types import BOOL, DYN, ERROR, NullableType, OptionalType, Type

__all__ = [
    "NOTHING",
    "Checked",
    "Declaration",
    "Environment",
    "Facts",
    "check",
    "is_assignable",
    "type_of_value",
]

T = TypeVar("T")

_VISITORS: Final[Mapping[type[Expr], Visitor]] = {
    Bind: visit_bind,
    Call: visit_call,
    Comprehension: visit_comprehension,
    Conditional: visit_conditional,
    ListExpr: visit_list,
    Literal: visit_literal,
    Logical: visit_logical,
    MapExpr: visit_map,
    Message: visit_message,
    Name: visit_name,
    Select: visit_select,
}


def check(
    parsed: Parsed,
    environment: Environment,
    *,
    expected: Type | None = None,
    assuming: Facts = NOTHING,
) -> Checked:
    """Check an expression. Never raises on what users write: problems are in ``diagnostics``.

    ``expected`` is the type that the value must have: bool makes it a condition, and an optional
    type admits the value itself too. ``assuming`` are facts that hold whenever it is evaluated.
    """
    state = State(parsed, environment, _VISITORS, assuming)
    try:
        term = state.visit(parsed.root)
    except RecursionError:
        state.report(problems.too_deep(parsed.span(parsed.root)))
        term = Term(parsed.root, ERROR)
    errors = term.errors
    if expected == BOOL:
        errors |= _check_condition(state, term)
    elif expected is not None:
        errors |= _check_type(state, term, expected)
    if not state.problems:
        _check_ranges(state, term.node)
    return Checked(
        parsed.with_root(term.node),  # two trees would take twice the room
        term.node,
        settled(term.type),
        SideTable(state.types),
        SideTable(state.overloads),
        _shared(errors),
        SideTable({id: _shared(kinds) for id, kinds in state.error_kinds.items()}),
        term.volatile,
        _shared(frozenset(state.uses)),
        _shared(frozenset(state.reads)),
        term.when_true.about(_is_global),
        term.when_false.about(_is_global),
        _always(state, term),
        _in_order(state.problems),
    )


@lru_cache(maxsize=4096)
def _shared(found: frozenset[T]) -> frozenset[T]:
    """One object for equal sets, of which a pack has thousands."""
    return found


def _in_order(found: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By place, what is inside first; a problem that two ways lead to stands there once."""

    def key(item: Diagnostic) -> tuple[str, int, int, str, str]:
        assert item.span is not None
        span = item.span
        return (span.source.name, span.start, span.end, item.code, item.message)

    if len(found) < 2:
        return tuple(found)
    return tuple({key(item): item for item in sorted(found, key=key)}.values())


# The whole


def _check_condition(state: State, term: Term) -> frozenset[str]:
    type_ = term.type
    if type_ == NullableType(BOOL):
        state.without_null(term)
    elif type_ not in (BOOL, DYN, ERROR):
        state.report(type_problems.condition_expected(state.span(term.node), type_))
    if type_ not in (BOOL, ERROR):
        return NO_OVERLOAD
    _check_constant(state, term)
    return frozenset()


def _check_constant(state: State, term: Term) -> None:
    """Warn of a condition that nothing can change, and of the constants in one."""
    node = term.node
    if isinstance(node, Literal):
        state.report(problems.condition_constant(state.span(node), node.value is True))
        return
    declarations = state.environment.declarations
    outside = state.reads or any(declarations[name].kind != "constant" for name in state.uses)
    if term.type == BOOL and not outside and not state.problems and not _asks_host(state, node):
        state.report(problems.condition_constant(state.span(node), None))
        return
    if isinstance(node, Logical):
        for operand in node.operands:
            if isinstance(operand, Literal) and isinstance(operand.value, bool):
                state.report(
                    problems.condition_constant(state.span(operand), operand.value, node.operator)
                )


def _check_ranges(state: State, node: Expr) -> None:
    """Warn of chains and comparisons that nothing can make true, or false."""
    declarations = state.environment.declarations

    def constant(name: str) -> Any:
        declaration = declarations.get(name)
        return declaration.value if declaration and declaration.kind == "constant" else None

    for found in findings(node, state.types, constant, lambda part: _asks_host(state, part)):
        because = None if found.because is None else state.span(found.because)
        text = state.text(found.part)
        state.report(problems.never(state.span(found.part), text, found.value, because))


def _asks_host(state: State, node: Expr) -> bool:
    """Whether a function of the host application is called, which may depend on anything."""
    functions = state.environment.functions
    if not functions.has_host_functions:
        return False
    calls = (part for part in walk(node) if isinstance(part, Call))
    found = (functions.get(call.function) for call in calls)
    return any(function is not None and function.family == "host" for function in found)


def _check_type(state: State, term: Term, expected: Type) -> frozenset[str]:
    found = term.type
    wanted = expected
    if isinstance(wanted, OptionalType) and not isinstance(found, OptionalType):
        wanted = wanted.value
    enum = enum_of(wanted)
    if enum is not None and term.values:
        unknown = [value for value in term.values if value not in enum.values]
        for value in unknown:
            if type(value) is str:
                state.report(
                    problems.enum_value_not_allowed(
                        state.span(term.node),
                        value,
                        enum.values,
                        string_edit(state, term.node, value),
                    )
                )
        if all(type(value) is str for value in term.values):
            return frozenset()
    if found == DYN and wanted != DYN:
        return NO_OVERLOAD
    if is_assignable(wanted, found):
        return frozenset()
    if isinstance(found, NullableType) and is_assignable(wanted, found.value):
        state.without_null(term)
        return frozenset()
    state.report(type_problems.type_expected(state.span(term.node), wanted, found))
    return frozenset()


# What leaves the expression


def _is_global(location: Location) -> bool:
    """Whether a location means something outside of the expression: none of its variables."""
    return type(location[0]) is not int and not any(
        isinstance(step, tuple) and not _is_global(step) for step in location[1:]
    )


def _always(state: State, term: Term) -> Facts:
    """The facts about the value itself, such as of the elements that a filter lets through."""
    if term.location is None or not state.axioms:
        return NOTHING
    return Facts(
        frozenset(
            (("", *steps), what)
            for steps, what in state.always(term.location)
            if not any(isinstance(step, tuple) for step in steps)
        )
    )
