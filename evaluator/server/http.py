"""HTTP as ASGI brings it: the body of a request, bounded in size and time, and the response."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Awaitable, Callable, MutableMapping
from itertools import count
from os import urandom
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from evaluator.documents.json_documents import load_json
from evaluator.server.answers import Answer, Refusal, refusal_of
from evaluator.server.quick_json import IN_DOUBT, quick_json
from evaluator.server.seams import Headers
from evaluator.server.settings import Limits

__all__ = [
    "ClientGoneError",
    "Receive",
    "Scope",
    "Send",
    "check_content_type",
    "encoded",
    "has_arrived",
    "headers_of",
    "json_of",
    "origin_form",
    "read_body",
    "request_id",
    "respond",
]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_CONTROLS: Final = bytes(range(9)) + bytes(range(10, 32)) + b"\x7f"  # no header may have them
_ADDRESS: Final = re.compile(rb"https?://([^/]*)(/.*)?", re.IGNORECASE | re.DOTALL)
_MOST_PASSED_OVER: Final = 16  # times the limit of a body that is read to be refused
_prefix = urandom(6).hex()
_NUMBERS: Final = count(1)


class ClientGoneError(Exception):
    """Raised where nobody is left who would read an answer."""


async def read_body(headers: Headers, receive: Receive, limits: Limits) -> bytes:
    """The body of a request. Raises ``Refusal`` for one that is too long, or too slow."""
    announced = headers.get(b"content-length")
    size = int(announced) if announced is not None and announced.isdigit() else 0
    if size > _MOST_PASSED_OVER * limits.body:
        raise _too_long(limits)
    try:
        if has_arrived(receive):
            body = await _received(receive, limits)
        else:
            async with asyncio.timeout(limits.seconds):
                body = await _received(receive, limits)
    except TimeoutError:
        if size > limits.body:
            raise _too_long(limits) from None
        close = {"connection": "close"}
        message = f"the request took longer than {limits.seconds:g} seconds to arrive"
        raise Refusal(408, message, close) from None
    if size > limits.body:
        raise _too_long(limits)
    return body


def has_arrived(receive: Callable[[], Awaitable[Any]]) -> bool:
    """Whether the whole body is there, so that nothing has to be waited for.

    uvicorn knows, and starting and stopping a clock takes as long as reading the JSON; of another
    server nothing is assumed.
    """
    return getattr(getattr(receive, "__self__", None), "more_body", True) is False


async def _received(receive: Receive, limits: Limits) -> bytes:
    """The body as it arrives.

    One that is somewhat too long is read to its end: a client that is not done with sending would
    lose the connection before it could read the answer.
    """
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGoneError
        part = message.get("body", b"")
        size += len(part)
        if size > _MOST_PASSED_OVER * limits.body:
            raise _too_long(limits)
        if size <= limits.body:
            parts.append(part)
        if not message.get("more_body"):
            if size > limits.body:
                raise _too_long(limits)
            return parts[0] if len(parts) == 1 else b"".join(parts)


def _too_long(limits: Limits) -> Refusal:
    message = f"the request has more than {limits.body} octets"
    return Refusal(413, message, {"connection": "close"})


def check_content_type(headers: Headers) -> None:
    """Raises ``Refusal`` for a body that is said to be something else than JSON, as it is."""
    kind = headers.get(b"content-type", b"")
    if kind != b"application/json" and kind.partition(b";")[0].strip().lower() != (
        b"application/json"
    ):
        raise Refusal(400, "the content type is not application/json")
    coding = headers.get(b"content-encoding")
    if coding and coding.lower() != b"identity":
        raise Refusal(
            415, "the body is compressed; send it as it is", {"accept-encoding": "identity"}
        )


def json_of(body: bytes) -> Any:
    """What the JSON of a body stands for. Raises ``Refusal`` for what is no JSON."""
    quick = quick_json(body)
    if quick is not IN_DOUBT:
        return quick
    if not body.strip():
        raise Refusal(400, "the request has no body")
    value, diagnostics = load_json(body, name="the request")
    if diagnostics:
        raise refusal_of(diagnostics)
    return value


def headers_of(scope: Scope) -> Headers:
    """The headers of a request."""
    return dict(reversed(scope["headers"]))  # the first of a name is the last to be put there


def origin_form(scope: Scope) -> Scope:
    """A request for a whole address as one for its path (RFC 9112, section 3.2.2).

    The host of the address counts, whatever the header has.
    """
    found = _ADDRESS.fullmatch(scope.get("raw_path", b""))
    if found is None:
        return scope
    path = found[2] or b"/"
    headers = [pair for pair in scope["headers"] if pair[0] != b"host"]
    return {
        **scope,
        "raw_path": path,
        "path": unquote(path.decode("latin-1")),
        "headers": [(b"host", found[1]), *headers],
    }


def request_id(headers: Headers) -> str:
    """What the client calls the request, ``X-Request-ID``, or else a name of ours.

    AuthZEN has any text there, which goes back as it came: each octet is one character, so that the
    name in an answer's body is the one that clients read in its header.
    """
    given = headers.get(b"x-request-id")
    if given and len(given.translate(None, _CONTROLS)) == len(given):
        return given.decode("latin-1")
    return f"{_prefix}-{next(_NUMBERS):x}"


def _begin_anew() -> None:
    """Workers that come of one process do not give their requests the same names."""
    global _prefix  # noqa: PLW0603  # of the process
    _prefix = urandom(6).hex()


if hasattr(os, "register_at_fork"):  # not on Windows, where nothing forks
    os.register_at_fork(after_in_child=_begin_anew)


async def respond(send: Send, answer: Answer, id_: str) -> None:
    """Sends an answer."""
    body = answer.body if isinstance(answer.body, bytes) else encoded(answer.body)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode("ascii")),
        (b"x-request-id", id_.encode("latin-1")),
    ]
    if answer.headers:
        own = {
            key.encode("latin-1"): value.encode("latin-1") for key, value in answer.headers.items()
        }
        headers = [pair for pair in headers if pair[0] not in own] + list(own.items())
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def encoded(data: Any) -> bytes:
    """JSON data as a text in UTF-8."""
    try:
        return msgspec.json.encode(data)
    except (UnicodeEncodeError, OverflowError, TypeError, ValueError, RecursionError):
        return json.dumps(data, allow_nan=False).encode("ascii")
