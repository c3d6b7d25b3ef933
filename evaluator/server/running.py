"""Running the service: uvicorn, its sockets and workers, the line that says where it listens."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
import ssl
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import uvicorn

from evaluator.server.answers import Answer
from evaluator.server.app import Application
from evaluator.server.collecting import settle
from evaluator.server.connections import Guard, Sweeper
from evaluator.server.events import Log, forward
from evaluator.server.lifespan import background
from evaluator.server.metrics.exposition import exposition
from evaluator.server.metrics.measuring import Measuring
from evaluator.server.metrics.tallies import Tallies
from evaluator.server.settings import Limits
from evaluator.server.supervising import HANGUP, Worker, supervise
from evaluator.server.tracing import Traced, current_tracer

__all__ = ["CannotListenError", "Serving", "bound", "run"]

_GRACE: Final = 30  # seconds to answer what has come when the service is told to stop
_BACKLOG: Final = 2048
# Seconds that a search or a loading goes on for before a decision gets its turn (Python: 0.005).
_TURN: Final = 0.001
_CONNECTIONS: Final = 1 << 16  # files that may be open, if the system lets us


class CannotListenError(Exception):
    """The address is taken, or is none of this machine; the text says so."""


@dataclass(frozen=True, slots=True)
class Serving:
    """Where a service listens, with how many processes, within which limits, told to which log.

    ``playground`` is the path at which it has one, to be told with the address.
    """

    host: str
    port: int
    log: Log
    tls: ssl.SSLContext | None = None
    workers: int = 1
    limits: Limits = field(default_factory=Limits)
    playground: str | None = None


Make = Callable[[Measuring], Application]


def run(make: Make, serving: Serving) -> int:
    """Serves until the process is told to stop; the exit code. Raises ``CannotListenError``.

    ``make`` makes the application, in each worker once; it starts no threads before that.
    """
    tallies = Tallies(serving.workers + 1)  # the last is that of whoever supervises
    if serving.workers == 1:
        measuring = Measuring(tallies.of(0))
        app = make(measuring)
        (listener,) = _listen(serving)
        return _serve(app, listener, measuring, tallies, serving)
    ours = Measuring(tallies.of(serving.workers))
    listeners = _listen(serving)

    def work(worker: Worker) -> int:
        listener = listeners[worker.number]
        for other in listeners:
            if other is not listener:
                other.close()
        measuring = Measuring(tallies.of(worker.number))
        app = make(measuring)
        app.keep(background(partial(_follow_parent, worker.parent)))
        return _serve(app, listener, measuring, tallies, serving)

    def stopped() -> None:
        for listener in listeners:
            listener.close()

    return supervise(
        work,
        serving.workers,
        log=serving.log,
        grace=_GRACE + 5,
        stopped=stopped,
        restarted=lambda: ours.count("worker_restarts"),
    )


class _Config(uvicorn.Config):
    """With TLS, clients have ``handshake`` seconds to agree on it: uvicorn would give them 60."""

    handshake: float | None = None

    def get_loop_factory(self) -> Callable[[], asyncio.AbstractEventLoop]:
        """What makes the event loop, which is where connections begin."""
        factory = super().get_loop_factory() or asyncio.new_event_loop
        if self.handshake is None:
            return factory

        def make() -> asyncio.AbstractEventLoop:
            loop = factory()
            create = partial(loop.create_server, ssl_handshake_timeout=self.handshake)
            loop.create_server = create  # type: ignore[method-assign]  # loops are of many classes
            return loop

        return make


def _serve(
    app: Application,
    listener: socket.socket,
    measuring: Measuring,
    tallies: Tallies,
    serving: Serving,
) -> int:
    tls, limits = serving.tls, serving.limits
    guard = Guard(limits.concurrent, limits.queue, turned_away=lambda: measuring.count("overloads"))
    tracer = current_tracer()
    config = _Config(
        app if tracer is None else Traced(app, tracer),
        http=guard.protocol(),
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="error",  # what clients do wrong is told to them
        access_log=False,
        # These three would be taken from the environment, and from what clients say of a proxy.
        workers=1,
        proxy_headers=False,
        forwarded_allow_ips=[],
        server_header=False,
        date_header=True,
        timeout_keep_alive=30,
        backlog=_BACKLOG,
        h11_max_incomplete_event_size=32 * 1024,
        timeout_graceful_shutdown=_GRACE,
        ssl_context_factory=None if tls is None else lambda _config, _default: tls,
    )
    config.handshake = None if tls is None else limits.seconds
    forward(serving.log)
    sys.setswitchinterval(_TURN)
    server = uvicorn.Server(config)
    state = server.server_state
    sweeper = Sweeper(
        state,
        limits.seconds,
        ended=lambda why: measuring.count("connections_ended", why),
        stopping=lambda: server.should_exit,
    )
    app.keep(background(sweeper.run))
    measuring.watch("requests_in_work", lambda: float(len(state.tasks)))
    measuring.watch("connections", lambda: float(len(state.connections)))
    measuring.watch("workers", lambda: 1.0)
    app.keep(background(partial(_sample, measuring)))

    def metrics() -> Answer:
        measuring.sample()
        return exposition(tallies)

    app.tell("/metrics", metrics)
    settle()
    # uvicorn ends by the signal that has ended it. To be told to stop is no failure.
    signal.signal(signal.SIGTERM, lambda number, frame: None)
    # The end of a terminal is no reason to lose what is not written yet; `nohup` has it ignored.
    if signal.getsignal(HANGUP) is signal.SIG_DFL:
        signal.signal(HANGUP, lambda number, frame: server.handle_exit(signal.SIGTERM, frame))
    server.run(sockets=[listener])
    return 0 if server.started else 1


async def _sample(measuring: Measuring) -> None:
    """Measures once a second what other workers are to tell."""
    while True:
        measuring.sample()
        await asyncio.sleep(1.0)


async def _follow_parent(lifeline: int) -> None:
    """Stops this worker when whoever supervises it is gone."""
    loop = asyncio.get_running_loop()
    gone = asyncio.Event()
    loop.add_reader(lifeline, gone.set)
    try:
        await gone.wait()
        os.kill(os.getpid(), signal.SIGTERM)
    finally:
        loop.remove_reader(lifeline)


# The sockets


def _listen(serving: Serving) -> list[socket.socket]:
    """A socket for each worker, all at one port; says where that is.

    Each worker has its own, among which the system spreads connections evenly: from one that they
    share, whoever is first awake takes all that wait. Where the system does not, they share one.
    """
    host, port = serving.host, serving.port
    _allow_connections()
    spread = serving.workers > 1 and sys.platform == "linux"
    try:
        # One that shares its port with nobody finds out whether another service has it.
        first = _socket(host, port, shared=False)
        port = first.getsockname()[1]
        listeners = [first] * serving.workers
        if spread:
            first.close()
            listeners = [_socket(host, port, shared=True) for _ in range(serving.workers)]
    except OSError as error:
        raise _cannot_listen(host, port, error) from None
    scheme = "http" if serving.tls is None else "https"
    address = f"{scheme}://{_shown(host)}:{port}"
    with suppress(OSError):  # to be heard is not what a service is for
        sys.stderr.write(f"evaluator listens on {address}\n")
        if serving.playground is not None:
            sys.stderr.write(f"evaluator playground: {address}{serving.playground}\n")
        sys.stderr.flush()
    return listeners


def bound(host: str, port: int) -> socket.socket:
    """A socket at an address that nobody else has. Raises ``CannotListenError``."""
    try:
        return _socket(host, port, shared=False)
    except OSError as error:
        raise _cannot_listen(host, port, error) from None


def _cannot_listen(host: str, port: int, error: OSError) -> CannotListenError:
    # Python tells once more, in parentheses, where that was tried.
    words = (error.strerror or str(error)).partition(" (while attempting")[0]
    hint = "; --port takes another" if error.errno == errno.EADDRINUSE else ""
    return CannotListenError(f"cannot listen on {_shown(host)}:{port}: {words}{hint}")


def _socket(host: str, port: int, *, shared: bool) -> socket.socket:
    found = socket.create_server(
        (host, port), family=_family(host), backlog=_BACKLOG, reuse_port=shared
    )
    # Connections have it from here: asyncio does not know that such a socket speaks TCP. Without
    # it the end of an answer waits for the client to acknowledge its beginning, 40 ms.
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return found


def _allow_connections() -> None:
    """Lets the process have as many connections as it may, where it has not asked for them yet."""
    try:
        import resource
    except ImportError:  # not on Windows
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, _CONNECTIONS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
