"""More requests than the service can answer, and how long those wait that it accepts.

``python -m tests.server.faults.overload --seconds N`` prints a table. Service and clients have a
core each, where there are two.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.machine import stay_on_core
from evaluator.server.settings import Limits
from tests.server.faults.load import REQUEST, ROOT
from tests.server.processes import started
from tests.server.talking import head

__all__ = ["Heard", "heard", "main"]

_LICENCES: Final = str(ROOT / "policies/licenses")
# How many clients, and how long those pause that are refused.
_ASKED: Final = ((16, 0), (256, 0), (1024, 1), (1024, 0), (4096, 1), (4096, 0))
_ASKED_WITHOUT: Final = ((16, 0), (256, 0), (1024, 0), (4096, 0))
_MODULE: Final = "tests.server.faults.overload"
_UNLIMITED: Final = 1_000_000
_TITLES: Final = (
    *("queue", "refused ask again", "clients", "answers", "p50", "p99", "slowest"),
    *("refused", "p99"),
)


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


class _Client(asyncio.Protocol):
    """Asks as soon as it is answered, and after a refusal when ``pause`` seconds are over."""

    def __init__(
        self, request: bytes, until: float, pause: float, seconds: dict[int, list[float]]
    ) -> None:
        self._request = request
        self._until = until
        self._pause = pause
        self._seconds = seconds
        self._buffer = b""
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
        self._began = time.perf_counter()
        if self._began >= self._until:
            self._transport.close()
        else:
            self._transport.write(self._request)


async def _ask(port: int, clients: int, seconds: float, pause: float) -> Heard:
    body = json.dumps(REQUEST).encode()
    request = head(len(body)) + body
    loop = asyncio.get_running_loop()
    taken: dict[int, list[float]] = defaultdict(list)
    began = time.perf_counter()
    all_of_them = []
    for _ in range(clients):
        _, client = await loop.create_connection(
            lambda: _Client(request, began + seconds, pause, taken), "127.0.0.1", port
        )
        all_of_them.append(client.done)
    await asyncio.gather(*all_of_them)
    return Heard(time.perf_counter() - began, dict(taken))


def heard(port: int, clients: int, seconds: float, *, pause: float = 0.0) -> Heard:
    """What so many clients hear that ask all the time, from a process of their own.

    Who is refused pauses for so many seconds.
    """
    options = map(str, (port, clients, seconds, pause))
    command = (sys.executable, "-m", _MODULE, "--ask", *options)
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    told = json.loads(done.stdout)
    return Heard(told["length"], {int(key): own for key, own in told["seconds"].items()})


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; 1 if anything was answered but with a decision or 503."""
    parser = argparse.ArgumentParser(prog="python -m tests.server.faults.overload")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long clients ask")
    parser.add_argument("--ask", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.ask:
        return _ask_here(*options.ask)
    _say(f"| {' | '.join(_TITLES)} |")
    _say("|---:|---|---:|---:|---:|---:|---:|---:|---:|")
    others = 0
    with TemporaryDirectory() as folder:
        config = Path(folder) / "server.yaml"
        for limits in ("{}", f"{{queue: {_UNLIMITED}, concurrent: {_UNLIMITED}}}"):
            config.write_text(f"limits: {limits}\n", "utf-8")
            with started("-p", _LICENCES, "--trust-client-time", "--config", str(config)) as found:
                os.sched_setaffinity(found.process.pid, {min(os.sched_getaffinity(0))})
                heard(found.port, 16, 1.0)  # which compiles what is asked for
                for clients, pause in _ASKED if limits == "{}" else _ASKED_WITHOUT:
                    told = heard(found.port, clients, options.seconds, pause=pause)
                    queue = f"{Limits().queue}" if limits == "{}" else "endless"
                    again = "-" if not told.rate(503) else "after 1 s" if pause else "at once"
                    _say(_row((queue, again, f"{clients:,}"), told))
                    others += sum(
                        len(told.seconds[key]) for key in told.seconds.keys() - {200, 503}
                    )
    return int(others > 0)


def _row(first: Sequence[str], told: Heard) -> str:
    waited = (told.quantile(200, share) for share in (0.5, 0.99, 1.0))
    cells = [*first, f"{told.rate(200):,.0f}/s", *map(_shown, waited)]
    refused = told.rate(503)
    cells += [f"{refused:,.0f}/s", _shown(told.quantile(503, 0.99))] if refused else ["0/s", "-"]
    return f"| {' | '.join(cells)} |"


def _shown(seconds: float) -> str:
    return f"{1000 * seconds:,.0f} ms"


def _ask_here(port: str, clients: str, seconds: str, pause: str) -> int:
    stay_on_core(1)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    told = asyncio.run(_ask(int(port), int(clients), float(seconds), float(pause)))
    sys.stdout.write(json.dumps({"length": told.length, "seconds": told.seconds}))
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
