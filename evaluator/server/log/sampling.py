"""Sampling: which of the many allowing decisions are written down."""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

__all__ = ["Sample"]

_SIZE: Final = 8


class Sample:
    """A share of decisions, from 0 to 1, told by their ids: one id always has the same answer.

    ``key`` keeps callers, who may name their requests as they like, from finding ids that are not
    written down.
    """

    __slots__ = ("_key", "_least", "share")

    def __init__(self, share: float, *, key: bytes) -> None:
        self.share = share
        self._key = blake2b(key, digest_size=32).digest()
        self._least = int(share * (1 << 8 * _SIZE))

    def __contains__(self, id_: str) -> bool:
        text = id_.encode("utf-8", "surrogatepass")
        digest = blake2b(text, digest_size=_SIZE, key=self._key).digest()
        return int.from_bytes(digest, "big") < self._least
