"""The playground as a process of its own, as ``evaluator playground`` starts it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["Playground", "playing"]

ROOT: Final = Path(__file__).parents[4]
_URL: Final = re.compile(r"https?://\S+")


@dataclass(frozen=True, slots=True)
class Playground:
    """A playground that listens: the address that it told, and the process."""

    url: str
    process: subprocess.Popen[str]

    def workers(self) -> list[int]:
        """The processes that answer, by their ids."""
        pid = self.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
        return [int(child) for child in children.split()]


@contextmanager
def playing(*options: str, cwd: Path = ROOT) -> Iterator[Playground]:
    """Starts a playground at a free port; at the end of the block it is told to stop, and does."""
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "evaluator", "playground", "--port", "0", *options],
        cwd=cwd,
        env={**kept, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        told = _URL.search(line)
        if told is None:
            raise AssertionError(line + process.stderr.read())
        yield Playground(told[0], process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stderr.close()
