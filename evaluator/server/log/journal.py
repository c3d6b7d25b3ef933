"""The journal of the service: decisions become records, and answers wait for them or not."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Protocol, Self

from evaluator.history.chain import Link
from evaluator.history.log import LONGEST
from evaluator.server.log import problems
from evaluator.server.log.groups import Groups
from evaluator.server.log.records import Records
from evaluator.server.log.settings import LogSettings
from evaluator.server.seams import Made

__all__ = ["DecisionLog", "Sink"]

# Who reads logs has to be able to read it, with the members of the chain.
_LONGEST: Final = LONGEST - 1024

_Waiter = tuple[asyncio.AbstractEventLoop, "asyncio.Future[None]"]


class Sink(Protocol):
    """Where records end: a file or a stream."""

    @property
    def link(self) -> Link | None:
        """The last record."""
        ...

    def append(self, members: Sequence[bytes]) -> None:
        """Writes records, all or none. Raises ``OSError``."""
        ...

    def close(self) -> None:
        """Lets go of what is open."""
        ...


class DecisionLog:
    """Writes decisions down: a ``Journal``, which is left when no more are made.

    ``report`` hears, in another thread, when writing begins to fail and when it works again.
    """

    def __init__(
        self,
        sink: Sink,
        records: Records,
        settings: LogSettings,
        *,
        report: Callable[[str], None],
    ) -> None:
        self._sink = sink
        self._records = records
        self._settings = settings
        self._report = report
        self._is_strict = settings.durability == "strict"
        self._groups: Groups[_Waiter] = Groups(
            sink.append,
            self._tell,
            queue=settings.queue,
            interval=None if self._is_strict else settings.interval,
        )
        self.problem: str | None = None
        """Why the last records could not be written; None where they could."""

    @property
    def depth(self) -> int:
        """How many records wait to be written."""
        return self._groups.depth

    @property
    def head(self) -> Link | None:
        """The last record that was written. Noted elsewhere, it shows whether the log was cut."""
        return self._sink.link

    async def write(self, made: Sequence[Made]) -> None:
        """Writes decisions down; if that is strict, returns when they are on disk.

        Raises ``Refusal`` with 503 where they cannot be, or too many wait already.
        """
        records = [record for one in made if (record := self._records.of(one)) is not None]
        if not records:
            return
        longest = max(map(len, records))
        if longest > _LONGEST:
            raise problems.too_long(longest, _LONGEST)
        waiter: _Waiter | None = None
        if self._is_strict:
            loop = asyncio.get_running_loop()
            waiter = loop, loop.create_future()
        if not self._groups.put(records, waiter):
            raise problems.queue_full(self._groups.depth)
        if waiter is not None:
            await waiter[1]

    def end(self) -> None:
        """Writes what waits. No decision is written down afterwards."""
        lost = self._groups.close()
        if lost:
            self._report(f"{lost:,} decisions are not in the decision log: {self.problem}")
        self._sink.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.end)

    def _tell(self, waiters: Sequence[_Waiter], failure: Exception | None) -> None:
        """Hears, in the thread that writes, what became of a group."""
        problem = None if failure is None else _reason(failure)
        if problem != self.problem:
            self.problem = problem
            self._report(
                "the decision log can be written again"
                if problem is None
                else f"the decision log cannot be written: {problem}"
            )
        by_loop: defaultdict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]]
        by_loop = defaultdict(list)
        for loop, future in waiters:
            by_loop[loop].append(future)
        for loop, futures in by_loop.items():
            with suppress(RuntimeError):  # a loop that has ended, and nobody waits
                loop.call_soon_threadsafe(_settle, futures, problem)


def _settle(futures: Sequence[asyncio.Future[None]], problem: str | None) -> None:
    for future in futures:
        if future.done():  # who waited has gone
            continue
        if problem is None:
            future.set_result(None)
        else:
            future.set_exception(problems.not_written(problem))


def _reason(failure: Exception) -> str:
    """What failed, without names of files: callers hear it too."""
    if isinstance(failure, OSError) and failure.strerror:
        return failure.strerror
    return str(failure) or type(failure).__name__
