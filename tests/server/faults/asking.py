"""Clients in a process of their own, each with a connection, that ask as soon as they are answered.

No two requests are alike, so that each is decided anew.
"""

from __future__ import annotations

import asyncio
import json
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final

from benchmarks.http_connection import connect
from benchmarks.machine import stay_on_core
from tests.server.faults.load import REQUEST, ROOT
from tests.server.talking import head

__all__ = ["Heard", "heard"]

_MODULE: Final = "tests.server.faults.asking"
_CORE: Final = 1


@dataclass(frozen=True, slots=True)
class Heard:
    """What so many seconds brought: how long each answer of a status took, in seconds."""

    length: float
    seconds: dict[int, list[float]]

    def rate(self, status: int) -> float:
        """How many answers of a status there were in a second."""
        return len(self.seconds.get(status, ())) / self.length

    def quantile(self, status: int, share: float) -> float:
        """How long the slowest but for a share of the answers took, in seconds."""
        ordered = sorted(self.seconds.get(status, ())) or [0.0]
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def heard(
    port: int,
    clients: int,
    *,
    seconds: float = 0.0,
    requests: int = 0,
    pause: float = 0.0,
    first: int = 0,
) -> Heard:
    """What so many clients hear that ask for so many seconds, or so many requests between them.

    Who is refused pauses for ``pause`` seconds. ``first`` is the number of the first request: those
    of one number are alike.
    """
    options = map(str, (port, clients, seconds, requests, pause, first))
    command = (sys.executable, "-m", _MODULE, *options)
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    told = json.loads(done.stdout)
    return Heard(told["length"], {int(key): own for key, own in told["seconds"].items()})


def _requests(first: int) -> Iterator[bytes]:
    """Requests of different subjects, as octets."""
    mark = "#" * 12
    subject = {**REQUEST["subject"], "id": mark}
    body = json.dumps({**REQUEST, "subject": subject}).encode()
    before, _, after = (head(len(body)) + body).partition(mark.encode())
    return (b"%s%012d%s" % (before, number, after) for number in count(first))


async def _ask(
    port: int, clients: int, seconds: float, requests: int, pause: float, first: int
) -> Heard:
    taken: dict[int, list[float]] = defaultdict(list)
    began = time.perf_counter()

    def until() -> Iterator[bytes]:
        for number, request in enumerate(_requests(first)):
            if number >= requests if requests else time.perf_counter() >= began + seconds:
                return
            yield request

    def answered(status: int, took: float, answer: bytes) -> float:
        taken[status].append(took)
        return 0.0 if status == 200 else pause

    asked = until()
    await connect(port, clients, lambda: next(asked, None), answered)
    return Heard(time.perf_counter() - began, dict(taken))


def main(port: str, clients: str, seconds: str, requests: str, pause: str, first: str) -> None:
    """Prints what was heard as JSON."""
    stay_on_core(_CORE)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    numbers = int(requests), float(pause), int(first)
    told = asyncio.run(_ask(int(port), int(clients), float(seconds), *numbers))
    sys.stdout.write(json.dumps({"length": told.length, "seconds": told.seconds}))


if __name__ == "__main__":
    main(*sys.argv[1:])
