"""The memory of a service that answers for long, and that of its policies, loaded again and again.

``python -m tests.server.faults.endurance --requests N`` prints a table.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.machine import keep_on_core, resident
from tests.server.faults.asking import heard
from tests.server.faults.load import ROOT
from tests.server.processes import started

__all__ = ["main"]

_LICENCES: Final = str(ROOT / "policies/licenses")
_CLIENTS: Final = 64
_FIRST: Final = 10_000
_STEP: Final = 100_000
_MOST: Final = 1000.0  # kB for 100,000 requests, above which it is said to grow
_TITLES: Final = ("requests", "answers", "p50", "p99", "memory", "more for 100,000")


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; 1 if memory grows, or anything was answered but with a decision."""
    parser = argparse.ArgumentParser(prog="python -m tests.server.faults.endurance")
    parser.add_argument("--requests", type=int, default=1_000_000, help="how many are asked")
    most: int = parser.parse_args(arguments).requests
    _say(f"| {' | '.join(_TITLES)} |")
    _say("|---:|---:|---:|---:|---:|---:|")
    points: list[tuple[int, int]] = []
    others: set[int] = set()
    with TemporaryDirectory() as folder:
        config = Path(folder) / "server.yaml"
        log = "log: {file: decisions.jsonl, rotation: {size: 67108864, keep: 1}}"
        config.write_text(f"trust_client_time: true\n{log}\n", "utf-8")
        with started("-p", _LICENCES, "--config", str(config)) as service:
            process = service.process.pid
            keep_on_core(process, 0)
            asked = 0
            step = min(_STEP, most // 5)
            for count in (_FIRST, *range(step, most + 1, step)):
                told = heard(service.port, _CLIENTS, requests=count - asked, first=asked)
                others |= told.seconds.keys() - {200}
                asked = count
                points.append((asked, resident(process)))
                waited = (f"{1000 * told.quantile(200, share):,.0f} ms" for share in (0.5, 0.99))
                cells = [f"{asked:,}", f"{told.rate(200):,.0f}/s", *waited]
                cells += [f"{points[-1][1] / 1000:,.0f} kB", _shown(_slope(points[-2:]))]
                _say(f"| {' | '.join(cells)} |")
    # What is allocated for the first time is so before long: a leak goes on.
    late = points[len(points) // 2 :]
    slope = _slope(late)
    _say(f"\nFrom {late[0][0]:,} requests on: {_shown(slope)} for 100,000 more.")
    return int(slope > _MOST or bool(others))


def _slope(points: Sequence[tuple[int, int]]) -> float:
    """The kB that 100,000 more requests take, of the straight line nearest to some points."""
    count = len(points)
    if count < 2:
        return 0.0
    mean_x, mean_y = (sum(values) / count for values in zip(*points, strict=True))
    across = sum((x - mean_x) * (y - mean_y) for x, y in points)
    along = sum((x - mean_x) ** 2 for x, _ in points)
    return float(across / along * _STEP / 1000)


def _shown(slope: float) -> str:
    return f"{slope:+,.0f} kB" if slope else "-"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
