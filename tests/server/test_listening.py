"""The service on a socket: TLS, and what is done to its headers by hand."""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from evaluator.server.access.keys import digest_of, file_line, new_key
from evaluator.server.config.model import Tls
from evaluator.server.tls import TlsError, server_context
from tests.server.processes import Service, started
from tests.server.signing import AUDIENCE, ISSUER, key_set, token
from tests.server.talking import connected

FIXTURE = Path(__file__).parents[1] / "conformance/authzen/policies"
KEY = new_key()
SECONDS = 1.5
BODY = json.dumps(
    {
        "subject": {"type": "user", "id": "alice"},
        "action": {"name": "read"},
        "resource": {"type": "record", "id": "record-1"},
    }
).encode()


def certified(folder: Path, name: str = "own") -> Tls:
    """A certificate that was signed with its own key, for this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    found = Tls(folder / f"{name}.pem", folder / f"{name}.key")
    found.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    found.key.write_bytes(private(key))
    return found


def private(key: ec.EllipticCurvePrivateKey, password: bytes | None = None) -> bytes:
    sealed: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password is not None:
        sealed = serialization.BestAvailableEncryption(password)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, sealed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("listening")


@pytest.fixture(scope="module")
def service(folder: Path) -> Iterator[Service]:
    """Where other machines reach it too: with TLS, for those who say who they are."""
    certified(folder)
    (folder / "keys.yaml").write_text(f"keys:\n  {file_line('orders', digest_of(KEY))}\n", "utf-8")
    (folder / "jwks.json").write_bytes(key_set())
    (folder / "server.yaml").write_text(
        f"""\
listen:
  host: 0.0.0.0
  tls: {{certificate: own.pem, key: own.key}}
policies: {json.dumps(str(FIXTURE))}
limits: {{seconds: {SECONDS}}}
allowed_hosts: [decisions.example]
access:
  api_keys: keys.yaml
  jwt:
    jwks: jwks.json
    algorithms: [ES256]
    audience: {AUDIENCE}
    issuer: {ISSUER}
