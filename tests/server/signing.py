"""Keys made for a run of the tests, and tokens signed with them: good ones, and all other kinds."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

__all__ = [
    "AUDIENCE",
    "ISSUER",
    "claims",
    "ec_key",
    "ed_key",
    "key_set",
    "pem",
    "public_jwk",
    "raw_token",
    "rsa_key",
    "token",
]

AUDIENCE = "decisions"
ISSUER = "https://login.example/"


def ec_key(name: str = "one") -> ec.EllipticCurvePrivateKey:
    return _ec_key(name)


@cache
def _ec_key(name: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@cache
def ed_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def pem(key: Any) -> bytes:
    """The public part as PEM, which is what an attacker would take for a secret."""
    encoded: bytes = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return encoded


def public_jwk(key: Any, **members: Any) -> dict[str, Any]:
    """The public part as a member of a key set."""
    public = key.public_key()
    if isinstance(key, ec.EllipticCurvePrivateKey):
        text = ECAlgorithm.to_jwk(public)
    elif isinstance(key, rsa.RSAPrivateKey):
        text = RSAAlgorithm.to_jwk(public)
    else:
        text = OKPAlgorithm.to_jwk(public)
    return {**json.loads(text), **members}


def key_set(*keys: Mapping[str, Any]) -> bytes:
    return json.dumps({"keys": keys or [public_jwk(ec_key(), kid="one")]}).encode()


def claims(**changes: Any) -> dict[str, Any]:
    """What a good token claims; a change to None takes a claim away."""
    now = int(time.time())
    good = {"sub": "svc-7", "aud": AUDIENCE, "iss": ISSUER, "iat": now, "exp": now + 600}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def token(
    key: Any = None, algorithm: str = "ES256", kid: str | None = "one", **changes: Any
) -> str:
    headers = {} if kid is None else {"kid": kid}
    return jwt.encode(claims(**changes), key or ec_key(), algorithm, headers=headers)


def raw_token(header: Any, payload: Any, secret: bytes | None = None) -> str:
    """A token as no library would make it: signed with HMAC over a secret, or not at all."""
    parts = [_encoded(json.dumps(part).encode()) for part in (header, payload)]
    body = ".".join(parts)
    signature = b"" if secret is None else hmac.digest(secret, body.encode(), hashlib.sha256)
    return f"{body}.{_encoded(signature)}"


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
