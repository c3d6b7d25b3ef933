"""ASGI middleware that decides each request before the application sees it."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from evaluator.errors import ServiceError
from evaluator.integrations.deciding import Decider
from evaluator.integrations.policies import AsyncPolicies, Policies
from evaluator.integrations.problem_details import ProblemDetails, denied, undecided

__all__ = ["PolicyMiddleware", "ProblemResponse", "RequestOf", "accept_language"]

_log = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

Asked = Mapping[str, Any] | None
RequestOf = Callable[[Scope], Asked | Awaitable[Asked]]
"""The AuthZEN request that an ASGI scope stands for; None lets it pass undecided."""


class PolicyMiddleware:
    """Decides each request and WebSocket that comes; ``app`` sees those that are allowed.

    ``request`` makes the request to decide out of the scope, and may be a coroutine function. What
    it raises is raised: the application is not reached. The decision is ``scope["state"]
    ["decision"]``, Starlette's ``request.state.decision``. A denial is answered with 403 and the
    problem details of RFC 9457 in the language of ``Accept-Language``, a decision that could not be
    had with 503.
    """

    def __init__(
        self, app: AsgiApp, policies: Policies | AsyncPolicies, request: RequestOf
    ) -> None:
        self._app = app
        self._decider = Decider(policies)
        self._request = request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or lets the application answer, as ASGI 3 has it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        asked = self._request(scope)
        if inspect.isawaitable(asked):
            asked = await asked
        if asked is None:
            await self._app(scope, receive, send)
            return
        accepted = accept_language(scope)
        try:
            decision = await self._decider.decide(asked, accepted)
        except ServiceError as error:
            _log.warning("no decision: %s", error)
            await ProblemResponse(undecided(error))(scope, receive, send)
            return
        if not decision.allowed:
            await ProblemResponse(denied(decision))(scope, receive, send)
            return
        state = {**scope.get("state", {}), "decision": decision}
        await self._app({**scope, "state": state}, receive, send)


def accept_language(scope: Scope) -> str | None:
    """The header of a request, of which there may be several lines; None without one."""
    found = [value for name, value in scope["headers"] if name == b"accept-language"]
    return b",".join(found).decode("latin-1") if found else None


class ProblemResponse:
    """Answers with problem details, as an ASGI application.

    A WebSocket is refused while it opens, in words where the server can (extension
    ``websocket.http.response``); one that is ``open`` is closed with 1008, policy violation.
    """

    def __init__(self, problem: ProblemDetails, *, open: bool = False) -> None:
        self._problem = problem
        self._open = open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        prefix = "http.response"
        if scope["type"] == "websocket":
            prefix = "websocket.http.response"
            if self._open or prefix not in scope.get("extensions", {}):
                await send({"type": "websocket.close", "code": 1008, "reason": ""})
                return
        body = self._problem.body
        headers = {**self._problem.headers, "content-length": str(len(body))}
        encoded = [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
        await send({"type": f"{prefix}.start", "status": self._problem.status, "headers": encoded})
        await send({"type": f"{prefix}.body", "body": body})
