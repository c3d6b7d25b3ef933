"""Workers where they are forked, and where nothing forks."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path

import msgspec
import pytest

from evaluator.server.playground import frames
from evaluator.server.playground.files import read_files
from evaluator.server.playground.frames import BEGUN
from evaluator.server.playground.processes import Process, opened
from tests.server.playground.workers import workers
from tests.server.playground.workspaces import POLICIES

pytestmark = pytest.mark.parametrize("forks", [True, False], ids=["forked", "started"])

BOUNDS = {"edits": 1000, "request": 1000, "files": 1}
SETUP = msgspec.msgpack.encode(
    {"files": read_files(POLICIES / "expenses"), "bounds": BOUNDS, "memory": 2**26}
)
QUESTION = frames.packed(b'5\ncheck\n{"edits": {}}')


def nothing() -> None:
    """Takes no note of an end."""


async def asked(process: Process) -> tuple[int, bool]:
    """The status of an answer, and whether the packs can be loaded."""
    await process.write(QUESTION)
    assert await process.read() == BEGUN
    answer = await process.read()
    return int(answer[:3]), json.loads(answer[3:])["loads"]


def test_workers_answer_and_end(forks: bool) -> None:
    async def ask() -> None:
        nursery = await opened(SETUP, nothing, forks=forks)
        one, other = await nursery.worker(), await nursery.worker()
        assert await asked(one) == await asked(other) == (200, True)
        one.kill()
        assert await one.wait() == await one.bury() == -signal.SIGKILL
        assert (one.returncode, other.returncode) == (-signal.SIGKILL, None)
        assert await asked(other) == (200, True)
        await nursery.close()
        assert other.returncode is not None

    asyncio.run(ask())


def test_a_worker_ends_with_its_questions(forks: bool) -> None:
    async def ask() -> int:
        nursery = await opened(SETUP, nothing, forks=forks)
        worker = await nursery.worker()
        code = await worker.bury(patience=10.0)
        await nursery.close()
        return code

    assert asyncio.run(ask()) == 0


def test_who_is_cancelled_leaves_nothing_behind(forks: bool) -> None:
    async def cancel() -> None:
        nursery = await opened(SETUP, nothing, forks=forks)
        for delay in (0.0, 0.001, 0.002, 0.005, 0.01, 0.05):
            asked = asyncio.ensure_future(nursery.worker())
            await asyncio.wait([asked], timeout=delay)
            asked.cancel()
            await asyncio.wait([asked])
            if not asked.cancelled():
                await asked.result().bury()
        await nursery.close()

    before = set(workers())
    asyncio.run(cancel())
    assert set(workers()) <= before


def test_setups_that_are_none_are_told(forks: bool) -> None:
    async def ask() -> None:
        nursery = await opened(b"\xc1", nothing, forks=forks)
        await nursery.worker()

    with pytest.raises(EOFError):
        asyncio.run(ask())


def test_a_nursery_that_retires_ends_with_its_last_worker(forks: bool) -> None:
    ended: list[bool] = []

    async def retire() -> None:
        nursery = await opened(SETUP, lambda: ended.append(True), forks=forks)
        worker = await nursery.worker()
        nursery.retire()
        assert await asked(worker) == (200, True)
        assert not ended
        await worker.bury()
        assert ended == [True] * forks  # before it is told to
        await nursery.close()

    asyncio.run(retire())
    assert ended == [True] * forks


def test_no_descriptors_are_left(forks: bool) -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    async def some() -> None:
        nursery = await opened(SETUP, nothing, forks=forks)
        for _ in range(3):
            await (await nursery.worker()).bury()
        await nursery.close()

    asyncio.run(some())
    before = descriptors()
    asyncio.run(some())
    assert descriptors() == before
