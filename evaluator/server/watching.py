"""The files of a folder watched: how they look, and when they are at rest after a change.

The operating system's word of a change makes it quick; looking now and then makes it sure, since
that word is lost on network shares, when a watched folder is replaced, or where watches run out.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Mapping
from concurrent.futures import Executor
from contextlib import suppress
from pathlib import Path
from typing import Final

from evaluator.source import Folder

__all__ = ["Look", "changes", "look", "look_at_file"]

Look = Mapping[str, tuple[int, ...]]
"""The files of a folder by name, each with what changes when it is written or replaced."""

_MOST: Final = 5.0  # seconds after which what does not come to rest is taken as it is


def look(folder: Path) -> Look:
    """What the files of a folder look like now; none for a folder that is not there."""
    return {name: _stamp(folder / name) for name in Folder(folder).names()}


def look_at_file(path: Path) -> Look:
    """What one file looks like now."""
    return {path.name: _stamp(path)}


def _stamp(path: Path) -> tuple[int, ...]:
    try:
        found = path.stat()  # of what a link leads to
    except OSError:
        return ()
    return (found.st_ino, found.st_dev, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


async def changes(
    path: Path,
    seen: Look,
    *,
    settle: float,
    every: float,
    executor: Executor,
    taken: Callable[[Path], Look] = look,
) -> AsyncGenerator[Look, None]:
    """What the files look like after each change, once they have not moved for ``settle`` seconds.

    They are those of a folder, or what else ``taken`` sees at a path. The first change is one from
    ``seen``. Without a word from the system, a change is found within
    ``every`` seconds. Looks are taken in ``executor``. Never ends.
    """
    loop = asyncio.get_running_loop()

    async def look_now() -> Look:
        return await loop.run_in_executor(executor, taken, path)

    woken = asyncio.Event()
    hints = loop.create_task(_hints(path, woken.set))
    try:
        while True:
            woken.clear()
            found = await look_now()
            if found == seen:
                with suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), every)
                continue
            until = loop.time() + _MOST
            while True:
                await asyncio.sleep(settle)
                again = await look_now()
                if again == found or loop.time() > until:
                    break
                found = again
            seen = again
            yield again
    finally:
        hints.cancel()
        with suppress(asyncio.CancelledError):
            await hints


async def _hints(folder: Path, wake: Callable[[], None]) -> None:
    """Calls ``wake`` whenever the system says that something in the folder has changed."""
    try:
        from watchfiles import awatch
    except ImportError:
        return
    while True:
        with suppress(OSError, RuntimeError):  # not there, or no watches left
            async for _ in awatch(folder, watch_filter=None, debounce=50, step=20):
                wake()
                if not os.path.lexists(folder):
                    break  # a folder that takes its place is another one to watch
        await asyncio.sleep(1.0)
