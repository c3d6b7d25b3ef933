"""Group commit: all records that wait are written at once, while the next ones gather."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["Groups"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class _Item(Generic[T]):
    records: Sequence[bytes]
    token: T | None


class Groups(Generic[T]):
    """A thread that writes what is put here, in order, in as few groups as keep up.

    ``append`` writes a group, all or nothing, and raises if it cannot. ``tell`` hears the tokens of
    each group and what went wrong, in the thread. ``queue`` is how many records may wait. With an
    ``interval``, in seconds, a group gathers for so long, and is tried again if it failed; without
    one it is written at once, and given up.
    """

    def __init__(
        self,
        append: Callable[[Sequence[bytes]], None],
        tell: Callable[[Sequence[T], Exception | None], None],
        *,
        queue: int,
        interval: float | None,
    ) -> None:
        self._append = append
        self._tell = tell
        self._queue = queue
        self._interval = interval
        self._changed = threading.Condition()
        self._waiting: list[_Item[T]] = []
        self._depth = 0
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name="decision-log", daemon=True)
        self._thread.start()

    @property
    def depth(self) -> int:
        """How many records wait."""
        return self._depth

    def put(self, records: Sequence[bytes], token: T | None = None) -> bool:
        """Whether there was room for the records, and time."""
        with self._changed:
            if self._is_closing or (self._depth and self._depth + len(records) > self._queue):
                return False
            self._waiting.append(_Item(records, token))
            self._depth += len(records)
            if self._interval is None or len(self._waiting) == 1 or self._is_crowded:
                self._changed.notify()
        return True

    def close(self) -> int:
        """Writes what waits, and ends the thread; how many records could not be written."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        self._thread.join()
        return self._depth

    @property
    def _is_crowded(self) -> bool:
        return self._depth >= self._queue // 2

    def _ends_gathering(self) -> bool:
        return self._is_closing or self._is_crowded

    def _ends_rest(self) -> bool:
        return self._is_closing

    def _run(self) -> None:
        failed = False
        while True:
            interval = self._interval
            with self._changed:
                while not self._waiting and not self._is_closing:
                    self._changed.wait()
                if interval is not None and not self._is_closing:
                    # After a failure a crowd waits too: the disk needs time, not haste.
                    ends = self._ends_rest if failed else self._ends_gathering
                    self._changed.wait_for(ends, interval)
                if not self._waiting:
                    return
                group, self._waiting = self._waiting, []
                is_last_try = self._is_closing
            failure: Exception | None = None
            try:
                self._append([record for item in group for record in item.records])
            except Exception as error:  # noqa: BLE001  # whatever it is, others wait for this thread
                failure = error
            failed = failure is not None
            with self._changed:
                if failed and interval is not None:
                    self._waiting[:0] = group
                    if is_last_try:
                        break
                else:
                    self._depth -= sum(len(item.records) for item in group)
            self._tell([item.token for item in group if item.token is not None], failure)
        self._tell([], failure)
