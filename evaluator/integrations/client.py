"""A client of the service, with the interface of ``PolicySet``.

It needs httpx: ``pip install 'policy-evaluator[client]'``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from itertools import islice
from types import TracebackType
from typing import Any, Final, TypeVar

import httpx

from evaluator.errors import Denied
from evaluator.integrations.conversation import (
    Conversation,
    Conversations,
    Lost,
    OnFailure,
    Post,
    Reply,
    Wait,
)
from evaluator.integrations.remote import RemoteDecision, RemoteExplanation
from evaluator.policy.request import Request

__all__ = ["AsyncClient", "Client"]

_LARGEST: Final = 64 << 20
"""The most octets of an answer that are read."""

_T = TypeVar("_T")


class Client:
    """Asks a service for decisions. Safe to use from many threads; connections are kept.

    ``url`` is the address that ``evaluator serve`` tells, ``key`` an API key or token, or a
    function that returns the one to use now. A call ends after ``timeout`` seconds, in which it is
    tried ``1 + retries`` times: a service that is overloaded says when to come back. (Each octet of
    the headers of an answer may take that long, which ``AsyncClient`` does not let it.) Without an
    answer ``on_failure`` says what happens: ``raise`` raises ``ServiceError``, ``deny`` makes it a
    denial with the reason ``service-unavailable``. No failure is ever an allow.

    ``decide_many`` sends ``batch`` requests in a message. ``http`` is a client of your own, for
    certificates or proxies, which stays yours to close; by default the environment is not looked
    at.
    """

    def __init__(
        self,
        url: str,
        *,
        key: str | Callable[[], str] | None = None,
        timeout: float = 5.0,
        retries: int = 2,
        on_failure: OnFailure = "raise",
        batch: int = 100,
        http: httpx.Client | None = None,
    ) -> None:
        self._url = _base(url)
        self._batch = _positive(batch)
        self._says = Conversations(key, timeout, retries, on_failure)
        self._own = http is None
        self._http = httpx.Client(trust_env=False) if http is None else http

    def __repr__(self) -> str:
        return f"<Client {self._url}>"

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        if self._own:
            self._http.close()

    def decide(
        self, request: Mapping[str, Any] | Request, *, locale: str | None = None
    ) -> RemoteDecision:
        """Decide an AuthZEN request. What is no valid request is denied.

        ``locale`` is that of the texts, or several as ``Accept-Language`` has them. Raises
        ``RequestError`` for what is neither a Mapping nor a ``Request``, ``ServiceError`` as the
        class says.
        """
        return self._hold(self._says.decide(request, locale))

    def decide_many(
        self, requests: Iterable[Mapping[str, Any] | Request], *, locale: str | None = None
    ) -> Iterator[RemoteDecision]:
        """Decide requests in order, a batch of them at a time; see ``decide``."""
        remaining = iter(requests)
        while some := list(islice(remaining, self._batch)):
            yield from self._hold(self._says.decide_all(some, locale))

    def allowed(self, request: Mapping[str, Any] | Request) -> bool:
        """Whether the decision is allow."""
        return self.decide(request).allowed

    def require(self, request: Mapping[str, Any] | Request) -> RemoteDecision:
        """The decision if it is allow; raises ``Denied``, which carries it, otherwise."""
        return _required(self.decide(request))

    def explain(
        self, request: Mapping[str, Any] | Request, *, locale: str | None = None
    ) -> RemoteExplanation:
        """The decision with the value of every sub-expression.

        Only of a service that was started with ``--explain``. Raises ``ServiceError`` of any other,
        and without an answer whatever ``on_failure`` is: an explanation is no decision to go by.
        """
        return self._hold(self._says.explain(request, locale))

    def _hold(self, conversation: Conversation[_T]) -> _T:
        outcome: Reply | Lost | None = None
        while True:
            try:
                step = conversation.send(outcome)
            except StopIteration as ended:
                result: _T = ended.value
                return result
            if isinstance(step, Wait):
                time.sleep(step.seconds)
                outcome = None
            else:
                outcome = self._post(step)

    def _post(self, post: Post) -> Reply | Lost:
        deadline = time.monotonic() + post.seconds
        try:
            with self._http.stream(
                "POST",
                self._url + post.path,
                content=post.body,
                headers=post.headers,
                timeout=post.seconds,
                follow_redirects=False,
            ) as response:
                body = bytearray()
                for chunk in response.iter_bytes():
                    body += chunk
                    lost = _too_much(body, deadline)
                    if lost is not None:
                        return lost
                return _reply(response, body)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return _lost(error)


class AsyncClient:
    """Asks a service for decisions, and lets others work while it waits. See ``Client``."""

    def __init__(
        self,
        url: str,
        *,
        key: str | Callable[[], str] | None = None,
        timeout: float = 5.0,
        retries: int = 2,
        on_failure: OnFailure = "raise",
        batch: int = 100,
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self._url = _base(url)
        self._batch = _positive(batch)
        self._says = Conversations(key, timeout, retries, on_failure)
        self._own = http is None
        self._http = httpx.AsyncClient(trust_env=False) if http is None else http

    def __repr__(self) -> str:
        return f"<AsyncClient {self._url}>"

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the connections."""
        if self._own:
            await self._http.aclose()

    async def decide(
        self, request: Mapping[str, Any] | Request, *, locale: str | None = None
    ) -> RemoteDecision:
        """Decide an AuthZEN request; see ``Client.decide``."""
        return await self._hold(self._says.decide(request, locale))

    async def decide_many(
        self, requests: Iterable[Mapping[str, Any] | Request], *, locale: str | None = None
    ) -> AsyncIterator[RemoteDecision]:
        """Decide requests in order, a batch of them at a time; see ``decide``."""
        remaining = iter(requests)
        while some := list(islice(remaining, self._batch)):
            for decision in await self._hold(self._says.decide_all(some, locale)):
                yield decision

    async def allowed(self, request: Mapping[str, Any] | Request) -> bool:
        """Whether the decision is allow."""
        return (await self.decide(request)).allowed

    async def require(self, request: Mapping[str, Any] | Request) -> RemoteDecision:
        """The decision if it is allow; raises ``Denied``, which carries it, otherwise."""
        return _required(await self.decide(request))

    async def explain(
        self, request: Mapping[str, Any] | Request, *, locale: str | None = None
    ) -> RemoteExplanation:
        """The decision with the value of every sub-expression; see ``Client.explain``."""
        return await self._hold(self._says.explain(request, locale))

    async def _hold(self, conversation: Conversation[_T]) -> _T:
        outcome: Reply | Lost | None = None
        while True:
            try:
                step = conversation.send(outcome)
            except StopIteration as ended:
                result: _T = ended.value
                return result
            if isinstance(step, Wait):
                await asyncio.sleep(step.seconds)
                outcome = None
            else:
                outcome = await self._post(step)

    async def _post(self, post: Post) -> Reply | Lost:
        deadline = time.monotonic() + post.seconds
        try:
            async with (
                asyncio.timeout(post.seconds),
                self._http.stream(
                    "POST",
                    self._url + post.path,
                    content=post.body,
                    headers=post.headers,
                    timeout=post.seconds,
                    follow_redirects=False,
                ) as response,
            ):
                body = bytearray()
                async for chunk in response.aiter_bytes():
                    body += chunk
                    lost = _too_much(body, deadline)
                    if lost is not None:
                        return lost
                return _reply(response, body)
        except TimeoutError:
            return _TOO_LATE
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return _lost(error)


