"""``growth``: what becomes of time and memory as rules become many."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from benchmarks.generated_rules import Shape, write
from benchmarks.growth_child import Task
from benchmarks.machine import ROOT
from benchmarks.results import Result, Table, duration, ratio
from benchmarks.settings import Settings

__all__ = ["PACKAGES", "run"]

PACKAGES: Final = ("datalogic-py", "zen-engine", "cedarpy")
_MODULES: Final = {"datalogic-py": "datalogic_py", "zen-engine": "zen", "cedarpy": "cedarpy"}
_SIZES: Final = (12, 100, 1_000, 10_000, 100_000)
_CROWDED: Final = 1_000
_CAP: Final = 120  # seconds that another engine may take for one size


def run(settings: Settings) -> Result:
    """Each size, each shape and each engine in a process of its own."""
    sizes = _SIZES[:-2] if settings.quick else _SIZES
    ours: list[dict[str, Any]] = []
    theirs: list[dict[str, Any]] = []
    notes = list(_NOTES)
    for shape in (*map(Shape, sizes), Shape(_CROWDED, crowded=True)):
        with tempfile.TemporaryDirectory() as folder:
            size = write(shape, Path(folder))
            told = _measured(shape, "ours", folder, settings)
            ours.append({**told, "bytes": size})
        for engine in _present(shape, settings):
            try:
                theirs.append(_measured(shape, engine, "", settings))
            except subprocess.TimeoutExpired:
                notes.append(f"{engine}, {_name(shape)}: stopped after {_CAP} s.")
    notes += [
        f"{told['engine']}, {told['rules']:,} rules: {told['wrong']} wrong answers."
        for told in (*ours, *theirs)
        if told["wrong"]
    ]
    tables = [_our_table(ours)]
    if theirs:
        tables.append(_their_table(ours, theirs))
    return Result(tuple(tables), tuple(notes), {"growth": [*ours, *theirs]})


_NOTES: Final = (
    (
        "Rules come in sets of twelve for one resource type and action; a decision concerns one "
        "set, which the index finds. In one set: all for one type and action, so all are asked."
    ),
    (
        "Steady: effect_and_ids over requests for up to 50 sets, median over rounds. To 12: "
        "against twelve rules in the same process. Memory: what the process grew by in loading."
    ),
    (
        "Other engines get all rules at once and find those that apply by their conditions. With "
        "an index of one's own around them, each set a program, they would stay at 12 rules."
    ),
    (
        "The first decision generates the code of its set; warm() does so beforehand. Where it is "
        "far above its neighbours, Python's collector went through all that was loaded just then."
    ),
)


def _present(shape: Shape, settings: Settings) -> Iterator[str]:
    """The other engines that are installed, where so many rules are feasible for them."""
    if settings.peers and shape.count <= settings.choose(10_000, quick=1_000):
        yield from (engine for engine, module in _MODULES.items() if find_spec(module))


def _measured(shape: Shape, engine: str, folder: str, settings: Settings) -> dict[str, Any]:
    few = engine != "ours" and shape.count > 100
    task = Task(
        shape.count,
        shape.crowded,
        engine,
        folder,
        rounds=settings.choose(21, quick=7),
        asked=20 if few else settings.choose(500, quick=100),
    )
    done = subprocess.run(
        (sys.executable, "-m", "benchmarks.growth_child", json.dumps(asdict(task))),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        timeout=None if engine == "ours" else _CAP,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _name(shape: Shape) -> str:
    return f"{shape.count:,} in one set" if shape.crowded else f"{shape.count:,}"


def _label(told: dict[str, Any]) -> str:
    return _name(Shape(told["rules"], told["crowded"]))


def _our_table(ours: list[dict[str, Any]]) -> Table:
    return Table(
        "our packs of generated rules",
        ("rules", "YAML", "load", "first", "steady", "to 12", "memory", "per rule"),
        tuple(
            (
                _label(told),
                f"{told['bytes'] / 1000:,.0f} kB",
                duration(told["load"]),
                duration(told["first"]),
                duration(told["steady"]["median"]),
                ratio(told["ratio"]["median"]),
                f"{told['memory'] / 1e6:,.1f} MB",
                f"{told['memory'] / told['rules'] / 1000:,.1f} kB",
            )
            for told in ours
        ),
    )


def _their_table(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> Table:
    engines = list(dict.fromkeys(told["engine"] for told in theirs))
    by_place = {(told["engine"], _label(told)): told for told in (*ours, *theirs)}
    labels = [_label(told) for told in ours]

    def cell(engine: str, label: str) -> str:
        told = by_place.get((engine, label))
        return duration(told["steady"]["median"]) if told else "-"

    return Table(
        "the steady decision of the same rules in other engines",
        ("rules", "ours", *engines),
        tuple((label, *(cell(engine, label) for engine in ("ours", *engines))) for label in labels),
    )
