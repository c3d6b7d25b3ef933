"""Steps run by a command: in order or in several processes, with progress where somebody waits."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

from evaluator.cli.inputs import host_functions
from evaluator.cli.screens import Color, console
from evaluator.cli.suites import Loaded, Target
from evaluator.source import Folder
from evaluator.suites.model import Step, Suite
from evaluator.suites.outcome import Failure, Place, explained
from evaluator.suites.running import Runner

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["Advance", "failures", "progress"]

_CHUNK = 200  # steps between two looks at the clock, or that a process takes at once
_LONG = 2_000  # steps that take long enough for somebody to wonder


def failures(
    loaded: Loaded,
    chosen: Sequence[Place],
    *,
    processes: int,
    functions: str | None,
    color: Color,
) -> Iterator[Failure]:
    """The failures among some steps of the suites, in order, as they are found."""
    runner = Runner(loaded.packs)
    if processes > 1:
        numbers = _elsewhere(loaded, chosen, processes, functions)
    else:
        numbers = _here(runner, chosen)
    with progress(len(chosen), color) as advance:
        done = 0
        for number, passed in numbers:
            if not passed:
                failure = explained(chosen[number], runner)
                with advance.hidden():
                    yield failure
            if number + 1 - done >= _CHUNK or number + 1 == len(chosen):
                advance(number + 1 - done)
                done = number + 1


def _here(runner: Runner, chosen: Sequence[Place]) -> Iterator[tuple[int, bool]]:
    for number, place in enumerate(chosen):
        yield number, runner.passes(place.step)


def _elsewhere(
    loaded: Loaded, chosen: Sequence[Place], processes: int, functions: str | None
) -> Iterator[tuple[int, bool]]:
    """Whether each step passes, found by several processes, which begin at once."""
    steps = _steps(loaded.suites)
    known = {id(step): number for number, step in enumerate(steps)}
    numbers = [known[id(place.step)] for place in chosen]
    parts = [numbers[at : at + _CHUNK] for at in range(0, len(numbers), _CHUNK)]
    # Where processes begin as copies of this one, nothing has to be loaded again.
    method = "fork" if sys.platform == "linux" else "spawn"
    _WORKER[:] = [_Worker(Runner(loaded.packs), steps)]
    pool = ProcessPoolExecutor(
        processes,
        mp_context=get_context(method),
        initializer=_begin,
        initargs=(loaded.target, functions),
    )
    return _collected(pool, pool.map(_part, parts))


def _collected(
    pool: ProcessPoolExecutor, parts: Iterator[list[bool]]
) -> Iterator[tuple[int, bool]]:
    try:
        at = 0
        for passed in parts:
            yield from enumerate(passed, at)
            at += len(passed)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        _WORKER.clear()


def _steps(suites: Iterable[Suite]) -> list[Step]:
    return [step for suite in suites for _, step in suite.steps()]


@dataclass(slots=True)
class _Worker:
    """What a process runs steps with; packs and suites are those of the one that began it."""

    runner: Runner
    steps: list[Step]


_WORKER: list[_Worker] = []


def _begin(target: Target, functions: str | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that began this one ends it
    if not _WORKER:
        from evaluator.policy.loading import load_packs
        from evaluator.suites.reading import read_suites

        files = Folder(target.folder)
        packs = load_packs(files, functions=host_functions(functions)).packs
        suites = read_suites(files, packs).suites
        meant = [suite for suite in suites if suite.file.startswith(target.within)]
        _WORKER.append(_Worker(Runner(packs), _steps(meant)))


def _part(numbers: Sequence[int]) -> list[bool]:
    worker = _WORKER[0]
    return [worker.runner.passes(worker.steps[number]) for number in numbers]


class Advance:
    """Tells a bar, if there is one, how many more steps are done."""

    def __init__(self, bar: Progress | None, total: int) -> None:
        self._bar = bar
        self._task = None if bar is None else bar.add_task("", total=total)

    def __call__(self, count: int) -> None:
        if self._bar is not None and self._task is not None:
            self._bar.advance(self._task, count)

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Takes the bar away while something else is printed."""
        if self._bar is not None:
            self._bar.stop()
        yield
        if self._bar is not None:
            self._bar.start()


@contextmanager
def progress(total: int, color: Color, *, long: int = _LONG) -> Iterator[Advance]:
    """A bar on standard error while long work lasts, if that is a terminal.

    Fewer steps than ``long`` show nothing.
    """
    if total < long or not sys.stderr.isatty():
        yield Advance(None, total)
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    bar = Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console(color, err=True),
        transient=True,
        redirect_stdout=False,  # what is printed there may go to a file
        redirect_stderr=False,
    )
    with bar:
        yield Advance(bar, total)
