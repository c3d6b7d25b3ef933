"""Names that the service is asked by, and names that others have lead to it."""

from __future__ import annotations

from pathlib import Path

import pytest

import evaluator
from evaluator.server.answers import Refusal
from evaluator.server.app import Application
from evaluator.server.hosts import Hosts, refuse_repeated
from evaluator.server.settings import Settings
from tests.server.asking import ask

FIXTURE = Path(__file__).parents[1] / "conformance/authzen/policies"

LOCAL = Hosts()
PUBLIC = Hosts(local=False, public_url="https://Decisions.Example/pdp")
NO_HOSTS = {
    *("::1", "[::1", "[::1]x", "[localhost]", "localhost:x", "localhost\xe9", "", ":8181"),
}
NAMED = Hosts(["pdp.internal", "*.Corp.example", "10.0.0.7"])


@pytest.mark.parametrize(
    ("hosts", "host", "ours"),
    [
        (LOCAL, "localhost", True),
        (LOCAL, "LOCALHOST:8181", True),
        (LOCAL, "localhost.", True),
        (LOCAL, "pdp.localhost:1", True),
        (LOCAL, "127.0.0.1:8181", True),
        (LOCAL, "127.9.9.9", True),
        (LOCAL, "[::1]:8181", True),
        (LOCAL, "[::ffff:127.0.0.1]", True),
        (LOCAL, "evil.example", False),
        (LOCAL, "localhost.evil.example", False),
        (LOCAL, "127.0.0.1.evil.example", False),
        (LOCAL, "evillocalhost", False),
        (LOCAL, "10.0.0.7", False),
        (LOCAL, "[::2]", False),
        (LOCAL, "::1", False),
        (LOCAL, "[::1", False),
        (LOCAL, "[::1]x", False),
        (LOCAL, "[localhost]", False),
        (LOCAL, "localhost:x", False),
        (LOCAL, "user@localhost", False),
        (LOCAL, "localhost/", False),
        (LOCAL, "localhost\xe9", False),
        (LOCAL, "", False),
        (LOCAL, ":8181", False),
        (PUBLIC, "decisions.example", True),
        (PUBLIC, "decisions.example:443", True),
        (PUBLIC, "192.0.2.7:8181", True),
        (PUBLIC, "[2001:db8::1]:8181", True),
        (PUBLIC, "localhost:8181", True),
        (PUBLIC, "evil.example", False),
        (PUBLIC, "x.decisions.example", False),
        (NAMED, "pdp.internal:8181", True),
        (NAMED, "a.b.corp.example", True),
        (NAMED, "corp.example", False),
        (NAMED, "evilcorp.example", False),
        (NAMED, "10.0.0.7", True),
        (NAMED, "10.0.0.8", False),
        (NAMED, "localhost", True),
        (Hosts(["*"]), "anything", True),
        (Hosts(["*"]), "", True),
    ],
)
def test_whose_names(hosts: Hosts, host: str, ours: bool) -> None:
    for _ in range(2):  # what has been found good is remembered
        if ours:
            hosts.check({b"host": host.encode("latin-1")})
        else:
            with pytest.raises(Refusal, match=r"not the host|is no host|which host") as refused:
                hosts.check({b"host": host.encode("latin-1")})
            assert refused.value.status == (400 if host in NO_HOSTS else 421)


def test_a_request_without_a_host_is_refused() -> None:
    with pytest.raises(Refusal, match="which host") as refused:
        LOCAL.check({})
    assert refused.value.status == 400


def test_what_is_remembered_is_bounded() -> None:
    hosts = Hosts(["*.example"])
    for number in range(1000):
        hosts.check({b"host": b"a%d.example" % number})
    assert len(hosts._known) <= 64


@pytest.fixture(scope="module")
def app() -> Application:
    return Application(evaluator.load(FIXTURE), Settings(), key=b"", hosts=Hosts())


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/v1/packs", "localhost", 200),
        ("/v1/packs", "evil.example", 421),
        ("/.well-known/authzen-configuration", "evil.example", 421),
        ("/v1/packs", "evil example", 421),
        ("/v1/packs", "[evil", 400),
        ("/nowhere", "evil.example", 421),
        ("/healthz", "10.1.2.3:8181", 200),  # whoever watches over it knows its address only
        ("/readyz", "10.1.2.3:8181", 200),
    ],
)
def test_the_application(app: Application, path: str, host: str, status: int) -> None:
    assert ask(app, "GET", path, None, {"host": host})[0] == status


def test_a_page_elsewhere_cannot_ask(app: Application) -> None:
    path = "/access/v1/evaluation"
    status, message, _ = ask(app, "POST", path, {}, {"host": "evil.example"})
    assert (status, message) == (421, "this is not the host `evil.example`")


@pytest.mark.parametrize(
    ("headers", "good"),
    [
        ([(b"accept", b"a"), (b"accept", b"b")], True),
        ([(b"x-api-key", b"a"), (b"authorization", b"b")], True),
        ([(b"authorization", b"a"), (b"accept", b"b"), (b"authorization", b"a")], False),
        ([(b"x-api-key", b"a"), (b"x-api-key", b"b")], False),
        ([(b"host", b"a"), (b"host", b"b")], False),
        ([(b"content-type", b"application/json"), (b"content-type", b"text/plain")], False),
    ],
)
def test_headers_that_count_once(headers: list[tuple[bytes, bytes]], good: bool) -> None:
    if good:
        refuse_repeated(headers)
    else:
        with pytest.raises(Refusal, match="two headers"):
            refuse_repeated(headers)
