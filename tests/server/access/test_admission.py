"""Who is admitted to what: by key, by token, by nobody's leave, by a pack of one's own."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import pytest

import evaluator
from evaluator.diagnostics import Diagnostic
from evaluator.server.access.admission import Admission
from evaluator.server.access.building import POLICY, admission
from evaluator.server.access.key_files import read_keys
from evaluator.server.access.keys import digest_of
from evaluator.server.access.watching import SetupError, Watched
from evaluator.server.app import Application
from evaluator.server.config.model import Access, JwtAccess
from evaluator.server.settings import Settings
from tests.cli_runner import evaluator as command
from tests.server.asking import ask
from tests.server.signing import AUDIENCE, ISSUER, key_set, token

FIXTURE = Path(__file__).parents[2] / "conformance/authzen/policies"
REQUEST = {
    "subject": {"type": "user", "id": "alice"},
    "action": {"name": "read"},
    "resource": {"type": "record", "id": "record-1"},
}
PATHS = {
    "evaluate": "/access/v1/evaluation",
    "search": "/access/v1/search/action",
    "explain": "/v1/explain",
}
KEYS = """keys:
  - {name: orders, sha256: %s}
  - {name: orders, sha256: %s}
  - {name: audit, sha256: %s, scopes: [explain]}
  - {name: gone, sha256: %s, expires: 2026-01-01T00:00:00Z}
  - {name: coming to its end, sha256: %s, expires: 2999-01-01T00:00:00Z}
"""


def nothing(diagnostics: Sequence[Diagnostic]) -> None:
    raise AssertionError(diagnostics)


def application(access: Access) -> Application:
    return Application(
        evaluator.load(FIXTURE),
        Settings(explains=True),
        key=b"",
        access=admission(access, nothing),
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("access")
    hashes = tuple(
        digest_of(key).hex() for key in ("old", "new", "audit", "gone", "coming-to-its-end")
    )
    (folder / "keys.yaml").write_text(KEYS % hashes, "utf-8")
    (folder / "jwks.json").write_bytes(key_set())
    return folder


@pytest.fixture(scope="module")
def app(folder: Path) -> Application:
    jwt = JwtAccess(folder / "jwks.json", ("ES256",), (AUDIENCE,), (ISSUER,))
    return application(Access(api_keys=folder / "keys.yaml", jwt=jwt))


def allowed(app: Application, headers: Mapping[str, str]) -> list[str]:
    """What the sender of some headers may do; it is refused the rest with 403."""
    found = {name: ask(app, "POST", path, REQUEST, headers)[0] for name, path in PATHS.items()}
    assert set(found.values()) <= {200, 403}
    return [name for name, status in found.items() if status == 200]


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


@pytest.mark.parametrize(
    ("headers", "may"),
    [
        (bearer("old"), ["evaluate", "search"]),
        (bearer("new"), ["evaluate", "search"]),
        ({"Authorization": "bearer   new"}, ["evaluate", "search"]),
        ({"X-API-Key": "new"}, ["evaluate", "search"]),
        (bearer("coming-to-its-end"), ["evaluate", "search"]),
        (bearer("audit"), ["explain"]),
        (bearer(token()), ["evaluate", "search"]),
        (bearer(token(scope="openid evaluate explain")), ["evaluate", "explain"]),
        (bearer(token(scope="openid")), []),
        (bearer(token(scope="")), []),
    ],
)
def test_what_callers_may_do(app: Application, headers: dict[str, str], may: list[str]) -> None:
    assert allowed(app, headers) == may


@pytest.mark.parametrize(
    ("headers", "status", "words"),
    [
        ({}, 401, "say who asks"),
        ({"X-API-Key": "none"}, 401, "nobody has that key"),
        ({"X-API-Key": ""}, 401, "ASCII"),
        (bearer("gone"), 401, "expired"),
        (bearer("a.b.c"), 401, "the token is none"),
        (bearer(token(exp=int(time.time()) - 100)), 401, "expired"),
        ({"Authorization": "Bearer"}, 401, "ASCII"),
        ({"Authorization": "Basic b2xkOg=="}, 401, "not Bearer"),
        ({"Authorization": "old"}, 401, "not Bearer"),
        (bearer("old new"), 401, "ASCII"),
        (bearer("øld"), 401, "ASCII"),
        (bearer("old\x00"), 401, "ASCII"),
        (bearer("x" * 20_000), 401, "octets"),
        (bearer(token() + "x" * 20_000), 401, "octets"),
        ({**bearer("old"), "X-API-Key": "old"}, 400, "not both"),
    ],
)
def test_nobody_else_is_answered(
    app: Application, headers: dict[str, str], status: int, words: str
) -> None:
    for path in ("/access/v1/evaluation", "/access/v1/search/subject", "/v1/explain"):
        found, message, answered = ask(app, "POST", path, REQUEST, headers)
        assert found == status
        assert words in message
        assert ("www-authenticate" in answered) is (status == 401)
    assert ask(app, "GET", "/v1/packs", None, headers)[0] == status


def test_a_challenge_names_no_error_where_nothing_was_shown(app: Application) -> None:
    _, _, answered = ask(app, "POST", PATHS["evaluate"], REQUEST)
    assert answered["www-authenticate"] == 'Bearer realm="evaluator"'


def test_nothing_is_read_of_who_is_not_admitted(app: Application) -> None:
    assert ask(app, "POST", PATHS["evaluate"], {"x": "y" * 3_000_000})[0] == 401


def test_many_wrong_keys(app: Application) -> None:
    found = {
        ask(app, "POST", PATHS["evaluate"], REQUEST, bearer(f"wrong-{number}"))[:2]
        for number in range(200)
    }
    assert found == {(401, "nobody has that key")}
    assert allowed(app, bearer("new")) == ["evaluate", "search"]


def test_what_anybody_is_told(app: Application) -> None:
    for path in ("/healthz", "/readyz", "/.well-known/authzen-configuration"):
        assert ask(app, "GET", path)[0] == 200


def test_why_not_is_said(app: Application) -> None:
    status, message, answered = ask(app, "POST", PATHS["explain"], REQUEST, bearer("old"))
    assert (status, message) == (403, "orders has no scopes, and explain takes one.")
    assert answered["www-authenticate"] == 'Bearer realm="evaluator", error="insufficient_scope"'


def test_without_keys_and_tokens_nobody_has_to_say_who_they_are() -> None:
    app = application(Access())
    assert allowed(app, {}) == allowed(app, bearer("old")) == ["evaluate", "search", "explain"]


def test_a_key_is_no_token_and_a_token_no_key(folder: Path) -> None:
    jwt = JwtAccess(folder / "jwks.json", ("ES256",), (AUDIENCE,), (ISSUER,))
    with_tokens = application(Access(jwt=jwt))
    assert ask(with_tokens, "POST", PATHS["evaluate"], REQUEST, bearer("old"))[:2] == (
        401,
        "that is no token",
    )
    with_keys = application(Access(api_keys=folder / "keys.yaml"))
    assert ask(with_keys, "POST", PATHS["evaluate"], REQUEST, bearer(token()))[0] == 401


def test_the_suite_of_the_pack_shows_all_of_it() -> None:
    done = command("test", str(POLICY), "--coverage", "--coverage-fail-under", "100")
    assert (done.returncode, done.stderr) == (0, "")


# Other packs


OWN = {
    "pack.yaml": """language: 1
