"""Tokens that are good, and all those that are not."""

from __future__ import annotations

import asyncio
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import jwt
import pytest
from jwt import PyJWK
from jwt.warnings import InsecureKeyLengthWarning

from evaluator.diagnostics import Diagnostic
from evaluator.server.access.key_sets import read_key_set
from evaluator.server.access.key_sources import FileKeys
from evaluator.server.access.tokens import Tokens, scopes_of
from evaluator.server.answers import Refusal
from evaluator.server.config.model import JwtAccess
from tests.server.answering import serving
from tests.server.signing import (
    AUDIENCE,
    ISSUER,
    claims,
    ec_key,
    ed_key,
    key_set,
    pem,
    public_jwk,
    raw_token,
    rsa_key,
    token,
)

ALGORITHMS = ("ES256", "RS256", "PS256", "EdDSA")


def nothing(diagnostics: Sequence[Diagnostic]) -> None:
    raise AssertionError(diagnostics)


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    path = tmp_path_factory.mktemp("keys") / "jwks.json"
    path.write_bytes(
        key_set(
            public_jwk(ec_key(), kid="one"),
            public_jwk(rsa_key(), kid="rsa"),
            public_jwk(ed_key(), kid="ed", use="sig", key_ops=["verify"]),
            public_jwk(ec_key("pinned"), kid="pinned", alg="ES384"),
            public_jwk(ec_key("sealing"), kid="sealing", use="enc"),
            public_jwk(rsa_key(1024), kid="short"),
        )
    )
    return verifying(path)


def verifying(path: Path, algorithms: tuple[str, ...] = ALGORITHMS) -> Tokens:
    settings = JwtAccess(path, algorithms, (AUDIENCE,), (ISSUER,), leeway=5)
    return Tokens(settings, FileKeys(path, algorithms, nothing))


def refused(tokens: Tokens, text: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        asyncio.run(tokens.claims(text))
    return caught.value


GOOD: dict[str, Callable[[], str]] = {
    "EC": lambda: token(),
    "RSA": lambda: token(rsa_key(), "RS256", "rsa"),
    "RSA with PSS": lambda: token(rsa_key(), "PS256", "rsa"),
    "Ed25519": lambda: token(ed_key(), "EdDSA", "ed"),
    "no id, one key for the algorithm": lambda: token(kid=None),
    "for several": lambda: token(aud=["others", AUDIENCE]),
    "just expired": lambda: token(exp=int(time.time()) - 2),
    "just issued": lambda: token(nbf=int(time.time()) + 2),
    "with a place to find keys at": lambda: with_headers({"jku": "http://127.0.0.1:1/keys"}),
}


def with_headers(headers: Mapping[str, Any]) -> str:

    return jwt.encode(claims(), ec_key(), "ES256", headers={"kid": "one", **headers})


@pytest.mark.parametrize("name", GOOD)
def test_good(tokens: Tokens, name: str) -> None:
    assert asyncio.run(tokens.claims(GOOD[name]()))["sub"] == "svc-7"


def long_ago() -> int:
    return int(time.time()) - 3600


def with_own_key() -> str:

    mine = ec_key("mine")
    headers = {"kid": "one", "jwk": public_jwk(mine, kid="one"), "x5c": ["MIIB"]}
    return jwt.encode(claims(), mine, "ES256", headers=headers)


def of_a_short_key() -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InsecureKeyLengthWarning)
        return token(rsa_key(1024), "RS256", "short")


