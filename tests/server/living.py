"""An application that lives as under a server, without one: its residents at work in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread
from typing import Any

__all__ = ["living"]


@contextmanager
def living(app: Any) -> Iterator[None]:
    """Inside, the application has started up; at the end it has shut down."""
    told: SimpleQueue[str] = SimpleQueue()
    asked: SimpleQueue[str] = SimpleQueue()

    async def receive() -> MutableMapping[str, Any]:
        return {"type": await asyncio.to_thread(asked.get)}

    async def send(message: MutableMapping[str, Any]) -> None:
        told.put(message["type"])

    thread = Thread(target=lambda: asyncio.run(app({"type": "lifespan"}, receive, send)))
    thread.start()
    try:
        asked.put("lifespan.startup")
        assert told.get(timeout=5) == "lifespan.startup.complete"
        yield
    finally:
        asked.put("lifespan.shutdown")
        assert told.get(timeout=5) == "lifespan.shutdown.complete"
        thread.join()
