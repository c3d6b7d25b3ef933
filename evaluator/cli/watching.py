"""Waiting until files of a folder change."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

__all__ = ["changes"]

_INTERVAL = 0.5  # seconds between two looks


def changes(folder: Path) -> Iterator[None]:
    """Gives something each time that a file below a folder was changed, made or removed."""
    try:
        from watchfiles import watch
    except ImportError:  # it is not installed by default, and looking serves as well
        yield from _looking(folder)
    else:
        for _ in watch(folder, raise_interrupt=True):
            yield None


def _looking(folder: Path) -> Iterator[None]:
    before = _state(folder)
    while True:
        time.sleep(_INTERVAL)
        now = _state(folder)
        if now != before:
            before = now
            yield None


def _state(folder: Path) -> dict[str, tuple[int, int]]:
    """Time of change and size of each file."""
    found = {}
    for path in folder.rglob("*"):
        try:
            status = path.stat()
        except OSError:  # gone meanwhile
            continue
        found[str(path)] = (status.st_mtime_ns, status.st_size)
    return found
