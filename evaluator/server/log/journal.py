"""The journal of the service: decisions become records, and answers wait for them or not."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, Protocol, Self

from evaluator.history.chain import Link
from evaluator.history.log import LONGEST
from evaluator.server.answers import Refusal
from evaluator.server.log import problems
from evaluator.server.log.groups import Groups
from evaluator.server.log.records import Records
from evaluator.server.log.settings import LogSettings
from evaluator.server.readiness import Condition
from evaluator.server.seams import Made

__all__ = ["DecisionLog", "Sink"]

# Who reads logs has to be able to read it, with the members of the chain.
_LONGEST: Final = LONGEST - 1024
_PAUSE: Final = 1.0  # seconds between two trials

_Waiter = tuple[asyncio.AbstractEventLoop, "asyncio.Future[None]"]


class Sink(Protocol):
    """Where records end: a file or a stream."""

    @property
    def link(self) -> Link | None:
        """The last record."""
        ...

    def append(self, members: Sequence[bytes]) -> None:
        """Writes records, all or none; of none, tries whether it could. Raises ``OSError``."""
        ...

    def close(self) -> None:
        """Lets go of what is open."""
        ...


class DecisionLog:
    """Writes decisions down: a ``Journal``, which is left when no more are made.

    ``report`` hears, in another thread, when writing begins to fail and when it works again, and
    ``wrote`` how many records each group had that was written.
    """

    def __init__(
        self,
        sink: Sink,
        records: Records,
        settings: LogSettings,
        *,
        report: Callable[[str], None],
        wrote: Callable[[int], None] = lambda count: None,
    ) -> None:
        self._sink = sink
        self._wrote = wrote
        self._records = records
        self._settings = settings
        self._report = report
        self._is_strict = settings.durability == "strict"
        self._groups: Groups[_Waiter] = Groups(
            self._append,
            self._tell,
            queue=settings.queue,
            interval=None if self._is_strict else settings.interval,
        )
        self.problem: str | None = None
        """Why the last records could not be written; None where they could."""
        self._trying: asyncio.Task[None] | None = None

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
        await self._put(records)

    def condition(self) -> Condition:
        """Whether decisions can be written down, and so be made, as far as is known.

        Where records may wait, they can be until there is no room for more.
        """
        waiting, problem = self._groups.depth, self.problem
        if problem is None:
            return Condition({"state": "written", "waiting": waiting})
        has_room = not self._is_strict and waiting < self._settings.queue
        told = {"state": "failing", "waiting": waiting, "problem": problem}
        return Condition(told, is_ready=has_room)

    def end(self) -> None:
        """Writes what waits. No decision is written down afterwards."""
        lost = self._groups.close()
        if lost:
            self._report(f"{lost:,} decisions are not in the decision log: {self.problem}")
        self._sink.close()

    async def __aenter__(self) -> Self:
        if self._is_strict:  # records that wait are tried again and again by themselves
            self._trying = asyncio.get_running_loop().create_task(self._try())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._trying is not None:
            self._trying.cancel()
            with suppress(asyncio.CancelledError):
                await self._trying
        await asyncio.to_thread(self.end)

    async def _put(self, records: Sequence[bytes]) -> None:
        waiter: _Waiter | None = None
        if self._is_strict:
            loop = asyncio.get_running_loop()
            waiter = loop, loop.create_future()
        if not self._groups.put(records, waiter):
            raise problems.queue_full(self._groups.depth)
        if waiter is not None:
            await waiter[1]

    async def _try(self) -> None:
        """Tries now and then whether a log that failed can be written again.

        A service that says it is not ready is asked for no decisions that would find out.
        """
        while True:
            await asyncio.sleep(_PAUSE)
            if self.problem is not None:
                with suppress(Refusal):
                    await self._put(())

    def _append(self, members: Sequence[bytes]) -> None:
        self._sink.append(members)
        if members:
            self._wrote(len(members))

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
