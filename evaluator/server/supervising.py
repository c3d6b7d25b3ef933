"""Several workers: processes that share a port, looked after by the one that started them.

A worker that ends unasked is replaced; when the service is told to stop, so are they, and each
answers what has come before it ends.
"""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from evaluator.server.collecting import settle
from evaluator.server.events import Log

__all__ = ["HANGUP", "Worker", "supervise"]

HANGUP: Final = getattr(signal, "SIGHUP", signal.SIGTERM)
"""The end of a terminal; Windows tells of none."""

_STOPPING: Final = (signal.SIGTERM, signal.SIGINT, HANGUP)
_QUICK: Final = 2.0  # seconds; a worker that ends before has not come to work
_TRIES: Final = 5  # workers in a row that may end so, before any has worked
_PAUSE: Final = 5.0  # seconds at most before another takes the place of one that has ended so
_LOOK: Final = 0.5  # seconds between two looks at who is there


@dataclass(frozen=True, slots=True)
class Worker:
    """A worker, counted from 0. ``parent`` can be read from when whoever supervises is gone."""

    number: int
    parent: int


@dataclass(slots=True)
class _Place:
    number: int
    process: int = 0
    began: float = 0.0
    failures: int = 0
    again: float = 0.0  # when to start the next one


@dataclass(slots=True, eq=False)
class _Supervisor:
    work: Callable[[Worker], int]
    places: list[_Place]
    log: Log
    grace: float
    restarted: Callable[[], None]
    stopping: list[int] = field(default_factory=list)

    def run(self, stopped: Callable[[], None]) -> int:
        """Starts the workers and looks after them until told to stop; the exit code."""
        # The workers share what is there now for as long as nobody touches it; the collector would.
        settle()
        lifeline, held = os.pipe()
        woken, wake = os.pipe()
        os.set_blocking(wake, False)
        before: dict[signal.Signals, Any] = {
            number: signal.signal(number, self._stop)
            for number in _STOPPING
            if signal.getsignal(number) is not signal.SIG_IGN  # as `nohup` has it
        }
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        ours = (held, woken, wake)
        try:
            code = self._watch(woken, lambda place: self._start(place, lifeline, ours))
            stopped()
            self._end(woken)
            if self.stopping[:1] == [signal.SIGINT]:  # as where one process does it all
                raise KeyboardInterrupt
            return code
        finally:
            signal.set_wakeup_fd(-1)
            for number, handler in before.items():
                signal.signal(number, handler)
            for descriptor in (lifeline, *ours):
                os.close(descriptor)

    def _stop(self, number: int, frame: object) -> None:
        self.stopping.append(number)

    def _watch(self, woken: int, start: Callable[[_Place], None]) -> int:
        has_worked = False
        while not self.stopping:
            now = time.monotonic()
            has_worked = has_worked or any(
                place.process and now - place.began >= _QUICK for place in self.places
            )
            for place in self.places:
                if not place.process and place.again <= time.monotonic():
                    start(place)
            _wait(woken, _LOOK)
            for place, status in self._ended():
                if self.stopping:
                    break
                quick = time.monotonic() - place.began < _QUICK
                place.failures = place.failures + 1 if quick else 0
                has_worked = has_worked or not quick
                self.log.error("worker ended", worker=place.number, status=status)
                if place.failures >= _TRIES and not has_worked:
                    self.log.critical("workers do not come to work; giving up")
                    return max(status, 1)
                pause = min(0.1 * 2**place.failures, _PAUSE) if quick else 0.0
                place.again = time.monotonic() + pause
                self.restarted()
        return 0

    def _start(self, place: _Place, lifeline: int, ours: tuple[int, ...]) -> None:
        place.began = time.monotonic()
        # A signal to stop must find the worker's own way of stopping, not ours.
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
        place.process = os.fork()
        if place.process:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
            return
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in (*_STOPPING, signal.SIGCHLD):
                if signal.getsignal(number) is not signal.SIG_IGN:
                    signal.signal(number, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
            for descriptor in ours:
                os.close(descriptor)
            code = self.work(Worker(place.number, lifeline))
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1
        except BaseException as error:  # noqa: BLE001  # nothing of the parent's may go on here
            self.log.critical("worker failed", worker=place.number, error=type(error).__name__)
        finally:
            os._exit(code)

    def _ended(self) -> list[tuple[_Place, int]]:
        """The places whose worker has ended, and how; minus the number of a signal."""
        found = []
        for place in self.places:
            if place.process and (ended := os.waitpid(place.process, os.WNOHANG))[0]:
                place.process = 0
                found.append((place, os.waitstatus_to_exitcode(ended[1])))
        return found

    def _end(self, woken: int) -> None:
        """Tells the workers to stop, and ends those that have not within the grace."""
        self._signal(signal.SIGTERM)
        until = time.monotonic() + self.grace
        while any(place.process for place in self.places):
            left = until - time.monotonic()
            if left <= 0:
                self.log.error("workers ended that did not stop in time")
                self._signal(signal.SIGKILL)
            _wait(woken, min(_LOOK, max(left, 0.05)))
            self._ended()

    def _signal(self, number: int) -> None:
        for place in self.places:
            if place.process:
                with suppress(ProcessLookupError):
                    os.kill(place.process, number)


def _wait(woken: int, seconds: float) -> None:
    """Waits for a signal, or for so long."""
    if select.select([woken], [], [], seconds)[0]:
        os.read(woken, 512)


def supervise(
    work: Callable[[Worker], int],
    workers: int,
    *,
    log: Log,
    grace: float,
    stopped: Callable[[], None] = lambda: None,
    restarted: Callable[[], None] = lambda: None,
) -> int:
    """Runs ``work`` in each of so many processes until this one is told to stop; the exit code.

    To be called where there is one thread only. Workers that are told to stop have ``grace``
    seconds for it; ``stopped`` is called before they are told, ``restarted`` for each that is
    replaced. When workers keep ending as soon as they begin, and none has ever worked, all are
    stopped. Raises ``KeyboardInterrupt`` after an interrupt, when all have stopped.
    """
    places = [_Place(number) for number in range(workers)]
    return _Supervisor(work, places, log, grace, restarted).run(stopped)
