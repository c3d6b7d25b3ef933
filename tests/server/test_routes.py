"""Which paths and methods there are: every other gets the right status, and a sentence in JSON."""

from __future__ import annotations

import asyncio
import http.client
import json
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest

import evaluator
from evaluator.server.app import Application
from evaluator.server.settings import Settings
from tests.server.asking import send_raw
from tests.server.processes import Service, started

PACK = Path(__file__).parents[1] / "conformance/authzen/policies"
EVALUATION = "/access/v1/evaluation"
POSTS = [
    EVALUATION,
    "/access/v1/evaluations",
    "/access/v1/search/subject",
    "/access/v1/search/resource",
    "/access/v1/search/action",
    "/v1/decide",
]
GETS = ["/.well-known/authzen-configuration", "/v1/packs", "/openapi.json", "/healthz", "/readyz"]
JSON = {"content-type": "application/json"}
ASKED = {
    "subject": {"type": "user", "id": "alice"},
    "action": {"name": "read"},
    "resource": {"type": "record", "id": "record-1"},
}


@pytest.fixture(scope="module")
def app() -> Application:
    return Application(evaluator.load(PACK), Settings(), key=b"k" * 32)


def sentence(body: bytes) -> str:
    text = json.loads(body)
    assert isinstance(text, str)
    return text


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "post", "X"])
def test_a_path_that_takes_post(app: Application, path: str, method: str):
    status, body, headers = send_raw(app, method, path, b"", {})
    assert (status, headers["allow"]) == (405, "POST")
    assert sentence(body) == f"{path} takes POST"


@pytest.mark.parametrize("path", GETS)
@pytest.mark.parametrize("method", ["POST", "OPTIONS", "PUT", "PATCH", "DELETE", "get", "TRACE"])
def test_a_path_that_takes_get(app: Application, path: str, method: str):
    status, body, headers = send_raw(app, method, path, b"{}", JSON)
    assert (status, headers["allow"]) == (405, "GET, HEAD")
    assert sentence(body) == f"{path} takes GET"


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS", "DELETE"])
@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "*",
        "//",
        f"{EVALUATION}/",
        f"/{EVALUATION}",
        f"{EVALUATION}//",
        "/access//v1/evaluation",
        "/access/v1/../v1/evaluation",
        "/access/v1/./evaluation",
        "/Access/v1/Evaluation",
        f"{EVALUATION};a=b",
        f"{EVALUATION} ",
        f"{EVALUATION}\0",
        f"{EVALUATION}\n",
        "/access/v1",
        "/healthz/",
        "/v1/explain",
        "/metrics",
        "/é/\N{SNOWMAN}/\ufffd",
        "/%2e%2e/etc/passwd",
    ],
)
def test_paths_that_are_none(app: Application, method: str, path: str):
    status, body, headers = send_raw(app, method, path, b"", {})
    assert status == 404
    assert sentence(body) == f"there is nothing at {path}"
    assert headers["content-type"] == "application/json"


def test_a_long_path_is_not_said_again_whole(app: Application):
    status, body, _ = send_raw(app, "GET", "/" + "a" * 1_000_000, b"", {})
    assert status == 404
    assert len(body) < 300


def test_what_is_no_request_over_http_is_left_alone(app: Application):
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        raise AssertionError

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(app({"type": "websocket", "path": EVALUATION, "headers": []}, receive, send))
    assert sent == []


# What the server below makes of an address


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with started("-p", str(PACK)) as found:
        yield found


def over_http(
    service: Service, method: str, target: str, body: bytes | None = None
) -> tuple[int, bytes, http.client.HTTPMessage]:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=10)
    # The client of the standard library refuses what this is about.
    connection._validate_path = lambda url: None  # type: ignore[attr-defined]
    try:
        connection.request(method, target, body, JSON)
        response = connection.getresponse()
        return response.status, response.read(), response.headers
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("target", "status"),
    [
        (EVALUATION, 200),
        (f"{EVALUATION}?a=b", 200),
        ("/access/v1/%65valuation", 200),  # the same address (RFC 3986, section 6.2.2.2)
        ("/access%2fv1/evaluation", 404),
        ("/access%2Fv1%2Fevaluation", 404),  # another one (section 2.2)
        (f"http://localhost{EVALUATION}", 200),
        (f"HTTP://127.0.0.1:1{EVALUATION}?a=b", 200),
        (f"http://localhost//{EVALUATION}", 404),
        ("http://localhost", 404),
        (f"http://{EVALUATION}", 400),
        (f"http://evil.example{EVALUATION}", 421),
        (f"ftp://localhost{EVALUATION}", 404),
        (f"{EVALUATION}/", 404),
        (f"{EVALUATION}%00", 404),
        (f"{EVALUATION}%20", 404),
        ("/access/v1/%zz", 404),
        ("/%ff%fe", 404),
        ("/%F0%9D%84%9E", 404),
        ("/" + "a" * 20_000, 404),
    ],
)
def test_addresses(service: Service, target: str, status: int):
    found, body, headers = over_http(service, "POST", target, json.dumps(ASKED).encode())
    assert found == status
    assert headers["content-type"] == "application/json"
    if status == 404:
        assert sentence(body).startswith("there is nothing at ")


@pytest.mark.parametrize(
    ("target", "status"), [("/healthz", 200), ("/nowhere", 404), (EVALUATION, 405)]
)
def test_head_is_get_without_a_body(service: Service, target: str, status: int):
    found, body, headers = over_http(service, "HEAD", target)
    assert (found, body) == (status, b"")
    told, whole, _ = over_http(service, "GET", target)
    assert told == status
    assert headers["content-length"] == str(len(whole))
