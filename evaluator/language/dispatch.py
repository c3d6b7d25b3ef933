"""Choosing the overload of a call by the types of its values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from evaluator.language import types
from evaluator.language.functions.registry import Overload
from evaluator.language.types import (
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    OptionalType,
    PrimitiveType,
    Type,
    TypeParameter,
    TypeType,
)
from evaluator.language.values import (
    Duration,
    ErrorValue,
    Map,
    Optional,
    Timestamp,
    UInt,
    type_of,
)

__all__ = ["choose", "fits", "no_overload"]

_CLASSES: Final[dict[Type, Callable[[Any], bool]]] = {
    types.BOOL: lambda value: value is True or value is False,
    types.INT: lambda value: type(value) is int,
    types.UINT: lambda value: type(value) is UInt,
    types.DOUBLE: lambda value: type(value) is float,
    types.STRING: lambda value: type(value) is str,
    types.BYTES: lambda value: type(value) is bytes,
    types.TIMESTAMP: lambda value: type(value) is Timestamp,
    types.DURATION: lambda value: type(value) is Duration,
    types.NULL: lambda value: value is None,
    types.DYN: lambda value: True,
}


def choose(overloads: Sequence[Overload], args: Sequence[Any]) -> Overload | None:
    """The first overload that takes the values."""
    count = len(args)
    for overload in overloads:
        parameters = overload.parameters
        if len(parameters) == count and all(map(fits, parameters, args)):
            return overload
    return None


def fits(parameter: Type, value: Any) -> bool:
    """Whether a value is of a type; every element of a list counts where its type is given."""
    if isinstance(parameter, PrimitiveType):
        return _CLASSES[parameter](value)
    if isinstance(parameter, TypeParameter):
        return True
    if isinstance(parameter, ListType):
        if type(value) is not list and type(value) is not tuple:
            return False
        element = parameter.element
        if isinstance(element, TypeParameter) or element is types.DYN:
            return True
        return all(fits(element, item) for item in value)
    if isinstance(parameter, (MapType, ObjectType)):
        return type(value) is Map
    if isinstance(parameter, OptionalType):
        return type(value) is Optional and (not value.present or fits(parameter.value, value.value))
    if isinstance(parameter, NullableType):
        return value is None or fits(parameter.value, value)
    if isinstance(parameter, EnumType):
        return type(value) is str
    if isinstance(parameter, TypeType):
        return isinstance(value, Type)
    return type_of(value) == parameter


_OPERATORS: Final = {"@in": "in", "_[_]": "[]", "_[?_]": "[?]"}


def no_overload(function: str, args: Sequence[Any]) -> ErrorValue:
    """The error of a call whose values no overload takes."""
    shown = ", ".join(str(type_of(arg)) for arg in args)
    name = _OPERATORS.get(function, function.strip("_"))
    return ErrorValue("no_such_overload", f"`{name}` does not take ({shown})")
