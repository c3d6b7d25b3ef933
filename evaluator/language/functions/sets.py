"""Lists as sets: their order and repetitions do not count."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evaluator.language.functions.declaring import LIST_A, Cost, function, overload
from evaluator.language.functions.registry import Function
from evaluator.language.types import BOOL
from evaluator.language.values import equal

__all__ = ["FUNCTIONS"]


def _has(items: Any, wanted: Any) -> bool:
    return any(equal(item, wanted) for item in items)


def _contains(items: Any, others: Any) -> bool:
    return all(_has(items, other) for other in others)


def _equivalent(items: Any, others: Any) -> bool:
    return _contains(items, others) and _contains(others, items)


def _intersects(items: Any, others: Any) -> bool:
    return any(_has(items, other) for other in others)


def _pairs(items: Any, others: Any) -> int:
    """Each element of one list is compared with those of the other."""
    return len(items) * len(others) + len(items) + len(others)


def _pairs_twice(items: Any, others: Any) -> int:
    """Each list is looked for in the other."""
    return 2 * _pairs(items, others)


def _relation(
    name: str,
    words: str,
    holds: Callable[[Any, Any], bool],
    lists: str,
    cost: Cost = _pairs,
) -> Function:
    return function(
        f"sets.{name}",
        words,
        overload(f"list_sets_{name}_list", (LIST_A, LIST_A), BOOL, holds, cost=cost),
        examples=(
            (f"sets.{name}([1, 2], [2, 1, 1])", "true"),
            (f"sets.{name}({lists})", "false"),
        ),
        family="sets",
        cost=f"{'twice ' if cost is _pairs_twice else ''}the product of the sizes, and their sum",
    )


FUNCTIONS = (
    _relation(
        "contains",
        "Whether the first list has every element of the second.",
        _contains,
        "[1], [1, 2]",
    ),
    _relation(
        "equivalent",
        "Whether each list has every element of the other.",
        _equivalent,
        "[1, 2], [1]",
        _pairs_twice,
    ),
    _relation("intersects", "Whether the lists have an element in common.", _intersects, "[1], []"),
)
