"""Writing all of what is to be written, whatever the system takes at a time."""

from __future__ import annotations

import os
import select

__all__ = ["write_all"]


def write_all(descriptor: int, data: bytes) -> None:
    """Writes data to the end. Raises ``OSError`` where a part may have been written."""
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:  # a pipe that its reader has set so
            select.select([], [descriptor], [])
