"""JSON Web Key Sets (RFC 7517): the public keys that tokens may be signed with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from jwt import PyJWK
from jwt.exceptions import PyJWTError

from evaluator.diagnostics import Diagnostic
from evaluator.documents.json_documents import load_json
from evaluator.server.config import problems

__all__ = ["KeySet", "read_key_set"]

# What a key can be used for, by its kty and crv (RFC 7518, section 6; RFC 8037). A secret (`oct`)
# is none of these.
_ALGORITHMS: Final[Mapping[tuple[str, str | None], tuple[str, ...]]] = {
    ("RSA", None): ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    ("EC", "P-256"): ("ES256",),
    ("EC", "P-384"): ("ES384",),
    ("EC", "P-521"): ("ES512",),
    ("OKP", "Ed25519"): ("EdDSA",),
}


class KeySet:
    """Public keys by their id and the algorithm that they are used with."""

    def __init__(self, keys: Mapping[tuple[str | None, str], PyJWK]) -> None:
        self._keys = keys

    def __bool__(self) -> bool:
        return bool(self._keys)

    def find(self, kid: str | None, algorithm: str) -> PyJWK | None:
        """The key of an id; without an id, the key for the algorithm if there is one only."""
        if kid is not None:
            return self._keys.get((kid, algorithm))
        fitting = [key for (_, name), key in self._keys.items() if name == algorithm]
        return fitting[0] if len(fitting) == 1 else None


def read_key_set(
    data: bytes, name: str, algorithms: Sequence[str]
) -> tuple[KeySet | None, tuple[Diagnostic, ...]]:
    """The keys of a set for some algorithms; None and what is wrong if there are none.

    Keys of kinds or for uses that we have not are passed over (RFC 7517, section 5). A private key
    is not: whoever can read the set could sign.
    """
    value, diagnostics = load_json(data, name=name)
    if diagnostics:
        return None, diagnostics
    entries = value.get("keys") if isinstance(value, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return None, (problems.key_set_shape(None, name),)
    private = [entry for entry in entries if "d" in entry]
    if private:
        told = (problems.key_set_private(None, name, _kid(entry)) for entry in private)
        return None, tuple(told)
    found = KeySet(dict(_usable(entries, algorithms)))
    return (found, ()) if found else (None, (problems.key_set_unusable(None, name, algorithms),))


def _usable(
    entries: Iterable[Mapping[str, Any]], algorithms: Sequence[str]
) -> Iterable[tuple[tuple[str | None, str], PyJWK]]:
    for entry in entries:
        operations = entry.get("key_ops", ["verify"])
        if not isinstance(operations, list) or "verify" not in operations:
            continue
        if entry.get("use", "sig") != "sig":
            continue
        kind, curve = entry.get("kty"), entry.get("crv")
        if not isinstance(kind, str) or not isinstance(curve, str | None):
            continue
        for algorithm in _ALGORITHMS.get((kind, curve), ()):
            if algorithm in algorithms and entry.get("alg", algorithm) == algorithm:
                key = _key(entry, algorithm)
                if key is not None:
                    yield (_kid(entry), algorithm), key


def _key(entry: Mapping[str, Any], algorithm: str) -> PyJWK | None:
    try:
        key = PyJWK(dict(entry), algorithm)
    except (PyJWTError, ValueError, TypeError, KeyError):
        return None
    return None if key.Algorithm.check_key_length(key.key) else key


def _kid(entry: Mapping[str, Any]) -> str | None:
    kid = entry.get("kid")
    return kid if isinstance(kid, str) else None
