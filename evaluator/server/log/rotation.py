"""The full files of a decision log: named by their first record, so that names are in its order."""

from __future__ import annotations

import os
import re
from itertools import count
from pathlib import Path
from typing import Final

from evaluator.history.chain import BEGINNING
from evaluator.language.instants import parse_instant

__all__ = ["begun_at", "full_files", "full_name", "number_of"]

_DIGITS: Final = 12
_LONGEST_BEGINNING: Final = 128
_FIRST: Final = re.compile(
    re.escape(BEGINNING) + rb'[0-9a-f]{16}","number":(\d+),"written_at":"([0-9TZ:.-]+)"'
)


def full_name(path: Path, number: int) -> Path:
    """The name of a full file: ``decisions.000000000501.jsonl`` for one that begins with 501."""
    name = f"{path.stem}.{number:0{_DIGITS}}"
    candidate = path.with_name(f"{name}{path.suffix}")
    for further in count(1):  # another chain had the number: nothing is written over
        if not candidate.exists():
            break
        candidate = path.with_name(f"{name}-{further}{path.suffix}")
    return candidate


def full_files(path: Path) -> list[Path]:
    """The full files of a log that are there, oldest first."""
    pattern = re.compile(rf"{re.escape(path.stem)}\.\d{{{_DIGITS}}}(-\d+)?{re.escape(path.suffix)}")
    return sorted(item for item in path.parent.iterdir() if pattern.fullmatch(item.name))


def number_of(descriptor: int) -> int:
    """The number of the first record in a file; 0 where that cannot be told."""
    first = _FIRST.match(os.pread(descriptor, _LONGEST_BEGINNING, 0))
    return 0 if first is None else int(first[1])


def begun_at(descriptor: int) -> int | None:
    """When the first record in a file was written, in nanoseconds since the epoch."""
    first = _FIRST.match(os.pread(descriptor, _LONGEST_BEGINNING, 0))
    return None if first is None else parse_instant(first[2].decode("ascii"))
