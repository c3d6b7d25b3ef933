"""Processes of workers: forked from one that has loaded the files, spoken to in frames, and ended.

To load the files takes far longer than to fork (0.4 s to 6 ms for the licence pack). Where nothing
forks, each worker loads them for itself.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Protocol

import evaluator
from evaluator.server.playground import frames
from evaluator.server.playground.frames import ENDED, FORK, KILL, ORDER, READY

__all__ = ["FAILURES", "Nursery", "Process", "opened"]

FAILURES: Final = (OSError, EOFError, ValueError)
"""What is raised where a process does not do as it should."""

_STARTING: Final = 60.0  # seconds that a process takes at most to be ready
_LEAVING: Final = 2.0  # seconds that one takes at most which has nothing more to do


class Process:
    """A worker: what it is told, what it says, and how it ends: ``code``, an exit code to come."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        code: asyncio.Future[int],
        killer: Callable[[], None],
    ) -> None:
        self._reader = reader
        self._writer = writer
        self.code = code
        self._killer = killer

    @property
    def returncode(self) -> int | None:
        """Its exit code, or the number of the signal that has ended it below 0; None: it lives."""
        return self.code.result() if self.code.done() else None

    async def wait(self) -> int:
        """The exit code, when there is one."""
        return await asyncio.shield(self.code)

    def kill(self) -> None:
        """Ends it at once; one that has ended already is left alone."""
        if not self.code.done():
            with suppress(OSError):
                self._killer()

    async def bury(self, *, patience: float = 0.0) -> int:
        """Ends it, and waits until nothing is left of it; the exit code.

        One that seems to have come to its end has so many seconds of ``patience`` to get there: who
        kills what has just died may find its exit code gone.
        """
        self._writer.close()
        if patience:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wait(), patience)
        self.kill()
        return await self.wait()

    async def write(self, frame: bytes) -> None:
        """Sends a frame. Raises ``OSError`` where nobody reads it."""
        self._writer.write(frame)
        await self._writer.drain()

    async def read(self) -> bytes:
        """The next message. Raises ``EOFError`` where there is none any more."""
        head = await self._reader.readexactly(frames.LENGTH)
        return await self._reader.readexactly(frames.length_of(head))


class Nursery(Protocol):
    """Where workers come from that know the same files."""

    async def worker(self) -> Process:
        """One that is ready. Raises one of ``FAILURES``; cancelled, there is none."""

    def retire(self) -> None:
        """Ends with the last of its workers."""

    async def close(self) -> None:
        """Ends, and its workers with it."""


async def opened(
    setup: bytes, at_end: Callable[[], None], *, forks: bool = hasattr(os, "fork")
) -> Nursery:
    """A nursery of workers that have got ``setup``, the frame that tells of their files.

    ``at_end`` is called when it can have no more of them. Raises one of ``FAILURES``; cancelled,
    there is none.
    """
    return await _Forking.opened(setup, at_end) if forks else _Starting(setup)


class _Forking:
    """A process that has loaded the files, of which workers are forked."""

    def __init__(
        self, process: Process, control: socket.socket, at_end: Callable[[], None]
    ) -> None:
        self._process = process
        self._control = control
        self._at_end = at_end
        self._workers: dict[int, Process] = {}  # that live, by their numbers
        self._number = 0
        self._heard = b""
        self._is_retired = False
        control.setblocking(False)
        asyncio.get_running_loop().add_reader(control.fileno(), self._hear)

    @classmethod
    async def opened(cls, setup: bytes, at_end: Callable[[], None]) -> _Forking:
        control, theirs = socket.socketpair()
        try:
            with theirs:
                process = await _started(setup, theirs)
        except BaseException:
            control.close()
            raise
        return cls(process, control, at_end)

    async def worker(self) -> Process:
        self._number += 1
        number = self._number
        ours, theirs = socket.socketpair()
        with theirs:
            streams = await asyncio.open_connection(sock=ours)
            code: asyncio.Future[int] = asyncio.get_running_loop().create_future()
            process = Process(*streams, code, lambda: self._order(KILL, number))
            order = ORDER.pack(FORK, number)
            try:
                socket.send_fds(self._control, [order], [theirs.fileno()])
            except OSError:
                streams[1].close()
                raise
        self._workers[number] = process
        return await _ready(process)

    def retire(self) -> None:
        self._is_retired = True
        if not self._workers:
            self._leave()

    async def close(self) -> None:
        await asyncio.gather(*(worker.bury() for worker in list(self._workers.values())))
        self._leave()
        await self._process.bury(patience=_LEAVING)

    def _order(self, what: bytes, number: int) -> None:
        self._control.send(ORDER.pack(what, number))

    def _hear(self) -> None:
        """Takes note of workers that have ended."""
        try:
            told = self._control.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            told = b""
        self._heard += told
        while len(self._heard) >= ENDED.size:
            number, code = ENDED.unpack_from(self._heard)
            self._heard = self._heard[ENDED.size :]
            self._workers.pop(number).code.set_result(code)
        if not told or (self._is_retired and not self._workers):
            self._leave()

    def _leave(self) -> None:
        """Lets the process end, which it does when nobody can order anything any more."""
        if self._control.fileno() < 0:
            return
        asyncio.get_running_loop().remove_reader(self._control.fileno())
        self._control.close()
        for worker in self._workers.values():
            worker.code.set_result(-signal.SIGKILL)  # as they end when it does
        self._workers.clear()
        self._at_end()


class _Starting:
    """The same where nothing forks: each worker is started, and loads the files."""

    def __init__(self, setup: bytes) -> None:
        self._setup = setup
        self._workers: list[Process] = []

    async def worker(self) -> Process:
        process = await _started(self._setup)
        self._workers = [one for one in self._workers if one.returncode is None]
        self._workers.append(process)
        return process

    def retire(self) -> None:
        pass

    async def close(self) -> None:
        await asyncio.gather(*(worker.bury() for worker in self._workers))


async def _started(setup: bytes, control: socket.socket | None = None) -> Process:
    """A process that has loaded the files: a nursery if it has orders to follow, else a worker."""
    descriptors = () if control is None else (control.fileno(),)
    starting = asyncio.ensure_future(_launched(descriptors))
    try:
        process = await asyncio.shield(starting)
    except asyncio.CancelledError:
        await (await starting).bury()
        raise
    return await _ready(process, frames.packed(setup))


async def _ready(process: Process, frame: bytes = b"") -> Process:
    """A process that has said that it is ready, when it has been sent a frame; else it is ended."""
    try:
        async with asyncio.timeout(_STARTING):
            await process.write(frame)
            if await process.read() == READY:
                return process
        raise EOFError("a process of the playground has not come to be ready")
    except BaseException:
        await process.bury()
        raise


async def _launched(descriptors: Sequence[int]) -> Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-s",
        "-m",
        "evaluator.server.playground.nursery",
        *map(str, descriptors),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=_environment(),
        pass_fds=descriptors,
        # Ctrl-C in a terminal goes to a whole group. It is for us to end them.
        process_group=0,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    code = asyncio.ensure_future(process.wait())
    return Process(process.stdout, process.stdin, code, process.kill)


def _environment() -> dict[str, str]:
    """Nothing but where the code lies."""
    home = str(Path(evaluator.__file__).parent.parent)
    paths = [home, *(path for path in sys.path if path and Path(path).is_dir())]
    kept = {"PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)), "PYTHONHASHSEED": "random"}
    if sys.platform == "win32":
        kept["SYSTEMROOT"] = r"C:\Windows"
    return kept
