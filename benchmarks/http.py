"""``http``: the service against uvicorn answering a constant, and a decision written by hand."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final
from urllib.request import urlopen

from benchmarks.machine import ROOT, keep_on_core
from benchmarks.measuring import spread
from benchmarks.results import Result, Table, duration, range_of, ratio
from benchmarks.settings import Settings
from tests.server.processes import started

__all__ = ["run"]

_RAW: Final = "uvicorn, a constant"
_OTHERS: Final = {_RAW: "raw", "starlette, by hand": "hand"}
_OURS: Final = "evaluator"
_STRICTS: Final = ("evaluator, strict log", "evaluator, strict log, asked again")
# The configuration of each service of ours, beside the policies. By itself it remembers answers,
# and the client goes through its questions again and again; without, each is decided anew.
_ANEW: Final = "limits: {remembered: 0}\n"
_CONFIGURED: Final = {
    _OURS: _ANEW,
    "evaluator, asked again": "",
    "evaluator, buffered log": f"{_ANEW}log: {{file: buffered.jsonl}}\n",
    "evaluator, buffered log, asked again": "log: {file: buffered-again.jsonl}\n",
    _STRICTS[0]: f"{_ANEW}log: {{file: strict.jsonl, durability: strict}}\n",
    _STRICTS[1]: "log: {file: strict-again.jsonl, durability: strict}\n",
}


def run(settings: Settings) -> Result:
    """Each server in a process on one core, the client on another; they take turns."""
    rounds = settings.choose(3, quick=1)
    seconds = settings.choose(1.5, quick=0.3)
    connections = settings.choose((1, 16, 64), quick=(1, 16))
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    syncs: dict[tuple[str, int], list[float]] = {}
    batches: list[float] = []
    with tempfile.TemporaryDirectory() as folder, _servers(Path(folder)) as ports:
        for _ in range(rounds):
            for count in connections:
                for name, port in ports.items():
                    before = _written(port) if name in _STRICTS else (0.0, 0.0)
                    told = _client(port, count, seconds, batch=0)
                    found.setdefault((name, count), []).append(told)
                    if name in _STRICTS:
                        records, writes = _written(port)
                        each = (records - before[0]) / (writes - before[1])
                        syncs.setdefault((name, count), []).append(each)
            batches.append(_client(ports[_OURS], 1, seconds, batch=50)["rate"] * 50)
    rows, values = [], {}
    for (name, count), measured in found.items():
        constant = [one["rate"] for one in found[_RAW, count]]
        share = spread([one["rate"] / its for one, its in zip(measured, constant, strict=True)])
        rate = spread([one["rate"] for one in measured])
        p50, p99 = (spread([one[key] for one in measured]).median for key in ("p50", "p99"))
        rows.append(
            (
                name,
                str(count),
                f"{rate.median:,.0f}/s",
                duration(p50),
                duration(p99),
                ratio(share.median),
                range_of(share),
            )
        )
        values[f"{name} {count}"] = {
            "rate": rate.as_json(),
            "p50": p50,
            "p99": p99,
            "ratio": share.as_json(),
        }
    single = spread([one["rate"] for one in found[_OURS, 1]]).median
    batch = spread(batches).median
    columns = ("", "connections", "answers", "p50", "p99", "to constant", "p10 .. p90")
    shared = {key: spread(each) for key, each in syncs.items()}
    tables = (
        Table("answers a second, by connections; ratio: of the constant's", columns, tuple(rows)),
        Table(
            "decisions a second, one connection",
            ("", "decisions", "ratio"),
            (
                ("one a request", f"{single:,.0f}/s", "1.00"),
                ("50 a request", f"{batch:,.0f}/s", ratio(batch / single)),
            ),
        ),
        Table(
            "records that an fsync of the strict log puts on disk",
            ("", "connections", "records"),
            tuple(
                (name, str(count), f"{each.median:,.1f}") for (name, count), each in shared.items()
            ),
        ),
    )
    told_of_log = {f"{name} {count}": each.as_json() for (name, count), each in shared.items()}
    return Result(
        tables,
        _NOTES,
        {"http": values, "batch": batch / single, "records_per_fsync": told_of_log},
    )


_NOTES: Final = (
    (
        "All servers are uvicorn with h11, one worker. The constant is a bare ASGI application; by "
        "hand is Starlette with msgspec and the licence domain as a function, which verifies what "
        "it reads and tells effect and rule ids."
    ),
    (
        "Ours is `evaluator serve` as it is started by its owners: with its guard against "
        "overload, its metrics and its look at hosts and callers. It answers with reasons, "
        "remedies, outputs and valid_until. Requests are 500 of the licence pack, seeded. Each is "
        "decided anew (`limits.remembered: 0`), but where they are asked again: there all answers "
        "are remembered after the first round, which requests with the same octets have to be."
    ),
)


@contextmanager
def _servers(folder: Path) -> Iterator[Mapping[str, int]]:
    """The servers by name, with the ports that they listen on."""
    with ExitStack() as stack:
        ports = {name: stack.enter_context(_other(kind)) for name, kind in _OTHERS.items()}
        for number, (name, text) in enumerate(_CONFIGURED.items()):
            config = folder / f"server{number}.yaml"
            config.write_text(f"trust_client_time: true\n{text}", "utf-8")
            policies = str(ROOT / "policies" / "licenses")
            options = ("-p", policies, "--no-reload", "--config", str(config))
            service = stack.enter_context(started(*options))
            keep_on_core(service.process.pid, 0)
            ports[name] = service.port
        yield ports


@contextmanager
def _other(kind: str) -> Iterator[int]:
    command = (sys.executable, "-m", "benchmarks.http_server", kind, "0")
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


def _written(port: int) -> tuple[float, float]:
    """How many records a service has written to its log, and how often it has written any."""
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    told = dict(line.rsplit(" ", 1) for line in lines if line.startswith("evaluator_log_"))
    names = ("evaluator_log_records_total", "evaluator_log_writes_total")
    records, writes = (float(told[name]) for name in names)
    return records, writes


def _client(port: int, connections: int, seconds: float, *, batch: int) -> dict[str, Any]:
    done = subprocess.run(
        (
            sys.executable,
            "-m",
            "benchmarks.http_client",
            *map(str, (port, connections, seconds, batch)),
            "1",
        ),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told
