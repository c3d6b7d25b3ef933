"""Asking an ASGI application without a server in between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, MutableMapping
from typing import Any

__all__ = ["ask", "send_raw"]

_JSON = {"content-type": "application/json"}


def ask(
    app: Any, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
) -> tuple[int, Any, Mapping[str, str]]:
    """Sends JSON; the status, the JSON and the headers of the answer."""
    data = b"" if body is None else json.dumps(body).encode()
    status, text, found = send_raw(app, method, path, data, {**_JSON, **(headers or {})})
    return status, json.loads(text), found


def send_raw(
    app: Any, method: str, path: str, data: bytes, headers: Mapping[str, str], chunks: int = 1
) -> tuple[int, bytes, Mapping[str, str]]:
    """Sends octets, in so many chunks; the status, the octets and the headers of the answer."""
    size = -(-len(data) // chunks) or 1
    parts = [data[at : at + size] for at in range(0, len(data), size)] or [b""]
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        part = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "scheme": "http",
        "headers": [(key.lower().encode(), value.encode()) for key, value in headers.items()],
    }
    asyncio.run(app(scope, receive, send))
    start, end = sent
    found = {key.decode(): value.decode("latin-1") for key, value in start["headers"]}
    return start["status"], end["body"], found
