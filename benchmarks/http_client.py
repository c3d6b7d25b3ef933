"""The client of ``benchmarks.http``: so many connections, each asking as soon as it is answered."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from itertools import cycle
from typing import Any

from benchmarks.machine import stay_on_core
from tests.licence_requests import requests

__all__ = ["main"]


class _Connection(asyncio.Protocol):
    """One connection; ``next`` gives the octets of the next request, or None when time is up."""

    def __init__(self, next_request: Any, seconds: list[float], done: asyncio.Future[None]) -> None:
        self._next = next_request
        self._seconds = seconds
        self._done = done
        self._buffer = b""
        self._began = 0.0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].lower()
        at = head.index(b"content-length:") + 15
        length = int(head[at:].split(b"\r\n", 1)[0])
        if len(self._buffer) < end + 4 + length:
            return
        if not head.startswith(b"http/1.1 200"):
            raise RuntimeError(self._buffer[:200].decode("latin-1"))
        self._seconds.append(time.perf_counter() - self._began)
        self._buffer = b""
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(None)

    def _ask(self) -> None:
        request = self._next()
        if request is None:
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)


def _requests(batch: int) -> list[bytes]:
    asked = list(requests(2026, 500))
    if batch:
        bodies: list[Any] = [
            {"evaluations": asked[start : start + batch]}
            for start in range(0, len(asked) - batch + 1, batch)
        ]
        path = "evaluations"
    else:
        bodies, path = list(asked), "evaluation"
    found = []
    for body in bodies:
        data = json.dumps(body).encode()
        head = (
            f"POST /access/v1/{path} HTTP/1.1\r\nHost: localhost\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        found.append(head.encode() + data)
    return found


async def _measure(port: int, connections: int, seconds: float, batch: int) -> dict[str, float]:
    loop = asyncio.get_running_loop()
    bodies = cycle(_requests(batch))
    taken: list[float] = []

    async def during(length: float) -> float:
        taken.clear()
        began = time.perf_counter()
        end = began + length
        waiting = []
        for _ in range(connections):
            done: asyncio.Future[None] = loop.create_future()
            waiting.append(done)
            await loop.create_connection(
                lambda done=done: _Connection(  # type: ignore[misc]  # a default, to bind it now
                    lambda: next(bodies) if time.perf_counter() < end else None, taken, done
                ),
                "127.0.0.1",
                port,
            )
        await asyncio.gather(*waiting)
        return time.perf_counter() - began

    await during(min(0.7, seconds))  # which compiles what is asked for often
    length = await during(seconds)
    ordered = sorted(taken)
    return {
        "rate": len(ordered) / length,
        "p50": ordered[len(ordered) // 2],
        "p99": ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)],
    }


def main(port: str, connections: str, seconds: str, batch: str, core: str) -> None:
    """Prints rate (answers a second), p50 and p99 (seconds) as JSON."""
    stay_on_core(int(core))
    told = asyncio.run(_measure(int(port), int(connections), float(seconds), int(batch)))
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main(*sys.argv[1:])