def _base(url: str) -> str:
    parsed = httpx.URL(url)
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.query:
        raise ValueError(f"{url!r} is no address of a service, such as http://127.0.0.1:8181")
    if parsed.userinfo:
        raise ValueError("the address has a name or password in it; a key goes into `key`")
    return str(parsed.copy_with(fragment=None)).rstrip("/")


def _positive(batch: int) -> int:
    if batch < 1:
        raise ValueError("batch is not positive")
    return batch


def _required(decision: RemoteDecision) -> RemoteDecision:
    if not decision.allowed:
        raise Denied(decision)
    return decision


def _reply(response: httpx.Response, body: bytearray) -> Reply:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Reply(response.status_code, headers, bytes(body))


def _too_much(body: bytearray, deadline: float) -> Lost | None:
    """Why an answer is not read on: httpx limits the time to each part of it, not to the whole."""
    if len(body) > _LARGEST:
        return Lost(f"the answer has more than {_LARGEST} octets", final=True)
    if time.monotonic() > deadline:
        return _TOO_LATE
    return None


_TOO_LATE: Final = Lost("it did not answer in time", final=True)


def _lost(error: Exception) -> Lost:
    if isinstance(error, httpx.TimeoutException):
        return _TOO_LATE
    words = str(error) or "the connection was lost"
    return Lost(f"it could not be reached: {words} ({type(error).__name__})")
