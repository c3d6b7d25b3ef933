"""Choosing the overload of a call by the types of its values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from evaluator.language.functions.registry import Overload
from evaluator.language.types import (
    DYN,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    OptionalType,
    Primitive,
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

__all__ = ["choose", "choose_index", "fits", "no_overload"]

# The class of the values of each type; dyn takes all.
_CLASSES: Final[dict[Primitive, type]] = {
    Primitive.BOOL: bool,
    Primitive.INT: int,
    Primitive.UINT: UInt,
    Primitive.DOUBLE: float,
    Primitive.STRING: str,
    Primitive.BYTES: bytes,
    Primitive.TIMESTAMP: Timestamp,
    Primitive.DURATION: Duration,
    Primitive.NULL: type(None),
    Primitive.DYN: object,
}


def choose(overloads: Sequence[Overload], args: Sequence[Any]) -> Overload | None:
    """The first of some overloads, of as many parameters as there are values, that takes them."""
    for overload in overloads:
        if all(map(fits, overload.parameters, args)):
            return overload
    return None


def choose_index(overloads: Sequence[Overload], args: Sequence[Any]) -> Overload | None:
    """The overload of ``_[_]`` or ``_[?_]``: an index of a list may be a number of any type."""
    overload = choose(overloads, args)
    if overload is None and len(args) == 2 and type(args[1]) in (UInt, float):
        return choose(overloads, (args[0], 0))
    return overload


def fits(parameter: Type, value: Any) -> bool:
    """Whether a value is of a type; every element of a list counts where its type is given."""
    if isinstance(parameter, PrimitiveType):
        kind = _CLASSES[parameter.primitive]
        return type(value) is kind or kind is object
    if isinstance(parameter, TypeParameter):
        return True
    if isinstance(parameter, ListType):
        if type(value) is not list and type(value) is not tuple:
            return False
        element = parameter.element
        if isinstance(element, TypeParameter) or element == DYN:
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
