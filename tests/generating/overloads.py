"""Which functions give a value of a type: the overloads of a registry, matched against it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Final

from evaluator.language.functions.registry import Overload, Registry
from evaluator.language.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    ListType,
    MapType,
    OptionalType,
    Type,
    TypeParameter,
    TypeType,
)

__all__ = ["Call", "Overloads", "overloads_of", "written"]

_SIMPLE: Final = (
    *(INT, INT, INT, STRING, STRING, STRING, BOOL, BOOL, DOUBLE, TIMESTAMP),
    *(UINT, BYTES, TypeType(INT)),
)
_MOST_ARGUMENTS: Final = 4  # a function that takes any number of arguments shows all it has in four

Bindings = dict[str, Type]


class Call:
    """A way to call a function for a result: its name, its overload, what is known of its types."""

    __slots__ = ("_bindings", "member", "name", "overload")

    def __init__(self, name: str, overload: Overload, bindings: Bindings) -> None:
        self.name = name
        self.overload = overload
        self.member = overload.member
        self._bindings = bindings

    def arguments(self, random: Random) -> list[Type]:
        """The types of the arguments; what the result does not decide is chosen."""
        bindings = dict(self._bindings)
        return [_filled(type_, bindings, random) for type_ in self.overload.parameters]


class Overloads:
    """Finds the calls whose result is of a type. With ``dynamic`` they take and give dyn too."""

    def __init__(self, functions: Registry, *, dynamic: bool) -> None:
        self._dynamic = dynamic
        self._functions = [
            (function.name, usable)
            for function in functions
            if (usable := [one for one in function.overloads if self._usable(one)])
        ]
        self._known: dict[Type, list[list[Call]]] = {}

    def of(self, type_: Type) -> list[list[Call]]:
        """The calls, those of one function together, so that each function is as likely."""
        found = self._known.get(type_)
        if found is None:
            found = self._known[type_] = list(self._find(type_))
        return found

    def _find(self, type_: Type) -> Iterator[list[Call]]:
        for name, overloads in self._functions:
            calls = []
            for overload in overloads:
                bindings: Bindings = {}
                if _matches(overload.result, type_, bindings):
                    calls.append(Call(name, overload, bindings))
            if calls:
                yield calls

    def _usable(self, overload: Overload) -> bool:
        types = (*overload.parameters, overload.result)
        if len(overload.parameters) > _MOST_ARGUMENTS:
            return False
        # A generic result that no argument decides is dyn to most of what takes it.
        return self._dynamic or (DYN not in types and bool(overload.parameters))


@cache
def overloads_of(functions: Registry, *, dynamic: bool) -> Overloads:
    """The calls of a registry, found once for all who ask."""
    return Overloads(functions, dynamic=dynamic)


def written(name: str, member: bool, arguments: list[str]) -> str:
    """The text of a call; the arguments are texts that need no parentheses around them."""
    if name == "@in":
        return f"({arguments[0]} in {arguments[1]})"
    if name == "_[_]":
        return f"{arguments[0]}[{arguments[1]}]"
    if name == "_[?_]":
        return f"{arguments[0]}[?{arguments[1]}]"
    if name in ("!_", "-_"):
        return f"({name[0]}{arguments[0]})"
    if name.startswith("_") and name.endswith("_"):
        return f"({arguments[0]} {name.strip('_')} {arguments[1]})"
    if member:
        return f"{arguments[0]}.{name}({', '.join(arguments[1:])})"
    return f"{name}({', '.join(arguments)})"


def _matches(pattern: Type, type_: Type, bindings: Bindings) -> bool:
    """Whether a result is of a type when the parameters in it stand for what is bound here."""
    if isinstance(pattern, TypeParameter):
        if pattern.name not in bindings:
            bindings[pattern.name] = type_
        return bindings[pattern.name] == type_
    if isinstance(pattern, ListType) and isinstance(type_, ListType):
        return _matches(pattern.element, type_.element, bindings)
    if isinstance(pattern, OptionalType) and isinstance(type_, OptionalType):
        return _matches(pattern.value, type_.value, bindings)
    if isinstance(pattern, MapType) and isinstance(type_, MapType):
        key = _matches(pattern.key, type_.key, bindings)
        return key and _matches(pattern.value, type_.value, bindings)
    if isinstance(pattern, TypeType) and isinstance(type_, TypeType):
        return _matches(pattern.of, type_.of, bindings)
    return pattern == type_


def _filled(pattern: Type, bindings: Bindings, random: Random) -> Type:
    """A parameter's type, with a choice for each type parameter that is free."""
    if isinstance(pattern, TypeParameter):
        if pattern.name not in bindings:
            bindings[pattern.name] = random.choice(_SIMPLE)
        return bindings[pattern.name]
    if isinstance(pattern, ListType):
        element = pattern.element
        inner = random.choice(_SIMPLE) if element == DYN else _filled(element, bindings, random)
        return ListType(inner)
    if isinstance(pattern, OptionalType):
        return OptionalType(_filled(pattern.value, bindings, random))
    if isinstance(pattern, MapType):
        free = isinstance(pattern.key, TypeParameter) and pattern.key.name not in bindings
        if free and isinstance(pattern.key, TypeParameter):
            bindings[pattern.key.name] = random.choice((STRING, STRING, INT, BOOL))
        return MapType(
            _filled(pattern.key, bindings, random), _filled(pattern.value, bindings, random)
        )
    return random.choice(_SIMPLE) if pattern == DYN else pattern
