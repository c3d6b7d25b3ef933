"""Where the service listens without more ado, and where not."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from evaluator.server.command import serve
from evaluator.server.config.hosts import is_host_pattern, is_loopback
from evaluator.server.config.model import Access, InsecurePublic, Listen, Tls
from evaluator.server.exposure import objection

TLS = Tls(Path("c.pem"), Path("k.pem"))
KEYS = Access(api_keys=Path("keys.yaml"))


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("", False),
        ("192.0.2.7", False),
        ("::ffff:192.0.2.7", False),
        ("no.such.host.invalid", False),
    ],
)
def test_this_machine_alone(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("host", "tls", "access", "said", "missing"),
    [
        ("127.0.0.1", None, Access(), [], []),
        ("::1", None, Access(), [], []),
        ("0.0.0.0", TLS, KEYS, [], []),
        ("0.0.0.0", None, Access(), [], ["authentication", "TLS"]),
        ("0.0.0.0", None, KEYS, [], ["TLS"]),
        ("0.0.0.0", TLS, Access(), [], ["authentication"]),
        ("::", TLS, Access(policy=Path("p")), [], ["authentication"]),
        ("0.0.0.0", None, Access(), ["without-tls"], ["authentication"]),
        ("0.0.0.0", None, Access(), ["without-authentication"], ["TLS"]),
        ("0.0.0.0", None, KEYS, ["without-tls"], []),
        ("0.0.0.0", None, Access(), ["without-tls", "without-authentication"], []),
    ],
)
def test_elsewhere(
    host: str,
    tls: Tls | None,
    access: Access,
    said: list[InsecurePublic],
    missing: list[str],
) -> None:
    found = objection(Listen(host, tls=tls, insecure_public=frozenset(said)), access)
    if missing:
        assert found is not None
        assert f"without {' and without '.join(missing)}" in found
        for name in missing:
            assert f"--insecure-public without-{name.lower()}" in found
    else:
        assert found is None


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("a.example", True),
        ("a_b", True),
        ("*.a.example", True),
        ("*", True),
        ("10.0.0.7", True),
        ("::1", True),
        ("https://a", False),
        ("a:80", False),
        ("a/b", False),
        ("a*.b", False),
        ("a..b", False),
        ("", False),
        ("*.", False),
        ("é", False),
        ("a" * 254, False),
    ],
)
def test_hosts_that_can_be_allowed(text: str, good: bool) -> None:
    assert is_host_pattern(text) is good


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--host", "0.0.0.0"], "without authentication and without TLS"),
        (["--host", ""], "all addresses of this machine, which would be without authentication"),
        (["--host", "nowhere.invalid"], "nowhere.invalid is no address"),
        (["--host", "a..b"], "a..b is no address"),
        (["--log", ""], "--log: say which file"),
        (["--tls-key", __file__], "together"),
        (["--tls-key", __file__, "--tls-certificate", __file__], "no certificate in it, as PEM"),
        (["--public-url", "decisions.example"], "--public-url"),
        (["--public-url", "https://a/?b=c"], "--public-url"),
        (["--allowed-host", "a/b"], "--allowed-host"),
        (["--policies", "nowhere-at-all"], "no folder"),
        (["--api-keys", __file__], "EVL"),
        (["--config", __file__], "EVL"),
        (["--config", "nowhere.yaml"], "does not exist"),
        (["--insecure-public", "yes"], "without-tls"),
    ],
)
def test_what_is_not_started(options: list[str], words: str) -> None:
    policies = Path(__file__).parents[1] / "conformance/authzen/policies"
    done = CliRunner().invoke(serve, ["-p", str(policies), "--port", "0", *options])
    assert done.exit_code == 2, done.output
    assert words in done.output
