"""What calls tell when they are true or false: comparisons, membership, sizes, optionals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from evaluator.language import check_problems as problems
from evaluator.language import type_problems
from evaluator.language.checking.facts import NOTHING, Facts, Location
from evaluator.language.checking.inference import join
from evaluator.language.checking.state import State, Term
from evaluator.language.checking.tables import check_membership, check_strings, enum_of
from evaluator.language.syntax import Call, ListExpr, Literal, Name
from evaluator.language.types import (
    BOOL,
    DYN,
    ERROR,
    NULL,
    STRING,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    OptionalType,
    Type,
    TypeParameter,
)
from evaluator.language.values import Map

__all__ = ["LEARN", "enum_with", "step_to"]

_MOST_ELEMENTS: Final = 16  # of a list that a comparison of its size speaks for


def _not(state: State, node: Call, terms: list[Term], result: Term) -> None:
    (operand,) = terms
    result.when_true, result.when_false = operand.when_false, operand.when_true


# Equality


def _equal(state: State, node: Call, terms: list[Term], result: Term) -> None:
    equal, unequal = NOTHING, NOTHING
    for tested, other in (terms, terms[::-1]):
        enum = enum_of(tested.type)
        if enum is not None:
            check_strings(state, enum, tested, other)
            values = _strings(other.values)
            if tested.location is not None and values:
                equal &= _only(enum, tested.location, values)
                if len(values) == 1:
                    unequal &= Facts.excluding(tested.location, values)
            _suggest_text(state, enum, other)
        if isinstance(other.node, Literal):
            value = other.node.value
            if value is None:
                _check_null(state, node, tested)
                if tested.location is not None:
                    unequal &= Facts.excluding(tested.location, (None,))
            elif type(value) is bool:
                facts = (tested.when_false, tested.when_true)
                equal &= facts[value]
                if tested.type == BOOL:
                    unequal &= facts[not value]
        elif isinstance(other.node, ListExpr) and not other.node.elements:
            unequal &= _elements(tested.location, 1, tested.type)
    if node.function == "_==_":
        result.when_true, result.when_false = equal, unequal
    else:
        result.when_true, result.when_false = unequal, equal
    _learn_size(state, node, terms, result)


def _strings(values: Sequence[Any] | None) -> Sequence[str]:
    """Some values if they are strings, all of them; otherwise none."""
    return values if values is not None and all(type(value) is str for value in values) else ()


def _check_null(state: State, node: Call, tested: Term) -> None:
    """Report a comparison with null of what is never null, unless a guard has just excluded it.

    CEL takes it for times, optionals and the like. In a policy it is a mistake.
    """
    type_ = tested.type
    may_be_null = type_ in (NULL, DYN, ERROR) or isinstance(type_, (NullableType, TypeParameter))
    if may_be_null or not state.environment.roots or state.holds(tested.location, None):
        return
    optional = isinstance(type_, OptionalType)
    state.report(
        type_problems.never_null(
            state.span(node), state.text(tested.node), type_, optional=optional
        )
    )


def _only(enum: EnumType, location: Location, values: Sequence[str]) -> Facts:
    """That a string of an enum is one of these: it is none of the others."""
    return Facts.excluding(location, (value for value in enum.values if value not in values))


def _suggest_text(state: State, enum: EnumType, other: Term) -> None:
    """``type == MCA``: the undeclared name is meant to be a text."""
    if other.type != ERROR or not isinstance(other.node, Name):
        return
    span = state.span(other.node)
    for index, problem in enumerate(state.problems):
        if problem.code == "EVL301" and problem.span == span and other.node.name in enum.values:
            state.problems[index] = problems.word_for_text(problem, other.node.name)


# Membership


def _in(state: State, node: Call, terms: list[Term], result: Term) -> None:
    element, container = terms
    check_membership(state, element, container)
    type_ = container.type
    if isinstance(type_, (MapType, ObjectType)):
        step = step_to(type_, element)
        if container.location is not None and step is not None:
            result.when_true = Facts.present((*container.location, step))
        return
    enum = enum_of(element.type)
    if enum is None or element.location is None:
        return
    values = _strings(_members(container))
    if values:
        result.when_true = _only(enum, element.location, values)
        result.when_false = Facts.excluding(element.location, values)


def _members(container: Term) -> list[Any] | None:
    """The elements of a list that is written out or constant."""
    if isinstance(container.node, ListExpr):
        if all(isinstance(item, Literal) for item in container.node.elements):
            return [item.value for item in container.node.elements if isinstance(item, Literal)]
        return None
    if container.values is not None and len(container.values) == 1:
        (value,) = container.values
        return list(value) if isinstance(value, (list, tuple)) else None
    return None


# Sizes


def _size(state: State, node: Call, terms: list[Term], result: Term) -> None:
    if terms[0].location is not None and isinstance(terms[0].type, ListType):
        state.sizes[node.id] = terms[0].location


_MIRRORED: Final = {"_<_": "_>_", "_<=_": "_>=_", "_>_": "_<_", "_>=_": "_<=_"}


def _learn_size(state: State, node: Call, terms: list[Term], result: Term) -> None:
    if not state.sizes:
        return
    left, right = terms
    function = node.function
    if left.node.id not in state.sizes:
        left, right = right, left
        function = _MIRRORED.get(function, function)
    location = state.sizes.get(left.node.id)
    if location is None or not isinstance(right.node, Literal) or type(right.node.value) is not int:
        return
    when_true, when_false = _least_sizes(function, right.node.value)
    result.when_true &= _elements(location, when_true)
    result.when_false &= _elements(location, when_false)


def _least_sizes(function: str, bound: int) -> tuple[int, int]:
    """How many elements there are at least when ``size op bound`` is true, and when it is false."""
    if function == "_>_":
        return bound + 1, 0
    if function == "_>=_":
        return bound, 0
    if function == "_<_":
        return 0, bound
    if function == "_<=_":
        return 0, bound + 1
    equal, unequal = bound, 1 if bound == 0 else 0
    return (equal, unequal) if function == "_==_" else (unequal, equal)


def _elements(location: Location | None, count: int, type_: Type | None = None) -> Facts:
    """That a list has the first so many elements."""
    if location is None or count < 1 or not (type_ is None or isinstance(type_, ListType)):
        return NOTHING
    return Facts.present(*((*location, index) for index in range(min(count, _MOST_ELEMENTS))))


# Elements


def step_to(container: Type, key: Term) -> Any:
    """The step from a list or map to the element that a key names; None when facts cannot tell.

    A key that is not written out is told by its own location.
    """
    if isinstance(key.node, Literal):
        value = key.node.value
        if isinstance(container, ListType):
            return value if type(value) is int and value >= 0 else None
        return value if type(value) is str else None
    return key.location if isinstance(container, (MapType, ObjectType)) else None


def _index(state: State, node: Call, terms: list[Term], result: Term) -> None:
    container, key = terms
    type_ = container.type
    content = isinstance(type_, OptionalType)
    if isinstance(type_, OptionalType):
        type_ = type_.value
    if container.values is not None and not content and node.function == "_[_]":
        result.values = _found(container.values, key)
    if container.location is None or not isinstance(type_, (ListType, MapType, ObjectType)):
        return
    step = step_to(type_, key)
    if step is None:
        return
    result.location = (*container.location, step)
    if content or node.function == "_[?_]":
        facts = Facts.present(result.location)
        result.when_true = result.when_false = facts & container.when_true if content else facts
    else:
        result.type = state.narrowed(result.type, result.location)
        state.placed(result)


def _found(containers: tuple[Any, ...], key: Term) -> tuple[Any, ...] | None:
    """The values that indexing one of some constants may give; not those of optionals."""
    keys = key.values
    if keys is None:
        enum = enum_of(key.type)
        keys = enum.values if enum is not None else None
    found: list[Any] = []
    for container in containers:
        if isinstance(container, Map):
            found.extend(
                value for entry, value in container.items() if keys is None or entry in keys
            )
        elif isinstance(container, (list, tuple)):
            found.extend(container)
        else:
            return None
    return tuple(found)


# Optionals


def _has_value(state: State, node: Call, terms: list[Term], result: Term) -> None:
    result.when_true = terms[0].when_true


def _value(state: State, node: Call, terms: list[Term], result: Term) -> None:
    result.location = terms[0].location
    result.type = state.narrowed(result.type, result.location)
    state.placed(result)


def _or_value(state: State, node: Call, terms: list[Term], result: Term) -> None:
    optional, default = terms
    if isinstance(optional.type, OptionalType):
        result.type = enum_with(optional.type.value, default, result.type)
    if result.type == BOOL and isinstance(default.node, Literal):
        # What is not the default is the value that was there.
        if default.node.value is False:
            result.when_true = optional.when_true
        else:
            result.when_false = optional.when_true


def enum_with(type_: Type, other: Term, joined: Type) -> Type:
    """The join of an enum with constant strings: the enum with those too, rather than string."""
    enum = enum_of(type_)
    if enum is None or joined != STRING or other.values is None:
        return joined
    strings = tuple(value for value in other.values if type(value) is str)
    return join(enum, EnumType(strings)) or joined


_Learn = Callable[[State, Call, list[Term], Term], None]

LEARN: Final[dict[str, _Learn]] = {
    "!_": _not,
    "_==_": _equal,
    "_!=_": _equal,
    "@in": _in,
    "size": _size,
    "_<_": _learn_size,
    "_<=_": _learn_size,
    "_>_": _learn_size,
    "_>=_": _learn_size,
    "_[_]": _index,
    "_[?_]": _index,
    "hasValue": _has_value,
    "value": _value,
    "orValue": _or_value,
}
"""By function: what enters the facts, location and type of the call's term."""
