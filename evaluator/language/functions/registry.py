"""What a function is: its overloads with implementation and error kinds, its words and examples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from evaluator.language.types import Type

__all__ = ["Example", "Function", "Overload", "Registry"]


@dataclass(frozen=True, slots=True)
class Overload:
    """One way to call a function: types in, type out, and the Python that does it.

    ``parameters`` includes the receiver of a member call as the first. ``implementation`` takes the
    values of the parameters, which are neither errors nor unknowns, and returns a value or an
    ``ErrorValue`` of a kind in ``errors``; it never raises on values of the declared types.
    ``cost`` maps the arguments to the units that the call adds to the cost budget (None: nothing).
    """

    id: str
    parameters: tuple[Type, ...]
    result: Type
    implementation: Callable[..., Any]
    member: bool = False
    errors: frozenset[str] = frozenset()
    cost: Callable[..., int] | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """An expression and what it comes to; every example is run as a test.

    ``value`` is the value as it is printed, or ``error`` the kind of the error that it ends in.
    """

    expression: str
    value: str = ""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A function or operator by name (operators have names such as ``_+_``), with its overloads.

    ``cost`` says in words what a call adds to the cost budget where an overload counts it.
    ``forms`` are the signatures as people read them, where the overloads are too many for that.
    """

    name: str
    summary: str
    overloads: tuple[Overload, ...]
    examples: tuple[Example, ...] = ()
    family: str = "standard"
    cost: str = ""
    forms: tuple[str, ...] = ()


class Registry:
    """An immutable set of functions, extended by making a new one.

    ``has_host_functions`` tells whether the host application brought any, which may depend on
    anything.
    """

    def __init__(self, functions: Iterable[Function] = ()) -> None:
        self._functions: dict[str, Function] = {}
        self._overloads: dict[str, Overload] = {}
        self._candidates: dict[tuple[str, bool, int], tuple[Overload, ...]] = {}
        for function in functions:
            known = self._functions.get(function.name)
            if known is not None:
                function = replace(
                    known,
                    overloads=known.overloads + function.overloads,
                    examples=known.examples + function.examples,
                    cost=known.cost or function.cost,
                )
            self._functions[function.name] = function
            self._overloads.update((overload.id, overload) for overload in function.overloads)
        self.has_host_functions = any(
            function.family == "host" for function in self._functions.values()
        )
        for function in self._functions.values():
            for overload in function.overloads:
                place = (function.name, overload.member, len(overload.parameters))
                self._candidates[place] = (*self._candidates.get(place, ()), overload)

    def __iter__(self) -> Iterator[Function]:
        return iter(self._functions.values())

    def __contains__(self, name: str) -> bool:
        return name in self._functions

    def get(self, name: str) -> Function | None:
        return self._functions.get(name)

    def overload(self, id: str) -> Overload:
        return self._overloads[id]

    def overloads(self, name: str, *, member: bool) -> tuple[Overload, ...]:
        """The overloads of a function in the call style asked for, in the order of declaration."""
        function = self._functions.get(name)
        if function is None:
            return ()
        return tuple(overload for overload in function.overloads if overload.member is member)

    def candidates(self, name: str, member: bool, count: int) -> tuple[Overload, ...]:
        """The overloads that take so many arguments, the receiver of a member call among them."""
        return self._candidates.get((name, member, count), ())

    @property
    def names(self) -> Mapping[str, Function]:
        return self._functions

    def extended(self, functions: Iterable[Function]) -> Registry:
        """A registry with these functions too; overloads of a known name are added to it."""
        return Registry([*self._functions.values(), *functions])
