"""The decision log under faults in real processes; ``python -m tests.server.faults`` tries more."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.faults import decision_log
from tests.server.faults.decision_log import Outcome

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="faults are made by Linux's means")


@pytest.mark.parametrize(
    ("fault", "times"),
    [
        (decision_log.kills, 2),
        (decision_log.killed_workers, 1),
        (decision_log.full_disk, 2),
        (decision_log.removed_folder, 1),
        (decision_log.stops, 1),
    ],
)
def test_no_decision_is_lost(
    tmp_path: Path, fault: Callable[[Path, int], Outcome], times: int
) -> None:
    found = fault(tmp_path, times)
    assert found.told > 20
    assert (found.lost, found.doubled, found.findings) == (0, 0, ())
    if fault in (decision_log.full_disk, decision_log.removed_folder):
        assert found.refused > 20
        assert found.recorded == found.told