""",
        "utf-8",
    )
    with started("--config", str(folder / "server.yaml")) as service:
        yield service


def exchange(
    service: Service, folder: Path, *headers: bytes, host: bytes = b"decisions.example"
) -> tuple[int, bytes]:
    """Sends a request with headers as they are; the status and the body of the answer."""
    head = [b"POST /access/v1/evaluation HTTP/1.1", b"Host: " + host, b"Connection: close"]
    head += [b"Content-Type: application/json", b"Content-Length: %d" % len(BODY), *headers]
    context = ssl.create_default_context(cafile=folder / "own.pem")
    with (
        socket.create_connection(("127.0.0.1", service.port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        connection.sendall(b"\r\n".join([*head, b"", b""]) + BODY)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    start, _, body = answer.partition(b"\r\n\r\n")
    return int(start.split()[1]), body


def bearer(text: str) -> bytes:
    return b"Authorization: Bearer " + text.encode("latin-1")


def test_it_says_where(service: Service) -> None:
    assert service.url == f"https://0.0.0.0:{service.port}"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([bearer(KEY)], 200),
        ([bearer(token())], 200),
        ([b"X-API-Key: " + KEY.encode()], 200),
        ([b"authorization:bearer " + KEY.encode() + b"  "], 200),
        ([], 401),
        ([bearer(token(aud="others"))], 401),
        ([bearer(KEY), bearer(KEY)], 400),
        ([bearer(KEY), bearer("other")], 400),
        ([bearer("other"), bearer(KEY)], 400),
        ([b"X-API-Key: " + KEY.encode(), b"X-API-Key: x"], 400),
        ([bearer(KEY), b"X-API-Key: " + KEY.encode()], 400),
        ([b"Authorization: Bearer \xff\xfe"], 401),
        ([b"Authorization: B\xe9arer x"], 401),
        ([b"Authorization: Bearer x\x00y"], 400),
        ([b"Authorization: Bearer " + b"x" * 30_000], 401),
        ([bearer(KEY), b"Host: decisions.example"], 400),
    ],
)
def test_headers(service: Service, folder: Path, headers: list[bytes], status: int) -> None:
    assert exchange(service, folder, *headers)[0] == status


def test_headers_without_end_are_cut_off(service: Service, folder: Path) -> None:
    # It may close the connection while we are still sending, and so before we read its answer.
    with suppress(OSError):
        assert exchange(service, folder, bearer("x" * 200_000))[0] == 400
    assert exchange(service, folder, bearer(KEY))[0] == 200


def test_another_name_is_not_answered(service: Service, folder: Path) -> None:
    assert exchange(service, folder, bearer(KEY), host=b"evil.example") == (
        421,
        b'"this is not the host `evil.example`"',
    )


def test_what_is_no_tls_is_not_answered(service: Service) -> None:
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as plain:
        plain.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert not plain.recv(100).startswith(b"HTTP")


@pytest.mark.parametrize(
    "first", [b"", b"\x16\x03\x01\x02\x00\x01"], ids=["nothing", "a beginning"]
)
def test_a_handshake_that_stalls_ends_like_a_slow_head(service: Service, first: bytes) -> None:
    with socket.create_connection(("127.0.0.1", service.port), timeout=10) as plain:
        began = time.monotonic()
        plain.sendall(first)
        with suppress(ConnectionResetError):
            assert plain.recv(100) == b""
        assert SECONDS * 0.9 < time.monotonic() - began < SECONDS * 3


@pytest.mark.parametrize("worker_count", ["1", "2"])
def test_neither_environment_nor_proxies_say_who_asks_for_what(worker_count: str) -> None:
    """Uvicorn would take both from there; behind a proxy, `public_url` says the address."""
    environment = {"FORWARDED_ALLOW_IPS": "*", "WEB_CONCURRENCY": "many", "UVICORN_PORT": "1"}
    options = ("-p", str(FIXTURE), "--workers", worker_count)
    forwarded = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "192.0.2.1",
        "X-Forwarded-Host": "decisions.example",
        "Forwarded": "for=192.0.2.1;proto=https;host=decisions.example",
    }
    with started(*options, environment=environment) as plain, connected(plain.port) as connection:
        connection.request("GET", "/.well-known/authzen-configuration", headers=forwarded)
        told = json.loads(connection.getresponse().read())
        assert told["policy_decision_point"] == plain.url


def test_keys_come_while_it_runs(service: Service, folder: Path) -> None:
    path, other = folder / "keys.yaml", new_key()
    good = path.read_text("utf-8")
    path.write_text("keys: [", "utf-8")
    time.sleep(1.1)
    assert exchange(service, folder, bearer(KEY))[0] == 200
    told = next(iter(service.process.stderr or ()))
    assert "keys not loaded; those from before count" in told
    assert "keys.yaml:1:7" in told
    path.write_text(f"{good}  {file_line('new', digest_of(other))}\n", "utf-8")
    time.sleep(1.1)
    for key in (KEY, other):
        assert exchange(service, folder, bearer(key))[0] == 200


def test_old_tls_is_not_spoken(tmp_path: Path) -> None:
    context = server_context(certified(tmp_path))
    assert context.minimum_version == ssl.TLSVersion.TLSv1_2


def test_certificates_that_cannot_be_shown(tmp_path: Path) -> None:
    first, second = certified(tmp_path, "first"), certified(tmp_path, "second")
    locked = tmp_path / "locked.key"
    locked.write_bytes(private(ec.generate_private_key(ec.SECP256R1()), b"secret"))
    broken = tmp_path / "broken.pem"
    broken.write_bytes(first.certificate.read_bytes()[:-60])
    for tls, words in [
        (Tls(first.certificate, second.key), "do not go together"),
        (Tls(first.key, first.certificate), "first.key: there is no certificate in it, as PEM"),
        (Tls(first.certificate, first.certificate), "there is no private key in it, as PEM"),
        (Tls(broken, first.key), "do not go together"),
        (Tls(first.certificate, locked), "has a password"),
        (Tls(first.certificate, tmp_path / "none"), "No such file"),
        (Tls(tmp_path, first.key), "Is a directory"),
    ]:
        with pytest.raises(TlsError, match=words):
            server_context(tls)
