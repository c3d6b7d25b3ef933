"""Policies loaded anew when their files change, beside those that answer, and put in their place.

What cannot be loaded, or whose suites fail, changes nothing but what is told of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from evaluator.diagnostics import Diagnostic, Severity
from evaluator.engine import PolicySet, load
from evaluator.errors import PolicyError
from evaluator.language.values import Timestamp
from evaluator.policy.digest import RecordedFiles
from evaluator.render.json import diagnostic_json
from evaluator.server import problems
from evaluator.server.watching import Look, changes, look
from evaluator.source import Files, Folder
from evaluator.suites.reading import read_suites
from evaluator.suites.running import Runner

__all__ = ["MovedError", "Reloader", "State", "load_seen", "suite_problems"]

_SHOWN: Final = 20  # diagnostics that are told; who mends those asks again


@dataclass(frozen=True, slots=True)
class State:
    """How the last loading went, when that was (nanoseconds since the epoch), what was found.

    ``count`` tells the loadings that went so since the service began, this one included.
    """

    state: Literal["loaded", "failed"]
    since: int
    diagnostics: tuple[Diagnostic, ...] = ()
    count: int = 0

    def to_dict(self) -> Mapping[str, Any]:
        """The state as ``/readyz`` tells it."""
        told: dict[str, Any] = {"state": self.state, "since": str(Timestamp(self.since))}
        if self.diagnostics:
            told["diagnostics"] = [diagnostic_json(item) for item in self.diagnostics[:_SHOWN]]
        return told


class MovedError(Exception):
    """Raised when files changed while they were read: what was read may be half of each."""


class Reloader:
    """Loads the packs in a folder whenever its files change, and gives them to ``take``.

    ``policies`` are what has been loaded from the folder when it looked like ``seen``; ``prepare``
    makes the files a set, and raises ``PolicyError`` where that cannot be. ``notice`` is told of
    every loading. Loading goes on in a thread; ``take`` and ``notice`` are called in the event
    loop, so that all requests that come after them, and none before, meet the new set.
    """

    def __init__(
        self,
        folder: Path,
        policies: PolicySet,
        take: Callable[[PolicySet], None],
        *,
        seen: Look,
        prepare: Callable[[Files], PolicySet] = load,
        notice: Callable[[State], None] = lambda state: None,
        settle: float = 0.15,
        every: float = 2.0,
    ) -> None:
        self._folder = folder
        self._digests = _digests(policies)
        self._take = take
        self._seen = seen
        self._prepare = prepare
        self._notice = notice
        self._settle = settle
        self._every = every
        self._counts = {"loaded": 0, "failed": 0}
        self.state = State("loaded", time.time_ns())

    async def run(self) -> None:
        """Loads and replaces until cancelled."""
        executor = ThreadPoolExecutor(1, "reload")
        try:
            await self._follow(executor)
        finally:
            executor.shutdown(wait=False, cancel_futures=True)

    async def _follow(self, executor: Executor) -> None:
        loop = asyncio.get_running_loop()
        watched = changes(
            self._folder,
            self._seen,
            settle=self._settle,
            every=self._every,
            executor=executor,
        )
        async with aclosing(watched):
            async for found in watched:
                try:
                    policies = await loop.run_in_executor(
                        executor, load_seen, self._folder, found, self._prepare
                    )
                except MovedError:
                    continue  # the next look sees it
                except PolicyError as error:
                    self._tell("failed", tuple(error.diagnostics))
                except Exception as error:  # noqa: BLE001  # whatever a file does to us, those that answer stay
                    self._tell("failed", (problems.reload_failed(error),))
                else:
                    self._replace(policies)

    def _replace(self, policies: PolicySet) -> None:
        digests = _digests(policies)
        if digests != self._digests:
            self._take(policies)
            self._digests = digests
        elif self.state.state == "loaded":
            return  # a file was touched that no pack reads
        self._tell("loaded", policies.warnings)

    def _tell(self, state: Literal["loaded", "failed"], found: tuple[Diagnostic, ...]) -> None:
        self._counts[state] += 1
        told = tuple(sorted(found, key=lambda item: item.severity is not Severity.ERROR))
        self.state = State(state, time.time_ns(), told, self._counts[state])
        self._notice(self.state)


def load_seen(folder: Path, seen: Look, prepare: Callable[[Files], PolicySet]) -> PolicySet:
    """What ``prepare`` makes of the files of a folder, if they look like ``seen`` when it has.

    Raises ``PolicyError`` with what is wrong with them, ``MovedError`` if they look otherwise.
    """
    files = RecordedFiles(Folder(folder))
    try:
        if not folder.is_dir():
            raise PolicyError([problems.folder_gone(folder)])
        return prepare(files)
    finally:
        now = look(folder)
        if any(now.get(name) != seen.get(name) for name in files.contents):
            raise MovedError


def _digests(policies: PolicySet) -> tuple[tuple[str, str], ...]:
    return tuple((pack.name, pack.digest) for pack in policies.packs)


def suite_problems(files: Files, policies: PolicySet) -> tuple[Diagnostic, ...]:
    """What is wrong with the suites of packs, and which of their cases fail."""
    read = read_suites(files, policies.packs)
    found = [item for item in read.diagnostics if item.severity is Severity.ERROR]
    runner = Runner(policies.packs)
    for suite in read.suites:
        for case, step in suite.steps():
            if not runner.passes(step):
                found.append(problems.case_fails(step.span, suite.name, case.name, step.label))
    return tuple(found)
