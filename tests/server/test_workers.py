"""Several workers at one port, and how a service stops: real processes, and what clients see."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from evaluator.server.running import bound
from tests.server.changing_pack import REQUEST, policy, put, put_pack
from tests.server.faults.changes import CHANGES, asked, change_and_mend, eventually, metric
from tests.server.processes import ROOT, Service, started
from tests.server.talking import EVALUATION, ask, connected, head, opened, rest

BODY = b'{"subject":{"type":"user","id":"a"},"action":{"name":"read"},"resource":'
REST = b'{"type":"page","id":"1"}}'


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return put_pack(tmp_path / "policies")


def children(service: Service) -> set[int]:
    """The workers: children of the process that were not there before them."""
    told = Path(f"/proc/{service.process.pid}/task/{service.process.pid}/children").read_text()
    return set(map(int, told.split()))


def test_workers_share_the_port_and_the_metrics(pack: Path) -> None:
    with started("-p", str(pack), "--workers", "2") as service:
        eventually(lambda: metric(service, "evaluator_workers ") == 2)
        workers = children(service)
        assert len(workers) == 2
        ids = set()
        for _ in range(40):
            with connected(service.port) as connection:
                told = ask(connection, EVALUATION, REQUEST)
                assert told.status == 200
                ids.add(told.body["context"]["id"])
        assert len(ids) == 40
        assert len({name.partition("-")[0] for name in ids}) == 2  # both have answered
        for _ in range(8):  # whichever is asked
            assert metric(service, "evaluator_decision_seconds_count") == 40

        victim = min(workers)
        os.kill(victim, signal.SIGKILL)
        eventually(lambda: len(children(service)) == 2 and victim not in children(service))
        for _ in range(20):
            with connected(service.port) as connection:
                assert ask(connection, EVALUATION, REQUEST).status == 200
        # What the one that has died counted is not lost.
        eventually(lambda: metric(service, "evaluator_decision_seconds_count") == 60)
        assert metric(service, "evaluator_worker_restarts_total") == 1

        put(pack / "pages.yaml", policy(2))
        eventually(lambda: metric(service, "evaluator_reloads_total") == 2)
        for _ in range(20):
            with connected(service.port) as connection:
                (reason,) = ask(connection, EVALUATION, REQUEST).body["context"]["reasons"]
                assert reason["rule"] == "version-2"
        # A worker that comes later knows what has changed since the service began.
        os.kill(max(children(service)), signal.SIGKILL)
        eventually(lambda: metric(service, "evaluator_worker_restarts_total") == 2)
        eventually(lambda: metric(service, "evaluator_reloads_total") == 3)


@pytest.mark.parametrize(
    ("workers", "by"), [(1, signal.SIGTERM), (2, signal.SIGTERM), (1, signal.SIGHUP)]
)
def test_what_has_come_is_answered(pack: Path, workers: int, by: signal.Signals) -> None:
    with started("-p", str(pack), "--workers", str(workers)) as service, ExitStack() as stack:
        waiting = [
            stack.enter_context(opened(service.port, head(len(BODY + REST)) + BODY))
            for _ in range(8)
        ]
        eventually(lambda: metric(service, "evaluator_requests_in_work ") >= 8)
        idle = stack.enter_context(opened(service.port))
        service.process.send_signal(by)
        assert rest(idle) == b""
        eventually(lambda: refused(service.port))
        for one in waiting:
            one.sendall(REST)
            answer = rest(one)
            assert answer.startswith(b"HTTP/1.1 200 "), answer
            assert b'"decision":true' in answer
        assert service.process.wait(10) == 0


def test_a_connection_that_comes_as_the_service_stops(pack: Path) -> None:
    """Accepted when uvicorn ends those that it has, and heard of after that."""
    with started("-p", str(pack)) as service, ExitStack() as stack:
        waiting = stack.enter_context(opened(service.port, head(len(BODY + REST)) + BODY))
        eventually(lambda: metric(service, "evaluator_requests_in_work ") >= 1)
        service.process.send_signal(signal.SIGSTOP)
        idle = stack.enter_context(opened(service.port))
        service.process.send_signal(signal.SIGTERM)
        service.process.send_signal(signal.SIGCONT)
        assert rest(idle) == b""
        waiting.sendall(REST)
        assert rest(waiting).startswith(b"HTTP/1.1 200 ")
        assert service.process.wait(10) == 0


def refused(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return False
    except ConnectionError:
        return True


def test_workers_end_with_who_started_them(pack: Path) -> None:
    with started("-p", str(pack), "--workers", "2") as service:
        eventually(lambda: metric(service, "evaluator_workers ") == 2)
        workers = children(service)
        service.process.kill()
        service.process.wait()
        eventually(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))


def test_workers_that_cannot_begin(pack: Path, tmp_path: Path) -> None:
    done = serve("-p", str(pack), "--workers", "2", "--log", str(tmp_path / "no/where.jsonl"))
    assert done.returncode == 2
    assert done.stderr.count("error[EVL842]") in (1, 2)  # once a worker that came so far


def test_an_address_that_is_taken(pack: Path) -> None:
    with started("-p", str(pack), "--workers", "2") as service:
        for workers in ("1", "2"):
            done = serve("-p", str(pack), "--workers", workers, "--port", str(service.port))
            assert done.returncode == 2
            assert done.stderr.endswith(
                f":{service.port}: Address already in use; --port takes another.\n"
            )


def serve(*options: str) -> subprocess.CompletedProcess[str]:
    """A service that is not expected to start."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "evaluator", "serve", *options],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )


