"""The checks of request schemas: bounds, sizes, patterns, repetitions, enumerations.

Each maker gives a check: of a value, the words for what it must be when it is not that, else None.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from evaluator.language.values import Duration, Timestamp, equal
from evaluator.policy.request_problems import shown
from evaluator.policy.shapes import Check

__all__ = ["BOUNDS", "at_least", "at_most", "bound", "like", "one_of", "without_repetitions"]

# The keyword, its words, and how the bound stands to a value that it admits.
BOUNDS: Final[Mapping[str, tuple[str, Callable[[Any, Any], bool]]]] = {
    "minimum": ("of at least", operator.le),
    "maximum": ("of at most", operator.ge),
    "exclusiveMinimum": ("over", operator.lt),
    "exclusiveMaximum": ("under", operator.gt),
}


# Besides lists and objects, what can be an item, and hashes as it compares.
_PLAIN: Final = (str, int, float, bytes, datetime, timedelta, Timestamp, Duration)


def bound(keyword: str, limit: float, wanted: str) -> Check:
    """The check of one of ``BOUNDS``; ``wanted`` are the words for the number: "an integer"."""
    words, holds = BOUNDS[keyword]
    return _check(partial(holds, limit), f"{wanted} {words} {limit}")


def at_least(size: int, what: str, unit: str) -> Check:
    """That a value is ``what``, "a list", and has so many of ``unit``, "item", or more."""
    return _check(lambda value: len(value) >= size, f"{what} of at least {_counted(size, unit)}")


def at_most(size: int, what: str, unit: str) -> Check:
    """That a value is ``what``, "a list", and has so many of ``unit``, "item", or fewer."""
    return _check(lambda value: len(value) <= size, f"{what} of at most {_counted(size, unit)}")


def like(pattern: str, compiled: Any) -> Check:
    """That a text has a part which matches; ``compiled`` is the pattern for RE2."""

    def holds(text: str) -> bool:
        try:
            return compiled.search(text) is not None
        except UnicodeEncodeError:  # half a character
            return False

    return _check(holds, f"like `{pattern}`")


def without_repetitions(items: Sequence[Any]) -> str | None:
    """The check of ``uniqueItems``: JSON Schema compares the items as JSON, 1.0 as 1."""
    if len({_comparable(item) for item in items}) == len(items):
        return None
    return "a list without repetitions"


def one_of(values: Sequence[Any], *, null: bool = False) -> Check:
    """The check of ``enum`` and ``const``, on CEL values; ``null`` only adds it to the words."""
    texts = frozenset(value for value in values if isinstance(value, str))
    words = [_word(value) for value in values] + ["null"] * null
    wanted = words[0] if len(words) == 1 else f"one of {', '.join(words)}"

    def check(value: Any) -> str | None:
        if type(value) is str:
            return None if value in texts else wanted
        return None if any(equal(value, other) for other in values) else wanted

    return check


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
