"""Places in a text as it was, found again in the text that it has become."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from evaluator.server.playground.answering.workspace import Loaded, Workspace

__all__ = ["Moved"]


class Moved:
    """Before the first difference of two texts places stay, after the last they move with it.

    Offsets are UTF-16 code units. What lies between the differences has no place any more.
    """

    def __init__(self, before: str, after: str) -> None:
        self._same = before == after
        if self._same:
            return
        start = _common(before, after)
        rest = min(len(before), len(after)) - start
        tail = _common(before[len(before) - rest :][::-1], after[len(after) - rest :][::-1])
        self._start = _units(before[:start])
        self._end = _units(before) - _units(before[len(before) - tail :])
        self._by = _units(after) - _units(before)
        self._after = after

    @staticmethod
    def between(
        loaded: Loaded, workspace: Workspace, edits: Mapping[str, str]
    ) -> Callable[[str], Moved]:
        """From the files that have been loaded to those of the edits: what a file has become."""

        @cache
        def of(file: str) -> Moved:
            try:
                before = loaded.files.read(file).decode("utf-8", "replace")
            except FileNotFoundError:
                before = ""
            after = edits.get(file)
            if after is None:
                after = workspace.files.get(file, b"").decode("utf-8", "replace")
            return Moved(before, after)

        return of

    def place(self, place: dict[str, Any]) -> dict[str, Any] | None:
        """Where a ``Place`` of the wire is now; None where it is no more."""
        if self._same:
            return place
        span = self.span(place["from"], place["to"])
        if span is None:
            return None
        start, end = span
        before = self._after.encode("utf-16-le", "surrogatepass")[: 2 * start]
        ahead = (
            before.decode("utf-16-le", "surrogatepass").replace("\r\n", "\n").replace("\r", "\n")
        )
        line = ahead.count("\n") + 1
        column = _units(ahead.rpartition("\n")[2]) + 1
        return {**place, "line": line, "column": column, "from": start, "to": end}

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """The same of a stretch."""
        if self._same or end <= self._start:
            return start, end
        if start >= self._end:
            return start + self._by, end + self._by
        return None


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _common(one: str, other: str) -> int:
    """How many signs two texts begin with alike."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
