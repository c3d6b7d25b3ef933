"""A playground with its processes, without a server: an application at work in a thread."""

from __future__ import annotations

import asyncio
import gzip
import json
import threading
from collections.abc import Coroutine, Iterator, Mapping, MutableMapping, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from evaluator.server.hosts import Hosts
from evaluator.server.playground.app import Playground
from evaluator.server.playground.assets import read_assets
from evaluator.server.playground.files import read_files
from evaluator.server.playground.guarding import Guard
from evaluator.server.playground.pool import Limits, Pool
from tests.server.playground.workspaces import POLICIES

__all__ = ["HEADERS", "ORIGIN", "Playing", "Told", "playing"]

ORIGIN: Final = "http://127.0.0.1:8282"
HEADERS: Final = {
    "host": "127.0.0.1:8282",
    "origin": ORIGIN,
    "content-type": "application/json",
    "x-playground-session": "tab",
}


Headers = Mapping[str, str] | Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Told:
    """An answer of the application."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        packed = self.headers.get("content-encoding") == "gzip"
        return json.loads(gzip.decompress(self.body) if packed else self.body)


class Playing:
    """An application that is at work, to be asked from the thread of a test."""

    def __init__(self, app: Playground, loop: asyncio.AbstractEventLoop) -> None:
        self.app = app
        self.pool = app.pool
        self.begun: list[Future[Any]] = []
        self.loop = loop

    def start(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        """Has something done in the loop of the application."""
        begun = asyncio.run_coroutine_threadsafe(work, self.loop)
        self.begun.append(begun)
        return begun

    def ask(
        self,
        endpoint: str,
        *,
        session: str = "tab",
        edits: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Told:
        """The answer to a question of a page of its own."""
        asked = self.asking(endpoint, session=session, edits=edits, **more)
        found: Told = self.start(asked).result(30)
        return found

    def asking(
        self,
        endpoint: str,
        *,
        session: str = "tab",
        edits: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Coroutine[Any, Any, Told]:
        """The same, to be awaited."""
        body = json.dumps({"edits": edits or {}, "locale": "en", **more}).encode()
        headers = {**HEADERS, "x-playground-session": session}
        return self.sending("POST", f"/api/{endpoint}", headers, body)

    def send(
        self, method: str, path: str, headers: Headers, body: bytes = b"", **scope: Any
    ) -> Told:
        """The answer to a request of HTTP."""
        found: Told = self.start(self.sending(method, path, headers, body, **scope)).result(30)
        return found

    async def sending(
        self, method: str, path: str, headers: Headers, body: bytes = b"", **scope: Any
    ) -> Told:
        """The same, to be awaited. Cancelled, the client has gone."""
        gone = asyncio.Event()
        sent: list[MutableMapping[str, Any]] = []
        parts: list[MutableMapping[str, Any]] = [{"type": "http.request", "body": body}]

        async def receive() -> MutableMapping[str, Any]:
            if parts:
                return parts.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        pairs = headers.items() if isinstance(headers, Mapping) else headers
        encoded = [(name.encode(), value.encode()) for name, value in pairs]
        full = {
            "type": "http",
            "method": method,
            "path": path,
            "scheme": "http",
            "headers": encoded,
            "client": ("127.0.0.1", 1),
            **scope,
        }
        task = asyncio.ensure_future(self.app(full, receive, send))
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            gone.set()
            await task
            raise
        start, end = sent
        found = {name.decode(): value.decode() for name, value in start["headers"]}
        return Told(start["status"], found, end["body"])


@contextmanager
def playing(
    *,
    workers: int = 2,
    limits: Limits | None = None,
    token: str | None = None,
    prefix: str = "",
    files: Mapping[str, bytes] | None = None,
    rate: float = 1e6,
) -> Iterator[Playing]:
    """An application about the repository's policies, or some files; its processes end with it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    pool = Pool(read_files(POLICIES) if files is None else files, workers=workers, limits=limits)
    guard = Guard(Hosts(), token=token, rate=rate, burst=rate)
    found = Playing(Playground(pool, read_assets(), guard, prefix=prefix), loop)
    try:
        found.start(pool.__aenter__()).result(10)
        yield found
    finally:
        found.start(pool.__aexit__(None, None, None)).result(10)
        wait(found.begun, 10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
