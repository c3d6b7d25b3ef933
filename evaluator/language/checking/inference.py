"""What types have in common, which fits where, and what a generic function makes of its arguments.

Types flow forward only. What other checkers get from type variables that are solved later, such as
``[] + [1]`` being a ``list(int)``, comes from ``NEVER``: the type of the elements of ``[]``, of
which there are none, so that it fits everywhere. It is seen by nobody outside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from typing import Any, Final

from evaluator.language.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    ERROR,
    INT,
    NULL,
    STRING,
    TIMESTAMP,
    TYPE,
    UINT,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    OpaqueType,
    OptionalType,
    PrimitiveType,
    Type,
    TypeParameter,
    TypeType,
)
from evaluator.language.values import Duration, Map, Optional, Timestamp, UInt

__all__ = [
    "NEVER",
    "OBJECT_AS_MAP",
    "Fit",
    "common",
    "contains_dyn",
    "fits",
    "instantiate",
    "is_assignable",
    "join",
    "settled",
    "type_of_value",
]

NEVER: Final = TypeParameter("dyn")
"""The type that no value has. It prints as what it becomes when nothing else is known."""


class Fit(IntEnum):
    """Whether a value of one type can stand where another is asked for."""

    NO = 0
    MAYBE = 1  # it depends on the value, since one of the types is not fully known
    YES = 2


OBJECT_AS_MAP: Final = MapType(STRING, DYN)
"""An object of the request seen as the map that it is at run time."""

_NULLABLE_BY_NATURE: Final = (OptionalType, OpaqueType, ObjectType)


def join(left: Type, right: Type) -> Type | None:
    """The type of a value that has one of two types; None when they have nothing in common."""
    if left is right or left == right:
        return left
    if isinstance(left, TypeParameter) or left == ERROR:
        return right
    if isinstance(right, TypeParameter) or right == ERROR:
        return left
    if left == DYN or right == DYN:
        return DYN
    if left == NULL or isinstance(left, NullableType):
        return _join_null(right, left)
    if right == NULL or isinstance(right, NullableType):
        return _join_null(left, right)
    if isinstance(left, EnumType):
        if isinstance(right, EnumType):
            return EnumType(tuple(dict.fromkeys((*left.values, *right.values))))
        return STRING if right == STRING else None
    if isinstance(right, EnumType):
        return STRING if left == STRING else None
    if isinstance(left, ObjectType):
        left = OBJECT_AS_MAP
    if isinstance(right, ObjectType):
        right = OBJECT_AS_MAP
    if isinstance(left, ListType) and isinstance(right, ListType):
        element = join(left.element, right.element)
        return None if element is None else ListType(element)
    if isinstance(left, MapType) and isinstance(right, MapType):
        key, value = join(left.key, right.key), join(left.value, right.value)
        if key is None or value is None:
            return None
        return MapType(key, value, left.keys if left.keys == right.keys else None)
    if isinstance(left, OptionalType) and isinstance(right, OptionalType):
        inner = join(left.value, right.value)
        return None if inner is None else OptionalType(inner)
    if isinstance(left, TypeType) and isinstance(right, TypeType):
        return TYPE
    if isinstance(left, OpaqueType) and isinstance(right, OpaqueType):
        return _join_opaque(left, right)
    return None


def _join_null(other: Type, nullable: Type) -> Type | None:
    """The join of null, or of a nullable type, with a type that is not the same."""
    if not isinstance(nullable, NullableType):
        # Null goes with messages and abstract types, not with int and the like: as in CEL.
        if isinstance(other, NullableType):
            return other
        if isinstance(other, _NULLABLE_BY_NATURE) or other in (TIMESTAMP, DURATION):
            return NullableType(other)
        return None
    if other == NULL:
        return nullable
    inner = join(nullable.value, other.value if isinstance(other, NullableType) else other)
    return None if inner is None else NullableType(inner)


def _join_opaque(left: OpaqueType, right: OpaqueType) -> Type | None:
    if left.name != right.name or len(left.parameters) != len(right.parameters):
        return None
    parameters = [join(*pair) for pair in zip(left.parameters, right.parameters, strict=True)]
    joined = tuple(parameter for parameter in parameters if parameter is not None)
    return OpaqueType(left.name, joined) if len(joined) == len(parameters) else None


def common(types: Iterable[Type]) -> Type:
    """The type of the elements of a list of these; dyn when they have nothing in common."""
    found: Type = NEVER
    for type_ in types:
        joined = join(found, type_)
        if joined is None:
            return DYN
        found = joined
    return found


def fits(parameter: Type, argument: Type, bound: dict[str, Type]) -> Fit:
    """Whether an argument can be passed; ``bound`` collects what type parameters stand for."""
    if argument is parameter:
        return Fit.YES
    if isinstance(parameter, TypeParameter):
        return _bind(parameter, argument, bound)
    if isinstance(argument, TypeParameter) or argument == ERROR or parameter == DYN:
        return Fit.YES
    if argument == DYN:
        return Fit.MAYBE
    if isinstance(parameter, PrimitiveType):
        if isinstance(argument, EnumType):
            return Fit.YES if parameter == STRING else Fit.NO
        return Fit.YES if argument == parameter else Fit.NO
    if isinstance(parameter, ListType):
        if isinstance(argument, ListType):
            return fits(parameter.element, argument.element, bound)
        return Fit.NO
    if isinstance(parameter, MapType):
        if isinstance(argument, ObjectType):
            argument = OBJECT_AS_MAP
        if isinstance(argument, MapType):
            key = fits(parameter.key, argument.key, bound)
            return min(key, fits(parameter.value, argument.value, bound)) if key else key
        return Fit.NO
    if isinstance(parameter, OptionalType):
        if isinstance(argument, OptionalType):
            return fits(parameter.value, argument.value, bound)
        return Fit.NO
    return _fits_rarer(parameter, argument, bound)


def _fits_rarer(parameter: Type, argument: Type, bound: dict[str, Type]) -> Fit:
    if isinstance(parameter, NullableType):
        if argument == NULL:
            return Fit.YES
        if isinstance(argument, NullableType):
            argument = argument.value
        return fits(parameter.value, argument, bound)
    if isinstance(parameter, TypeType):
        # A type is a type: what it is the type of decides no overload.
        return Fit.YES if isinstance(argument, TypeType) else Fit.NO
    if isinstance(parameter, OpaqueType):
        if not isinstance(argument, OpaqueType) or argument.name != parameter.name:
            return Fit.NO
        if len(argument.parameters) != len(parameter.parameters):
            return Fit.NO
        fit = Fit.YES
        for pair in zip(parameter.parameters, argument.parameters, strict=True):
            fit = min(fit, fits(*pair, bound))
        return fit
    if isinstance(parameter, EnumType):
        if isinstance(argument, EnumType):
            return Fit.YES if set(argument.values) <= set(parameter.values) else Fit.NO
        return Fit.NO
    return Fit.YES if argument == parameter else Fit.NO


def _bind(parameter: TypeParameter, argument: Type, bound: dict[str, Type]) -> Fit:
    before = bound.get(parameter.name)
    if before is None:
        bound[parameter.name] = argument
        return Fit.YES
    if before is argument or before == argument:
        return Fit.YES
    joined = join(before, argument)
    if joined is None:
        return Fit.NO
    bound[parameter.name] = joined
    # What is not fully known may turn out to be of another type than its partner.
    return Fit.MAYBE if contains_dyn(joined) else Fit.YES


def contains_dyn(type_: Type) -> bool:
    """Whether a part of a type is not known."""
    if isinstance(type_, PrimitiveType):
        return type_ == DYN
    if isinstance(type_, ListType):
        return contains_dyn(type_.element)
    if isinstance(type_, MapType):
        return contains_dyn(type_.key) or contains_dyn(type_.value)
    if isinstance(type_, (OptionalType, NullableType)):
        return contains_dyn(type_.value)
    if isinstance(type_, OpaqueType):
        return any(map(contains_dyn, type_.parameters))
    return False


def instantiate(type_: Type, bound: Mapping[str, Type], unbound: Type) -> Type:
    """A result type with what its parameters stand for, ``unbound`` where nothing bound them."""
    if isinstance(type_, PrimitiveType):
        return type_
    if isinstance(type_, TypeParameter):
        return bound.get(type_.name, unbound)
    if isinstance(type_, ListType):
        return ListType(instantiate(type_.element, bound, unbound))
    if isinstance(type_, MapType):
        key, value = (instantiate(part, bound, unbound) for part in (type_.key, type_.value))
        return MapType(key, value, type_.keys)
    if isinstance(type_, OptionalType):
        return OptionalType(instantiate(type_.value, bound, unbound))
    if isinstance(type_, NullableType):
        inner = instantiate(type_.value, bound, unbound)
        return inner if isinstance(inner, NullableType) or inner == NULL else NullableType(inner)
    if isinstance(type_, TypeType):
        return TypeType(instantiate(type_.of, bound, unbound))
    if isinstance(type_, OpaqueType):
        return OpaqueType(
            type_.name, tuple(instantiate(part, bound, unbound) for part in type_.parameters)
        )
    return type_


def settled(type_: Type) -> Type:
    """A type as it is shown outside: with dyn for ``NEVER``."""
    if isinstance(type_, (PrimitiveType, EnumType, ObjectType)):
        return type_
    if isinstance(type_, TypeParameter):
        return DYN
    if isinstance(type_, ListType):
        element = settled(type_.element)
        return type_ if element is type_.element else ListType(element)
    if isinstance(type_, MapType):
        key, value = settled(type_.key), settled(type_.value)
        if key is type_.key and value is type_.value:
            return type_
        return MapType(key, value, type_.keys)
    return instantiate(type_, {}, DYN)


def is_assignable(expected: Type, found: Type) -> bool:
    """Whether a value of the type found may stand where another is expected; dyn always may."""
    return fits(expected, found, {}) is not Fit.NO


_SIMPLE: Final[dict[type, Type]] = {
    bool: BOOL,
    int: INT,
    UInt: UINT,
    float: DOUBLE,
    str: STRING,
    bytes: BYTES,
    type(None): NULL,
    Timestamp: TIMESTAMP,
    Duration: DURATION,
}


def type_of_value(value: Any) -> Type:
    """The type of a constant.

    A map with string keys alone is a ``MapType`` that knows its keys. Elements without a common
    type are dyn; those of an empty list or map fit everywhere.
    """
    simple = _SIMPLE.get(type(value))
    if simple is not None:
        return simple
    if isinstance(value, Type):
        return TypeType(value)
    if isinstance(value, (list, tuple)):
        return ListType(common(map(type_of_value, value)))
    if isinstance(value, Map):
        keys = list(value)
        known = frozenset(keys) if all(type(key) is str for key in keys) else None
        values = common(type_of_value(item) for _, item in value.items())
        return MapType(common(map(type_of_value, keys)), values, known)
    if isinstance(value, Optional):
        return OptionalType(type_of_value(value.value) if value.present else NEVER)
    return DYN
