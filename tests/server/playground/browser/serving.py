"""The playground as a process of its own, as ``evaluator playground`` starts it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.server.playground.workers import workers
from tests.server.processes import launched

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
        return workers(self.process.pid)


@contextmanager
def playing(*options: str, cwd: Path = ROOT) -> Iterator[Playground]:
    """Starts a playground; see ``launched``."""
    with launched("playground", *options, cwd=cwd) as (line, process):
        told = _URL.search(line)
        if told is None:
            assert process.stderr is not None
            raise AssertionError(line + process.stderr.read())
        yield Playground(told[0], process)
