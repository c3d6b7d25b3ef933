"""The file of entities followed while it changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path
from typing import Final

from evaluator.diagnostics import Diagnostic
from evaluator.server.app import Application
from evaluator.server.config.paths import read_bytes
from evaluator.server.entities import Entities
from evaluator.server.entity_files import read_entities
from evaluator.server.events import Log
from evaluator.server.lifespan import background
from evaluator.server.sources.opening import open_database
from evaluator.server.sources.sqlite_rows import is_sqlite
from evaluator.server.watching import Look, changes, look_at_file

__all__ = ["EntityReloader", "follow_entities", "open_entities", "telling"]

_MOST: Final = 256 * 1024 * 1024
"""Bytes of a file: some two million entities, which take twelve seconds and a gigabyte."""

_TOLD: Final = 20  # diagnostics in a line of the log


def open_entities(
    path: Path, *, report: Callable[[Diagnostic], None] = lambda _: None
) -> tuple[Entities | None, tuple[Diagnostic, ...]]:
    """The entities of a file, JSON, YAML or SQLite; None and what is wrong with it.

    ``report`` is told of databases that fail later.
    """
    if is_sqlite(path):
        return open_database(path, report=report)
    data = read_bytes(path, str(path), most=_MOST)
    if isinstance(data, Diagnostic):
        return None, (data,)
    return read_entities(data, str(path), folder=path.parent, report=report)


def telling(log: Log) -> Callable[[Diagnostic], None]:
    """What tells a log of databases that fail."""
    return lambda problem: log.error("entities cannot be looked up", diagnostics=[str(problem)])


def follow_entities(app: Application, path: Path, *, seen: Look, log: Log) -> None:
    """Lets what a file has be what is known, from what it looked like on."""

    def notice(read: bool, diagnostics: Sequence[Diagnostic]) -> None:
        told = [str(item) for item in diagnostics[:_TOLD]]
        if read:
            log.info("entities loaded", **({"diagnostics": told} if told else {}))
        else:
            log.error("entities not loaded; those from before are found", diagnostics=told)

    reloader = EntityReloader(
        path, app.replace_entities, seen=seen, report=telling(log), notice=notice
    )
    app.keep(background(reloader.run))


class EntityReloader:
    """Reads a file of entities again whenever it changes, and gives what it has to ``take``.

    ``seen`` is what the file looked like when it was read. ``notice`` is told of every reading, of
    whether it went well and what was found. What cannot be read changes nothing.
    """

    def __init__(
        self,
        path: Path,
        take: Callable[[Entities], None],
        *,
        seen: Look,
        report: Callable[[Diagnostic], None],
        notice: Callable[[bool, Sequence[Diagnostic]], None],
        settle: float = 0.15,
        every: float = 2.0,
    ) -> None:
        self._path = path
        self._take = take
        self._database = is_sqlite(path)
        self._seen = seen
        self._report = report
        self._notice = notice
        self._settle = settle
        self._every = every

    async def run(self) -> None:
        """Reads and replaces until cancelled. Of a database, nothing needs to be read again."""
        executor = ThreadPoolExecutor(1, "entities")
        try:
            await self._follow(executor)
        finally:
            executor.shutdown(wait=False, cancel_futures=True)

    async def _follow(self, executor: Executor) -> None:
        loop = asyncio.get_running_loop()
        watched = changes(
            self._path,
            self._seen,
            settle=self._settle,
            every=self._every,
            executor=executor,
            taken=look_at_file,
        )
        async with aclosing(watched):
            async for found in watched:
                was, self._database = self._database, is_sqlite(self._path)
                if was and self._database:
                    continue
                entities, diagnostics = await loop.run_in_executor(executor, self._read)
                if look_at_file(self._path) != found:
                    continue  # the next look sees it
                if entities is not None:
                    self._take(entities)
                self._notice(entities is not None, diagnostics)

    def _read(self) -> tuple[Entities | None, tuple[Diagnostic, ...]]:
        return open_entities(self._path, report=self._report)
