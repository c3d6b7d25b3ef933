"""Numbers that several processes count, each in a part of its own of memory that all can read.

So whoever is asked knows the sum, exactly, and a worker that dies takes nothing with it: the one in
its place goes on counting where it stopped.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator
from typing import Final

__all__ = ["Key", "Tallies", "Tally"]

Key = tuple[str, ...]

# Of each part: where the names end, then the names as lines of JSON, then the numbers. Memory that
# nobody has written to takes none, so there is room for what nobody has.
_HEAD: Final = 64
_NAMES: Final = 8 << 20
_NUMBERS: Final = 1 << 17
_PART: Final = _HEAD + _NAMES + 8 * _NUMBERS


class Tallies:
    """The numbers of all workers. Made before they fork, so that they share it."""

    def __init__(self, workers: int) -> None:
        self._memory = memoryview(mmap.mmap(-1, workers * _PART))
        self.workers = workers

    def of(self, worker: int) -> Tally:
        """The part of a worker, counted from 0. One process writes to it at a time."""
        return Tally(self._memory[worker * _PART : (worker + 1) * _PART])

    def read(self) -> Iterator[tuple[Key, list[float]]]:
        """Each name of each worker with its numbers; a name comes once a worker that has it."""
        for worker in range(self.workers):
            yield from self.of(worker).read()


class Tally:
    """The numbers of a worker: for each name a few in a row, beginning at ``place(name)``.

    ``numbers`` may be changed there. When there is no room for another name, its numbers go to a
    place that nobody reads, and ``dropped`` says so.
    """

    def __init__(self, part: memoryview) -> None:
        self._ends = part[:_HEAD].cast("Q")
        self._names = part[_HEAD : _HEAD + _NAMES]
        self.numbers: memoryview[float] = part[_HEAD + _NAMES :].cast("d")
        self._places: dict[Key, int] = {}
        self._free = 0
        for key, size in self._listed():
            self._places[key] = self._free
            self._free += size
        self.dropped = False

    def place(self, key: Key, size: int = 1) -> int:
        """Where the numbers of a name begin; all are 0 when it is new."""
        found = self._places.get(key)
        return self._add(key, size) if found is None else found

    def read(self) -> Iterator[tuple[Key, list[float]]]:
        """Each name with its numbers."""
        at = 0
        for key, size in self._listed():
            yield key, list(map(float, self.numbers[at : at + size]))
            at += size

    def _add(self, key: Key, size: int) -> int:
        line = json.dumps([*key, size], separators=(",", ":")).encode("ascii") + b"\n"
        end = self._ends[0]
        # The last places are for what there is no room for.
        if end + len(line) > _NAMES or self._free + 2 * size > _NUMBERS:
            self.dropped = True
            return _NUMBERS - size
        self._names[end : end + len(line)] = line
        self._places[key] = place = self._free
        self._free += size
        self._ends[0] = end + len(line)  # last, since from here on others read it
        return place

    def _listed(self) -> Iterator[tuple[Key, int]]:
        for line in bytes(self._names[: self._ends[0]]).splitlines():
            *key, size = json.loads(line)
            yield tuple(key), size
