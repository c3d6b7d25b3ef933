"""The end of a file of a decision log: its last record, and what is behind it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final

from evaluator.history.chain import BEGINNING, Link, Sealed, read_sealed

__all__ = ["NotOursError", "SealedOtherwiseError", "Tail", "read_tail"]

_CHUNK: Final = 64 * 1024
_MOST_LINES: Final = 1_000


class NotOursError(Exception):
    """What the file has is no decision log."""


class SealedOtherwiseError(Exception):
    """The last record was not sealed as the next ones would be, or was changed since."""


@dataclass(frozen=True, slots=True, eq=False)
class Tail:
    """Where the last finished line ends, in bytes, and the last record, if any."""

    end: int
    last: Sealed | None

    @property
    def link(self) -> Link | None:
        """The link of the last record."""
        return None if self.last is None else self.last.link


def read_tail(descriptor: int, size: int) -> Tail:
    """The tail of a file of so many bytes. Raises ``NotOursError``, and ``OSError``.

    What is behind ``end`` is the beginning of a line that was never finished. Finished lines that
    are no records, as a failing disk may leave them, are passed over: ``evaluator log verify``
    tells of them.
    """
    feed = last = _line_feed_before(descriptor, size)
    for _ in range(_MOST_LINES):
        if feed is None:
            break
        before = _line_feed_before(descriptor, feed)
        start = 0 if before is None else before + 1
        sealed = read_sealed(os.pread(descriptor, feed - start, start))
        if sealed is not None:
            assert last is not None
            return Tail(last + 1, sealed)
        feed = before
    begun = os.pread(descriptor, len(BEGINNING), 0)
    if last is not None or not BEGINNING.startswith(begun):
        raise NotOursError
    return Tail(0, None)


def _line_feed_before(descriptor: int, end: int) -> int | None:
    while end > 0:
        start = max(0, end - _CHUNK)
        found = os.pread(descriptor, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found
        end = start
    return None
