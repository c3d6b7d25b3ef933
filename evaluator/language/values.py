"""The values of expressions, and how Python represents them.

null, bool, double, string and bytes are Python's own; an int is a Python ``int`` inside int64, a
uint a ``UInt``; a list is a ``list`` or ``tuple`` (never changed), a map or an object of the
request a ``Map``; timestamps and durations are integer nanoseconds in a class of their own. A type
is a ``types.Type``. Beside values, evaluation yields ``ErrorValue`` and ``Unknown``.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from evaluator.language import types
from evaluator.language.instants import (
    MAX_DURATION,
    MAX_INSTANT,
    MIN_DURATION,
    MIN_INSTANT,
    format_duration,
    format_instant,
)
from evaluator.language.networks import CIDR, IP

__all__ = [
    "ABSENT",
    "ERROR_KINDS",
    "INT_MAX",
    "INT_MIN",
    "NONE",
    "UINT_MAX",
    "Duration",
    "ErrorValue",
    "Map",
    "Optional",
    "Timestamp",
    "UInt",
    "Unknown",
    "equal",
    "from_host",
    "to_host",
    "to_json",
    "type_of",
]

INT_MIN: Final = -(2**63)
INT_MAX: Final = 2**63 - 1
UINT_MAX: Final = 2**64 - 1

# The kinds that an error can be of. A public contract: reasons and errors of decisions carry them.
ERROR_KINDS: Final[dict[str, str]] = {
    "no_such_field": "a field that an object does not have was selected",
    "no_such_key": "a map was asked for a key that it does not have",
    "no_such_overload": "a function was applied to values of types that it does not take",
    "invalid_attribute": "a part of the request does not satisfy the request's schema",
    "index_out_of_range": "a list or string was indexed outside its bounds",
    "divide_by_zero": "an integer was divided by zero, or a modulus by zero was taken",
    "overflow": "the result of integer, timestamp or duration arithmetic is out of range",
    "invalid_argument": "a function does not accept the value of an argument",
    "invalid_conversion": "a value cannot be converted to the type asked for",
    "duplicate_key": "a map was made with the same key twice",
    "no_value": "the value of an empty optional was taken",
    "undeclared_reference": "a name that nothing declares was evaluated",
    "unknown_function": "a function that nothing declares was called",
    "host_function": "a function of the host application failed",
    "cost_exceeded": "evaluation took more steps than the budget allows",
    "internal": "the evaluator itself failed",
}


class _Absent:
    """The class of ``ABSENT``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"

    def __reduce__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()
"""What is looked up and not there; never a value of an expression."""


class UInt(int):
    """An unsigned 64-bit integer, told apart from int by its class."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{int(self)}u"


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error as the result of an evaluation.

    ``id`` is the node it arose at, -1 if none; ``origin`` the expression that the node is of, once
    that is known (a variable's error passes through the expressions that use the variable).
    """

    kind: str
    message: str
    id: int = -1
    origin: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Unknown:
    """What cannot be said without attributes that are not known: their paths."""

    paths: frozenset[str]

    def __or__(self, other: Unknown) -> Unknown:
        return Unknown(self.paths | other.paths)


