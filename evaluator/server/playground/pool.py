"""The workers of a playground: who answers what, when one takes too long, and who follows it.

All of it goes on in one event loop. A session is one page in somebody's browser.
"""

from __future__ import annotations

import asyncio
import signal
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from evaluator.server.playground import frames
from evaluator.server.playground.frames import BEGUN, OUT_OF_MEMORY
from evaluator.server.playground.limits import MEMORY, OPENING_SECONDS, SECONDS, Bounds
from evaluator.server.playground.problems import problem
from evaluator.server.playground.processes import FAILURES, Nursery, Process, opened

__all__ = ["QUESTIONS", "Answered", "Limits", "Pool"]

Answered = tuple[int, bytes]
"""The status of an answer, and its JSON."""

# What somebody waits for who types comes first. The rest is for an eye that has time to wander, and
# never has all the workers to itself.
_RANKS: Final[Mapping[str, int]] = {
    "check": 0,
    "decide": 0,
    "open": 1,
    "vocabulary": 1,
    "types": 1,
    "case": 1,
    "explain": 2,
    "timeline": 2,
    "changes": 3,
}
QUESTIONS: Final = frozenset(_RANKS)
"""The names of all questions, as ``answering.endpoints`` has them."""

_BACKGROUND: Final = 3  # and beyond
# Seconds that an answer which nobody waits for any more may go on for, and that of the background.
# A new worker has all edits to load again, so one that will soon be done is let be.
_PATIENCE: Final = (0.3, 1.0)
# What only reads the policies and evaluates next to nothing goes on until others need its worker.
_LASTING: Final = frozenset({"check", "open", "types", "vocabulary"})
_LOADING: Final = 0.3  # seconds that are waited for a worker which may be loading the same edits
_QUEUED: Final = 10.0  # seconds that a question waits for a worker
_DYING: Final = 2.0  # seconds from the last word of a worker to its end
_AGAIN: Final = (0.05, 5.0)  # seconds to wait before another is started: after one, after many


