"""Processes of workers: started with nothing but the code, spoken to in frames, ended for good."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path

import evaluator
from evaluator.server.playground import frames

__all__ = ["Process", "bury", "read", "start", "write"]

Process = asyncio.subprocess.Process


async def start() -> Process:
    """A process of a worker. Cancelled, there is none."""
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            "-s",
            "-m",
            "evaluator.server.playground.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=_environment(),
            # Ctrl-C in a terminal goes to a whole group. It is for us to end them.
            process_group=0,
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        await bury(await starting)
        raise


async def bury(process: Process, *, patience: float = 0.0) -> None:
    """Ends a process, and waits until nothing is left of it.

    One that seems to have come to its end has so many seconds of ``patience`` to get there: who
    kills what has just died may find its exit code gone.
    """
    assert process.stdin is not None
    process.stdin.close()
    if patience:
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), patience)
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
    await process.wait()


async def write(process: Process, frame: bytes) -> None:
    """Sends a frame. Raises ``OSError`` where nobody reads it."""
    assert process.stdin is not None
    process.stdin.write(frame)
    await process.stdin.drain()


async def read(process: Process) -> bytes:
    """The next message. Raises ``EOFError`` where there is none any more."""
    assert process.stdout is not None
    head = await process.stdout.readexactly(frames.LENGTH)
    return await process.stdout.readexactly(frames.length_of(head))


def _environment() -> dict[str, str]:
    """Nothing but where the code lies."""
    home = str(Path(evaluator.__file__).parent.parent)
    paths = [home, *(path for path in sys.path if path and Path(path).is_dir())]
    kept = {"PYTHONPATH": os.pathsep.join(dict.fromkeys(paths)), "PYTHONHASHSEED": "random"}
    if sys.platform == "win32":
        kept["SYSTEMROOT"] = r"C:\Windows"
    return kept
