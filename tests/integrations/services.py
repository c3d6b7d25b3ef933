"""Services to ask: the real application without a network, and those that answer what one likes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any, Literal

import httpx

from evaluator.integrations.client import AsyncClient, Client
from evaluator.server.app import Application
from tests.server.asking import send_raw

__all__ = [
    "KINDS",
    "Answering",
    "Kind",
    "answers",
    "anyway",
    "asking",
    "listed",
    "replying",
    "told",
]

Kind = Literal["sync", "async"]
KINDS: tuple[Kind, ...] = ("sync", "async")
Answering = Callable[[httpx.Request], httpx.Response]


def asking(kind: Kind, app: Application, **options: Any) -> Client | AsyncClient:
    """A client of an application in this process."""
    if kind == "async":
        transport = httpx.ASGITransport(app)
        return AsyncClient("http://pdp", http=httpx.AsyncClient(transport=transport), **options)

    def answer(request: httpx.Request) -> httpx.Response:
        status, body, headers = send_raw(
            app, request.method, request.url.path, request.content, dict(request.headers)
        )
        return httpx.Response(status, content=body, headers=dict(headers))

    return replying("sync", answer, **options)


def replying(kind: Kind, answer: Answering, **options: Any) -> Client | AsyncClient:
    """A client of whatever ``answer`` returns or raises."""
    transport = httpx.MockTransport(answer)
    if kind == "async":
        return AsyncClient("http://pdp", http=httpx.AsyncClient(transport=transport), **options)
    return Client("http://pdp", http=httpx.Client(transport=transport), **options)


def anyway(result: Any) -> Any:
    """What a call returned, waited for where it has to be."""
    return asyncio.run(result) if asyncio.iscoroutine(result) else result


def listed(decisions: Any) -> list[Any]:
    """What ``decide_many`` gives, to its end."""
    if not hasattr(decisions, "__aiter__"):
        return list(decisions)

    async def all_of_them() -> list[Any]:
        return [decision async for decision in decisions]

    return asyncio.run(all_of_them())


def answers(*replies: httpx.Response | Exception) -> Answering:
    """Replies in turn, the last one for ever."""
    waiting = iter(replies)

    def answer(request: httpx.Request) -> httpx.Response:
        reply = next(waiting, replies[-1])
        if isinstance(reply, Exception):
            raise reply
        # A response is read once, by a client of its own kind.
        return httpx.Response(reply.status_code, content=reply.content, headers=reply.headers)

    return answer


def told(status: int, data: Any, **headers: str) -> httpx.Response:
    """A reply with JSON."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, content=json.dumps(data).encode(), headers=named)