_NEWER: Final = "a newer question took its place"
_STOPPING: Final = problem("busy", "the playground is stopping")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a pool has room for.

    ``seconds`` is for how long an answer may be worked on, ``opening`` the same of ``open``,
    ``memory`` in bytes (see ``limits``), ``session`` and ``waiting`` are how many questions of one
    session, and of all, may be open.
    """

    seconds: float = SECONDS
    opening: float = OPENING_SECONDS
    memory: int = MEMORY
    session: int = 24
    waiting: int = 128
    bounds: Bounds = field(default_factory=Bounds)

    def seconds_for(self, endpoint: str) -> float:
        """How long the answer to a question may be worked on."""
        return self.opening if endpoint == "open" else self.seconds


@dataclass(slots=True, eq=False)
class _Job:
    """A question on its way to a worker."""

    endpoint: str
    body: bytes
    session: str
    number: int
    answer: asyncio.Future[Answered]
    tries: int = 0

    @property
    def rank(self) -> int:
        return _RANKS[self.endpoint]

    @property
    def background(self) -> bool:
        return self.rank >= _BACKGROUND

    def give(self, status: int, body: bytes) -> None:
        if not self.answer.done():
            self.answer.set_result((status, body))


class _Worker:
    """A process, and what it is working on."""

    def __init__(self, process: Process, nursery: Nursery) -> None:
        self.process = process
        self.nursery = nursery
        self.job: _Job | None = None
        self.since = 0.0
        self.ending: tuple[str, str] | None = None  # why we have ended it
        self.impatience: asyncio.TimerHandle | None = None
        self.is_overdue = False  # nobody waits for its answer, nor has for a while

    @property
    def is_free(self) -> bool:
        return self.job is None and self.process.returncode is None and self.ending is None

    def end(self, error: str, message: str) -> None:
        """Ends the process at once, for a reason that is told to whoever waits for it."""
        if self.ending is None:
            self.ending = (error, message)
            self.process.kill()


class Pool:
    """Workers that answer questions about the same files. A context while they live."""

    def __init__(
        self, files: Mapping[str, bytes], *, workers: int = 2, limits: Limits | None = None
    ) -> None:
        self._limits = limits or Limits()
        self._setup = self._told(files)
        self._count = workers
        self._places: list[_Worker | None] = [None] * workers
        self._waiting: list[_Job] = []
        self._number = 0
        self._nursery: Nursery | None = None  # of the files as they were when it was opened
        self._has_nursery = asyncio.Event()
        self._wants_nursery = asyncio.Event()
        self._nurseries: set[Nursery] = set()  # former ones too, while they have workers
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    def _told(self, files: Mapping[str, bytes]) -> bytes:
        """What workers are told first."""
        bounds = self._limits.bounds
        told = {
            "files": dict(files),
            "bounds": {"edits": bounds.edits, "request": bounds.request, "files": bounds.files},
            "memory": self._limits.memory,
        }
        return msgspec.msgpack.encode(told)

    def replace(self, files: Mapping[str, bytes]) -> None:
        """Lets workers that know other files answer, as soon as there are any."""
        self._setup = self._told(files)
        self._wants_nursery.set()

    async def __aenter__(self) -> Pool:
        self._closed = False
        self._keep(self._tend())
        for place in range(self._count):
            self._keep(self._live(place))
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closed = True
        jobs = [*self._waiting, *self._running()]
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(nursery.close() for nursery in list(self._nurseries)))
        self._nursery = None
        self._has_nursery.clear()
        for job in jobs:
            job.give(503, _STOPPING)
        self._waiting.clear()

    @property
    def idle(self) -> bool:
        """Whether all workers are ready, and nobody waits for them."""
        ready = all(worker is not None and worker.is_free for worker in self._places)
        return ready and not self._waiting

    async def ask(self, endpoint: str, body: bytes, session: str) -> Answered:
        """The answer to a question. Cancelled, it is not worked on any longer than it has to be.

        A question supersedes an earlier one of the same session to the same endpoint.
        """
        if self._closed:
            return 503, _STOPPING
        self._supersede(endpoint, session)
        open_ = [*self._waiting, *self._running()]
        mine = sum(job.session == session for job in open_)
        if mine >= self._limits.session:
            return 503, problem("busy", "this page has asked for too much at once")
        if len(open_) >= self._limits.waiting:
            return 503, problem("busy", "the playground has more to do than it can; try again")
        loop = asyncio.get_running_loop()
        self._number += 1
        job = _Job(endpoint, body, session, self._number, loop.create_future())
        self._waiting.append(job)
        patience = loop.call_later(_QUEUED, self._give_up, job)
        self._dispatch()
        again = loop.call_later(_LOADING, self._dispatch)
        try:
            return await job.answer
        finally:
            again.cancel()
            patience.cancel()
            if not job.answer.done() or job.answer.cancelled():
                self._abandon(job)

    # Questions that nobody waits for any more

    def _supersede(self, endpoint: str, session: str) -> None:
        for job in [*self._waiting, *self._running()]:
            if job.session == session and job.endpoint == endpoint:
                job.give(503, problem("superseded", _NEWER))
                self._abandon(job)

    def _abandon(self, job: _Job) -> None:
        """Drops a question that waits; of one that is worked on, waits a little for the end."""
        if job in self._waiting:
            self._waiting.remove(job)
            return
        for worker in self._workers():
            if worker.job is job and worker.impatience is None:
                loop = asyncio.get_running_loop()
                left = worker.since + _PATIENCE[job.background] - loop.time()
                worker.impatience = loop.call_later(max(0.0, left), self._overdue, worker, job)

    def _overdue(self, worker: _Worker, job: _Job) -> None:
        """Ends an answer that nobody waits for, or has it ended when its worker is needed.

        To die and be replaced is dearer than to be done with what will be done soon.
        """
        if job.endpoint in _LASTING:
            worker.is_overdue = True
            self._make_room()
        else:
            worker.end("superseded", _NEWER)

    def _make_room(self) -> None:
        """Ends an answer that nobody waits for, where somebody's question needs a worker more."""
        is_full = not any(worker.is_free for worker in self._workers())
        if (is_full and self._waiting) or any(job.background for job in self._waiting):
            overdue = (one for one in self._workers() if one.is_overdue and one.ending is None)
            worker = next(overdue, None)
            if worker is not None:
                worker.end("superseded", _NEWER)

    def _give_up(self, job: _Job) -> None:
        if job in self._waiting:
            self._waiting.remove(job)
            job.give(503, problem("busy", "no worker was free for too long; try again"))

    # Who works on what

    def _workers(self) -> Iterator[_Worker]:
        return (worker for worker in self._places if worker is not None)

    def _running(self) -> Iterator[_Job]:
        return (worker.job for worker in self._workers() if worker.job is not None)

    def _dispatch(self) -> None:
        for job in sorted(self._waiting, key=lambda one: (one.rank, one.number)):
            worker = self._worker_for(job)
            if worker is not None:
                self._waiting.remove(job)
                worker.job = job
                worker.since = asyncio.get_running_loop().time()
                self._keep(self._work(worker, job))
        self._make_room()

    def _worker_for(self, job: _Job) -> _Worker | None:
        """The free worker that is to answer, None while the question has to wait.

        A session has a worker of its own for what takes long, and one for all else, which has
        loaded its edits already or does so at this moment: then it is waited for, a little. Others
        help where these work for another session.
        """
        free = [worker for worker in self._workers() if worker.is_free]
        if not free or (job.background and len(free) < min(2, self._count)):
            return None
        home = (zlib.crc32(job.session.encode()) + job.background) % self._count
        at_home = self._places[home]
        if at_home in free:
            return at_home
        if at_home is not None and at_home.job is not None and at_home.ending is None:
            lasts = asyncio.get_running_loop().time() - at_home.since
            if at_home.job.session == job.session and lasts < _LOADING:
                return None
        return free[0]

    async def _work(self, worker: _Worker, job: _Job) -> None:
        """Lets a worker answer; where it does not, says why."""
        loop = asyncio.get_running_loop()
        begun = False
        seconds = self._limits.seconds_for(job.endpoint)
        message = f"it took longer than {seconds:g} seconds"
        clock = loop.call_later(seconds, worker.end, "timeout", message)
        try:
            question = f"{seconds}\n{job.endpoint}\n".encode("ascii") + job.body
            await worker.process.write(frames.packed(question))
            begun = await worker.process.read() == BEGUN
            answer = await worker.process.read()
        except FAILURES:
            await self._tell_end(worker, job, begun=begun)
            return
        finally:
            clock.cancel()
            if worker.impatience is not None:
                worker.impatience.cancel()
                worker.impatience = None
            worker.is_overdue = False
        job.give(int(answer[:3]), answer[3:])
        worker.job = None
        self._end_if_old(worker)
        self._dispatch()

    async def _tell_end(self, worker: _Worker, job: _Job, *, begun: bool) -> None:
        """Tells why a worker came to its end; whoever keeps it alive sees to another.

        A question that it has not begun with is none of the reasons: another worker answers it.
        """
        code = await worker.process.bury(patience=_DYING)
        worker.job = None
        blameless = not begun and worker.ending is None
        if blameless and job.tries <= self._count and not job.answer.done():
            job.tries += 1
            self._waiting.append(job)
            self._dispatch()
            return
        error, message = worker.ending or _cause(code)
        job.give(503, problem(error, message))

    # Who lives

    async def _tend(self) -> None:
        """Has a nursery that knows the files as they are and, when it dies, another."""
        pause = _AGAIN[0]
        while True:
            self._wants_nursery.clear()
            try:
                await self._open()
            except FAILURES:
                await asyncio.sleep(pause)
                pause = min(2 * pause, _AGAIN[1])
                continue
            pause = _AGAIN[0]
            await self._wants_nursery.wait()

    async def _open(self) -> None:
        """Opens a nursery, and lets workers of a former one be followed by its own."""
        nursery = await opened(self._setup, lambda: self._dismiss(nursery))
        self._nurseries.add(nursery)
        former, self._nursery = self._nursery, nursery
        self._has_nursery.set()
        if former is not None:
            former.retire()
        for worker in self._workers():
            if worker.job is None:
                self._end_if_old(worker)

    def _dismiss(self, nursery: Nursery) -> None:
        """Takes note of a nursery that has ended."""
        self._nurseries.discard(nursery)
        if nursery is self._nursery:
            self._nursery = None
            self._has_nursery.clear()
            self._wants_nursery.set()

    async def _live(self, place: int) -> None:
        """Has a worker live at a place and, when it dies, another."""
        pause = _AGAIN[0]
        while True:
            worker = await self._start()
            if worker is None:
                await asyncio.sleep(pause)
                pause = min(2 * pause, _AGAIN[1])
                continue
            pause = _AGAIN[0]
            self._places[place] = worker
            self._end_if_old(worker)
            self._dispatch()
            try:
                await worker.process.wait()
            finally:
                await worker.process.bury()
                self._places[place] = None

    async def _start(self) -> _Worker | None:
        """A worker that is ready; None where that fails."""
        while (nursery := self._nursery) is None:  # it may have died before we are told of it
            await self._has_nursery.wait()
        try:
            return _Worker(await nursery.worker(), nursery)
        except FAILURES:
            return None

    def _end_if_old(self, worker: _Worker) -> None:
        if worker.nursery is not self._nursery:
            worker.end("crashed", "the files have changed")

    def _keep(self, work: object) -> None:
        task: asyncio.Task[None] = asyncio.ensure_future(work)  # type: ignore[call-overload]  # a coroutine
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _cause(code: int) -> tuple[str, str]:
    """Why a worker has ended by itself, by its exit code."""
    if code == OUT_OF_MEMORY:
        return "memory", "it took more memory than it may have"
    if code == -getattr(signal, "SIGXCPU", 0):
        return "timeout", "it took more time than it may have"
    return "crashed", "the process that answered has died; another one has taken its place"
