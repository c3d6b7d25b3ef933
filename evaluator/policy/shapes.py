"""Shapes: what a request's schema says of a value, made ready to verify and read it.

Reading gives the CEL value or an ``ErrorValue`` of kind ``invalid_attribute``: exact JSON types (a
bool is no number), enum, bounds, format, and for lists and objects all that is in them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from evaluator.language import types
from evaluator.language.types import Type
from evaluator.language.values import ABSENT, ErrorValue, Map
from evaluator.policy.conversions import read_anything
from evaluator.policy.pointers import below
from evaluator.policy.request_problems import shown, shown_with_size

__all__ = [
    "ANYTHING",
    "Anything",
    "Check",
    "Leaf",
    "ListShape",
    "Member",
    "ObjectShape",
    "Shape",
    "missing_attribute",
    "unknown_attribute",
]

Check = Callable[[Any], str | None]
"""What a value must be, in words, when it is not that; None when it is."""


def _invalid(place: str, wanted: str, value: Any) -> ErrorValue:
    return ErrorValue("invalid_attribute", f"`{place}` must be {wanted}, not {shown(value)}")


def _failed(checks: tuple[Check, ...], value: Any, place: str) -> ErrorValue | None:
    """The error of the first check that a whole list or object does not pass."""
    for check in checks:
        wanted = check(value)
        if wanted is not None:
            found = shown_with_size(value)
            return ErrorValue("invalid_attribute", f"`{place}` must be {wanted}, not {found}")
    return None


def missing_attribute(place: str) -> ErrorValue:
    """The error of what is required and not there, by JSON pointer."""
    return ErrorValue("invalid_attribute", f"`{place}` is missing")


def unknown_attribute(place: str) -> ErrorValue:
    """The error of what a closed object forbids, by JSON pointer."""
    return ErrorValue("invalid_attribute", f"`{place}` is not known to the schema")


@dataclass(frozen=True, slots=True, eq=False)
class Anything:
    """A value of which nothing is said."""

    type: Type = types.DYN
    nullable: bool = False  # null is one of the values, not beside them
    closed: bool = False

    def read(self, value: Any, place: str) -> Any:
        return read_anything(value, place)

    def admits(self, value: Any) -> bool:
        return True


ANYTHING: Final = Anything()


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A value that is not looked into: a conversion by JSON type, then checks of the result.

    ``wanted`` are the words for what it must be. ``nullable`` lets null through.
    """

    type: Type
    wanted: str
    convert: Callable[[Any], Any]
    checks: tuple[Check, ...] = ()
    nullable: bool = False
    closed: bool = False

    def read(self, value: Any, place: str) -> Any:
        """The CEL value, or the error. ``place`` is the value's JSON pointer."""
        if value is None and self.nullable:
            return None
        converted = self.convert(value)
        if converted is ABSENT:
            return _invalid(place, self.wanted, value)
        if type(converted) is ErrorValue:
            return read_anything(value, place)  # once more, to name the place
        for check in self.checks:
            wanted = check(converted)
            if wanted is not None:
                return _invalid(place, wanted, value)
        return converted

    def admits(self, value: Any) -> bool:
        return True


@dataclass(frozen=True, slots=True, eq=False)
class ListShape:
    """A list, every item of one shape. ``checks`` are of the raw list."""

    type: Type
    item: Shape
    checks: tuple[Check, ...] = ()
    nullable: bool = False
    closed: bool = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "closed", self.item.closed)

    def read(self, value: Any, place: str) -> Any:
        if value is None and self.nullable:
            return None
        if not isinstance(value, (list, tuple)):
            return _invalid(place, "a list", value)
        problem = _failed(self.checks, value, place)
        if problem is not None:
            return problem
        items = []
        read_item = self.item.read
        for index, item in enumerate(value):
            read = read_item(item, f"{place}/{index}")
            if type(read) is ErrorValue:
                return read
            items.append(read)
        return items

    def admits(self, value: Any) -> bool:
        if not self.closed or not isinstance(value, (list, tuple)):
            return True
        return all(map(self.item.admits, value))


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A declared member of an object. ``default`` is the JSON value, ``ABSENT`` without one."""

    shape: Shape
    required: bool
    default: Any = ABSENT
    default_value: Any = ABSENT  # as CEL value


@dataclass(frozen=True, slots=True, eq=False)
class ObjectShape:
    """An object: declared members, and ``extra`` for all others (None: they are forbidden).

    ``checks`` are of the raw object. ``closed`` tells that something in it, or in what is in it,
    may be forbidden.
    """

    type: Type
    members: Mapping[str, Member]
    extra: Shape | None
    nullable: bool = False
    checks: tuple[Check, ...] = ()
    closed: bool = field(init=False)
    _needed: tuple[str, ...] = field(init=False, repr=False)
    _defaults: tuple[tuple[str, Any], ...] = field(init=False, repr=False)
    _closed_members: tuple[tuple[str, Shape], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        needed, defaults, closed = [], [], []
        for name, member in self.members.items():
            if member.default is not ABSENT:
                defaults.append((name, member.default_value))
            elif member.required:
                needed.append(name)
            if member.shape.closed:
                closed.append((name, member.shape))
        put = object.__setattr__
        put(self, "_needed", tuple(needed))
        put(self, "_defaults", tuple(defaults))
        put(self, "_closed_members", tuple(closed))
        put(self, "closed", bool(closed) or self.extra is None or self.extra.closed)

    def read(self, value: Any, place: str) -> Any:
        """The whole object as a Map, everything in it verified, defaults filled in."""
        if value is None and self.nullable:
            return None
        problem = self.verify(value, place)
        if problem is not None:
            return problem
        entries: list[tuple[str, Any]] = []
        for key, item in value.items():
            member = self.members.get(key)
            shape = self.extra if member is None else member.shape
            assert shape is not None  # verify has seen to it
            read = shape.read(item, below(place, key))
            if type(read) is ErrorValue:
                return read
            entries.append((key if type(key) is str else str.__str__(key), read))
        entries.extend(default for default in self._defaults if default[0] not in value)
        return Map(entries)

    def verify(self, value: Any, place: str) -> ErrorValue | None:
        """What is wrong with the object itself: that it is one, and has what it must and may."""
        if type(value) is not dict and not isinstance(value, Mapping):
            return _invalid(place, "an object", value)
        for name in self._needed:
            if name not in value:
                return missing_attribute(below(place, name))
        for key in value:
            if type(key) is not str and not isinstance(key, str):
                return ErrorValue("invalid_attribute", f"`{place}` has a key that is no string")
            if self.extra is None and key not in self.members:
                return unknown_attribute(below(place, key))
        return self.verify_size(value, place) if self.checks else None

    def missing(self, value: Mapping[str, Any]) -> list[str]:
        """The names of what is required, has no default, and is not there."""
        return [name for name in self._needed if name not in value]

    def verify_size(self, value: Any, place: str) -> ErrorValue | None:
        """Whether the object has as few or as many properties as it must."""
        return _failed(self.checks, value, place)

    def admits(self, value: Any) -> bool:
        """Whether no closed object in a value, itself included, has what it must not have."""
        if not self.closed or (type(value) is not dict and not isinstance(value, Mapping)):
            return True
        if self.extra is None:
            if not value.keys() <= self.members.keys():
                return False
        elif self.extra.closed:
            for key, item in value.items():
                if key not in self.members and not self.extra.admits(item):
                    return False
        for name, shape in self._closed_members:
            if name in value and not shape.admits(value[name]):
                return False
        return True


Shape = Anything | Leaf | ListShape | ObjectShape
