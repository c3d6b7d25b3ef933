"""The checks of request schemas: bounds, sizes, patterns, repetitions, enumerations.

A check gives, of a value, the words for what it must be when it is not that, else None.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from evaluator.language.regex import Pattern
from evaluator.language.values import Duration, Timestamp, equal
from evaluator.policy.request_problems import shown
from evaluator.policy.shapes import Check

__all__ = ["BOUNDS", "Bound", "OneOf", "Size", "like", "without_repetitions"]

# The keyword, its words, and how the bound stands to a value that it admits.
BOUNDS: Final[Mapping[str, tuple[str, Callable[[Any, Any], bool]]]] = {
    "minimum": ("of at least", operator.le),
    "maximum": ("of at most", operator.ge),
    "exclusiveMinimum": ("over", operator.lt),
    "exclusiveMaximum": ("under", operator.gt),
}


# Besides lists and objects, what can be an item, and hashes as it compares.
_PLAIN: Final = (str, int, float, bytes, datetime, timedelta, Timestamp, Duration)


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """The check of one of ``BOUNDS``; ``wanted`` are the words for the number: "an integer"."""

    keyword: str
    limit: float
    wanted: str

    def __call__(self, value: Any) -> str | None:
        words, holds = BOUNDS[self.keyword]
        return None if holds(self.limit, value) else f"{self.wanted} {words} {self.limit}"


@dataclass(frozen=True, slots=True, eq=False)
class Size:
    """The check that a value is ``what``, "a list", and has as many of ``unit``, "item", or more.

    Or, ``at_most``, that many or fewer.
    """

    size: int
    what: str
    unit: str
    at_most: bool

    def __call__(self, value: Any) -> str | None:
        if len(value) <= self.size if self.at_most else len(value) >= self.size:
            return None
        words = "at most" if self.at_most else "at least"
        return f"{self.what} of {words} {_counted(self.size, self.unit)}"


def like(pattern: str, compiled: Pattern) -> Check:
    """That a text has a part which matches the pattern."""

    def holds(text: str) -> bool:
        try:
            return compiled.found_in(text)
        except UnicodeEncodeError:  # half a character
            return False

    return _check(holds, f"like `{pattern}`")


def without_repetitions(items: Sequence[Any]) -> str | None:
    """The check of ``uniqueItems``: JSON Schema compares the items as JSON, 1.0 as 1."""
    if len({_comparable(item) for item in items}) == len(items):
        return None
    return "a list without repetitions"


class OneOf:
    """The check of ``enum`` and ``const``, on CEL values; ``null`` only adds it to the words."""

    __slots__ = ("_words", "texts", "values")

    def __init__(self, values: Sequence[Any], *, null: bool = False) -> None:
        self.values = tuple(values)
        self.texts = frozenset(value for value in values if isinstance(value, str))
        words = [_word(value) for value in values] + ["null"] * null
        self._words = words[0] if len(words) == 1 else f"one of {', '.join(words)}"

    def __call__(self, value: Any) -> str | None:
        if type(value) is str:
            return None if value in self.texts else self._words
        return None if any(equal(value, other) for other in self.values) else self._words


def _check(holds: Callable[[Any], bool], wanted: str) -> Check:
    return lambda value: None if holds(value) else wanted


def _counted(size: int, unit: str) -> str:
    if size != 1:
        return f"{size} {'properties' if unit == 'property' else unit + 's'}"
    return f"{size} {unit}"


def _word(value: Any) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    words = shown(value)
    return str(value) if words.startswith("a Python") else words


def _comparable(value: Any) -> Any:
    """What is equal and hashes alike when two values are the same JSON."""
    if isinstance(value, bool):
        return ("bool", value)
    if isinstance(value, Mapping):
        return ("object", frozenset((key, _comparable(item)) for key, item in value.items()))
    if isinstance(value, (list, tuple)):
        return ("list", tuple(map(_comparable, value)))
    # What is neither JSON nor stands for any is refused when it is read.
    return value if value is None or isinstance(value, _PLAIN) else ("other", id(value))
