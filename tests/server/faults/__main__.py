"""``python -m tests.server.faults``: the faults again and again, and a table of what was lost.

``--times N`` tries each N times (20).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.server.faults import decision_log
from tests.server.faults.decision_log import Outcome

_FAULTS: tuple[Callable[[Path, int], Outcome], ...] = (
    decision_log.kills,
    decision_log.killed_workers,
    decision_log.full_disk,
    decision_log.removed_folder,
    decision_log.stops,
)
_TITLES = ("fault", "times", "told", "refused", "records", "lost", "doubled", "chain")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.server.faults")
    parser.add_argument("--times", type=int, default=20)
    times: int = parser.parse_args(arguments).times
    _say(f"| {' | '.join(_TITLES)} |")
    _say("|---|---:|---:|---:|---:|---:|---:|---|")
    failed = False
    for fault in _FAULTS:
        with TemporaryDirectory() as folder:
            found = fault(Path(folder), times)
        chain = f"{len(found.findings)} findings" if found.findings else "whole"
        numbers = (found.told, found.refused, found.recorded, found.lost, found.doubled)
        cells = (found.fault, str(found.times), *(f"{number:,}" for number in numbers), chain)
        _say(f"| {' | '.join(cells)} |")
        sys.stderr.writelines(f"{finding}\n" for finding in found.findings[:10])
        failed = failed or bool(found.lost or found.doubled or found.findings)
    return int(failed)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
