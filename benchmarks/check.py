"""``check``: finding every problem of the licence pack."""

from __future__ import annotations

from benchmarks import licences
from benchmarks.measuring import repeatedly
from benchmarks.results import Result, Table, duration, range_of
from benchmarks.settings import Settings
from evaluator.policy.loading import load_packs
from evaluator.source import Folder

__all__ = ["run"]


def run(settings: Settings) -> Result:
    """What ``evaluator check`` does, without its process."""
    taken = repeatedly(
        lambda: load_packs(Folder(licences.FOLDER), functions={}),
        settings.choose(15, quick=3),
    )
    files = list(licences.FOLDER.glob("*.yaml"))
    lines = sum(len(path.read_text("utf-8").splitlines()) for path in files)
    row = (
        f"{len(files)} files, {lines:,} lines",
        duration(taken.median),
        range_of(taken, duration),
    )
    table = Table("checking the licence pack", ("", "time", "p10 .. p90"), (row,))
    return Result((table,), (), {"check": taken.as_json()})
