"""What is known of each node, by id: a mapping that takes one reference for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from evaluator.language.values import ABSENT

__all__ = ["SideTable"]

T = TypeVar("T")


class SideTable(Mapping[int, T]):
    """An immutable mapping whose keys lie close together, as the ids of one tree do."""

    __slots__ = ("_first", "_values")

    def __init__(self, entries: Mapping[int, T]) -> None:
        self._first = min(entries, default=0)
        last = max(entries, default=-1)
        get = entries.get
        self._values: tuple[Any, ...] = tuple(
            [get(id, ABSENT) for id in range(self._first, last + 1)]
        )

    @classmethod
    def restored(cls, first: int, values: tuple[Any, ...]) -> SideTable[T]:
        """The table that ``state`` is of."""
        made = cls({})
        made._first, made._values = first, values
        return made

    @property
    def state(self) -> tuple[int, tuple[Any, ...]]:
        """The first id, and the values from it on: ``ABSENT`` where an id has none."""
        return self._first, self._values

    def __getitem__(self, id: int) -> T:
        at = id - self._first
        if not 0 <= at < len(self._values):
            raise KeyError(id)
        value: T = self._values[at]
        if value is ABSENT:
            raise KeyError(id)
        return value

    def get(self, id: int, default: Any = None) -> Any:
        at = id - self._first
        if not 0 <= at < len(self._values):
            return default
        value = self._values[at]
        return default if value is ABSENT else value

    def __iter__(self) -> Iterator[int]:
        return (self._first + at for at, value in enumerate(self._values) if value is not ABSENT)

    def __len__(self) -> int:
        return sum(value is not ABSENT for value in self._values)
