"""The middleware: who gets through, and what the others are told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

import evaluator
from evaluator.integrations.asgi import PolicyMiddleware
from evaluator.server.app import Application
from evaluator.server.settings import Settings
from tests.integrations.services import answers, asking, replying, told

LIBRARY = Path(__file__).parents[2] / "docs/examples/library"


@pytest.fixture(scope="module")
def policies() -> evaluator.PolicySet:
    return evaluator.load(LIBRARY)


def request_of(scope: Mapping[str, Any]) -> dict[str, Any] | None:
    """Books at ``/books/ID``, anybody's at ``/``."""
    if scope["path"] == "/":
        return None
    headers = dict(scope["headers"])
    if b"x-user" not in headers:
        raise PermissionError("nobody")
    _, kind, id_ = scope["path"].split("/")
    return {
        "subject": {"type": "user", "id": headers[b"x-user"].decode()},
        "action": {"name": "borrow"},
        "resource": {
            "type": kind.removesuffix("s"),
            "id": id_,
            "properties": {"on_loan": id_ == "lent", "reading_room": id_ == "atlas"},
        },
    }


class Inner:
    """The application behind: what it was shown."""

    def __init__(self) -> None:
        self.scopes: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scopes.append(scope)
        if scope["type"] == "http":
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"read on"})
        elif scope["type"] == "websocket":
            await send({"type": "websocket.accept"})


def get(app: Any, path: str, **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.get(path, headers=named)

    return asyncio.run(ask())


@pytest.fixture(params=["here", "sync client", "async client"])
def deciders(request: pytest.FixtureRequest, policies: evaluator.PolicySet) -> Any:
    if request.param == "here":
        return policies
    service = Application(policies, Settings(), key=b"")
    return asking("sync" if request.param == "sync client" else "async", service)


def test_what_is_allowed_gets_through_with_its_decision(deciders: Any) -> None:
    inner = Inner()
    response = get(PolicyMiddleware(inner, deciders, request_of), "/books/b1", x_user="ann")
    assert (response.status_code, response.text) == (200, "read on")
    assert inner.scopes[0]["state"]["decision"].rule_ids == ("readers-borrow",)


def test_what_is_denied_is_told_why_and_what_helps(deciders: Any) -> None:
    inner = Inner()
    app = PolicyMiddleware(inner, deciders, request_of)
    response = get(app, "/books/lent", x_user="ann", accept_language="da-DK, en;q=0.5")
    assert inner.scopes == []
    assert response.status_code == 403
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["content-language"] == "da-DK"
    assert response.json() == {
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
        "detail": "Bogen er udlånt.",
        "reasons": [
            {
                "id": "on-loan",
                "message": "Bogen er udlånt.",
                "remedies": [{"id": "reserve-it", "message": "Reservér den."}],
            }
        ],
        "valid_until": None,
    }
    assert get(app, "/books/lent", x_user="ann").json()["detail"] == "The book is on loan."
    assert get(app, "/books/lent", x_user="ann", accept_language="fr").json()["detail"] == (
        "The book is on loan."
    )


def test_a_remedy_that_changes_the_request_says_how(policies: evaluator.PolicySet) -> None:
    response = get(PolicyMiddleware(Inner(), policies, request_of), "/books/atlas", x_user="ann")
    (reason,) = response.json()["reasons"]
    assert reason["remedies"][0]["sets"] == {"/action/name": "read"}


def test_none_is_let_pass_undecided(policies: evaluator.PolicySet) -> None:
    inner = Inner()
    assert get(PolicyMiddleware(inner, policies, request_of), "/").status_code == 200
    assert "decision" not in inner.scopes[0].get("state", {})


def test_the_request_may_be_made_by_a_coroutine(policies: evaluator.PolicySet) -> None:
    async def later(scope: Mapping[str, Any]) -> dict[str, Any] | None:
        await asyncio.sleep(0)
        return request_of(scope)

    app = PolicyMiddleware(Inner(), policies, later)
    assert get(app, "/books/b1", x_user="ann").status_code == 200
    assert get(app, "/books/lent", x_user="ann").status_code == 403


def test_what_cannot_be_made_a_request_does_not_get_through(policies: evaluator.PolicySet) -> None:
    inner = Inner()
    with pytest.raises(PermissionError):
        get(PolicyMiddleware(inner, policies, request_of), "/books/b1")
    odd: Any = lambda scope: {"subject": "ann"}  # noqa: E731
    response = get(PolicyMiddleware(inner, policies, odd), "/books/b1")
    assert response.status_code == 403
    assert response.json()["reasons"][0]["id"] == "invalid-request"
    assert inner.scopes == []


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_without_a_decision_it_is_unavailable(kind: Any, caplog: pytest.LogCaptureFixture) -> None:
    inner = Inner()
    client = replying(kind, answers(told(503, "overloaded at db-7", retry_after="77")))
    response = get(PolicyMiddleware(inner, client, request_of), "/books/b1", x_user="ann")
    assert inner.scopes == []
    assert response.status_code == 503
    assert response.headers["retry-after"] == "77"
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["title"] == "Service Unavailable"
    assert "db-7" not in response.text
    assert "db-7" in caplog.text

    denying = replying(kind, answers(told(500, "no")), on_failure="deny")
    response = get(PolicyMiddleware(inner, denying, request_of), "/books/b1", x_user="ann")
    assert response.status_code == 403
    assert response.json()["reasons"][0]["id"] == "service-unavailable"
    assert inner.scopes == []


def connect(app: Any, path: str, extensions: dict[str, Any]) -> list[Any]:
    """What an application sends to a WebSocket that is opened."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "websocket",
        "path": path,
        "headers": [(b"x-user", b"ann")],
        "extensions": extensions,
    }
    asyncio.run(app(scope, receive, send))
    return sent


def test_websockets_are_decided_too(policies: evaluator.PolicySet) -> None:
    app = PolicyMiddleware(Inner(), policies, request_of)
    assert [one["type"] for one in connect(app, "/books/b1", {})] == ["websocket.accept"]
    closed = connect(app, "/books/lent", {})
    assert closed == [{"type": "websocket.close", "code": 1008, "reason": ""}]
    start, body = connect(app, "/books/lent", {"websocket.http.response": {}})
    assert (start["type"], start["status"]) == ("websocket.http.response.start", 403)
    assert json.loads(body["body"])["reasons"][0]["id"] == "on-loan"


def test_the_life_of_the_application_is_its_own(policies: evaluator.PolicySet) -> None:
    inner = Inner()
    app: Any = PolicyMiddleware(inner, policies, request_of)
    asyncio.run(app({"type": "lifespan"}, None, None))
    assert inner.scopes == [{"type": "lifespan"}]


def test_the_state_of_the_server_is_not_written_to(policies: evaluator.PolicySet) -> None:
    shared: dict[str, Any] = {"pool": 1}
    inner = Inner()
    app: Any = PolicyMiddleware(inner, policies, request_of)

    async def ignore(message: Any) -> None:
        return None

    scope = {"type": "http", "path": "/books/b1", "headers": [(b"x-user", b"ann")]}
    asyncio.run(app({**scope, "state": shared}, None, ignore))
    assert shared == {"pool": 1}
    assert inner.scopes[0]["state"].keys() == {"pool", "decision"}
