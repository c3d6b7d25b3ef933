"""Where the nodes of a tree stand: a mapping from ids to places of eight octets each."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from evaluator.source import Fragment

__all__ = ["Place", "Places"]

Place = tuple[Fragment, int, int]
"""A stretch of a fragment: from an offset up to, not including, another."""
_new = object.__new__


class Places(Mapping[int, Place]):
    """Places by id. Ids are added in ascending order; a gap means that an id has no place."""

    __slots__ = ("_ends", "_first", "_firsts", "_fragments", "_starts")

    def __init__(self, first: int) -> None:
        self._first = first
        self._starts = array("i")  # -1 in a gap
        self._ends = array("i")
        # The fragments, and the first id of each stretch of ids that are in one.
        self._fragments: tuple[Fragment, ...] = ()
        self._firsts: tuple[int, ...] = ()

    @classmethod
    def restored(
        cls,
        first: int,
        starts: Iterable[int],
        ends: Iterable[int],
        firsts: tuple[int, ...],
        fragments: tuple[Fragment, ...],
    ) -> Places:
        """The places that ``state`` is of."""
        made = cls(first)
        made._starts.extend(starts)
        made._ends.extend(ends)
        made._fragments, made._firsts = fragments, firsts
        return made

    @property
    def state(
        self,
    ) -> tuple[int, Sequence[int], Sequence[int], tuple[int, ...], tuple[Fragment, ...]]:
        """The first id, starts and ends from it on (-1 in gaps), and where fragments begin."""
        return self._first, self._starts, self._ends, self._firsts, self._fragments

    @classmethod
    def joined(cls, parts: Iterable[Places]) -> Places:
        """The places of several trees, whose ids are disjoint and ascend from one to the next."""
        parts = [part for part in parts if part._starts]
        made = cls(parts[0]._first if parts else 0)
        for part in parts:
            made._skip_to(part._first)
            made._starts += part._starts
            made._ends += part._ends
            made._fragments += part._fragments
            made._firsts += part._firsts
        return made

    def moved(self, fragments: tuple[Fragment]) -> Places:
        """The same places in another fragment, which holds the same text as the one they are in."""
        made = _new(Places)
        made._first, made._starts, made._ends = self._first, self._starts, self._ends
        made._fragments, made._firsts = fragments, self._firsts
        return made

    def add(self, id: int, fragment: Fragment, start: int, end: int) -> None:
        """Place an id that is above all others."""
        self._skip_to(id)
        self._starts.append(start)
        self._ends.append(end)
        if not self._fragments or self._fragments[-1] is not fragment:
            self._fragments += (fragment,)
            self._firsts += (id,)

    def _skip_to(self, id: int) -> None:
        missing = id - self._first - len(self._starts)
        if missing:
            self._starts.extend([-1] * missing)
            self._ends.extend([-1] * missing)

    def __getitem__(self, id: int) -> Place:
        at = id - self._first
        if not 0 <= at < len(self._starts) or self._starts[at] < 0:
            raise KeyError(id)
        fragment = self._fragments[bisect_right(self._firsts, id) - 1]
        return fragment, self._starts[at], self._ends[at]

    def __iter__(self) -> Iterator[int]:
        return (self._first + at for at, start in enumerate(self._starts) if start >= 0)

    def __len__(self) -> int:
        return sum(start >= 0 for start in self._starts)