def test_clients_while_policies_change(pack: Path) -> None:
    """Four clients ask while the files go through all that may happen to them."""
    with started("-p", str(pack), "--workers", "2", "--events", "json") as service:
        with asked(service) as heard:
            for number, change in enumerate(CHANGES.values(), start=2):
                told = change_and_mend(service, pack, change, number, workers=2)
                assert told["state"] == "failed"
                assert told["diagnostics"]
            failed = metric(service, 'evaluator_reloads_total{result="failed"}')
        assert failed >= 2 * len(CHANGES)
        assert heard.wrong == []
        rules = set().union(*heard.rules.values())
        assert rules <= {f"version-{number}" for number in range(1, len(CHANGES) + 2)}
        assert len(rules) == len(heard.rules) > 1  # each answer by all of one version
        service.process.send_signal(signal.SIGTERM)
        service.process.wait(10)
        assert service.process.stderr is not None
        events = service.process.stderr.read()
        assert '"event": "policies not loaded; those from before answer"' in events
        assert "pages.yaml:4:5: error[EVL115]" in events


def test_a_hangup_may_be_ignored(pack: Path) -> None:
    """As by ``nohup``."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)  # which processes inherit
    try:
        with started("-p", str(pack), "--workers", "2") as service:
            eventually(lambda: metric(service, "evaluator_workers ") == 2)
            for process in (service.process.pid, *children(service)):
                os.kill(process, signal.SIGHUP)
            time.sleep(0.3)
            assert metric(service, "evaluator_worker_restarts_total") == 0
            with connected(service.port) as connection:
                assert ask(connection, EVALUATION, REQUEST).status == 200
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="not Linux: no /dev/full")
@pytest.mark.parametrize("stream", [">/dev/full", ">&-"])
def test_a_service_that_nobody_can_hear(pack: Path, stream: str) -> None:
    with bound("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    command = f'exec "$0" -P -m evaluator serve -p "$1" --port "$2" 2{stream}'
    process = subprocess.Popen(
        ["/bin/sh", "-c", command, sys.executable, str(pack), str(port)],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
    )
    try:
        eventually(lambda: not refused(port))
        with connected(port) as connection:
            assert ask(connection, EVALUATION, REQUEST).status == 200
    finally:
        process.terminate()
        process.wait(10)
    assert process.returncode in (0, 120)  # as Python ends that has something left to tell
