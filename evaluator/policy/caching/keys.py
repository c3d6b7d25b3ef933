"""What an entry of a cache is for, beside the contents of the files: its key."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import evaluator

__all__ = ["key"]


def key(names: Sequence[str], functions: Iterable[str]) -> str:
    """The hash of what packs are loaded by: this version of the evaluator, in this one of Python.

    Of the files it covers their ``names``, of which one too many would be an error. ``functions``
    are those that the application provides, by name; their declarations stand in the files.
    """
    everything = (names, sorted(functions), *_loader())
    return hashlib.sha256(json.dumps(everything).encode("ascii")).hexdigest()


@cache
def _loader() -> tuple[object, ...]:
    python = (sys.implementation.name, *sys.version_info[:2])
    # A working copy has one version for long: sizes and times of the files tell its states apart.
    states = sorted(_states(Path(evaluator.__file__).parent))
    return evaluator.__version__, python, states


def _states(folder: Path | str) -> Iterator[tuple[str, int, int]]:
    if not Path(folder).is_dir():  # such as in an archive, of which there are no working copies
        return
    with os.scandir(folder) as found:
        for entry in found:
            if entry.is_dir():
                for name, size, time in _states(entry.path):
                    yield f"{entry.name}/{name}", size, time
            elif entry.name.endswith((".py", ".json")):
                state = entry.stat()
                yield entry.name, state.st_size, state.st_mtime_ns
