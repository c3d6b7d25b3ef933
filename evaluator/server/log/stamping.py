"""The moment at which records are written, which is not always the one that they decide for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evaluator.language.values import Timestamp

__all__ = ["stamped"]


def stamped(members: Iterable[bytes], now: int) -> Iterator[bytes]:
    """The members of records with ``written_at`` before them; ``now`` is in nanoseconds."""
    stamp = b'"written_at":"%s",' % str(Timestamp(now)).encode("ascii")
    for item in members:
        yield stamp + item
