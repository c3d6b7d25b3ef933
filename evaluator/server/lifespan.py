"""What lives as long as the service: watchers and writers, begun and ended as ASGI says when."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any

from evaluator.server.http import Receive, Send

__all__ = ["Resident", "live"]

Resident = AbstractAsyncContextManager[Any]
"""What is entered before the first request is read, and left after the last is answered."""


async def live(residents: Sequence[Resident], receive: Receive, send: Send) -> None:
    """The lifespan of an application, as ASGI has it; residents end in the reverse order."""
    async with AsyncExitStack() as stack:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                for resident in residents:
                    await stack.enter_async_context(resident)
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await stack.aclose()
                await send({"type": "lifespan.shutdown.complete"})
                return
