"""Tokens for the next page of a search: signed, and good for the same search only."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from evaluator.server.answers import Refusal

__all__ = ["Pages", "Turn"]


@dataclass(frozen=True, slots=True)
class Turn:
    """Where a page begins: behind an id, None for the beginning; and how many results it has.

    ``limit`` is None where the client has named none.
    """

    after: str | None = None
    limit: int | None = None


class Pages:
    """Makes and reads tokens. ``key`` is secret; services that share it read each other's."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, search: Any, turn: Turn) -> str:
        """The token for a page of a search, which is any JSON data."""
        payload = json.dumps([turn.after, turn.limit], separators=(",", ":")).encode("ascii")
        return base64.urlsafe_b64encode(self._sign(search, payload) + payload).decode("ascii")

    def turn(self, search: Any, token: str) -> Turn:
        """The page that a token is for. Raises ``Refusal`` for one that is not of here."""
        try:
            data = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            data = b""
        signature, payload = data[:32], data[32:]
        if not hmac.compare_digest(signature, self._sign(search, payload)):
            raise Refusal(
                400,
                "page.token is not one that this service gave for this search; "
                "begin again without a token",
            )
        return Turn(*json.loads(payload))

    def _sign(self, search: Any, payload: bytes) -> bytes:
        asked = json.dumps(search, sort_keys=True, separators=(",", ":")).encode("ascii")
        digest = hashlib.sha256(asked).digest()
        return hmac.new(self._key, digest + payload, hashlib.sha256).digest()
