"""What a page may send, and what a worker is held to: memory, time, files, processes, network."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

__all__ = ["MEMORY", "OPENING_SECONDS", "SECONDS", "Bounds", "follow_parent", "hold", "renew"]

SECONDS: Final = 5.0
"""How long one answer may take."""

OPENING_SECONDS: Final = 30.0
"""How long the answer to ``open`` may take, which goes through all rules and scenarios at once."""

MEMORY: Final = 512 * 1024 * 1024
"""How many bytes of addresses a worker may have beyond those that it has when it is ready."""

_FILES: Final = 32  # Babel and the zones of time are read when they are first wanted
_NICE: Final = 2
_FORBIDDEN: Final = (
    "os.exec",
    "os.fork",
    "os.forkpty",
    "os.kill",
    "os.posix_spawn",
    "os.remove",
    "os.rename",
    "os.spawn",
    "os.system",
    "pty.spawn",
    "shutil.",
    "socket.",
    "subprocess.Popen",
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the page may send: bytes of all edits, bytes of a request, files that are edited."""

    edits: int = 1024 * 1024
    request: int = 256 * 1024
    files: int = 64


def hold(memory: int) -> None:
    """Holds this process to its limits from now on; it reads, calculates, and answers.

    Policies have no means to do anything else. Should they find one, the system does not let them.
    """
    with suppress(OSError, AttributeError):
        os.nice(_NICE)
    sys.addaudithook(_refuse)
    try:
        import resource
    except ImportError:  # not on Windows: there the pool's clock is all there is
        return
    _at_most(resource.RLIMIT_FSIZE, 0)
    _at_most(resource.RLIMIT_CORE, 0)
    _at_most(resource.RLIMIT_NOFILE, _FILES)
    _at_most(resource.RLIMIT_NPROC, 0)
    _at_most(resource.RLIMIT_AS, _addresses() + memory)


def renew(seconds: float) -> None:
    """Gives this process so much time to calculate, counted from now."""
    try:
        import resource
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def follow_parent() -> None:
    """Ends this process when the one that has started it is gone, though it be calculating."""
    if not sys.platform.startswith("linux"):
        return  # it ends when it next reads
    with suppress(OSError, AttributeError):
        import ctypes
        import signal

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def _at_most(kind: int, amount: int) -> None:
    import resource

    with suppress(ValueError, OSError):
        _, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY or amount < hard:
            resource.setrlimit(kind, (amount, amount))


def _addresses() -> int:
    """How many bytes of addresses this process has."""
    try:
        with open("/proc/self/statm", "rb") as told:  # noqa: PTH123  # pathlib is not needed here
            return int(told.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 512 * 1024 * 1024


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """An audit hook: raises at what a worker has no business with."""
    if event == "open":
        _, mode, flags = arguments
        writes = isinstance(mode, str) and any(sign in mode for sign in "wax+")
        if writes or (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR)):
            raise PermissionError("a worker of the playground writes no files")
    elif event.startswith(_FORBIDDEN):
        raise PermissionError(f"a worker of the playground does nothing like {event}")
