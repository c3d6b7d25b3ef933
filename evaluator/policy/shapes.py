"""Shapes: what a request's schema says of a value, made ready to verify and read it.

Reading gives the CEL value or an ``ErrorValue`` of kind ``invalid_attribute``: exact JSON types (a
bool is no number), enum, bounds, format, and for lists and objects all that is in them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from evaluator.language import types
from evaluator.language.instants import parse_instant, parse_iso_duration
from evaluator.language.types import Type
from evaluator.language.values import (
    ABSENT,
    INT_MAX,
    INT_MIN,
    Duration,
    ErrorValue,
    Map,
    Timestamp,
    equal,
    from_host,
)
from evaluator.policy.request_problems import shown

__all__ = ["ANYTHING", "Leaf", "ListShape", "Member", "ObjectShape", "Shape", "invalid"]

Check = Callable[[Any], str | None]
"""What a value must be, in words, when it is not that; None when it is."""


def invalid(pointer: str, wanted: str, value: Any) -> ErrorValue:
    """The error of a value that is not what its schema wants."""
    return ErrorValue("invalid_attribute", f"`{pointer}` must be {wanted}, not {shown(value)}")


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

    def read(self, value: Any, pointer: str, *, fill: bool = True) -> Any:
        """The CEL value, or the error. ``fill`` is for objects: whether defaults are filled in."""
        if value is None and self.nullable:
            return None
        converted = self.convert(value)
        if converted is ABSENT:
            return invalid(pointer, self.wanted, value)
        if type(converted) is ErrorValue:
            return from_host(value, pointer)  # once more, to name the place
        for check in self.checks:
            wanted = check(converted)
            if wanted is not None:
                return invalid(pointer, wanted, value)
        return converted


@dataclass(frozen=True, slots=True, eq=False)
class ListShape:
    """A list, every item of one shape."""

    type: Type
    item: Shape
    checks: tuple[Check, ...] = ()
    nullable: bool = False

    def read(self, value: Any, pointer: str, *, fill: bool = True) -> Any:
        if value is None and self.nullable:
            return None
        if not isinstance(value, (list, tuple)):
            return invalid(pointer, "a list", value)
        items = []
        for index, item in enumerate(value):
            # Defaults are for what a request may leave out, not for the items of a list.
            read = self.item.read(item, f"{pointer}/{index}", fill=False)
            if type(read) is ErrorValue:
                return read
            items.append(read)
        for check in self.checks:
            wanted = check(items)
            if wanted is not None:
                return invalid(pointer, wanted, value)
        return items


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A declared member of an object. ``default`` is the JSON value, ``ABSENT`` without one."""

    shape: Shape
    required: bool
    default: Any = ABSENT
    default_value: Any = ABSENT  # as CEL value


@dataclass(frozen=True, slots=True, eq=False)
class ObjectShape:
    """An object: declared members, and ``extra`` for all others (None: they are forbidden)."""

    type: Type
    members: Mapping[str, Member]
    extra: Shape | None
    nullable: bool = False
    checks: tuple[Check, ...] = ()

    def read(self, value: Any, pointer: str, *, fill: bool = True) -> Any:
        """The whole object as a Map, everything in it verified."""
        if value is None and self.nullable:
            return None
        problem = self.verify(value, pointer)
        if problem is not None:
            return problem
        entries: list[tuple[str, Any]] = []
        for key, item in value.items():
            member = self.members.get(key)
            shape = self.extra if member is None else member.shape
            if shape is None:
                return ErrorValue("invalid_attribute", f"`{pointer}` may not have `{key}`")
            read = shape.read(item, f"{pointer}/{key}", fill=fill)
            if type(read) is ErrorValue:
                return read
            entries.append((key, read))
        if fill:
            entries.extend(
                (name, member.default_value)
                for name, member in self.members.items()
                if name not in value and member.default_value is not ABSENT
            )
        return Map(entries)

    def verify(self, value: Any, pointer: str) -> ErrorValue | None:
        """What is wrong with the object itself: that it is one, and has what it must have."""
        if not isinstance(value, Mapping):
            return invalid(pointer, "an object", value)
        for name, member in self.members.items():
            if member.required and name not in value and member.default is ABSENT:
                return ErrorValue("invalid_attribute", f"`{pointer}/{name}` is missing")
        for key in value:
            if not isinstance(key, str):
                return ErrorValue("invalid_attribute", f"`{pointer}` has a key that is no string")
        for check in self.checks:
            wanted = check(value)
            if wanted is not None:
                return invalid(pointer, wanted, value)
        return None


Shape = Leaf | ListShape | ObjectShape


def to_bool(value: Any) -> Any:
    return value if value is True or value is False else ABSENT


def to_int(value: Any) -> Any:
    """A number of integral value inside int64; 5.0 is one, true is none."""
    if type(value) is int:
        return value if INT_MIN <= value <= INT_MAX else ABSENT
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ABSENT
    if value != value or value in (float("inf"), float("-inf")) or int(value) != value:
        return ABSENT
    return int(value) if INT_MIN <= value <= INT_MAX and int(value) <= INT_MAX else ABSENT


def to_double(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ABSENT
    if isinstance(value, int) and not INT_MIN <= value <= INT_MAX:
        return ABSENT
    converted = float(value)
    return converted if converted - converted == 0 else ABSENT


def to_text(value: Any) -> Any:
    return value if type(value) is str else str(value) if isinstance(value, str) else ABSENT


def to_timestamp(value: Any) -> Any:
    if isinstance(value, str):
        instant = parse_instant(value)
        return ABSENT if instant is None else Timestamp(instant)
    if isinstance(value, (datetime, Timestamp)):
        converted = from_host(value)
        return converted if type(converted) is Timestamp else ABSENT
    return ABSENT


def to_duration(value: Any) -> Any:
    if isinstance(value, str):
        length = parse_iso_duration(value)
        return ABSENT if length is None else Duration(length)
    if isinstance(value, (timedelta, Duration)):
        return from_host(value)
    return ABSENT


def to_null(value: Any) -> Any:
    return None if value is None else ABSENT


def to_anything(value: Any) -> Any:
    return from_host(value)


ANYTHING: Final = Leaf(types.DYN, "a JSON value", to_anything)


def one_of(values: tuple[Any, ...]) -> Check:
    """The check of ``enum`` and ``const``, on CEL values."""
    texts = frozenset(value for value in values if isinstance(value, str))
    words = ", ".join(f'"{value}"' if isinstance(value, str) else str(value) for value in values)
    wanted = f"one of {words}" if len(values) > 1 else words

    def check(value: Any) -> str | None:
        if type(value) is str:
            return None if value in texts else wanted
        return None if any(equal(value, other) for other in values) else wanted

    return check
