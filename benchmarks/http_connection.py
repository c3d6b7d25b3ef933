"""A connection whose client asks again as soon as it is answered, as cheaply as Python can."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

__all__ = ["Connection", "connect"]


class Connection(asyncio.Protocol):
    """Asks with the octets of ``next_request`` until it gives None, then closes; see ``done``.

    ``answered`` hears the status of each answer, how many seconds it took, and its octets; it says
    for how many seconds to pause.
    """

    def __init__(
        self,
        next_request: Callable[[], bytes | None],
        answered: Callable[[int, float, bytes], float],
    ) -> None:
        self._next = next_request
        self._answered = answered
        self._buffer = b""
        self._began = 0.0
        self._loop = asyncio.get_running_loop()
        self.done: asyncio.Future[None] = self._loop.create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport: asyncio.Transport = transport
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
        seconds = time.perf_counter() - self._began
        whole, self._buffer = self._buffer, b""
        pause = self._answered(int(head[9:12]), seconds, whole)
        if pause:
            self._loop.call_later(pause, self._ask)
        else:
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _ask(self) -> None:
        request = self._next()
        if request is None:
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)


async def connect(
    port: int,
    count: int,
    next_request: Callable[[], bytes | None],
    answered: Callable[[int, float, bytes], float],
) -> None:
    """Asks over so many connections, and returns when all are closed."""
    loop = asyncio.get_running_loop()
    waiting = []
    for _ in range(count):
        _, connection = await loop.create_connection(
            lambda: Connection(next_request, answered), "127.0.0.1", port
        )
        waiting.append(connection.done)
    await asyncio.gather(*waiting)
