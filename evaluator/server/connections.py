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

from evaluator.server.answers import Refusal
from evaluator.server.http import Receive, Scope, Send, headers_of, request_id, respond

__all__ = ["Guard", "Sweeper"]

_PAUSE: Final = 0.5  # seconds between two rounds through the connections
# Asked by those who decide whether the service lives, and why it is slow.
_ALWAYS: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_BUSY: Final = Refusal(
    503, "the service has more to do than it can; try again", {"retry-after": "1"}
)


class Guard:
    """How many requests may be in work at once: beyond ``most``, 503 without any more work.

    ``turned_away`` is called for each that is.
    """

    def __init__(self, most: int, turned_away: Callable[[], None] = lambda: None) -> None:
        self._most = most
        self._turned_away = turned_away

    def protocol(self) -> type[H11Protocol]:
        """The protocol of uvicorn, with this guard."""
        most, busy = self._most, self._busy

        class Guarded(H11Protocol):
            # uvicorn reads `app` for each request, when its head has come. That is the moment to
            # turn it away: a task that has begun may have waited for its turn already.
            @property
            def app(self) -> Any:
                return busy(self._app) if len(self.tasks) >= most else self._app

            @app.setter
            def app(self, app: Any) -> None:
                self._app = app

        return Guarded

    def _busy(self, app: Any) -> Any:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["path"] in _ALWAYS:
                await app(scope, receive, send)
                return
            self._turned_away()
            await respond(send, _BUSY.answer, request_id(headers_of(scope)))

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
    """

    def __init__(
        self,
        state: ServerState,
        seconds: float,
        ended: Callable[[str], None] = lambda why: None,
    ) -> None:
        self._state = state
        self._seconds = seconds
        self._ended = ended
        self._seen: WeakKeyDictionary[H11Protocol, _Seen] = WeakKeyDictionary()

    async def run(self) -> None:
        """Goes round the connections until cancelled, in the event loop of the server."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(min(_PAUSE, self._seconds / 4))
            for connection in list(self._state.connections):
                if isinstance(connection, H11Protocol):
                    self._look(connection, loop.time())

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
        return ("no-request",)
    if not cycle.response_complete:
        # Where the client does not read, writing is paused, and so is the request.
        paused = connection.flow.write_paused
        return ("answer-untaken", id(cycle)) if paused else None
    if connection.conn.their_state is h11.SEND_BODY:
        return ("body-after-answer", id(cycle))
    if connection.conn.trailing_data[0]:
        return ("no-request", id(cycle))
    return None
