"""What a request says of who sends it: ``Authorization: Bearer``, or ``X-API-Key``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from evaluator.server.answers import Refusal
from evaluator.server.seams import Headers

__all__ = ["Credential", "credential_of", "unauthorized"]

_LONGEST: Final = 16 * 1024
_VISIBLE: Final = bytes(range(0x21, 0x7F))
_CHALLENGE: Final = 'Bearer realm="evaluator"'


@dataclass(frozen=True, slots=True)
class Credential:
    """A key or a token as it was sent, not looked at yet."""

    kind: Literal["bearer", "key"]
    text: str


def credential_of(headers: Headers) -> Credential:
    """What a request shows (RFC 6750, section 2.1). Raises ``Refusal`` where it shows nothing."""
    bearer, key = headers.get(b"authorization"), headers.get(b"x-api-key")
    if bearer is not None and key is not None:
        raise Refusal(400, "send Authorization or X-API-Key, not both")
    if key is not None:
        return Credential("key", _text(key))
    if bearer is None:
        # Who shows nothing learns no more than how to (RFC 6750, section 3.1).
        raise Refusal(
            401,
            "say who asks: Authorization: Bearer with a key or a token, or X-API-Key",
            {"www-authenticate": _CHALLENGE},
        )
    scheme, _, rest = bearer.partition(b" ")
    if scheme.lower() != b"bearer":
        raise unauthorized("Authorization is not Bearer with a key or a token")
    return Credential("bearer", _text(rest.strip()))


def unauthorized(message: str) -> Refusal:
    """The answer to a key or a token that is not good."""
    return Refusal(401, message, {"www-authenticate": f'{_CHALLENGE}, error="invalid_token"'})


def _text(octets: bytes) -> str:
    if len(octets) > _LONGEST:
        raise unauthorized(f"no key and no token has more than {_LONGEST:,} octets")
    if not octets or octets.translate(None, _VISIBLE):
        raise unauthorized("keys and tokens are letters, digits and signs of ASCII")
    return octets.decode("ascii")
