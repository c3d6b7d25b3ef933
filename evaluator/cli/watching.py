"""Waiting until files of a folder change."""

from __future__ import annotations

import time
from pathlib import Path

__all__ = ["Watch"]

_INTERVAL = 0.3  # seconds between two looks


class Watch:
    """What the files below a folder were like when somebody looked last.

    The folders of policies are small enough that looking again and again costs next to nothing,
    and works on any file system.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = _state(folder)

    def wait(self) -> None:
        """Returns once a file was changed, made or removed, be it before this was called."""
        while (now := _state(self._folder)) == self._seen:
            time.sleep(_INTERVAL)
        self._seen = now


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