@dataclass(frozen=True, slots=True, order=True)
class Timestamp:
    """An instant: ``nanoseconds`` since 1970-01-01T00:00:00Z. ``str()`` is RFC 3339 in UTC."""

    nanoseconds: int

    def __str__(self) -> str:
        return format_instant(self.nanoseconds)

    @property
    def datetime(self) -> datetime:
        """The aware UTC datetime, cut to microseconds."""
        return _EPOCH + timedelta(microseconds=self.nanoseconds // 1000)


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A length of time in ``nanoseconds``. ``str()`` is seconds: ``604800s``, ``-1.500s``."""

    nanoseconds: int

    def __str__(self) -> str:
        return format_duration(self.nanoseconds)

    @property
    def timedelta(self) -> timedelta:
        """The timedelta, cut to microseconds."""
        return timedelta(microseconds=self.nanoseconds // 1000)


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Optional:
    """An optional: ``Optional(value)`` or ``NONE``. The value None is CEL's null."""

    value: Any
    present: bool = True

    def __repr__(self) -> str:
        return f"optional.of({self.value!r})" if self.present else "optional.none()"


NONE: Final = Optional(None, present=False)


class Map:
    """A map of CEL values, which keeps the order it was made in and is never changed.

    Keys are bool, int, uint, string (and doubles when looked up). Numbers of one value are one
    key, whatever their types; ``true`` and ``1`` are two, which a Python dict would merge.
    """

    __slots__ = ("_entries",)

    def __init__(self, entries: Mapping[Any, Any] | Iterable[tuple[Any, Any]] = ()) -> None:
        """Takes (key, value) pairs or a Mapping; of keys given twice the last one counts."""
        pairs = entries.items() if isinstance(entries, Mapping) else entries
        self._entries = {_key(key): (key, value) for key, value in pairs}

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: Any) -> bool:
        return self.get(key, ABSENT) is not ABSENT

    def __iter__(self) -> Iterator[Any]:
        return (key for key, _ in self._entries.values())

    def items(self) -> Iterable[tuple[Any, Any]]:
        return self._entries.values()

    def get(self, key: Any, default: Any = None) -> Any:
        """The value at a key, which the map may spell as a number of another type."""
        try:
            entry = self._entries.get(_key(key))
        except TypeError:  # a list or a map, which is never a key
            return default
        return default if entry is None else entry[1]

    def __repr__(self) -> str:
        return f"Map({dict(self._entries.values())!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Map) and equal(self, other)

    __hash__ = None  # type: ignore[assignment]  # as of any container

    def __reduce__(self) -> tuple[type[Map], tuple[list[tuple[Any, Any]]]]:
        return (Map, (list(self._entries.values()),))


_BOOLS: Final = {True: ("bool", True), False: ("bool", False)}


def _key(key: Any) -> Any:
    return _BOOLS[key] if key is True or key is False else key


def equal(left: Any, right: Any) -> bool:
    """CEL's ``==`` of two values: numbers compare by value across their types, bool is no number.

    Values of different types are unequal, never an error (langdef.md, "Equality"). NaN equals
    nothing.
    """
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, float) or isinstance(right, float):
        return (
            isinstance(left, (int, float))
            and isinstance(right, (int, float))
            and (float(left) == float(right))
        )
    if isinstance(left, int):
        return isinstance(right, int) and left == right
    if isinstance(left, (list, tuple)):
        return (
            isinstance(right, (list, tuple))
            and len(left) == len(right)
            and all(map(equal, left, right))
        )
    if isinstance(left, Map):
        if not isinstance(right, Map) or len(left) != len(right):
            return False
        missing = object()
        return all(
            (other := right.get(key, missing)) is not missing and equal(value, other)
            for key, value in left.items()
        )
    if isinstance(left, Optional):
        if not isinstance(right, Optional) or left.present != right.present:
            return False
        return not left.present or equal(left.value, right.value)
    return type(left) is type(right) and bool(left == right)


def type_of(value: Any) -> types.Type:
    """The run-time type of a value, as CEL's ``type()`` gives it: lists and maps without parts."""
    if isinstance(value, bool):
        return types.BOOL
    if isinstance(value, UInt):
        return types.UINT
    for kind, type_ in _RUNTIME_TYPES:
        if isinstance(value, kind):
            return type_
    return types.NULL if value is None else types.DYN


_RUNTIME_TYPES: Final[tuple[tuple[Any, types.Type], ...]] = (
    (int, types.INT),
    (str, types.STRING),
    (float, types.DOUBLE),
    ((list, tuple), types.ListType(types.DYN)),
    (Map, types.MapType(types.DYN, types.DYN)),
    (Timestamp, types.TIMESTAMP),
    (Duration, types.DURATION),
    (bytes, types.BYTES),
    (Optional, types.OptionalType(types.DYN)),
    (types.Type, types.TYPE),
    (IP, types.NET_IP),
    (CIDR, types.NET_CIDR),
)


