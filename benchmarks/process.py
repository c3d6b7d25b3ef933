"""``process``: the command line as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

from benchmarks.machine import ROOT
from benchmarks.measuring import repeatedly
from benchmarks.results import Result, Table, duration, range_of
from benchmarks.settings import Settings

__all__ = ["run"]

_COMMANDS: Final = {
    "python -c pass": ("-c", "pass"),
    "import evaluator": ("-c", "import evaluator"),
    "evaluator --help": ("-m", "evaluator", "--help"),
    "evaluator decide": ("-m", "evaluator", "decide", "docs/demo/removal.json"),
    "evaluator check": ("-m", "evaluator", "check"),
}


def run(settings: Settings) -> Result:
    """From starting Python to its end."""
    rounds = settings.choose(11, quick=3)
    taken = {
        name: repeatedly(lambda command=command: _run(command), rounds)  # type: ignore[misc]
        for name, command in _COMMANDS.items()
    }
    rows = tuple(
        (name, duration(own.median), range_of(own, duration)) for name, own in taken.items()
    )
    table = Table("a process from start to end", ("", "time", "p10 .. p90"), rows)
    return Result(
        (table,), _NOTES, {"process": {name: own.as_json() for name, own in taken.items()}}
    )


_NOTES: Final = (
    "The first row is what Python itself takes to start and end; each other row contains it.",
)


def _run(command: tuple[str, ...]) -> None:
    subprocess.run((sys.executable, *command), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
