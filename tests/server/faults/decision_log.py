"""What is done to a service that logs its decisions, and whether a told decision is lost by it."""

from __future__ import annotations

import asyncio
import os
import random
import resource
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Final, Literal, TypeVar

from evaluator.documents.json_documents import load_json
from evaluator.history.chain import Sealer, read_head
from evaluator.history.verifying import Verification
from tests.server.faults.load import ROOT, Told, ask_while
from tests.server.processes import Service, started

__all__ = ["Outcome", "full_disk", "killed_workers", "kills", "removed_folder", "stops"]

_LICENCES: Final = str(ROOT / "policies/licenses")
Durability = Literal["buffered", "strict"]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a fault.

    ``told`` decisions were answered with 200 and ``refused`` with 503; of those told, ``lost`` are
    in no record and ``doubled`` in more than one. ``findings`` are what verification found.
    """

    fault: str
    times: int
    told: int
    refused: int
    recorded: int
    lost: int
    doubled: int
    findings: tuple[str, ...]


@contextmanager
def serving(log: Path, durability: Durability, *more: str) -> Iterator[Service]:
    options = ("-p", _LICENCES, "--trust-client-time", "--log", str(log))
    with started(*options, "--durability", durability, *more) as service:
        yield service


@contextmanager
def asked(service: Service, told: Told, clients: int, name: str) -> Iterator[None]:
    """Inside, clients ask; at the end they stop."""
    goes_on = True
    thread = Thread(
        target=lambda: asyncio.run(
            ask_while(service.port, lambda: goes_on, told, clients=clients, name=name)
        )
    )
    thread.start()
    try:
        yield
    finally:
        goes_on = False
        thread.join()


def kills(folder: Path, times: int, *, clients: int = 16, seed: int = 1) -> Outcome:
    """The process is killed (SIGKILL) at a random moment under load, and started again."""
    told = Told()
    moments = random.Random(seed)
    log = folder / "decisions.jsonl"
    for number in range(times):
        with serving(log, "strict") as service, asked(service, told, clients, f"kill{number}"):
            more(told, 200)
            time.sleep(moments.uniform(0.0, 0.5))
            service.process.kill()
    with serving(log, "strict"):  # what was not finished is cut off at the start
        pass
    return outcome("killed under load", times, told, folder)


def killed_workers(folder: Path, times: int, *, clients: int = 16, seed: int = 1) -> Outcome:
    """One of two workers is killed under load; the other goes on with the same log."""
    told = Told()
    moments = random.Random(seed)
    service_of_two = serving(folder / "decisions.jsonl", "strict", "--workers", "2")
    with service_of_two as service, asked(service, told, clients, "worker"):
        for _ in range(times):
            # Each lives for more than two seconds: of more haste the service would despair.
            time.sleep(moments.uniform(1.1, 1.5))
            until(lambda: len(children(service.process.pid)) == 2)
            os.kill(children(service.process.pid)[0], signal.SIGKILL)
            more(told, 200)
    return outcome("one of two workers killed", times, told, folder)


def full_disk(folder: Path, times: int, *, clients: int = 16) -> Outcome:
    """Files may grow no more (RLIMIT_FSIZE) in the midst of a group, and then they may again."""
    told = Told()
    log = folder / "decisions.jsonl"
    with serving(log, "strict") as service:
        unlimited = resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE)
        with asked(service, told, clients, "full"):
            for number in range(times):
                size = log.stat().st_size
                grown = size + 20_000 + 777 * number  # somewhere within a record
                resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (grown, unlimited[1]))
                more(told, 503)
                resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, unlimited)
                more(told, 200)
    return outcome("disk full", times, told, folder)


def removed_folder(folder: Path, times: int, *, clients: int = 16) -> Outcome:
    """The folder of the log is moved away under load, and made anew."""
    told = Told()
    logs = folder / "logs"
    logs.mkdir()
    log = logs / "decisions.jsonl"
    with serving(log, "strict") as service, asked(service, told, clients, "removed"):
        for number in range(times):
            more(told, 200)
            logs.rename(folder / f"away{number}")
            more(told, 503)
            logs.mkdir()
        more(told, 200)
    return outcome("folder removed", times, told, folder)


def stops(folder: Path, times: int, *, clients: int = 16) -> Outcome:
    """The process is told to stop (SIGTERM) under load, with a log that is buffered for long."""
    told = Told()
    config = folder / "server.yaml"
    config.write_text("log: {file: decisions.jsonl, interval: 60}\n", "utf-8")
    log = folder / "decisions.jsonl"
    for number in range(times):
        with serving(log, "buffered", "--config", str(config)) as service:
            with asked(service, told, clients, f"stop{number}"):
                more(told, 200)
                time.sleep(0.3)
                service.process.send_signal(signal.SIGTERM)
            service.process.wait(20)
    return outcome("stopped under load, buffered", times, told, folder)


def outcome(fault: str, times: int, told: Told, folder: Path) -> Outcome:
    """Reads all files of a log, wherever they were moved to, and compares them with what was told.

    The folder it was moved out of keeps the head that counts.
    """
    verification = Verification(Sealer())
    head = max(
        (read_head(path.read_bytes()) for path in folder.rglob("*.head")),
        key=lambda head: 0 if head is None else head.number,
    )
    assert head is not None
    verification.expect(head, "head")
    recorded: Counter[str] = Counter()
    findings: list[str] = []
    files = sorted(folder.rglob("*.jsonl"), key=_first_number)
    for path in files:
        with path.open("rb") as stream:
            findings += [
                f"{one.place}: {one.diagnostic.message}"
                for one in verification.read(stream, path.name)
            ]
        for line in path.read_bytes().splitlines():
            value, diagnostics = load_json(line)
            assert not diagnostics, diagnostics
            recorded[value["id"]] += 1
    findings += [f"{one.place}: {one.diagnostic.message}" for one in verification.finish()]
    return Outcome(
        fault,
        times,
        len(told.ids),
        told.statuses[503],
        recorded.total(),
        sum(id_ not in recorded for id_ in told.ids),
        sum(count > 1 for count in recorded.values()),
        tuple(findings),
    )


def _first_number(path: Path) -> int:
    line = path.read_bytes().partition(b"\n")[0]
    return int(load_json(line)[0]["number"]) if line else 0


def children(process: int) -> list[int]:
    """The workers of a service."""
    path = Path(f"/proc/{process}/task/{process}/children")
    return [int(number) for number in path.read_text("ascii").split()]


def more(told: Told, status: int) -> None:
    """Waits until clients were told a status some more times."""
    before = told.statuses[status]
    until(lambda: told.statuses[status] > before + 20)


def until(found: Callable[[], T], seconds: float = 20) -> T:
    limit = time.monotonic() + seconds
    while not (result := found()):
        if time.monotonic() > limit:
            raise AssertionError("it takes too long")
        time.sleep(0.005)
    return result
