"""The playground as an ASGI application: the page, its files, and what it asks."""

from __future__ import annotations

import asyncio
import gzip
import logging
import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from evaluator.server.answers import Refusal
from evaluator.server.hosts import refuse_repeated
from evaluator.server.http import ClientGoneError, Receive, Scope, Send, headers_of, read_body
from evaluator.server.lifespan import Resident, live
from evaluator.server.playground.assets import PAGE, Asset
from evaluator.server.playground.guarding import Guard, Refused
from evaluator.server.playground.pool import QUESTIONS, Pool
from evaluator.server.playground.problems import problem
from evaluator.server.seams import Headers
from evaluator.server.settings import Limits as BodyLimits

__all__ = ["Playground"]

_LOGGER: Final = logging.getLogger(__name__)
_API: Final = "api/"
# All edits and a request, written in JSON with an escape here and there.
_LONGEST_BODY: Final = 3 * 1024 * 1024
_WORTHWHILE: Final = 16 * 1024  # bytes of an answer that are worth compressing
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_COMMON: Final = {
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_NO_PAGE: Final = "default-src 'none'; frame-ancestors 'none'"


class Playground:
    """Answers below ``prefix`` (``/playground``, or "" for all): the page, its files, questions."""

    def __init__(
        self, pool: Pool, assets: Mapping[str, Asset], guard: Guard, *, prefix: str = ""
    ) -> None:
        self.pool = pool
        self._assets = assets
        self._guard = guard
        self._prefix = prefix
        self._residents: list[Resident] = []
        self._limits = BodyLimits(body=_LONGEST_BODY, seconds=10.0)

    def keep(self, resident: Resident) -> None:
        """Enters a context when the playground starts, and leaves it when all is answered."""
        self._residents.append(resident)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, as ASGI 3 has it."""
        if scope["type"] == "lifespan":
            await live(self._residents, receive, send)
            return
        if scope["type"] != "http":
            return
        try:
            await self._answer(scope, headers_of(scope), receive, send)
        except Refused as refused:
            body = problem(refused.error, refused.message)
            await _json(send, refused.status, body, refused.headers)
        except Refusal as refusal:
            error = "too-large" if refusal.status == 413 else "invalid"
            await _json(send, refusal.status, problem(error, refusal.message), refusal.headers)
        except ClientGoneError:
            return
        except Exception:
            _LOGGER.exception("a request could not be answered")
            body = problem("crashed", "the playground failed to answer; its log says where")
            await _json(send, 503, body)

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        refuse_repeated(scope["headers"])
        path: str = scope["path"].removeprefix(self._prefix)
        if not path:  # the files of the page are named relative to it
            self._guard.check_host(headers)
            query = scope.get("query_string", b"").decode("latin-1")
            place = f"{self._prefix}/" + (f"?{query}" if query else "")
            await _send(send, 307, b"", "text/plain", {"location": place})
        elif path.startswith(f"/{_API}"):
            await self._ask(path.removeprefix(f"/{_API}"), scope, headers, receive, send)
        else:
            self._guard.check_host(headers)
            await self._file(path[1:] or PAGE, scope, headers, send)

    # The page and its files

    async def _file(self, name: str, scope: Scope, headers: Headers, send: Send) -> None:
        if scope["method"] not in ("GET", "HEAD"):
            raise Refused(405, "invalid", "this takes GET", {"allow": "GET, HEAD"})
        asset = self._assets.get(name)
        if asset is None:
            raise Refused(404, "invalid", "there is nothing at this address")
        if name == PAGE:
            await self._page(asset, send)
            return
        told = {"etag": asset.tag, "cache-control": "no-cache", "vary": "accept-encoding"}
        if headers.get(b"if-none-match") == asset.tag.encode("ascii"):
            await _send(send, 304, b"", asset.type, told)
            return
        body = asset.content
        if asset.compressed is not None and _takes_gzip(headers):
            body = asset.compressed
            told["content-encoding"] = "gzip"
        await _send(send, 200, body, asset.type, told)

    async def _page(self, asset: Asset, send: Send) -> None:
        nonce = secrets.token_urlsafe(16)
        page = asset.content.replace(b"{nonce}", nonce.encode("ascii"))
        policy = _POLICY.format(nonce=nonce)
        told = {"content-security-policy": policy, "cache-control": "no-store"}
        await _send(send, 200, page, asset.type, told)

    # Questions

    async def _ask(
        self, endpoint: str, scope: Scope, headers: Headers, receive: Receive, send: Send
    ) -> None:
        if endpoint not in QUESTIONS:
            raise Refused(404, "invalid", "there is nothing at this address")
        if scope["method"] != "POST":
            raise Refused(405, "invalid", "this takes POST", {"allow": "POST"})
        session = self._guard.admit(scope, headers)
        body = await read_body(headers, receive, self._limits)
        question = asyncio.ensure_future(self.pool.ask(endpoint, body, session))
        leaving = asyncio.ensure_future(_left(receive))
        try:
            await asyncio.wait({question, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not question.done():
                raise ClientGoneError
            status, answer = question.result()
        finally:
            for task in (question, leaving):
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(question, leaving, return_exceptions=True)
        told = {}
        if len(answer) >= _WORTHWHILE and _takes_gzip(headers):
            answer = gzip.compress(answer, 1, mtime=0)
            told = {"content-encoding": "gzip", "vary": "accept-encoding"}
        await _json(send, status, answer, told)


async def _left(receive: Receive) -> None:
    """Waits until the client does not wait any more."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _takes_gzip(headers: Headers) -> bool:
    offered = headers.get(b"accept-encoding", b"").lower().replace(b" ", b"").split(b",")
    return any(one.partition(b";")[0] == b"gzip" and b"q=0" not in one for one in offered)


async def _json(
    send: Send, status: int, body: bytes, headers: Mapping[str, str] | None = None
) -> None:
    told = {"cache-control": "no-store", **(headers or {})}
    await _send(send, status, body, "application/json", told)


async def _send(
    send: Send, status: int, body: bytes, type_: str, headers: Mapping[str, str]
) -> None:
    told = {
        "content-security-policy": _NO_PAGE,
        **_COMMON,
        "content-type": type_,
        "content-length": str(len(body)),
        **headers,
    }
    encoded = [(name.encode("ascii"), value.encode("latin-1")) for name, value in told.items()]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
    await send({"type": "http.response.body", "body": body})
