"""The client of ``benchmarks.http``: so many connections, each asking as soon as it is answered."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from itertools import cycle
from typing import Any

from benchmarks.http_connection import connect
from benchmarks.machine import stay_on_core
from tests.licence_requests import requests

__all__ = ["main"]


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
    bodies = cycle(_requests(batch))
    taken: list[float] = []

    def answered(status: int, took: float, answer: bytes) -> float:
        if status != 200:
            raise RuntimeError(answer[:200].decode("latin-1"))
        taken.append(took)
        return 0.0

    async def during(length: float) -> float:
        taken.clear()
        began = time.perf_counter()
        end = began + length
        await connect(
            port,
            connections,
            lambda: next(bodies) if time.perf_counter() < end else None,
            answered,
        )
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
