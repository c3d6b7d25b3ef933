from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from evaluator.server.playground.answering.endpoints import ENDPOINTS
from evaluator.server.playground.pool import QUESTIONS
from tests.server.playground.playing import HEADERS, Playing, playing

BODY = json.dumps({"edits": {}, "locale": "en"}).encode()


@pytest.fixture(scope="module")
def played() -> Iterator[Playing]:
    with playing() as found:
        yield found


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in HEADERS.items() if key != name}


def test_the_page_has_a_policy_with_a_new_nonce_each_time(played: Playing) -> None:
    nonces = []
    for _ in range(2):
        told = played.send("GET", "/", {"host": "localhost"})
        assert told.status == 200
        policy = told.headers["content-security-policy"]
        (nonce,) = re.findall(r"'nonce-([^']+)'", policy)
        assert f'content="{nonce}"' in told.body.decode()
        assert "{nonce}" not in told.body.decode()
        assert "unsafe" not in policy
        assert policy.startswith("default-src 'none'; script-src 'self'; ")
        assert told.headers["cache-control"] == "no-store"
        nonces.append(nonce)
    assert nonces[0] != nonces[1]


@pytest.mark.parametrize("path", ["/", "/app.js", "/api/check", "/nothing"])
def test_every_answer_says_how_it_may_be_used(played: Playing, path: str) -> None:
    told = played.send("GET", path, {"host": "localhost"})
    assert told.headers["x-content-type-options"] == "nosniff"
    assert told.headers["referrer-policy"] == "no-referrer"
    assert told.headers["cross-origin-opener-policy"] == "same-origin"
    assert told.headers["cross-origin-resource-policy"] == "same-origin"
    assert "frame-ancestors 'none'" in told.headers["content-security-policy"]


