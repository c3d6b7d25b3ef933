"""Steps run by a command: in order or in several processes, with progress where somebody waits."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from evaluator.cli.inputs import host_functions
from evaluator.cli.screens import Color, console
from evaluator.cli.suites import Loaded, Target
from evaluator.source import Folder
from evaluator.suites.outcome import Failure, Place, explained
from evaluator.suites.running import Runner

__all__ = ["failing", "failures", "progress"]

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
    with progress(len(chosen), color) as advance:
        if processes > 1:
            numbers = failing(loaded, chosen, processes, functions)
        else:
            numbers = _here(runner, chosen)
        done = 0
        for number, passed in numbers:
            if not passed:
                yield explained(chosen[number], runner)
            if number + 1 - done >= _CHUNK or number + 1 == len(chosen):
                advance(number + 1 - done)
                done = number + 1


def _here(runner: Runner, chosen: Sequence[Place]) -> Iterator[tuple[int, bool]]:
    for number, place in enumerate(chosen):
        yield number, runner.passes(place.step)


def failing(
    loaded: Loaded, chosen: Sequence[Place], processes: int, functions: str | None
) -> Iterator[tuple[int, bool]]:
    """Whether each step passes, found by several processes, which load the packs themselves."""
    known = {id(step): number for number, step in enumerate(_steps(loaded))}
    numbers = [known[id(place.step)] for place in chosen]
    parts = [numbers[at : at + _CHUNK] for at in range(0, len(numbers), _CHUNK)]
    pool = ProcessPoolExecutor(
        processes,
        mp_context=get_context("spawn"),  # the same on all systems
        initializer=_begin,
        initargs=(loaded.target, functions),
    )
    with pool:
        try:
            at = 0
            for passed in pool.map(_part, parts):
                yield from enumerate(passed, at)
                at += len(passed)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _steps(loaded: Loaded) -> Iterable[Any]:
    return (step for suite in loaded.suites for _, step in suite.steps())


@dataclass(slots=True)
class _Worker:
    """What a process has loaded; the packs and suites are the same as in the one that began it."""

    runner: Runner
    steps: list[Any]


_WORKER: list[_Worker] = []


def _begin(target: Target, functions: str | None) -> None:
    from evaluator.policy.loading import load_packs
    from evaluator.suites.reading import read_suites

    files = Folder(target.folder)
    packs = load_packs(files, functions=host_functions(functions)).packs
    read = read_suites(files, packs)
    suites = [suite for suite in read.suites if suite.file.startswith(target.within)]
    steps = [step for suite in suites for _, step in suite.steps()]
    _WORKER.append(_Worker(Runner(packs), steps))


def _part(numbers: Sequence[int]) -> list[bool]:
    worker = _WORKER[0]
    return [worker.runner.passes(worker.steps[number]) for number in numbers]


@contextmanager
def progress(total: int, color: Color, *, long: int = _LONG) -> Iterator[Callable[[int], None]]:
    """A bar on standard error while long work lasts, if that is a terminal.

    What it gives is told how many more steps are done; fewer than ``long`` show nothing.
    """
    if total < long or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    bar = Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console(color, err=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("", total=total)
        yield lambda count: bar.advance(task, count)
