"""Checking macros that bind variables: loops over lists and maps, those of optionals, and bind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from evaluator.language import type_problems
from evaluator.language.checking.constructs import condition
from evaluator.language.checking.facts import EACH, NOTHING, Facts, Location
from evaluator.language.checking.inference import OBJECT_AS_MAP
from evaluator.language.checking.overloads import NO_ERRORS
from evaluator.language.checking.state import NO_OVERLOAD, Local, State, Term
from evaluator.language.syntax import Bind, Comprehension, ComprehensionKind, Expr
from evaluator.language.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    ERROR,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    EnumType,
    ListType,
    MapType,
    ObjectType,
    OptionalType,
    Type,
    TypeParameter,
)

__all__ = ["visit_bind", "visit_comprehension"]

_Kind = ComprehensionKind
_OPTIONALS: Final = frozenset({_Kind.OPT_MAP, _Kind.OPT_FLAT_MAP})
_PREDICATES: Final = frozenset({_Kind.ALL, _Kind.EXISTS, _Kind.EXISTS_ONE, _Kind.FILTER})
_ORDERED: Final = frozenset({BOOL, INT, UINT, DOUBLE, STRING, BYTES, TIMESTAMP, DURATION})
_COST: Final = frozenset({"cost_exceeded"})
_DUPLICATE: Final = frozenset({"duplicate_key"})


def visit_bind(state: State, node: Bind) -> Term:
    """``cel.bind(name, value, body)``: the value is computed when the body first asks for it."""
    value = state.visit(node.value)
    when_true, when_false = value.when_true, value.when_false
    location = value.location
    if location is None:
        location = state.element_of(None)
        if isinstance(value.type, OptionalType):
            when_true = when_false = when_true & Facts.present(location)
    local = Local(
        value.type,
        location,
        value.errors,
        value.volatile,
        when_true,
        when_false,
        value.values,
    )
    body = _inside(state, node.body, {node.name: local}, NOTHING)
    resolved = node
    if value.node is not node.value or body.node is not node.body:
        resolved = Bind(node.id, node.name, value.node, body.node)
    term = Term(resolved, body.type, body.errors, body.volatile, body.location)
    term.when_true, term.when_false = body.when_true, body.when_false
    term.values = body.values
    return term


def visit_comprehension(state: State, node: Comprehension) -> Term:
    """Any of the macros of ``ComprehensionKind``."""
    over = state.visit(node.range)
    if node.kind in _OPTIONALS:
        return _optional(state, node, over)
    return _loop(state, node, over)


def _inside(state: State, node: Expr, bound: dict[str, Local], facts: Facts) -> Term:
    """A node in which some names are bound."""
    outside = state.locals
    state.locals = {**outside, **bound}
    term = state.visit_knowing(node, facts)
    state.locals = outside
    return term


def _resolved(node: Comprehension, over: Term, filter_: Term | None, body: Term) -> Comprehension:
    new_filter = None if filter_ is None else filter_.node
    if over.node is node.range and new_filter is node.filter and body.node is node.body:
        return node
    return Comprehension(node.id, node.kind, over.node, node.variables, new_filter, body.node)


# Over lists and maps


def _loop(state: State, node: Comprehension, over: Term) -> Term:
    type_ = state.without_null(over, (ListType, MapType, ObjectType))
    if isinstance(type_, ObjectType):
        type_ = OBJECT_AS_MAP
    errors = _COST
    if type_ == DYN:
        errors = errors | NO_OVERLOAD
    elif not isinstance(type_, (ListType, MapType, TypeParameter)) and type_ != ERROR:
        state.report(type_problems.range_expected(state.span(over.node), node.kind.value, type_))
        type_ = ERROR
    bound, subject = _variables(state, node.variables, over, type_)
    kind = node.kind
    filter_: Term | None = None
    facts = NOTHING
    if node.filter is not None:
        filter_ = _inside(state, node.filter, bound, NOTHING)
        errors = errors | filter_.errors | condition(state, filter_, kind.value)
        facts = filter_.when_true
    body = _inside(state, node.body, bound, facts)
    if kind in _PREDICATES:
        errors = errors | condition(state, body, kind.value)
    if kind is _Kind.SORT_BY:
        errors = errors | _key_errors(state, body)
    result, more = _result(state, node, type_, body)
    volatile = {_Kind.FILTER: over.volatile, _Kind.MAP: body.volatile}.get(
        kind, result != BOOL and (over.volatile or body.volatile)
    )
    if kind is _Kind.TRANSFORM_LIST:
        volatile = body.volatile
    term = Term(
        _resolved(node, over, filter_, body),
        result,
        over.errors | errors | body.errors | more,
        volatile,
    )
    if kind in _PREDICATES:
        _learn(state, node, over, body, subject, term)
    elif kind is _Kind.SORT_BY and isinstance(result, ListType):
        term.location = state.part_of(over.location if subject is not None else None)
    return term


def _variables(
    state: State, names: Sequence[str], over: Term, type_: Type
) -> tuple[dict[str, Local], Location | None]:
    """The variables of a loop, and the location of the one that facts about elements are about."""
    unknown: Type = ERROR if type_ == ERROR else DYN
    if isinstance(type_, TypeParameter):
        unknown = type_
    if isinstance(type_, ListType):
        types: tuple[Type, ...] = (type_.element,) if len(names) == 1 else (INT, type_.element)
    elif isinstance(type_, MapType):
        types = (type_.key, type_.value)
    else:
        types = (unknown, unknown)
    about_elements = isinstance(type_, ListType) or (isinstance(type_, MapType) and len(names) == 2)
    element = state.element_of(over.location if about_elements else None)
    bound = {}
    last = len(names) - 1
    for index, name in enumerate(names):
        location = element if index == last else state.element_of(None)
        # Of a list the index, the first of two variables, is no part of what it holds.
        volatile = over.volatile and not (index < last and isinstance(type_, ListType))
        bound[name] = Local(types[index], location, volatile=volatile)
        if isinstance(bound[name].type, OptionalType):
            bound[name] = _placed(bound[name])
    return bound, element if about_elements else None


def _placed(local: Local) -> Local:
    location = (*local.location, ...)
    present = Facts.present(location)
    return Local(local.type, location, local.errors, local.volatile, present, present)


def _result(
    state: State, node: Comprehension, type_: Type, body: Term
) -> tuple[Type, frozenset[str]]:
    """The type of a loop and the kinds of error that it adds."""
    kind = node.kind
    if kind in (_Kind.ALL, _Kind.EXISTS, _Kind.EXISTS_ONE):
        return BOOL, NO_ERRORS
    if kind in (_Kind.FILTER, _Kind.SORT_BY):
        return _filtered(type_), NO_ERRORS
    if kind in (_Kind.MAP, _Kind.TRANSFORM_LIST):
        return ListType(body.type), NO_ERRORS
    if kind is _Kind.TRANSFORM_MAP:
        key: Type = DYN
        if isinstance(type_, ListType):
            key = INT
        elif isinstance(type_, MapType):
            key = type_.key
        return MapType(key, body.type), NO_ERRORS
    entry = state.without_null(body)
    if isinstance(entry, MapType):
        return MapType(entry.key, entry.value), _DUPLICATE
    if entry == DYN:
        return MapType(DYN, DYN), _DUPLICATE | NO_OVERLOAD
    if entry != ERROR:
        state.report(type_problems.entry_expected(state.span(body.node), entry))
    return ERROR, _DUPLICATE


def _key_errors(state: State, key: Term) -> frozenset[str]:
    """Report a key of ``sortBy`` that has no order; the errors of one that may have none."""
    type_ = state.without_null(key)
    if type_ in _ORDERED or isinstance(type_, EnumType) or type_ == ERROR:
        return NO_ERRORS
    if type_ != DYN and not isinstance(type_, TypeParameter):
        state.report(type_problems.key_without_order(state.span(key.node), type_))
    return NO_OVERLOAD


def _filtered(type_: Type) -> Type:
    if isinstance(type_, MapType):
        return ListType(type_.key)
    if type_ == DYN or isinstance(type_, TypeParameter):
        return ListType(type_)
    return type_


def _learn(
    state: State,
    node: Comprehension,
    over: Term,
    body: Term,
    subject: Location | None,
    term: Term,
) -> None:
    """What a predicate tells of the elements, and that it held or not tells of everything else."""
    kind = node.kind
    if kind is _Kind.FILTER:
        if isinstance(term.type, ListType) and subject is not None:
            location = state.part_of(over.location)
            term.location = location
            state.axioms.update(_of_each(body.when_true, subject, location).items)
        return
    if kind is _Kind.EXISTS_ONE:
        term.when_true = _of_others(body.when_true, node, state)
        return
    each, some = (
        (body.when_true, body.when_false)
        if kind is _Kind.ALL
        else (body.when_false, body.when_true)
    )
    of_each, of_some = NOTHING, _of_others(some, node, state)
    if over.location is not None and subject is not None:
        of_each = _of_each(each, subject, over.location)
    if over.location is not None and isinstance(over.type, ListType):
        of_some &= Facts.present((*over.location, 0))
    if kind is _Kind.ALL:
        term.when_true, term.when_false = of_each, of_some
    else:
        term.when_true, term.when_false = of_some, of_each


def _of_each(facts: Facts, subject: Location, location: Location) -> Facts:
    """Facts about the variable of a loop as facts about each element of what it goes through."""
    return Facts(
        frozenset(
            ((*location, EACH, *place[1:]), what)
            for place, what in facts.items
            if place[:1] == subject
        )
    )


def _of_others(facts: Facts, node: Comprehension, state: State) -> Facts:
    """Facts that do not depend on the variables of a loop: of names from outside it."""
    return facts.about(lambda place: type(place[0]) is not int)


# Over optionals


def _optional(state: State, node: Comprehension, over: Term) -> Term:
    type_ = over.type
    errors = NO_ERRORS
    inner: Type = ERROR
    if isinstance(type_, OptionalType):
        inner = type_.value
    elif type_ == DYN or isinstance(type_, TypeParameter):
        inner, errors = DYN, NO_OVERLOAD
    elif type_ != ERROR:
        state.report(type_problems.range_expected(state.span(over.node), node.kind.value, type_))
    location = over.location if over.location is not None else state.element_of(None)
    (name,) = node.variables
    local = Local(state.narrowed(inner, location), location, volatile=over.volatile)
    if isinstance(inner, OptionalType):
        local = _placed(local)
    body = _inside(state, node.body, {name: local}, over.when_true)
    result: Type = OptionalType(body.type)
    if node.kind is _Kind.OPT_FLAT_MAP:
        result = body.type
        if result == DYN:
            errors = errors | NO_OVERLOAD
        elif not isinstance(result, (OptionalType, TypeParameter)) and result != ERROR:
            state.report(
                type_problems.optional_expected(state.span(body.node), "`optFlatMap`", result)
            )
            result = ERROR
    term = Term(
        _resolved(node, over, None, body), result, over.errors | errors | body.errors, body.volatile
    )
    # There is a result only where there is a value.
    if isinstance(result, OptionalType):
        term.when_true = term.when_false = over.when_true
    return term
