"""Whatever is sent or found at an address, there is an answer to it, and no exception."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evaluator.server.access.building import admission
from evaluator.server.access.key_files import read_keys
from evaluator.server.access.key_sets import read_key_set
from evaluator.server.answers import Refusal
from evaluator.server.config.model import Access, JwtAccess
from evaluator.server.hosts import Hosts
from tests.server.signing import AUDIENCE, ISSUER, key_set, public_jwk, raw_token, rsa_key, token

HEADERS = st.dictionaries(
    st.sampled_from([b"authorization", b"x-api-key", b"host"]),
    st.one_of(
        st.binary(max_size=40),
        st.binary(max_size=40).map(b"Bearer ".__add__),
        st.text("abc.-_=AZ09", max_size=40).map(lambda text: f"Bearer {text}".encode()),
    ),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["alg", "kid", "typ", "crit", "b64", "exp", "nbf", "iat", "aud", "iss", "sub"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
HEADER = st.dictionaries(
    st.sampled_from(["kid", "crit", "b64", "typ", "jwk", "zip"]), JSON, max_size=3
).flatmap(
    lambda found: st.sampled_from(["none", "HS256", "ES256", "RS256"]).map(
        lambda algorithm: {**found, "alg": algorithm}
    )
)
MEMBERS = st.dictionaries(
    st.sampled_from(["kty", "crv", "x", "y", "n", "e", "k", "kid", "alg", "use", "key_ops"]),
    JSON | st.sampled_from(["EC", "RSA", "OKP", "oct", "P-256", "Ed25519", "sig", "AQAB"]),
)


def refusal(action: Callable[[], object]) -> Refusal | None:
    try:
        action()
    except Refusal as refused:
        return refused
    return None


@pytest.fixture(scope="module")
def access(tmp_path_factory: pytest.TempPathFactory) -> Access:
    folder: Path = tmp_path_factory.mktemp("anything")
    (folder / "keys.yaml").write_text("keys: []", "utf-8")
    (folder / "jwks.json").write_bytes(key_set(public_jwk(rsa_key(), kid="one")))
    jwt = JwtAccess(folder / "jwks.json", ("ES256", "RS256"), (AUDIENCE,), (ISSUER,))
    return Access(api_keys=folder / "keys.yaml", jwt=jwt)


@pytest.fixture(scope="module")
def admits(access: Access):
    found = admission(access, lambda diagnostics: None)

    def admits(headers: dict[bytes, bytes]) -> bool:
        refused = refusal(lambda: asyncio.run(found.admit(headers, "evaluate")))
        assert refused is None or refused.status in (400, 401)
        return refused is None

    return admits


@given(HEADERS)
def test_headers(admits, headers: dict[bytes, bytes]) -> None:
    assert not admits(headers)


@given(HEADER, JSON, st.none() | st.binary(max_size=4))
def test_tokens(admits, header: object, payload: object, secret: bytes | None) -> None:
    assert not admits({b"authorization": b"Bearer " + raw_token(header, payload, secret).encode()})


@given(st.data())
def test_tokens_that_were_good(admits, data: st.DataObject) -> None:
    good = token(rsa_key(), "RS256")
    assert admits({b"authorization": b"Bearer " + good.encode()})
    at = data.draw(st.integers(0, len(good) - 1))
    sign = data.draw(st.sampled_from("AZaz09-_.=+/").filter(lambda sign: sign != good[at]))
    changed = good[:at] + sign + good[at + 1 :]
    assert not admits({b"authorization": b"Bearer " + changed.encode()})


@given(st.binary(max_size=60))
def test_hosts(host: bytes) -> None:
    refused = refusal(lambda: Hosts().check({b"host": host}))
    assert refused is None or (refused.status in (400, 421) and refused.message.isprintable())


@given(st.lists(MEMBERS | JSON, max_size=3) | JSON)
@example([{"kty": "EC", "key_ops": None}])
def test_key_sets(keys: object) -> None:
    for data in (json.dumps({"keys": keys}), json.dumps(keys)):
        found, diagnostics = read_key_set(data.encode(), "keys", ("ES256", "RS256", "EdDSA"))
        assert (found is None) is bool(diagnostics)


@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps({"keys": value}).encode()))
def test_files_of_keys(data: bytes) -> None:
    found, diagnostics = read_keys(data, "keys.yaml")
    assert (found is None) <= bool(diagnostics)
