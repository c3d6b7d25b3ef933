"""Checking calls: the function that is meant, its overload, and what the call adds to errors."""

from __future__ import annotations

from operator import is_
from typing import Final

from evaluator.diagnostics import did_you_mean
from evaluator.language import check_problems as problems
from evaluator.language import type_problems
from evaluator.language.checking.excuses import EXCUSED
from evaluator.language.checking.formats import FORMATS
from evaluator.language.checking.guards import LEARN
from evaluator.language.checking.numbers import NUMBERS
from evaluator.language.checking.overloads import NO_ERRORS, Resolution
from evaluator.language.checking.state import NO_OVERLOAD, State, Term
from evaluator.language.syntax import Call, Expr, Name, Select, SelectMode
from evaluator.language.types import (
    BOOL,
    ERROR,
    NULL,
    NullableType,
    OptionalType,
)

__all__ = ["visit_call"]

_EXCUSED: Final = {**EXCUSED, **FORMATS, **NUMBERS}
# What tells something of a time without being one: getHours, and how many there are.
_TELLING: Final = frozenset(
    {
        "getDate",
        "getDayOfMonth",
        "getDayOfWeek",
        "getDayOfYear",
        "getFullYear",
        "getHours",
        "getMilliseconds",
        "getMinutes",
        "getMonth",
        "getSeconds",
        "size",
        "type",
    }
)


def visit_call(state: State, node: Call) -> Term:
    """A call of a function or operator."""
    function, target = node.function, node.target
    if target is not None:
        qualified = _qualified(state, target, function)
        if qualified is not None:
            function, target = qualified, None
    elif state.environment.container:
        function = _contained(state, function)
    operands = node.args if target is None else (target, *node.args)
    terms = [state.visit(operand) for operand in operands]
    resolution = _resolve(state, node, function, target is not None, terms)
    resolved = _node(node, function, target, terms)
    errors = NO_ERRORS
    volatile = False
    for term in terms:
        errors |= term.errors
        volatile = volatile or term.volatile
    if resolution is None:
        return Term(resolved, ERROR, errors | NO_OVERLOAD, volatile)
    state.overloads[node.id] = () if resolution.certain is None else (resolution.certain.id,)
    own = resolution.errors
    if own:
        excused = _EXCUSED.get(function)
        if excused is not None:
            own = own - excused(state, node, terms, resolution)
    type_ = resolution.result
    if volatile and (type_ == BOOL or function in _TELLING):
        volatile = False
    result = Term(resolved, type_, errors | own, volatile)
    learn = LEARN.get(function)
    if learn is not None:
        learn(state, node, terms, result)
    return result


def _node(node: Call, function: str, target: Expr | None, terms: list[Term]) -> Expr:
    first = 0 if target is None else 1
    args = tuple([term.node for term in terms[first:]])
    receiver = terms[0].node if first else None
    if receiver is node.target and function == node.function and all(map(is_, args, node.args)):
        return node
    return Call(node.id, function, receiver, args)


# Which function


def _qualified(state: State, target: Expr, function: str) -> str | None:
    """The full name of a namespace's function, as in ``math.greatest(a, b)``, or None."""
    parts = [function]
    while isinstance(target, Select) and target.mode is SelectMode.PLAIN:
        parts.append(target.field)
        target = target.operand
    if not isinstance(target, Name):
        return None
    head = target.name
    environment = state.environment
    if head in state.locals or environment.shadows(head.removeprefix(".")):
        return None
    parts.append(head)
    written = ".".join(reversed(parts))
    for name in environment.qualified(written):
        if name in environment.functions:
            return name
    # A function that is not there in a namespace that is, or neither: not an undeclared name.
    if head in state.resolver.namespaces:
        return written
    names = [*state.locals, *environment.declarations, *environment.roots]
    meant = function in environment.functions or did_you_mean(head, names) is not None
    return None if meant or environment.find(head) is not None else written


def _contained(state: State, function: str) -> str:
    for name in state.environment.qualified(function):
        if name in state.environment.functions:
            return name
    return function


# Which overload


def _resolve(
    state: State, node: Call, function: str, member: bool, terms: list[Term]
) -> Resolution | None:
    types = [term.type for term in terms]
    if function in ("_[_]", "_[?_]"):
        # A null key would be bound as any other, and then not be found.
        types = [state.without_null(term) for term in terms]
    resolution = state.resolver.resolve(function, member, types)
    if resolution is not None:
        return resolution
    functions = state.environment.functions
    overloads = functions.overloads(function, member=member)
    # `x.string()` is said of addresses; of what else `string(x)` takes, that is what was meant.
    other_way = ERROR not in types and state.resolver.resolve(function, not member, types)
    if not overloads or (member and other_way):
        state.report(
            problems.function_unknown(
                state.parsed.name_span(node),
                function,
                member,
                functions,
                exists=bool(functions.overloads(function, member=not member)),
            )
        )
        return None
    if ERROR in types:
        return None
    if any(isinstance(type_, NullableType) for type_ in types):
        plain = [type_.value if isinstance(type_, NullableType) else type_ for type_ in types]
        resolution = state.resolver.resolve(function, member, plain)
        if resolution is not None:
            for term in terms:
                state.without_null(term)
            return resolution
    if function in ("_==_", "_!=_") and NULL in types:
        return _compare_null(state, node, function, terms)
    state.report(type_problems.no_overload(state.span(node), function, types, overloads))
    return None


def _compare_null(state: State, node: Call, function: str, terms: list[Term]) -> Resolution | None:
    """``x == null`` where x has no null: a mistake, unless a guard has just excluded it."""
    other = terms[0] if terms[1].type == NULL else terms[1]
    if other.location is not None and state.holds(other.location, None):
        return state.resolver.resolve(function, False, [NULL, NULL])
    place = state.span(other.node)
    if any(
        item.code == "EVL308" and item.span and place.start <= item.span.start < place.end
        for item in state.problems
    ):
        return None  # that it may be absent has been said, and is what was to be asked
    optional = isinstance(other.type, OptionalType)
    state.report(
        type_problems.never_null(
            state.span(node), state.text(other.node), other.type, optional=optional
        )
    )
    return None
