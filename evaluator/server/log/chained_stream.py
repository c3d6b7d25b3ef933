"""A decision log on standard output: a chain for each process, for another program to keep."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence

from evaluator.history.chain import Link, Sealer
from evaluator.server.log.stamping import stamped
from evaluator.server.log.writing import write_all

__all__ = ["ChainedStream"]


class ChainedStream:
    """A stream, by its descriptor, that records are chained in. Belongs to one thread."""

    def __init__(
        self, descriptor: int, sealer: Sealer, *, clock: Callable[[], int] = time.time_ns
    ) -> None:
        self._descriptor = descriptor
        self._sealer = sealer
        self._clock = clock
        self._is_torn = False
        self.link = Link(secrets.token_hex(8))

    def append(self, members: Sequence[bytes]) -> None:
        """Writes records. Raises ``OSError``; a line that was begun is then ended by the next."""
        link = self.link
        lines = [b"\n"] if self._is_torn else []
        for item in stamped(members, self._clock()):
            line, link = self._sealer.seal(link, item)
            lines.append(line)
        self._is_torn = True
        write_all(self._descriptor, b"".join(lines))
        self._is_torn = False
        self.link = link

    def close(self) -> None:
        """Nothing is to be let go: the stream is the process's."""
