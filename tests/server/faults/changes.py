"""What is done to the policies of a service while clients ask, and what they are told meanwhile.

``python -m tests.server.faults.changes --times N`` does each N times (20) and prints a table.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any, Final

from tests.server.changing_pack import REQUEST, policy, put_pack
from tests.server.processes import Service, started
from tests.server.talking import EVALUATION, Told, ask, connected

__all__ = ["CHANGES", "Heard", "asked", "change_and_mend", "eventually", "metric"]


@dataclass(slots=True)
class Heard:
    """What clients heard: how many decisions, whatever was none, and which rule came from where."""

    decisions: int = 0
    wrong: list[object] = field(default_factory=list)
    rules: dict[str, set[str]] = field(default_factory=dict)
    slowest: float = 0.0

    def hear(self, told: Told, seconds: float) -> None:
        """Takes note of an answer: its rule, and the digest of the pack that it names."""
        if told.status != 200 or told.body["decision"] is not True:
            self.wrong.append(told)
            return
        self.decisions += 1
        self.slowest = max(self.slowest, seconds)
        (reason,) = told.body["context"]["reasons"]
        (pack,) = told.body["context"]["packs"]
        self.rules.setdefault(pack["digest"], set()).add(reason["rule"])

    @property
    def mixed(self) -> int:
        """How many versions answered with the rule of another."""
        return sum(len(rules) > 1 for rules in self.rules.values())


@contextmanager
def asked(service: Service, *, clients: int = 4) -> Iterator[Heard]:
    """Inside, clients ask for decisions, each over one connection."""
    heard = Heard()
    done = Event()

    def client() -> None:
        with connected(service.port) as connection:
            while not done.is_set():
                began = time.perf_counter()
                try:
                    told = ask(connection, EVALUATION, REQUEST)
                except (OSError, HTTPException) as error:
                    heard.wrong.append(error)
                    return
                heard.hear(told, time.perf_counter() - began)

    threads = [Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield heard
    finally:
        done.set()
        for thread in threads:
            thread.join()


def change_and_mend(
    service: Service, pack: Path, change: Callable[[Path], object], number: int, workers: int
) -> Mapping[str, Any]:
    """Breaks the pack, and puts a version in its place when all workers have seen it.

    What ``/readyz`` tells of it.
    """
    change(pack / "pages.yaml")
    eventually(lambda: metric(service, "evaluator_reload_failed ") == workers)
    with connected(service.port) as connection:
        ready = ask(connection, "/readyz")
    assert (ready.status, ready.body["status"]) == (200, "ready")
    (pack / "pages.yaml").unlink(missing_ok=True)
    put_pack(pack, number)
    eventually(lambda: metric(service, "evaluator_reload_failed ") == 0)
    reload: Mapping[str, Any] = ready.body["reload"]
    return reload


def eventually(what: Callable[[], Any], seconds: float = 8.0) -> Any:
    """What ``what`` returns once that is true. Raises ``AssertionError`` where it does not."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} seconds")


def metric(service: Service, name: str) -> float:
    """The sum of the samples whose line begins so."""
    with connected(service.port) as connection:
        text = ask(connection, "/metrics").body
    return sum(
        float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name)
    )


# What may happen to a file


def _half(path: Path) -> None:
    text = policy(9)
    path.write_text(text[: text.index("effect") + 4], "utf-8")


def _link(path: Path) -> None:
    outside = path.parents[1] / "outside.yaml"
    outside.write_text(policy(9), "utf-8")
    path.unlink()
    path.symlink_to(outside)


def _away(path: Path) -> None:
    path.parent.rename(path.parents[1] / f"away-{time.monotonic_ns()}")


CHANGES: Final[Mapping[str, Callable[[Path], object]]] = {
    "a policy replaced by garbage": lambda path: path.write_bytes(b"\x00garbage"),
    "a policy written by half": _half,
    "a link out of the pack": _link,
    "a policy deleted": Path.unlink,
    "the folder moved away": _away,
}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.server.faults.changes")
    parser.add_argument("--times", type=int, default=20)
    times: int = parser.parse_args(arguments).times
    titles = ("fault", "times", "decisions", "other answers", "mixed", "slowest answer")
    _say(f"| {' | '.join(titles)} |\n|---|---:|---:|---:|---:|---:|")
    failed = False
    number = 1
    for name, change in CHANGES.items():
        with TemporaryDirectory() as folder:
            pack = put_pack(Path(folder) / "policies")
            with started("-p", str(pack), "--workers", "2") as service, asked(service) as heard:
                for _ in range(times):
                    number += 1
                    change_and_mend(service, pack, change, number, 2)
        others, slowest = len(heard.wrong), f"{1000 * heard.slowest:.0f} ms"
        _say(f"| {name} | {times} | {heard.decisions:,} | {others} | {heard.mixed} | {slowest} |")
        failed = failed or bool(others or heard.mixed)
    return int(failed)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