def test_files_are_compressed_and_known_again(played: Playing) -> None:
    plain = played.send("GET", "/app.js", {"host": "localhost"})
    packed = played.send("GET", "/app.js", {"host": "localhost", "accept-encoding": "br, gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) < len(plain.body) / 2
    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
    known = {"host": "localhost", "if-none-match": plain.headers["etag"]}
    again = played.send("GET", "/app.js", known)
    assert (again.status, again.body) == (304, b"")


@pytest.mark.parametrize("path", ["/../app.py", "/app.py", "/%2e%2e/app.py", "/manifest.json/x"])
def test_there_are_no_other_files(played: Playing, path: str) -> None:
    assert played.send("GET", path, {"host": "localhost"}).status == 404


@pytest.mark.parametrize(
    ("headers", "status", "error"),
    [
        (HEADERS, 200, None),
        ({**HEADERS, "origin": "http://localhost:8282", "host": "localhost:8282"}, 200, None),
        ({**HEADERS, "sec-fetch-site": "same-origin"}, 200, None),
        ({**HEADERS, "content-type": "application/json; charset=utf-8"}, 200, None),
        (without("origin"), 403, "forbidden"),
        ({**HEADERS, "origin": "null"}, 403, "forbidden"),
        ({**HEADERS, "origin": "http://evil.example"}, 403, "forbidden"),
        ({**HEADERS, "origin": "http://127.0.0.1:8283"}, 403, "forbidden"),
        ({**HEADERS, "origin": "file://127.0.0.1:8282"}, 403, "forbidden"),
        ({**HEADERS, "sec-fetch-site": "cross-site"}, 403, "forbidden"),
        ({**HEADERS, "sec-fetch-site": "same-site"}, 403, "forbidden"),
        ({**HEADERS, "host": "evil.example", "origin": "http://evil.example"}, 421, "forbidden"),
        ({**HEADERS, "host": "", "origin": "http://"}, 400, "forbidden"),
        ({**HEADERS, "content-type": "text/plain"}, 400, "invalid"),
        (without("content-type"), 400, "invalid"),
        (without("x-playground-session"), 400, "invalid"),
        ({**HEADERS, "x-playground-session": "a b"}, 400, "invalid"),
        ({**HEADERS, "x-playground-session": "a" * 65}, 400, "invalid"),
    ],
)
def test_only_pages_of_its_own_may_ask(
    played: Playing, headers: dict[str, str], status: int, error: str | None
) -> None:
    told = played.send("POST", "/api/check", headers, BODY)
    assert (told.status, told.json.get("error")) == (status, error)


def test_the_page_is_not_shown_under_another_name(played: Playing) -> None:
    assert played.send("GET", "/", {"host": "evil.example"}).status == 421


def test_two_headers_of_which_one_counts_are_refused(played: Playing) -> None:
    twice = [("host", "127.0.0.1:8282"), ("host", "evil.example")]
    assert played.send("GET", "/", twice).status == 400


@pytest.mark.parametrize(
    ("body", "status", "error"),
    [
        (b"", 400, "invalid"),
        (b"[]", 400, "invalid"),
        (b"{", 400, "invalid"),
        (b"\xff", 400, "invalid"),
        (b"[" * 100_000, 400, "invalid"),
        (b'{"edits": [], "locale": "en"}', 400, "invalid"),
        (b'{"edits": {"licenses/roles.yaml": 1}, "locale": "en"}', 400, "invalid"),
        (b'{"edits": {}, "locale": "../../en"}', 400, "invalid"),
        (b'{"edits": {"../x.yaml": ""}, "locale": "en"}', 400, "invalid"),
        (
            b'{"edits": {"licenses/roles.yaml": "%s"}}' % (b"#" * 1024 * 1024 + b"#"),
            413,
            "too-large",
        ),
        (b'{"edits": {}, "request": "%s"}' % (b"x" * 262_144), 413, "too-large"),
        (b" " * (3 * 1024 * 1024 + 1), 413, "too-large"),
    ],
    ids=lambda value: str(value[:40]) if isinstance(value, bytes) else "",
)
def test_questions_that_make_no_sense(
    played: Playing, body: bytes, status: int, error: str
) -> None:
    told = played.send("POST", "/api/check", HEADERS, body)
    assert (told.status, told.json["error"]) == (status, error)
    assert told.json["message"]


def test_other_methods_and_endpoints(played: Playing) -> None:
    assert played.send("GET", "/api/check", HEADERS).status == 405
    assert played.send("POST", "/", HEADERS).status == 405
    assert played.send("POST", "/api/secrets", HEADERS).status == 404


def test_the_pool_knows_what_may_be_asked() -> None:
    assert set(ENDPOINTS) == QUESTIONS


def test_policies_that_do_not_load(played: Playing) -> None:
    told = played.ask("timeline", edits={"licenses/roles.yaml": "rules: ["}, request={}, now="")
    assert (told.status, told.json["error"]) == (422, "unloadable")
    assert told.json["diagnostics"][0]["at"]["file"] == "licenses/roles.yaml"


def test_long_answers_are_compressed(played: Playing) -> None:
    told = played.send("POST", "/api/open", {**HEADERS, "accept-encoding": "gzip"}, BODY)
    assert told.headers["content-encoding"] == "gzip"
    assert [one["name"] for one in told.json["packs"]] == ["expenses", "licenses"]
    refused = {**HEADERS, "accept-encoding": "gzip;q=0"}
    plain = played.send("POST", "/api/open", refused, BODY)
    assert plain.json == told.json


def test_the_time_of_day_is_said_in_the_language_of_the_reader(played: Playing) -> None:
    request: dict[str, Any] = {"resource": {"type": "subscription", "id": "1"}}
    asked: dict[str, Any] = {
        "request": request,
        "now": "2026-03-03T09:00:00Z",
        "actions": ["buy_licenses"],
    }
    told = played.ask("decide", **asked, locale="da")
    message = told.json["decisions"]["buy_licenses"]["decision"]["reasons"][0]["message"]
    assert message.startswith("Forespørgslen er ikke gyldig")


def test_a_token_is_needed_where_others_may_come() -> None:
    with playing(workers=1, token="s3cret", prefix="/playground") as found:
        path = "/playground/api/check"
        for token, status in (("s3cret", 200), ("other", 401), ("", 401)):
            headers = {**HEADERS, "x-playground-token": token}
            told = found.send("POST", path, headers, BODY)
            assert told.status == status
        assert found.send("POST", path, HEADERS, BODY).json["error"] == "forbidden"
        page = found.send("GET", "/playground/", {"host": "localhost"})
        assert page.status == 200
        moved = found.send("GET", "/playground", {"host": "localhost"}, query_string=b"token=a")
        assert (moved.status, moved.headers["location"]) == (307, "/playground/?token=a")
