"""Where key sets come from: a file, or a URL that is asked again when keys may have changed."""

from __future__ import annotations

import asyncio
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any, Final, Protocol

from jwt import PyJWK

from evaluator.server.access.key_sets import KeySet, read_key_set
from evaluator.server.access.watching import Report, Watched
from evaluator.server.answers import Refusal
from evaluator.server.config import problems

__all__ = ["FileKeys", "KeySource", "UrlKeys"]

_MOST: Final = 1024 * 1024  # octets of a key set
_TIMEOUT: Final = 5.0  # seconds for one fetch
_FRESH: Final = 600.0  # seconds until it is asked again
_LASTING: Final = 3600.0  # seconds that a set counts when no newer one comes
_PAUSE: Final = 30.0  # seconds between two fetches, whatever ids tokens bring


class KeySource(Protocol):
    """Where the key of a token is found."""

    async def find(self, kid: str | None, algorithm: str) -> PyJWK | None:
        """The key of an id and algorithm. Raises ``Refusal`` (503) where keys cannot be had."""
        ...


class FileKeys:
    """The key set in a file, which is read again when it changes."""

    def __init__(self, path: Path, algorithms: Sequence[str], report: Report) -> None:
        read = partial(read_key_set, algorithms=algorithms)
        self._keys: Watched[KeySet] = Watched(path, read, report)

    async def find(self, kid: str | None, algorithm: str) -> PyJWK | None:
        return self._keys.value().find(kid, algorithm)


class UrlKeys:
    """The key set at a URL, asked for when the first token comes, and again after ten minutes.

    An id that is not in the set lets it be asked for at once, but not more than twice a minute:
    anybody can send tokens with ids that nobody has. While it does not answer, the last set counts
    for an hour.
    """

    def __init__(
        self,
        url: str,
        algorithms: Sequence[str],
        report: Report,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url
        self._algorithms = algorithms
        self._report = report
        self._monotonic = monotonic
        self._keys: KeySet | None = None
        self._came = 0.0
        self._asked: float | None = None
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, kid: str | None, algorithm: str) -> PyJWK | None:
        age = self._monotonic() - self._came
        key = None if self._keys is None else self._keys.find(kid, algorithm)
        if key is not None and age < _LASTING:
            if age >= _FRESH:
                self._fetch()  # and do not wait for it
            return key
        fetching = self._fetch()
        if fetching is not None:
            # Others wait for the same fetch, so one who leaves must not end it.
            await asyncio.wait([fetching], timeout=_TIMEOUT)
        if self._keys is None or self._monotonic() - self._came >= _LASTING:
            raise Refusal(
                503, "the keys of tokens cannot be had", {"retry-after": str(int(_PAUSE))}
            )
        return self._keys.find(kid, algorithm)

    def _fetch(self) -> asyncio.Task[None] | None:
        """The fetch that is under way, or a new one, unless it is too early for one."""
        if self._fetching is not None and not self._fetching.done():
            return self._fetching
        now = self._monotonic()
        if self._asked is not None and now - self._asked < _PAUSE:
            return None
        self._asked = now
        self._fetching = asyncio.create_task(self._take())
        return self._fetching

    async def _take(self) -> None:
        try:
            data = await asyncio.to_thread(_fetched, self._url)
        except (OSError, HTTPException, ValueError) as error:
            self._report((problems.key_set_unreachable(self._url, _reason(error)),))
            return
        keys, diagnostics = read_key_set(data, self._url, self._algorithms)
        if keys is None:
            self._report(diagnostics)
            return
        self._keys = keys
        self._came = self._monotonic()


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """The owner of the service has named the address; nobody else names another."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Any,
        newurl: str,
    ) -> None:
        return None


def _fetched(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"accept": "application/json"})
    # No proxy: the one that the environment names is no setting of the service.
    opener = urllib.request.build_opener(_NoRedirects, urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + _TIMEOUT
    with opener.open(request, timeout=_TIMEOUT) as response:
        parts = []
        size = 0
        while part := response.read1(65536):
            parts.append(part)
            size += len(part)
            if size > _MOST:
                raise ValueError(f"it has more than {_MOST:,} octets")
            if time.monotonic() > deadline:
                raise TimeoutError("it took too long")
    return b"".join(parts)


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"status {error.code}"
    inner = getattr(error, "reason", error)
    text = getattr(inner, "strerror", None) or str(inner) or type(error).__name__
    return text[:1].lower() + text[1:]
