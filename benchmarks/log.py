"""``log``: the decision log alone: records a second, strict and buffered; and verification."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks import licences
from benchmarks.machine import ROOT
from benchmarks.measuring import spread
from benchmarks.results import Result, Table, duration
from benchmarks.settings import Settings
from evaluator.history.chain import Sealer
from evaluator.history.verifying import Verification
from evaluator.server.log.chained_file import ChainedFile
from evaluator.server.log.journal import DecisionLog
from evaluator.server.log.masking import read_masks
from evaluator.server.log.records import Records
from evaluator.server.log.settings import Durability, LogSettings, Rotation
from evaluator.server.seams import Caller, Gist, Made

__all__ = ["run"]

_WAITERS: Final = (1, 16, 64, 256)
_MODES: Final[tuple[Durability, ...]] = ("strict", "buffered")


class _Counting:
    """A file that counts its groups, each of which is one fsync."""

    def __init__(self, path: Path) -> None:
        self._file = ChainedFile(path, Sealer(), Rotation(), report=lambda _: None)
        self.link = self._file.link
        self.groups = 0

    def append(self, members: Sequence[bytes]) -> None:
        self.groups += 1
        self._file.append(members)

    def close(self) -> None:
        self._file.close()


def run(settings: Settings) -> Result:
    """Decisions that were made and told before are written down, so many at a time."""
    policies = licences.load()
    made = []
    for number, request in enumerate(licences.asked(Settings(requests=200))):
        decision = policies.decide(request)
        told = decision.to_dict()
        made.append(Made(f"id-{number}", request, Gist.of(decision), told, Caller()))
    rounds = settings.choose(5, quick=1)
    count = settings.requests or settings.choose(20_000, quick=1_000)
    rows: list[tuple[str, ...]] = []
    values: dict[str, Any] = {}
    verifying: list[float] = []
    for mode in _MODES:
        for waiters in _WAITERS:
            times = count if mode == "buffered" else min(count, max(50, count * waiters // 256))
            rates, groups, lags = [], [], []
            for _ in range(rounds):
                with TemporaryDirectory(dir=ROOT) as folder:
                    path = Path(folder) / "decisions.jsonl"
                    seconds, written, waited = _write(path, mode, made, waiters, times)
                    verifying.append(_verify(path) / times)
                rates.append(times / seconds)
                groups.append(times / written)
                lags.append(waited)
            rate = spread(rates)
            rows.append(
                (
                    mode,
                    str(waiters),
                    f"{rate.median:,.0f}/s",
                    f"{rate.p10:,.0f} .. {rate.p90:,.0f}",
                    f"{spread(groups).median:,.1f}",
                    duration(spread(lags).median),
                )
            )
            values[f"{mode} {waiters}"] = {
                "rate": rate.as_json(),
                "records_per_fsync": spread(groups).as_json(),
            }
    values["verify_microseconds"] = spread(verifying).median * 1e6
    columns = ("", "at a time", "records", "p10 .. p90", "a fsync", "p50")
    title = "records a second; a fsync: records for each; p50: until on disk"
    table = Table(title, columns, tuple(rows))
    return Result((table,), (*_NOTES, _verified(spread(verifying).median)), {"log": values})


def _write(
    path: Path, mode: Durability, made: Sequence[Made], waiters: int, times: int
) -> tuple[float, int, float]:
    """Seconds for all, how many groups, and the median of how long one waited."""
    file = _Counting(path)
    settings = LogSettings(path, durability=mode, queue=times)
    log = DecisionLog(file, Records(read_masks(())[0], None), settings, report=lambda _: None)
    waits: list[float] = []

    async def waiter(first: int) -> None:
        for number in range(first, times, waiters):
            began = time.perf_counter()
            await log.write([made[number % len(made)]])
            waits.append(time.perf_counter() - began)
            if mode == "buffered":
                await asyncio.sleep(0)

    async def main() -> None:
        async with log:
            await asyncio.gather(*(waiter(number) for number in range(waiters)))

    began = time.perf_counter()
    asyncio.run(main())
    return time.perf_counter() - began, file.groups, spread(waits).median


def _verify(path: Path) -> float:
    """Seconds to verify a file."""
    verification = Verification(Sealer())
    began = time.perf_counter()
    with path.open("rb") as stream:
        found = list(verification.read(stream, path.name))
    seconds = time.perf_counter() - began
    assert not found
    return seconds


def _verified(seconds: float) -> str:
    return f"`evaluator log verify` takes {duration(seconds)} a record."


_NOTES: Final = (
    (
        "Decisions are made and told before. Buffered: until all is on disk, at the end too; its "
        "p50 is until the record waits to be written."
    ),
)
