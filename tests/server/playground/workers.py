"""The processes of a playground, found as the system lists them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

__all__ = ["cpu_seconds", "nurseries", "workers"]

_TICKS = 100.0  # of processor time in a second, as Linux tells them


def _children(pid: int | str) -> list[int]:
    """The processes that one has started and that live, whichever of its threads started them."""
    found: list[int] = []
    for task in _tasks(pid):
        with suppress(OSError):  # the thread has ended meanwhile
            found += map(int, (task / "children").read_text("ascii").split())
    return found


def _tasks(pid: int | str) -> Iterator[Path]:
    with suppress(OSError):
        yield from Path(f"/proc/{pid}/task").iterdir()


def nurseries(pid: int | str = "self") -> list[int]:
    """The processes of which workers are forked, of the playgrounds in a process."""
    return [child for child in _children(pid) if _is_nursery(child)]


def workers(pid: int | str = "self") -> list[int]:
    """The processes that answer, of the playgrounds in a process."""
    return [worker for nursery in nurseries(pid) for worker in _children(nursery)]


def cpu_seconds(pid: int) -> float:
    """The processor time that a process has used; 0 for one that has gone."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS
    return 0.0


def _is_nursery(pid: int) -> bool:
    try:
        return b"playground.nursery" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
