"""``http``: the service against uvicorn answering a constant, and a decision written by hand."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.machine import ROOT
from benchmarks.measuring import spread
from benchmarks.results import Result, Table, duration, range_of, ratio
from benchmarks.settings import Settings

__all__ = ["run"]

_RAW: Final = "uvicorn, a constant"
_SERVERS: Final = {
    _RAW: "raw",
    "starlette, by hand": "hand",
    "evaluator": "ours",
    "evaluator, buffered log": "buffered",
    "evaluator, strict log": "strict",
}


def run(settings: Settings) -> Result:
    """Each server in a process on one core, the client on another; they take turns."""
    rounds = settings.choose(3, quick=1)
    seconds = settings.choose(1.5, quick=0.3)
    connections = settings.choose((1, 16, 64), quick=(1, 16))
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    batches: list[float] = []
    with tempfile.TemporaryDirectory() as folder, _servers(Path(folder)) as ports:
        for _ in range(rounds):
            for count in connections:
                for name, port in ports.items():
                    told = _client(port, count, seconds, batch=0)
                    found.setdefault((name, count), []).append(told)
            batches.append(_client(ports["evaluator"], 1, seconds, batch=50)["rate"] * 50)
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
    single = spread([one["rate"] for one in found["evaluator", 1]]).median
    batch = spread(batches).median
    columns = ("", "connections", "answers", "p50", "p99", "to constant", "p10 .. p90")
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
    )
    return Result(tables, _NOTES, {"http": values, "batch": batch / single})


_NOTES: Final = (
    (
        "All servers are uvicorn with h11, one worker. The constant is a bare ASGI application; by "
        "hand is Starlette with msgspec and the licence domain as a function, which verifies what "
        "it reads and tells effect and rule ids."
    ),
    (
        "Ours answers with reasons, remedies, outputs and valid_until. Requests are those of the "
        "licence pack, seeded."
    ),
)


@contextmanager
def _servers(folder: Path) -> Iterator[Mapping[str, int]]:
    """The servers by name, with the ports that they listen on."""
    started: dict[str, subprocess.Popen[str]] = {}
    try:
        ports = {}
        for name, kind in _SERVERS.items():
            process = subprocess.Popen(
                (sys.executable, "-m", "benchmarks.http_server", kind, str(folder), "0"),
                cwd=ROOT,
                stdout=subprocess.PIPE,
                text=True,
            )
            started[name] = process
            assert process.stdout is not None
            line = process.stdout.readline()
            if line.strip():
                ports[name] = int(line)
        yield ports
    finally:
        for process in started.values():
            process.terminate()
        for process in started.values():
            process.wait(10)


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
