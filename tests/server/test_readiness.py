"""What ``/readyz`` says of a service that cannot write its decisions down."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from evaluator.server.readiness import Condition, Readiness
from tests.server.changing_pack import REQUEST, put_pack
from tests.server.faults.changes import eventually, metric
from tests.server.processes import Service, started
from tests.server.talking import EVALUATION, Told, ask, connected


def test_every_part_has_to_be_ready() -> None:
    readiness = Readiness()
    assert (readiness.answer().status, readiness.answer().body) == (200, {"status": "ready"})
    parts = {"reload": Condition({"state": "failed"}), "log": Condition({"state": "written"})}
    for name in parts:
        readiness.add(name, lambda name=name: parts[name])  # type: ignore[misc]  # a default, to bind it now
    answer = readiness.answer()
    assert answer.status == 200
    assert answer.body == {
        "status": "ready",
        "reload": {"state": "failed"},
        "log": {"state": "written"},
    }
    parts["log"] = Condition({"state": "failing"}, is_ready=False)
    answer = readiness.answer()
    assert (answer.status, answer.headers) == (503, {"retry-after": "1"})
    assert answer.body["status"] == "not ready"
    assert answer.body["log"] == {"state": "failing"}


Harm = Callable[[Service, Path], Callable[[], object]]


def full(service: Service, log: Path) -> Callable[[], object]:
    """Files may grow no more."""
    process = service.process.pid
    unlimited = resource.prlimit(process, resource.RLIMIT_FSIZE)
    limited = (log.stat().st_size + 10, unlimited[1])
    resource.prlimit(process, resource.RLIMIT_FSIZE, limited)
    return lambda: resource.prlimit(process, resource.RLIMIT_FSIZE, unlimited)


def removed(service: Service, log: Path) -> Callable[[], object]:
    """The folder is taken away."""
    log.parent.rename(log.parent.with_name("away"))
    return log.parent.mkdir


@contextmanager
def logging(folder: Path, durability: str, more: str = "") -> Iterator[tuple[Service, Path]]:
    put_pack(folder / "policies")
    (folder / "log").mkdir()
    config = folder / "server.yaml"
    config.write_text(
        "policies: policies\n"
        f"log: {{file: log/decisions.jsonl, durability: {durability}, interval: 0.05{more}}}\n",
        "utf-8",
    )
    with started("--config", str(config), "--no-reload") as service:
        yield service, folder / "log" / "decisions.jsonl"


def asked(service: Service, path: str, body: Any = None) -> Told:
    with connected(service.port) as connection:
        return ask(connection, path, body)


def is_ready(service: Service) -> bool:
    return asked(service, "/readyz").status == 200


needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="faults are made by Linux's means")


@needs_linux
@pytest.mark.parametrize(
    ("harm", "words"), [(full, "File too large"), (removed, "No such file or directory")]
)
def test_a_strict_log_that_fails_is_not_ready_until_it_is_mended(
    tmp_path: Path, harm: Harm, words: str
) -> None:
    with logging(tmp_path, "strict") as (service, log):
        assert asked(service, EVALUATION, REQUEST).status == 200
        told = asked(service, "/readyz")
        assert (told.status, told.body["log"]) == (200, {"state": "written", "waiting": 0})
        mend = harm(service, log)
        assert asked(service, EVALUATION, REQUEST).status == 503
        told = asked(service, "/readyz")
        assert (told.status, told.headers["retry-after"]) == (503, "1")
        assert told.body == {
            "status": "not ready",
            "log": {"state": "failing", "waiting": 0, "problem": words},
        }
        assert asked(service, "/healthz").status == 200
        mend()
        eventually(lambda: is_ready(service))  # without a decision to try it with
        assert asked(service, EVALUATION, REQUEST).status == 200
        # To try is not to write.
        assert metric(service, "evaluator_log_records_total") == 2
        assert metric(service, "evaluator_log_writes_total") == 2
    lines = [line for path in tmp_path.rglob("*.jsonl") for line in path.read_bytes().splitlines()]
    assert len(lines) == 2
    assert all(line.startswith(b'{"schema":1,') and line.endswith(b"}") for line in lines)


@needs_linux
def test_a_buffered_log_is_ready_while_there_is_room(tmp_path: Path) -> None:
    with logging(tmp_path, "buffered", ", queue: 2") as (service, log):
        mend = removed(service, log)
        assert asked(service, EVALUATION, REQUEST).status == 200

        def failing() -> bool:
            told = asked(service, "/readyz")
            assert told.status == 200
            return bool(told.body["log"]["state"] == "failing")

        eventually(failing)
        assert asked(service, EVALUATION, REQUEST).status == 200
        assert asked(service, EVALUATION, REQUEST).status == 503
        told = asked(service, "/readyz")
        assert (told.status, told.body["log"]["waiting"]) == (503, 2)
        mend()
        eventually(lambda: is_ready(service))
        assert asked(service, EVALUATION, REQUEST).status == 200
    assert len(log.read_bytes().splitlines()) == 3
