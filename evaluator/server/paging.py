"""Tokens for the next page of a search: signed, and good for the same search only."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from typing import Any, Final

from evaluator.server.answers import Refusal

__all__ = ["Pages"]

_AFTER: Final = b">"  # before an id, which may be empty


class Pages:
    """Makes and reads tokens. ``key`` is secret; services that share it read each other's."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, search: Any, after: str | None) -> str:
        """The token for what comes after an id, None for all, in a search: any JSON data."""
        payload = b"" if after is None else _AFTER + after.encode("utf-8", "surrogatepass")
        return base64.urlsafe_b64encode(self._sign(search, payload) + payload).decode("ascii")

    def after(self, search: Any, token: str) -> str | None:
        """What a token goes on behind. Raises ``Refusal`` for one that is not of here."""
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
        if not payload:
            return None
        return payload.removeprefix(_AFTER).decode("utf-8", "surrogatepass")

    def _sign(self, search: Any, payload: bytes) -> bytes:
        asked = json.dumps(search, sort_keys=True, separators=(",", ":")).encode("ascii")
        digest = hashlib.sha256(asked).digest()
        return hmac.new(self._key, digest + payload, hashlib.sha256).digest()
