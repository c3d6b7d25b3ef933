"""The files of a playground followed: workers that know what they are now take over."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path
from typing import Final

from evaluator.server.playground.files import read_files
from evaluator.server.playground.pool import Pool
from evaluator.server.watching import Look, changes

__all__ = ["follow"]

_SETTLE: Final = 0.2
_EVERY: Final = 2.0


async def follow(pool: Pool, folder: Path, seen: Look, known: Mapping[str, bytes]) -> None:
    """Gives a pool the files of a folder whenever they are others than those it has.

    These are ``known``, as they were when the folder looked like ``seen``. Goes on until cancelled.
    Who has the page open sees the new ones when they load it again.
    """
    loop = asyncio.get_running_loop()
    executor = ThreadPoolExecutor(1, "playground")
    watched = changes(folder, seen, settle=_SETTLE, every=_EVERY, executor=executor)
    try:
        async with aclosing(watched):
            async for _ in watched:
                found = await loop.run_in_executor(executor, read_files, folder)
                if found != known:
                    pool.replace(found)
                    known = found
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
