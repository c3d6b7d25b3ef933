"""Connections guarded: too many requests at once are turned away, and slow clients sent off.

uvicorn waits for the head of a request for ever, and counts idle connections as work. Both matter
to a service that anybody may connect to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from evaluator.server.answers import too_busy
from evaluator.server.http import Receive, Scope, Send, headers_of, request_id, respond
from evaluator.server.turning_away import turned_away

__all__ = ["Guard", "Sweeper"]

_PAUSE: Final = 0.5  # seconds between two rounds through the connections
# Asked by those who decide whether the service lives, and why it is slow.
_ALWAYS: Final = frozenset({"/healthz", "/readyz", "/metrics"})


class Guard:
    """How many requests may be in work at once: beyond ``most``, 503 without any more work.

    Those whose bodies are on their way wait for their clients. Of the others, which wait for us,
    there may be ``queue``: so many are what one that is accepted may wait for. ``turned_away`` is
    called for each that is.
    """

    def __init__(
        self, most: int, queue: int, *, turned_away: Callable[[], None] = lambda: None
    ) -> None:
        self._most = most
        self._queue = queue
        self.turned_away = turned_away
        self._incoming: set[H11Protocol] = set()  # whose request is not whole yet

    def protocol(self) -> type[H11Protocol]:
        """The protocol of uvicorn, with this guard."""
        guard, busy = self, self._busy
        incoming = self._incoming

        class Guarded(H11Protocol):
            # uvicorn reads `app` for each request, when its head has come. That is the moment to
            # turn it away: a task that has begun may have waited for its turn already.
            @property
            def app(self) -> Any:
                return busy(self._app) if guard.is_full(len(self.tasks)) else self._app

            @app.setter
            def app(self, app: Any) -> None:
                self._app = app

            def data_received(self, data: bytes) -> None:
                if guard.is_full(len(self.tasks)) and self._turn_away(data):
                    return
                super().data_received(data)
                self._look()

            def on_response_complete(self) -> None:
                super().on_response_complete()  # which may begin with the next request
                self._look()

            def connection_lost(self, exc: Exception | None) -> None:
                incoming.discard(self)
                super().connection_lost(exc)

            def _look(self) -> None:
                cycle: Any = self.cycle  # None before the first request
                if cycle is not None and cycle.more_body and not cycle.response_complete:
                    incoming.add(self)
                else:
                    incoming.discard(self)

            def _turn_away(self, data: bytes) -> bool:
                """Whether that was a request, between others, which is answered now."""
                conn = self.conn
                if conn.our_state is not h11.IDLE or conn.their_state is not h11.IDLE:
                    return False
                if conn.trailing_data[0] or self.flow.write_paused:
                    return False
                answer = turned_away(data, self.server_state.default_headers)
                if answer is None:
                    return False
                self.transport.write(answer)
                guard.turned_away()
                self._unset_keepalive_if_required()
                self.timeout_keep_alive_task = self.loop.call_later(
                    self.timeout_keep_alive, self.timeout_keep_alive_handler
                )
                return True

        return Guarded

    def is_full(self, tasks: int) -> bool:
        """Whether no more requests are taken while so many are in work."""
        return tasks >= self._queue and (
            tasks >= self._most or tasks - len(self._incoming) >= self._queue
        )

    def _busy(self, app: Any) -> Any:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["path"] in _ALWAYS:
                await app(scope, receive, send)
                return
            self.turned_away()
            await respond(send, too_busy().answer, request_id(headers_of(scope)))

        return answer


@dataclass(slots=True, eq=False)
class _Seen:
    """What a connection was waiting for when it was seen first, and when that was."""

    stage: tuple[Any, ...]
    since: float


class Sweeper:
    """Ends connections whose client lets the service wait for longer than ``seconds``.

    For the head of a request, for the rest of a body that has been answered already, or for the
    client to take an answer. Those that wait for a request's body, and idle ones that have been
    answered, end by themselves.

    Once the server is ``stopping``, connections that wait for no answer end at once. uvicorn ends
    those that it knows; one accepted at the same moment it hears of only then.
    """

    def __init__(
        self,
        state: ServerState,
        seconds: float,
        ended: Callable[[str], None] = lambda why: None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._state = state
        self._seconds = seconds
        self._ended = ended
        self._stopping = stopping
        self._seen: WeakKeyDictionary[H11Protocol, _Seen] = WeakKeyDictionary()

    async def run(self) -> None:
        """Goes round the connections until cancelled, in the event loop of the server."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(min(_PAUSE, self._seconds / 4))
            stopping = self._stopping()
            for connection in list(self._state.connections):
                if isinstance(connection, H11Protocol):
                    self._look(connection, loop.time())
                    if stopping and not connection.transport.is_closing():
                        connection.shutdown()

    def _look(self, connection: H11Protocol, now: float) -> None:
        stage = _waiting(connection)
        if stage is None:
            self._seen.pop(connection, None)
            return
        seen = self._seen.get(connection)
        if seen is None or seen.stage != stage:
            self._seen[connection] = _Seen(stage, now)
        elif now - seen.since >= self._seconds:
            self._ended(stage[0])
            connection.transport.abort()


def _waiting(connection: H11Protocol) -> tuple[Any, ...] | None:
    """What a connection waits for its client to do, told apart from the next such; or None."""
    cycle = connection.cycle
    if connection.transport.is_closing():
        return ("answer-untaken",)
    if cycle is None:
        # One that was turned away has a timer, like those that were answered.
        return None if connection.timeout_keep_alive_task else ("no-request",)
    if not cycle.response_complete:
        # Where the client does not read, writing is paused, and so is the request.
        paused = connection.flow.write_paused
        return ("answer-untaken", id(cycle)) if paused else None
    if connection.conn.their_state is h11.SEND_BODY:
        return ("body-after-answer", id(cycle))
    if connection.conn.trailing_data[0]:
        return ("no-request", id(cycle))
    return None
