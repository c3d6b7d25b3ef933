"""Requests turned away as they come in, before anything is made of them.

To refuse must cost little: what many clients that ask again at once take from the service is not
there for those that it has accepted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from evaluator.server.answers import too_busy
from evaluator.server.http import request_id

__all__ = ["turned_away"]

_NAMES: Final = (b"content-length", b"x-request-id")
# What makes the end of a request, or of its connection, another than the plain one.
_SPECIAL: Final = (b"\r\ntransfer-encoding", b"\r\nconnection", b"\r\nexpect", b"\r\nupgrade")
_BUSY: Final = too_busy().answer
_BODY: Final = json.dumps(_BUSY.body).encode("ascii")
_HEAD: Final = b"".join(
    (
        b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\n",
        b"content-length: %d\r\n" % len(_BODY),
        *(f"{name}: {value}\r\n".encode("ascii") for name, value in _BUSY.headers.items()),
    )
)


def turned_away(data: bytes, more: Iterable[tuple[bytes, bytes]] = ()) -> bytes | None:
    """The answer with 503 to a request that has come in one piece, with ``more`` headers.

    None for what is not plainly one whole POST: that takes a parser. The connection is where it
    was, and takes the next request.
    """
    end = data.find(b"\r\n\r\n")
    if end < 0 or not data.startswith(b"POST /"):
        return None
    head = data[:end].lower()
    if not head.partition(b"\r\n")[0].endswith(b" http/1.1") or any(
        sign in head for sign in _SPECIAL
    ):
        return None
    found = {name: value for name in _NAMES if (value := _value(data, head, name)) is not None}
    length = found.get(b"content-length", b"")
    if not length.isdigit() or len(data) - end - 4 != int(length):
        return None
    told = b"".join(b"%s: %s\r\n" % pair for pair in more)
    id_ = request_id(found).encode("latin-1")
    return b"%s%sx-request-id: %s\r\n\r\n%s" % (_HEAD, told, id_, _BODY)


def _value(data: bytes, head: bytes, name: bytes) -> bytes | None:
    """What a header says that is there once."""
    start = head.find(b"\r\n%s:" % name)
    if start < 0 or head.find(b"\r\n%s:" % name, start + 1) >= 0:
        return None
    start += len(name) + 3
    stop = head.find(b"\r\n", start)
    return data[start : len(head) if stop < 0 else stop].strip(b" \t")
