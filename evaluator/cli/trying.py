"""Mutants tried by a command: in order, in one process or in several that each take a share."""

from __future__ import annotations

import gc
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import active_children, get_context

from evaluator.cli.inputs import host_functions
from evaluator.cli.running import progress
from evaluator.cli.screens import Color
from evaluator.suites.mutation.mutants import Mutant
from evaluator.suites.mutation.preparing import Prepared, prepare
from evaluator.suites.mutation.trials import Trials
from evaluator.suites.mutation.verdicts import Tried, Verdict

__all__ = ["tried"]

_FEW = 20  # mutants that are tried before another process would have loaded the packs
_SHOWN = 40  # mutants that take long enough for somebody to wonder


@dataclass(frozen=True, slots=True)
class _Task:
    """What a process needs to prepare the same trials."""

    contents: Mapping[str, bytes]
    within: str
    functions: str | None


def tried(
    prepared: Prepared,
    mutants: Sequence[Mutant],
    *,
    within: str,
    functions: str | None,
    processes: int,
    color: Color,
) -> Iterator[Tried]:
    """What becomes of each mutant, in their order, whatever the number of processes."""
    if processes > 1 and len(mutants) > _FEW:
        task = _Task(prepared.contents, within, functions)
        verdicts = _in_processes(task, mutants, processes)
    else:
        verdicts = map(Trials(prepared).judge, mutants)
    with progress(len(mutants), color, long=_SHOWN) as advance:
        for mutant, verdict in zip(mutants, verdicts, strict=True):
            yield Tried(mutant, verdict)
            advance(1)


def _in_processes(task: _Task, mutants: Sequence[Mutant], processes: int) -> Iterator[Verdict]:
    pool = ProcessPoolExecutor(
        processes,
        mp_context=get_context("spawn"),  # the same on all systems
        initializer=_begin,
        initargs=(task,),
    )
    try:
        yield from pool.map(_judge, mutants)
        pool.shutdown()
    except BaseException:
        # Whoever interrupts does not want to wait for what is being searched for.
        pool.shutdown(wait=False, cancel_futures=True)
        for child in active_children():
            child.terminate()
        raise


_JUDGE: list[Callable[[Mutant], Verdict]] = []


def _begin(task: _Task) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that began this one sees to it
    prepared = prepare(task.contents, within=task.within, functions=host_functions(task.functions))
    _JUDGE.append(Trials(prepared).judge)
    # What is loaded stays, and a pack that was tried is let go of as a whole: looking for garbage
    # after each few objects would take a fifth of the time.
    gc.freeze()
    gc.set_threshold(200_000)


def _judge(mutant: Mutant) -> Verdict:
    return _JUDGE[0](mutant)
