"""API keys: how they are made, kept as hashes, and found again."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

__all__ = ["ApiKey", "KeyRing", "digest_of", "file_line", "new_key"]

_PREFIX: Final = "evk_"  # so that scanners of repositories can tell what was lost
_OCTETS: Final = 32


def new_key() -> str:
    """A key of 256 random bits, in letters that need no quotes."""
    return _PREFIX + secrets.token_urlsafe(_OCTETS)


def digest_of(key: str) -> bytes:
    """The SHA-256 of a key.

    A hash that is slow on purpose protects what people choose. Of 2^256 random keys nobody tries a
    part worth mentioning, at whatever speed, and a slow hash would let anybody keep us busy.
    """
    return hashlib.sha256(key.encode("utf-8")).digest()


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that counts, by its hash.

    ``expires`` is in nanoseconds since the epoch; ``scopes`` is None where the file does not say.
    """

    name: str
    digest: bytes
    expires: int | None = None
    scopes: tuple[str, ...] | None = None


class KeyRing:
    """The keys of a service."""

    def __init__(self, keys: Iterable[ApiKey]) -> None:
        self._keys = tuple(keys)

    def find(self, key: str) -> ApiKey | None:
        """The entry of a key, expired or not. How long it takes tells nothing of the keys."""
        digest = digest_of(key)
        found = None
        for known in self._keys:
            if hmac.compare_digest(known.digest, digest):
                found = known  # and on, to compare with all of them
        return found


def file_line(name: str, digest: bytes) -> str:
    """The entry of a key in the file of keys."""
    return f"- {{name: {json.dumps(name, ensure_ascii=False)}, sha256: {json.dumps(digest.hex())}}}"
