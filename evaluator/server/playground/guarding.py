"""Who may ask a playground: pages of its own, at its own address, not too often.

A page elsewhere can have a browser send requests to this machine. Names and origins give it away.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Final

from evaluator.server.answers import Refusal
from evaluator.server.hosts import Hosts
from evaluator.server.http import Scope
from evaluator.server.seams import Headers

__all__ = ["Guard", "Refused", "new_token"]

_SESSION_LETTERS: Final = frozenset(
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
)
_LONGEST_SESSION: Final = 64
_ADDRESSES: Final = 4096  # that are remembered


class Refused(Exception):  # noqa: N818  # an answer, not a fault
    """A request that is not let in: the status and the ``Problem`` it is answered with."""

    def __init__(
        self, status: int, error: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.error = error
        self.message = message
        self.headers = headers or {}


def new_token() -> str:
    """A secret for the address of a page."""
    return secrets.token_urlsafe(24)


class Guard:
    """Lets requests in, or raises ``Refused``.

    ``token`` is what pages have to know, None where all who reach this may ask. Each client address
    may ask ``rate`` times a second, and ``burst`` times at once.
    """

    def __init__(
        self,
        hosts: Hosts | None,
        *,
        token: str | None = None,
        rate: float = 60.0,
        burst: float = 240.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hosts = hosts
        self._token = None if token is None else token.encode("ascii")
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check_host(self, headers: Headers) -> None:
        """Raises unless the request is to a name of this service."""
        if self._hosts is None:
            return
        try:
            self._hosts.check(headers)
        except Refusal as refusal:
            raise Refused(refusal.status, "forbidden", refusal.message) from None

    def admit(self, scope: Scope, headers: Headers) -> str:
        """The session of a question. Raises unless it comes from a page of ours."""
        self.check_host(headers)
        self._check_origin(headers)
        self._check_token(headers)
        kind = headers.get(b"content-type", b"").partition(b";")[0].strip().lower()
        if kind != b"application/json":
            raise Refused(400, "invalid", "the content type is not application/json")
        address = (scope.get("client") or ("",))[0]
        self._take(address)
        session = headers.get(b"x-playground-session", b"")
        if not 0 < len(session) <= _LONGEST_SESSION or not _SESSION_LETTERS.issuperset(session):
            raise Refused(400, "invalid", "x-playground-session names no session")
        return session.decode("ascii")

    def _check_origin(self, headers: Headers) -> None:
        origin = headers.get(b"origin")
        if origin is None:
            raise Refused(403, "forbidden", "the request does not say from which page it comes")
        scheme, separator, place = origin.lower().partition(b"://")
        # TLS may end at a proxy, so the scheme that the page has seen is not known here.
        if (
            not separator
            or scheme not in (b"http", b"https")
            or (place != headers.get(b"host", b"").lower())
        ):
            raise Refused(403, "forbidden", "the request comes from a page elsewhere")
        if headers.get(b"sec-fetch-site", b"same-origin") != b"same-origin":
            raise Refused(403, "forbidden", "the request comes from a page elsewhere")

    def _check_token(self, headers: Headers) -> None:
        if self._token is None:
            return
        given = headers.get(b"x-playground-token", b"")
        if not secrets.compare_digest(given, self._token):
            message = "the address of this page lacks its token, or has another one"
            raise Refused(401, "forbidden", message)

    def _take(self, address: str) -> None:
        """Takes one from what an address may ask. Raises when nothing is left."""
        now = self._clock()
        left, since = self._buckets.pop(address, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._rate)
        enough = left >= 1.0
        self._buckets[address] = (left - 1.0 if enough else left, now)
        if len(self._buckets) > _ADDRESSES:
            self._buckets.popitem(last=False)
        if not enough:
            raise Refused(429, "too-many", "too many requests; wait a second", {"retry-after": "1"})
