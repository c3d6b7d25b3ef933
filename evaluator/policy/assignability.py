"""Whether values of one type may stand where another is asked for, as far as loading can tell."""

from __future__ import annotations

from evaluator.language.types import (
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
)

__all__ = ["agree", "could_be"]


def could_be(given: Type, wanted: Type) -> bool:
    """Whether a value of the one type may be one of the other.

    A string may be one of an enum's, an unknown value anything; a map may be an object. What is
    then wrong with the value itself shows when it is there.
    """
    if given == wanted or DYN in (given, wanted) or ERROR in (given, wanted):
        return True
    if isinstance(wanted, NullableType):
        inner = given.value if isinstance(given, NullableType) else given
        return given == NULL or could_be(inner, wanted.value)
    if isinstance(wanted, EnumType) or wanted == STRING:
        return given == STRING or isinstance(given, EnumType)
    if isinstance(wanted, ListType):
        return isinstance(given, ListType) and could_be(given.element, wanted.element)
    if isinstance(wanted, MapType):
        return isinstance(given, MapType) and could_be(given.value, wanted.value)
    if isinstance(wanted, ObjectType):
        return isinstance(given, MapType)
    return False


def agree(left: Type, right: Type) -> bool:
    """Whether two definitions of one output have one type; ``optional(T)`` counts as T."""
    left, right = (
        type_.value if isinstance(type_, OptionalType) else type_ for type_ in (left, right)
    )
    return could_be(left, right) or could_be(right, left)