def from_host(value: Any, path: str = "") -> Any:
    """A Python value as a CEL value, or an ``ErrorValue`` of kind ``invalid_attribute``.

    Takes Mapping with string keys, list, tuple, str, int inside int64, finite float, bool, None,
    bytes, aware datetime, timedelta, and CEL's own values. ``path`` names the place in messages.
    """
    kind = type(value)
    if kind is str or kind is bool or value is None or kind in _AS_THEY_ARE:
        return value
    if isinstance(value, bool):
        return bool(value)
    if isinstance(value, int):
        if INT_MIN <= value <= INT_MAX:
            return int(value)
        return _invalid(path, "is an integer outside the 64-bit range")
    if isinstance(value, float):
        if value - value == 0:
            return float(value)
        return _invalid(path, "is not a finite number")
    if isinstance(value, str):
        return str.__str__(value)  # str() of a member of an Enum is its name
    if isinstance(value, Mapping):
        entries = []
        for key, item in value.items():
            if not isinstance(key, str):
                return _invalid(path, f"has a key that is no string: {key!r}")
            converted = from_host(item, f"{path}.{key}" if path else key)
            if isinstance(converted, ErrorValue):
                return converted
            entries.append((str.__str__(key), converted))
        return Map(entries)
    if isinstance(value, (list, tuple)):
        items = []
        for index, item in enumerate(value):
            converted = from_host(item, f"{path}[{index}]")
            if isinstance(converted, ErrorValue):
                return converted
            items.append(converted)
        return items
    if isinstance(value, datetime):
        if value.tzinfo is None or value.utcoffset() is None:
            return _invalid(path, "is a datetime without an offset from UTC")
        # The difference is exact where value.timestamp() would round.
        instant = (value - _EPOCH) // timedelta(microseconds=1) * 1000
        if MIN_INSTANT <= instant <= MAX_INSTANT:
            return Timestamp(instant)
        return _invalid(path, "is a time outside the years 1 to 9999 of UTC")
    if isinstance(value, timedelta):
        length = value // timedelta(microseconds=1) * 1000
        if MIN_DURATION <= length <= MAX_DURATION:
            return Duration(length)
        return _invalid(path, "is a duration of more than about 292 years")
    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    return _invalid(path, f"is a Python value of type {kind.__name__}, which has no counterpart")


_AS_THEY_ARE: Final = frozenset({Timestamp, Duration, UInt, Map, Optional})


def _invalid(path: str, what: str) -> ErrorValue:
    return ErrorValue("invalid_attribute", f"`{path}` {what}" if path else f"the value {what}")


def to_host(value: Any) -> Any:
    """A CEL value in plain Python: maps as dicts, optionals as their value or None.

    Timestamps, durations and what Python has itself stay what they are.
    """
    if isinstance(value, Map):
        return {key: to_host(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_host(item) for item in value]
    if isinstance(value, Optional):
        return to_host(value.value) if value.present else None
    return value


def to_json(value: Any) -> Any:
    """A CEL value as what ``json.dumps`` takes.

    Timestamps, durations and types become their text, bytes base64, the keys of maps text,
    optionals their value or null, NaN and the infinities their names.
    """
    if isinstance(value, UInt):
        return int(value)
    if isinstance(value, float) and value - value != 0:
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if isinstance(value, Map):
        return {_json_key(key): to_json(item) for key, item in value.items()}
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, Optional):
        return to_json(value.value) if value.present else None
    return str(value)


def _json_key(key: Any) -> str:
    if isinstance(key, bool):
        return "true" if key else "false"
    return str(int(key)) if isinstance(key, int) else str(key)
