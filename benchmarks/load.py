"""``load``: a pack from files to a PolicySet, against reading its YAML alone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

import evaluator
from benchmarks.generated_rules import Shape, write
from benchmarks.machine import ROOT
from benchmarks.measuring import in_turn, ratios, spread
from benchmarks.results import TIMES, Result, Table, rows_of
from benchmarks.settings import Settings

__all__ = ["run"]

_YAML: Final = "yaml.compose"
_COLD: Final = "load"
_CACHED: Final = "load with cache"


def run(settings: Settings) -> Result:
    """The licence pack and generated ones."""
    rows: list[tuple[str, ...]] = []
    values: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as place:
        packs = {"licences": ROOT / "policies" / "licenses"}
        for count in settings.choose((1_000, 10_000), quick=(100,)):
            folder = packs[f"{count:,} rules"] = Path(place) / str(count)
            folder.mkdir()
            write(Shape(count), folder)
        for name, folder in packs.items():
            rounds = settings.choose(5 if name.startswith("10,000") else 15, quick=3)
            rivals = _rivals(folder, Path(place) / f"cache of {name}")
            rivals[_CACHED](folder)  # which writes it
            seconds = in_turn(rivals, [[folder]], rounds)
            against = ratios(seconds, _YAML)
            values[name] = {
                rival: {"seconds": spread(own).as_json(), "ratio": against[rival].as_json()}
                for rival, own in seconds.items()
            }
            rows += rows_of(seconds, against, f"{name}: ")
    table = Table("one load; ratio: to yaml.compose", TIMES, tuple(rows))
    return Result((table,), _NOTES, {"load": values})


_NOTES: Final = (
    (
        "yaml.compose reads the same files with PyYAML's C loader and does nothing else; load also "
        "validates, links, parses and checks every expression, and keeps places. Imports are done."
    ),
    (
        "With cache: the files are listed, read and hashed, and the cache is too; rules are made "
        "of it when a decision asks for them."
    ),
)


def _rivals(folder: Path, cache: Path) -> Mapping[str, Callable[[Path], object]]:
    return {
        _YAML: _compose,
        _COLD: evaluator.load,
        _CACHED: lambda path: evaluator.load(path, cache=cache),
    }


def _compose(folder: Path) -> None:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for path in folder.glob("*.yaml"):
        yaml.compose(path.read_bytes(), Loader=loader)
