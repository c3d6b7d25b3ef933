"""JSON Web Tokens (RFC 7519): whether one is good, and what it claims."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import jwt
from jwt import PyJWK
from jwt.exceptions import (
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidAudienceError,
    InvalidIssuerError,
    MissingRequiredClaimError,
    PyJWTError,
)

from evaluator.server.access.credentials import unauthorized
from evaluator.server.access.key_sources import KeySource
from evaluator.server.config.model import JwtAccess

__all__ = ["Tokens", "scopes_of"]

_REQUIRED: Final = ("exp", "aud", "iss", "sub")
_WORDS: Final[Mapping[type[Exception], str]] = {
    ExpiredSignatureError: "the token has expired",
    ImmatureSignatureError: "the token is not good yet",
    InvalidAudienceError: "the token is for another service",
    InvalidIssuerError: "the token is of another issuer",
}


_MOST_KNOWN: Final = 1024


@dataclass(frozen=True, slots=True, eq=False)
class _Verified:
    """A token that has been found good: by which key, and until when it is."""

    kid: str | None
    algorithm: str
    key: PyJWK
    claims: Mapping[str, Any]
    expires: float


class Tokens:
    """Verifies tokens as one service has them (RFC 8725).

    The key is one of ours, found by the id and the algorithm that the token names; that algorithm
    has to be among those of the service, and nothing else that the token says of keys (``jwk``,
    ``jku``, ``x5u``) is looked at.

    The last tokens that were good are remembered, since their signatures take as long as the
    decisions they come for. They count while their key is there and they have not expired.
    """

    def __init__(
        self, settings: JwtAccess, keys: KeySource, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._settings = settings
        self._keys = keys
        self._clock = clock
        self._decoder = jwt.PyJWT()
        self._known: dict[bytes, _Verified] = {}

    async def claims(self, token: str) -> Mapping[str, Any]:
        """What a token claims. Raises ``Refusal``: 401 for one that is not good."""
        digest = hashlib.sha256(token.encode("ascii")).digest()
        known = self._known.get(digest)
        if known is not None:
            key = await self._keys.find(known.kid, known.algorithm)
            if key is known.key and self._clock() < known.expires:
                return known.claims
            self._known.pop(digest, None)
        found = await self._verified(token)
        if len(self._known) >= _MOST_KNOWN:
            self._known.pop(next(iter(self._known)))
        self._known[digest] = found
        return found.claims

    async def _verified(self, token: str) -> _Verified:
        try:
            header = jwt.get_unverified_header(token)
        except (PyJWTError, ValueError, RecursionError):
            raise unauthorized("the token is none") from None
        algorithm, kid = header.get("alg"), header.get("kid")
        if algorithm not in self._settings.algorithms:
            raise unauthorized("the token is signed in a way that does not count here")
        key = await self._keys.find(kid, algorithm)
        if key is None:
            raise unauthorized("the token is signed with a key that nobody knows here")
        try:
            claims = self._decoder.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=self._settings.audience,
                issuer=self._settings.issuer,
                leeway=self._settings.leeway,
                options={"require": list(_REQUIRED)},
            )
        except MissingRequiredClaimError as error:
            raise unauthorized(f"the token has no {error.claim}") from None
        except (PyJWTError, ValueError, OverflowError, RecursionError) as error:
            words = _WORDS.get(type(error), "the token is not good")
            raise unauthorized(words) from None
        if not claims["sub"]:
            raise unauthorized("the token has no sub")
        expires = int(claims["exp"]) + self._settings.leeway
        return _Verified(kid, algorithm, key, claims, expires)


def scopes_of(claims: Mapping[str, Any]) -> list[str] | None:
    """What a token is for: ``scope`` (RFC 8693) or ``scp``; None where it does not say."""
    for name in ("scope", "scp"):
        value = claims.get(name)
        if isinstance(value, str):
            return value.split()
        if isinstance(value, list):
            return [item for item in value if isinstance(item, str)]
    return None
