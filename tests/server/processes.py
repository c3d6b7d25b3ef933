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

__all__ = ["Service", "started"]

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
def started(
    *options: str, cwd: Path = ROOT, environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Service]:
    """Starts a service at a free port; at the end of the block it is told to stop, and does."""
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "evaluator", "serve", "--port", "0", *options],
        cwd=cwd,
        env={**kept, "PYTHONPATH": str(ROOT), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    try:
        line = process.stderr.readline()
        if not line.startswith(_LISTENS):
            raise AssertionError(line + process.stderr.read())
        yield Service(line.removeprefix(_LISTENS).strip(), process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stderr.close()
