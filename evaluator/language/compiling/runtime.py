"""What compiled code calls where Python has no operation of its own.

Compiled code knows no error values: where the interpreter would meet one, ``Doubt`` is raised, and
the interpreter, asked anew, says what the whole comes to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Any, Final

from evaluator.language.dispatch import choose, choose_index
from evaluator.language.functions.registry import Overload
from evaluator.language.loops import ORDERED
from evaluator.language.syntax import SelectMode
from evaluator.language.values import ABSENT, NONE, ErrorValue, Map, Optional, UInt

__all__ = [
    "FIELDS",
    "UNSET",
    "Doubt",
    "boolean",
    "dispatch",
    "has_field",
    "index_dispatch",
    "keyed",
    "listed",
    "mapped",
    "optional_field",
    "optional_of",
    "pairs",
    "plain_field",
    "present",
    "put",
    "put_all",
    "sorted_by_key",
    "sure",
    "there",
    "turns",
]


class Doubt(Exception):  # noqa: N818  # no error, but a question to the interpreter
    """Raised by compiled code where the plain way does not go on."""


class _Unset:
    """The class of ``UNSET``."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = _Unset()
"""What a local variable holds before its value was needed."""


def boolean(value: Any) -> bool:
    """A value that must be a bool."""
    if value is True or value is False:
        return value
    raise Doubt


def sure(value: Any) -> Any:
    """The result of a function that may have ended in an error."""
    if type(value) is ErrorValue:
        raise Doubt
    return value


def there(value: Any) -> Any:
    """The value of an attribute that may be absent."""
    if value is ABSENT:
        raise Doubt
    return value


def dispatch(overloads: Sequence[Overload], *args: Any) -> tuple[Any, int]:
    """The result of the overload that takes the values, and what it costs."""
    return _applied(choose(overloads, args), args)


def index_dispatch(overloads: Sequence[Overload], *args: Any) -> tuple[Any, int]:
    """As ``dispatch``, of ``_[_]`` and ``_[?_]``."""
    return _applied(choose_index(overloads, args), args)


def _applied(overload: Overload | None, args: Sequence[Any]) -> tuple[Any, int]:
    if overload is None:
        raise Doubt
    cost = 0 if overload.cost is None else overload.cost(*args)
    # What costs too much is not even begun.
    if cost > 1_000_000:
        raise Doubt
    return sure(overload.implementation(*args)), cost


# Selection


def plain_field(value: Any, name: str) -> Any:
    """``value.name`` of a map, or inside an optional of one."""
    if type(value) is Optional:
        return optional_field(value, name)
    if type(value) is not Map:
        raise Doubt
    found = value.get(name, ABSENT)
    if found is ABSENT:
        raise Doubt
    return found


def optional_field(value: Any, name: str) -> Any:
    """``value.?name``."""
    if type(value) is Optional:
        if not value.present:
            return NONE
        value = value.value
    if type(value) is not Map:
        raise Doubt
    return optional_of(value.get(name, ABSENT))


def has_field(value: Any, name: str) -> bool:
    """``has(value.name)``."""
    if type(value) is Optional:
        if not value.present:
            return False
        value = value.value
    if type(value) is not Map:
        raise Doubt
    return value.get(name, ABSENT) is not ABSENT


FIELDS: Final = {
    SelectMode.PLAIN: plain_field,
    SelectMode.OPTIONAL: optional_field,
    SelectMode.HAS: has_field,
}


def optional_of(value: Any) -> Optional:
    """What is there as an optional, the empty one for ``ABSENT``."""
    return NONE if value is ABSENT else Optional(value)


def present(value: Any) -> bool:
    """Whether an optional has a value."""
    if type(value) is not Optional:
        raise Doubt
    return value.present


# Lists and maps


def listed(values: Sequence[Any], optional: frozenset[int]) -> list[Any]:
    """A list some of whose elements, by index, were written ``?e``."""
    made = []
    for index, value in enumerate(values):
        if index not in optional:
            made.append(value)
        elif present(value):
            made.append(value.value)
    return made


def mapped(pairs: Sequence[tuple[Any, Any]], optional: frozenset[int]) -> Map:
    """A map some of whose entries, by index, were written ``?k: v``."""
    kept = []
    for index, (key, value) in enumerate(pairs):
        if type(key) not in (str, int, bool, UInt):
            raise Doubt
        if index not in optional:
            kept.append((key, value))
        elif present(value):
            kept.append((key, value.value))
    return keyed(kept)


def keyed(pairs: Sequence[tuple[Any, Any]]) -> Map:
    """A map of pairs with keys that must all differ."""
    made = Map(pairs)
    if len(made) != len(pairs):
        raise Doubt
    return made


def put(made: dict[Any, tuple[Any, Any]], key: Any, value: Any) -> None:
    """Adds an entry to those of a map that is being made; a key must not be there twice."""
    place = (key,) if type(key) is bool else key  # true is another key than 1
    if place in made:
        raise Doubt
    made[place] = (key, value)


def put_all(made: dict[Any, tuple[Any, Any]], entries: Any) -> None:
    """Adds the entries of a map."""
    if type(entries) is not Map:
        raise Doubt
    for key, value in entries.items():
        put(made, key, value)


def sorted_by_key(keyed_: Sequence[tuple[Any, Any]]) -> list[Any]:
    """The elements of pairs by their keys, which must be of one ordered type."""
    kinds = {type(key) for key, _ in keyed_}
    if len(kinds) > 1 or not kinds <= ORDERED:
        raise Doubt
    return [element for _, element in sorted(keyed_, key=itemgetter(0))]


def turns(over: Any) -> Any:
    """What a comprehension with one variable goes through."""
    if type(over) is not list and type(over) is not tuple and type(over) is not Map:
        raise Doubt
    return over


def pairs(over: Any) -> Iterable[tuple[Any, Any]]:
    """What a comprehension with two variables goes through."""
    if type(over) is Map:
        return over.items()
    if type(over) is not list and type(over) is not tuple:
        raise Doubt
    return enumerate(over)