BAD: dict[str, tuple[Callable[[], str], str]] = {
    "no token": (lambda: "a.b.c", "none"),
    "two parts": (lambda: ".".join(token().split(".")[:2]), "none"),
    "four parts": (lambda: token() + ".x", "none"),
    "deep header": (lambda: raw_token([[]] * 3, {}), "none"),
    "unsigned": (lambda: raw_token({"alg": "none"}, claims()), "a way that does not count"),
    "unsigned, with an id": (
        lambda: raw_token({"alg": "None", "kid": "one"}, claims()),
        "a way that does not count",
    ),
    "no algorithm": (lambda: raw_token({"kid": "one"}, claims()), "a way that does not count"),
    "algorithm that is none": (
        lambda: raw_token({"alg": ["ES256"], "kid": "one"}, claims()),
        "a way that does not count",
    ),
    "signature left out": (lambda: token().rpartition(".")[0] + ".", "not good"),
    "public key as the secret": (
        lambda: raw_token({"alg": "HS256", "kid": "one"}, claims(), pem(ec_key())),
        "a way that does not count",
    ),
    "public RSA key as the secret": (
        lambda: raw_token({"alg": "HS256", "kid": "rsa"}, claims(), pem(rsa_key())),
        "a way that does not count",
    ),
    "HMAC that says RSA": (
        lambda: raw_token({"alg": "RS256", "kid": "rsa"}, claims(), pem(rsa_key())),
        "not good",
    ),
    "algorithm of another key": (lambda: token(kid="rsa"), "nobody knows"),
    "algorithm that its key is not for": (
        lambda: token(ec_key("pinned"), kid="pinned"),
        "nobody knows",
    ),
    "key for secrets": (lambda: token(ec_key("sealing"), kid="sealing"), "nobody knows"),
    "short key": (lambda: of_a_short_key(), "nobody knows"),
    "algorithm that is not ours": (
        lambda: token(rsa_key(), "RS512", "rsa"),
        "a way that does not count",
    ),
    "unknown key": (lambda: token(ec_key("other"), kid="other"), "nobody knows"),
    "id that is none": (lambda: raw_token({"alg": "ES256", "kid": 1}, claims()), "none"),
    "another's signature": (lambda: token(ec_key("other")), "not good"),
    "key in the token": (lambda: with_own_key(), "not good"),
    "critical extension": (lambda: with_headers({"crit": ["x"], "x": 1}), "none"),
    "expired": (lambda: token(exp=long_ago()), "expired"),
    "never expires": (lambda: token(exp=None), "no exp"),
    "expires at no time": (lambda: token(exp="soon"), "not good"),
    "not yet": (lambda: token(nbf=long_ago() + 7200), "not good yet"),
    "issued in the future": (lambda: token(iat=long_ago() + 7200), "not good yet"),
    "another audience": (lambda: token(aud="decision"), "another service"),
    "several other audiences": (lambda: token(aud=["a", "b"]), "another service"),
    "no audience": (lambda: token(aud=None), "no aud"),
    "audience of a wrong kind": (lambda: token(aud={"decisions": 1}), "another service"),
    "another issuer": (lambda: token(iss="https://login.example"), "another issuer"),
    "no issuer": (lambda: token(iss=None), "no iss"),
    "nobody": (lambda: token(sub=None), "no sub"),
    "nobody in particular": (lambda: token(sub=""), "no sub"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad(tokens: Tokens, name: str) -> None:
    make, words = BAD[name]
    refusal = refused(tokens, make())
    assert (refusal.status, refusal.headers["www-authenticate"]) == (
        401,
        'Bearer realm="evaluator", error="invalid_token"',
    )
    assert words in refusal.message


def test_one_changed_sign_is_enough(tokens: Tokens) -> None:
    good = token()
    for at in (len(good) // 3, len(good) // 2, len(good) - 20):
        other = "A" if good[at] != "A" else "B"
        refused(tokens, good[:at] + other + good[at + 1 :])


def test_tokens_do_not_make_the_service_ask_anywhere(tokens: Tokens) -> None:
    mine = ec_key("mine")
    with serving(200, key_set(public_jwk(mine, kid="mine"))) as there:
        for name in ("jku", "x5u"):
            headers = {"kid": "mine", name: there.url}
            refused(tokens, jwt.encode(claims(), mine, "ES256", headers=headers))
    assert there.asked == []


def test_without_an_id_two_keys_are_too_many(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_bytes(
        key_set(public_jwk(ec_key(), kid="one"), public_jwk(ec_key("other"), kid="other"))
    )
    assert "nobody knows" in refused(verifying(path), token(kid=None)).message


@pytest.mark.parametrize(
    ("found", "scopes"),
    [
        ({"scope": "evaluate  search"}, ["evaluate", "search"]),
        ({"scope": ""}, []),
        ({"scp": ["evaluate", 1]}, ["evaluate"]),
        ({"scope": 1, "scp": "explain"}, ["explain"]),
        ({"sub": "x"}, None),
    ],
)
def test_scopes(found: dict[str, Any], scopes: list[str] | None) -> None:
    assert scopes_of(found) == scopes


# What is remembered of good tokens


class Changing:
    """Keys that a test puts in and takes away."""

    def __init__(self, *names: str) -> None:
        self.put(*names)

    def put(self, *names: str) -> None:
        entries = [public_jwk(ec_key(name), kid=name) for name in names]
        found, _ = read_key_set(key_set(*entries), "keys", ("ES256",))
        assert found is not None
        self._keys = found

    async def find(self, kid: str | None, algorithm: str) -> PyJWK | None:
        return self._keys.find(kid, algorithm)


SETTINGS = JwtAccess("", ("ES256",), (AUDIENCE,), (ISSUER,), leeway=5)


def test_a_token_counts_no_longer_than_its_key() -> None:
    keys = Changing("one", "two")
    tokens = Tokens(SETTINGS, keys)
    text = token()
    assert asyncio.run(tokens.claims(text)) is asyncio.run(tokens.claims(text))
    keys.put("one")
    assert asyncio.run(tokens.claims(text))["sub"] == "svc-7"
    keys.put("two")
    assert "nobody knows" in refused(tokens, text).message


def test_a_token_counts_no_longer_than_it_says() -> None:
    now = [time.time()]
    tokens = Tokens(SETTINGS, Changing("one"), clock=lambda: now[0])
    text = token(exp=int(now[0]) + 1)
    assert asyncio.run(tokens.claims(text))
    now[0] += 5.9
    assert asyncio.run(tokens.claims(text))
    now[0] += 0.2
    # The memory no longer vouches for it, so that it is verified again, by the system's clock.
    first = asyncio.run(tokens.claims(text))
    assert first is not asyncio.run(tokens.claims(text))


def test_only_good_tokens_are_remembered_and_not_too_many() -> None:
    tokens = Tokens(SETTINGS, Changing("one"))
    for number in range(1100):
        assert asyncio.run(tokens.claims(token(sub=f"svc-{number}")))["sub"] == f"svc-{number}"
    assert len(tokens._known) == 1024
    for number in range(10):
        refused(tokens, token(ec_key("other"), sub=f"svc-{number}"))
    assert len(tokens._known) == 1024
