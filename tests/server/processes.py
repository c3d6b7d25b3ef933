"""The service as a process of its own, as ``evaluator serve`` starts it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

__all__ = ["Service", "launched", "started"]

ROOT = Path(__file__).parents[2]
_LISTENS = "evaluator listens on "


@dataclass(frozen=True, slots=True)
class Service:
    """A service that listens: its address, and the process."""

    url: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        port = urlsplit(self.url).port
        assert port is not None
        return port


@contextmanager
def launched(
    command: str,
    *options: str,
    cwd: Path = ROOT,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Starts a command that listens, at a free port: the line that it tells, and the process.

    At the end of the block it is told to stop, and does.
    """
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "evaluator", command, "--port", "0", *options],
        cwd=cwd,
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        yield process.stderr.readline(), process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stderr.close()


@contextmanager
def started(
    *options: str, cwd: Path = ROOT, environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Service]:
    """Starts a service; see ``launched``."""
    with launched("serve", *options, cwd=cwd, environment=environment) as (line, process):
        if not line.startswith(_LISTENS):
            assert process.stderr is not None
            raise AssertionError(line + process.stderr.read())
        yield Service(line.removeprefix(_LISTENS).strip(), process)
