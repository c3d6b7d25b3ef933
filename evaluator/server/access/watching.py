"""A file that is read again when it changes, so that keys come and go without a restart."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Generic, TypeVar

from evaluator.diagnostics import Diagnostic
from evaluator.server.config.paths import read_bytes

__all__ = ["Report", "SetupError", "Watched"]

T = TypeVar("T")
Reader = Callable[[bytes, str], "tuple[T | None, Sequence[Diagnostic]]"]
Report = Callable[[Sequence[Diagnostic]], None]
"""Where problems go that turn up while the service runs."""

_PAUSE: Final = 1.0  # seconds between two looks
# Times of files are coarse: one that was written this short a time ago may be written once more
# without a trace.
_UNSETTLED: Final = 2_000_000_000  # nanoseconds


class SetupError(Exception):
    """What a service cannot be started with; ``diagnostics`` say why.

    ``folder`` is what the names of their files are relative to, None for the current one.
    """

    def __init__(self, diagnostics: Sequence[Diagnostic], folder: Path | None = None) -> None:
        self.diagnostics = tuple(diagnostics)
        self.folder = folder
        super().__init__(self.diagnostics, folder)

    def __str__(self) -> str:
        return "\n".join(map(str, self.diagnostics))


class Watched(Generic[T]):
    """What a file says. A later version that cannot be read is reported, and changes nothing.

    Raises ``SetupError`` if there is no first version.
    """

    def __init__(
        self,
        path: Path,
        read: Reader[T],
        report: Report,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = path
        self._read = read
        self._report = report
        self._monotonic = monotonic
        self._stamp = self._look()
        value, diagnostics = self._parse()
        if value is None:
            raise SetupError(diagnostics)
        self._value = value
        self._next = monotonic() + _PAUSE

    def value(self) -> T:
        """What the file says; at most a second old."""
        now = self._monotonic()
        if now >= self._next:
            self._next = now + _PAUSE
            stamp = self._look()
            if stamp is None or stamp != self._stamp:
                self._stamp = stamp
                value, diagnostics = self._parse()
                if value is None:
                    self._report(diagnostics)
                else:
                    self._value = value
        return self._value

    def _parse(self) -> tuple[T | None, Sequence[Diagnostic]]:
        data = read_bytes(self._path, str(self._path))
        return (
            (None, (data,)) if isinstance(data, Diagnostic) else self._read(data, str(self._path))
        )

    def _look(self) -> tuple[int, ...] | None:
        """What tells one version from another; None while that is not certain."""
        try:
            found = self._path.stat()
        except OSError:
            return (0,)
        if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) < _UNSETTLED:
            return None
        return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
