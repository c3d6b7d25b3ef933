"""One size of ``growth`` in a process of its own, so that its memory is its own.

``python -m benchmarks.growth_child JSON`` prints the figures as JSON; see ``Task``.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import evaluator
from benchmarks.generated_peers import PEERS
from benchmarks.generated_rules import Shape, answer, requests, write
from benchmarks.machine import resident
from benchmarks.measuring import in_turn, ratios, spread

__all__ = ["Task", "measure"]

Decide = Callable[[Mapping[str, Any]], object]


@dataclass(frozen=True, slots=True)
class Task:
    """How many rules of which shape, in whose hands (``ours``, or a package), how thoroughly.

    ``folder`` holds our pack of that shape.
    """

    count: int
    crowded: bool
    engine: str
    folder: str
    rounds: int
    asked: int


def measure(task: Task) -> dict[str, Any]:
    """Seconds to ``load``, of the ``first`` and the ``steady`` decision; ``memory`` in bytes.

    ``ratio`` is to twelve rules in the same engine and process; ``wrong`` counts other answers than
    those by hand.
    """
    _warm_up(task)
    before = resident()
    start = time.perf_counter()
    decide = _engine(task, task.folder)
    load = time.perf_counter() - start
    memory = resident() - before

    shape = Shape(task.count, task.crowded)
    asked = requests(shape, 1, task.asked, sets=50)
    start = time.perf_counter()
    decide(asked[0])
    first = time.perf_counter() - start
    wrong = sum(decide(request) != answer(shape, request) for request in asked)

    of_twelve = requests(Shape(12), 1, task.asked, sets=1)
    with tempfile.TemporaryDirectory() as folder:
        write(Shape(12), Path(folder))
        small = _engine(Task(12, False, task.engine, folder, 0, 0), folder)
    pairs = list(zip(asked, of_twelve, strict=True))
    seconds = in_turn(
        {"large": lambda pair: decide(pair[0]), "twelve": lambda pair: small(pair[1])},
        [pairs],
        task.rounds,
    )
    return {
        "rules": task.count,
        "crowded": task.crowded,
        "engine": task.engine,
        "load": load,
        "first": first,
        "memory": memory,
        "steady": spread(seconds["large"]).as_json() | {"median": spread(seconds["large"]).median},
        "ratio": ratios(seconds, "twelve")["large"].as_json(),
        "wrong": wrong,
    }


def _engine(task: Task, folder: str) -> Decide:
    if task.engine == "ours":
        return evaluator.load(folder).effect_and_ids
    return PEERS[task.engine](Shape(task.count, task.crowded))


def _warm_up(task: Task) -> None:
    """Loads twelve rules and decides, so that what a process imports once is not counted."""
    with tempfile.TemporaryDirectory() as folder:
        write(Shape(12), Path(folder))
        decide = _engine(Task(12, False, task.engine, folder, 0, 0), folder)
        for request in requests(Shape(12), 2, 20, sets=1):
            decide(request)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(Task(**json.loads(sys.argv[1])))))