name: callers
version: 1.0.0
title: Ours
files: [callers.yaml]
""",
    "callers.yaml": """policy: callers.callers
title: Ours
applies_to: {resource: service, actions: "*"}
rules:
  - id: engineers
    effect: allow
    when: 'subject.type == "jwt" && "engineers" in subject.claims.groups'
""",
}


def written(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def test_a_pack_of_ones_own(folder: Path, tmp_path: Path) -> None:
    jwt = JwtAccess(folder / "jwks.json", ("ES256",), (AUDIENCE,), (ISSUER,))
    app = application(Access(jwt=jwt, policy=written(tmp_path, OWN)))
    assert allowed(app, bearer(token(groups=["engineers"]))) == list(PATHS)
    assert allowed(app, bearer(token(groups=["others"]))) == []
    assert allowed(app, bearer(token())) == []
    assert allowed(app, bearer(token(groups=1, scope="evaluate"))) == []


def test_a_pack_that_cannot_be_used(tmp_path: Path) -> None:
    broken = {**OWN, "callers.yaml": OWN["callers.yaml"].replace("when:", "wen:")}
    with pytest.raises(SetupError) as caught:
        admission(Access(policy=written(tmp_path, broken)), nothing)
    assert [item.code for item in caught.value.diagnostics] == ["EVL114"]
    assert caught.value.folder == tmp_path


def test_the_file_of_keys_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="there is no file"):
        admission(Access(api_keys=tmp_path / "keys.yaml"), nothing)
    (tmp_path / "jwks.json").write_text(json.dumps({"keys": []}), "utf-8")
    jwt = JwtAccess(tmp_path / "jwks.json", ("ES256",), (AUDIENCE,), (ISSUER,))
    with pytest.raises(SetupError, match="no key for ES256"):
        admission(Access(jwt=jwt), nothing)


def test_the_moment_at_which_a_key_ends(folder: Path) -> None:
    keys = Watched(folder / "keys.yaml", read_keys, nothing)
    end = 1_767_225_600_000_000_000
    for now, status in [(end - 1, 200), (end, 401)]:
        access = Admission(evaluator.load(POLICY), keys=keys, clock=partial(int, now))
        app = Application(evaluator.load(FIXTURE), Settings(), key=b"", access=access)
        assert ask(app, "POST", PATHS["evaluate"], REQUEST, bearer("gone"))[0] == status
