"""What lives as long as the service: watchers and writers, begun and ended as ASGI says when."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    suppress,
)
from typing import Any

from evaluator.server.http import Receive, Send

__all__ = ["Resident", "background", "live"]

Resident = AbstractAsyncContextManager[Any]
"""What is entered before the first request is read, and left after the last is answered."""


@asynccontextmanager
async def background(work: Callable[[], Coroutine[Any, Any, None]]) -> AsyncIterator[None]:
    """A resident that works beside the answering of requests, and is cancelled at the end."""
    task = asyncio.get_running_loop().create_task(work())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


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
