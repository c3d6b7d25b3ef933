"""Mutants tried by a command: in one process, or in several that take them one by one."""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait

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
    context = get_context("spawn")  # the same on all systems
    waiting = iter(enumerate(mutants))
    found: dict[int, Verdict] = {}
    workers = []
    connections: list[Connection] = []  # all of them: a closed one would make its process fail
    try:
        for _ in range(min(processes, len(mutants))):
            mine, theirs = context.Pipe()
            worker = context.Process(target=_work, args=(theirs,), daemon=True)
            with _uninterrupted():
                worker.start()
                workers.append(worker)
            theirs.close()  # so that the end of the process is the end of the connection
            connections.append(mine)
        for connection in connections:
            connection.send(task)
            connection.send(next(waiting))
        busy = list(connections)
        for number in range(len(mutants)):
            while number not in found:
                for ready in wait(busy):
                    assert isinstance(ready, Connection)
                    done, verdict = ready.recv()
                    found[done] = verdict
                    given = next(waiting, None)
                    if given is None:
                        busy.remove(ready)
                    else:
                        ready.send(given)
            yield found.pop(number)
    except (EOFError, ConnectionError):
        raise RuntimeError("a process ended before its work was done") from None
    finally:
        # Whoever interrupts does not want to wait for what is being searched for.
        for worker in workers:
            worker.terminate()
            worker.join()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Interrupts wait until this is over, for ever in processes that begin now.

    The process that began them ends them.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # which lets interrupts through once it runs
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(connection: Connection) -> None:
    """Judges the numbered mutants that it is sent after the task, until its process is ended."""
    task = connection.recv()
    prepared = prepare(task.contents, within=task.within, functions=host_functions(task.functions))
    trials = Trials(prepared)
    # What is loaded stays, and a pack that was tried is let go of as a whole: looking for garbage
    # after each few objects would take a fifth of the time.
    gc.freeze()
    gc.set_threshold(200_000)
    while True:
        number, mutant = connection.recv()
        connection.send((number, trials.judge(mutant)))
