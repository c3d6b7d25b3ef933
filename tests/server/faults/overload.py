"""More requests than the service can answer, and how long those wait that it accepts.

``python -m tests.server.faults.overload --seconds N`` prints a table. Service and clients have a
core each, where there are two.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.machine import keep_on_core
from evaluator.server.settings import Limits
from tests.server.faults.asking import Heard, heard
from tests.server.faults.load import ROOT
from tests.server.processes import started

__all__ = ["main"]

_LICENCES: Final = str(ROOT / "policies/licenses")
# How many clients, and how long those pause that are refused.
_ASKED: Final = ((16, 0), (256, 0), (1024, 1), (1024, 0), (4096, 1), (4096, 0))
_ASKED_WITHOUT: Final = ((16, 0), (256, 0), (1024, 0), (4096, 0))
_UNLIMITED: Final = 1_000_000
_TITLES: Final = (
    *("queue", "refused ask again", "clients", "answers", "p50", "p99", "slowest"),
    *("refused", "p99"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; 1 if anything was answered but with a decision or 503."""
    parser = argparse.ArgumentParser(prog="python -m tests.server.faults.overload")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long clients ask")
    seconds: float = parser.parse_args(arguments).seconds
    _say(f"| {' | '.join(_TITLES)} |")
    _say("|---:|---|---:|---:|---:|---:|---:|---:|---:|")
    others: set[int] = set()
    for is_limited in (True, False):
        limits = {} if is_limited else {"queue": _UNLIMITED, "concurrent": _UNLIMITED}
        with TemporaryDirectory() as folder:
            config = Path(folder) / "server.yaml"
            config.write_text(f"limits: {limits}\n", "utf-8")
            with started("-p", _LICENCES, "--trust-client-time", "--config", str(config)) as found:
                keep_on_core(found.process.pid, 0)
                heard(found.port, 16, seconds=1)  # which compiles what is asked for
                for clients, pause in _ASKED if is_limited else _ASKED_WITHOUT:
                    told = heard(found.port, clients, seconds=seconds, pause=pause)
                    again = "-" if not told.rate(503) else "after 1 s" if pause else "at once"
                    queue = str(Limits().queue) if is_limited else "endless"
                    _say(_row((queue, again, f"{clients:,}"), told))
                    others |= told.seconds.keys() - {200, 503}
    return int(bool(others))


def _row(first: Sequence[str], told: Heard) -> str:
    waited = (told.quantile(200, share) for share in (0.5, 0.99, 1.0))
    cells = [*first, f"{told.rate(200):,.0f}/s", *map(_shown, waited)]
    refused = told.rate(503)
    cells += [f"{refused:,.0f}/s", _shown(told.quantile(503, 0.99))] if refused else ["0/s", "-"]
    return f"| {' | '.join(cells)} |"


def _shown(seconds: float) -> str:
    return f"{1000 * seconds:,.0f} ms"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
