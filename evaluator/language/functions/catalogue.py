"""Everything that can be called or written in an expression, as its reference tells it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from evaluator.language.functions.registry import Example, Function, Overload

__all__ = ["FAMILIES", "Entry", "entries", "entry_of", "find", "members", "names"]

FAMILIES: Final[Mapping[str, str]] = {
    "operators": "Operators",
    "macros": "Macros",
    "conversions": "Conversions and types",
    "strings": "Texts",
    "lists": "Lists and maps",
    "sets": "Lists as sets",
    "math": "Mathematics",
    "times": "Timestamps and durations",
    "optionals": "Optionals",
    "encoders": "Encodings",
    "network": "IP addresses and networks",
}
"""The families in the order of the reference, with their titles."""

_WRITTEN: Final = {"@in": "in", "!_": "!", "-_": "-", "_[_]": "[]", "_[?_]": "[?]"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A function, operator or macro of the reference.

    ``name`` is as it is written, such as ``+``; ``others`` are names that ask for it too, such as
    ``_+_``. ``forms`` are its signatures; ``errors`` are the kinds that it can end in, beside those
    of its arguments; ``cost`` says what it adds to the cost budget, and is empty for nothing.
    """

    name: str
    family: str
    forms: tuple[str, ...]
    summary: str
    errors: tuple[str, ...] = ()
    cost: str = ""
    examples: tuple[Example, ...] = ()
    others: tuple[str, ...] = ()


def entry_of(function: Function) -> Entry:
    """The entry of a declared function or operator."""
    name = _WRITTEN.get(function.name, function.name.strip("_"))
    kinds = {kind for overload in function.overloads for kind in overload.errors}
    if function.cost:
        kinds.add("cost_exceeded")
    forms = function.forms or tuple(_form(function.name, one) for one in function.overloads)
    return Entry(
        name,
        function.family,
        tuple(dict.fromkeys(forms)),
        function.summary,
        tuple(sorted(kinds)),
        function.cost,
        function.examples,
        () if name == function.name else (function.name,),
    )


def _form(function: str, overload: Overload) -> str:
    """An overload with types for values: ``string.contains(string) -> bool``."""
    types = [str(type_) for type_ in overload.parameters]
    if function in ("_[_]", "_[?_]"):
        call = f"{types[0]}[{'?' if '?' in function else ''}{types[1]}]"
    elif function in ("!_", "-_"):
        call = f"{function[0]}{types[0]}"
    elif function == "@in" or function.startswith("_"):
        call = f"{types[0]} {_WRITTEN.get(function, function.strip('_'))} {types[1]}"
    elif overload.member:
        call = f"{types[0]}.{function}({', '.join(types[1:])})"
    else:
        call = f"{function}({', '.join(types)})"
    return f"{call} -> {overload.result}"


@cache
def entries() -> tuple[Entry, ...]:
    """All there is, family by family."""
    from evaluator.language.functions import STANDARD
    from evaluator.language.functions.special_forms import SPECIAL_FORMS

    found = [*map(entry_of, STANDARD), *SPECIAL_FORMS]
    places = {family: place for place, family in enumerate(FAMILIES)}
    return tuple(sorted(found, key=lambda entry: places[entry.family]))


def find(name: str) -> tuple[Entry, ...]:
    """What is written or called so; several where a sign has two meanings, as ``-`` has."""
    return tuple(entry for entry in entries() if name == entry.name or name in entry.others)


def members(name: str) -> tuple[Entry, ...]:
    """The members of a family or of a namespace, such as ``math``; none where it is neither."""
    prefix = name.removesuffix(".") + "."
    return tuple(
        entry for entry in entries() if entry.family == name or entry.name.startswith(prefix)
    )


def names() -> Iterable[str]:
    """Every name that ``find`` or ``members`` knows."""
    for entry in entries():
        yield from (entry.name, *entry.others)
        if entry.name.count(".") == 1 and entry.name[0] != ".":
            yield entry.name.partition(".")[0]
    yield from FAMILIES
