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
from typing import Any, Final

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


class _Client(asyncio.Protocol):
    """Asks for as long as there is something to ask, and after a refusal after a pause."""

    def __init__(
        self, requests: Iterator[bytes], pause: float, seconds: dict[int, list[float]]
    ) -> None:
        self._requests = requests
        self._pause = pause
        self._seconds = seconds
        self._buffer = b""
        self._began = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport: asyncio.Transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        told = self._buffer[:end].lower()
        length = int(told[told.index(b"content-length:") + 15 :].split(b"\r\n", 1)[0])
        if len(self._buffer) < end + 4 + length:
            return
        status = int(told[9:12])
        self._seconds[status].append(time.perf_counter() - self._began)
        self._buffer = b""
        if status == 200 or not self._pause:
            self._ask()
        else:
            asyncio.get_running_loop().call_later(self._pause, self._ask)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _ask(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)


async def _ask(
    port: int, clients: int, seconds: float, requests: int, pause: float, first: int
) -> Heard:
    loop = asyncio.get_running_loop()
    taken: dict[int, list[float]] = defaultdict(list)
    began = time.perf_counter()

    def until() -> Iterator[bytes]:
        for number, request in enumerate(_requests(first)):
            if number >= requests if requests else time.perf_counter() >= began + seconds:
                return
            yield request

    asked = until()
    waiting = []
    for _ in range(clients):
        _, client = await loop.create_connection(
            lambda: _Client(asked, pause, taken), "127.0.0.1", port
        )
        waiting.append(client.done)
    await asyncio.gather(*waiting)
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
