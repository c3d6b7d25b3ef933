"""The dependency of FastAPI: what it asks, and how denials are answered."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from fastapi import Body, Depends, FastAPI, Header, HTTPException, Request, WebSocket

import evaluator
from evaluator.integrations.fastapi import Requires, install
from evaluator.integrations.policies import AnyDecision
from evaluator.server.app import Application
from evaluator.server.settings import Settings
from tests.integrations.services import answers, asking, replying, told

LIBRARY = Path(__file__).parents[2] / "docs/examples/library"
DOCUMENTS = Path(__file__).parents[2] / "docs/demo/documents"
ANN = {"X-User": "ann"}


async def current_user(x_user: Annotated[str | None, Header()] = None) -> dict[str, Any]:
    if x_user is None:
        raise HTTPException(401, "who are you?")
    return {"type": "user", "id": x_user}


def catalogued(id: str) -> dict[str, Any]:
    if id == "none":
        raise HTTPException(404, "there is no such book")
    return {
        "type": "book",
        "id": id,
        "properties": {"on_loan": id == "lent", "reading_room": id == "atlas"},
    }


async def from_body(request: Request) -> dict[str, Any]:
    return {"type": "book", "id": (await request.json())["book"], "properties": {"on_loan": True}}


requires = Requires(subject=current_user)
Borrowing = Annotated[AnyDecision, Depends(requires("borrow", resource=catalogued))]


@pytest.fixture(scope="module")
def policies() -> evaluator.PolicySet:
    return evaluator.load(LIBRARY)


@pytest.fixture(params=["here", "sync client", "async client"])
def deciders(request: pytest.FixtureRequest, policies: evaluator.PolicySet) -> Any:
    if request.param == "here":
        return policies
    service = Application(policies, Settings(), key=b"")
    return asking("sync" if request.param == "sync client" else "async", service)


def application(policies: Any) -> FastAPI:
    app = FastAPI()
    if policies is not None:
        install(app, policies)

    @app.post("/books/{id}/loan")
    async def borrow(id: str, decision: Borrowing) -> dict[str, Any]:
        return {"borrowed": id, "because": list(decision.rule_ids)}

    @app.get("/books/{id}", dependencies=[Depends(requires("read", resource="book"))])
    def read(id: str) -> str:
        return f"the text of {id}"

    @app.get(
        "/shelf/{number}", dependencies=[Depends(requires("read", resource="book", id="number"))]
    )
    def shelf(number: int) -> int:
        return number

    @app.get("/lost", dependencies=[Depends(requires("read", resource="book"))])
    def lost() -> str:
        return "found"

    @app.post("/loans", dependencies=[Depends(requires("borrow", resource=from_body))])
    async def loan(book: Annotated[str, Body(embed=True)]) -> str:
        return book

    @app.post("/all")
    async def everything() -> str:
        evaluator.load(LIBRARY).require(
            {
                "subject": {"type": "user", "id": "ann"},
                "action": {"name": "borrow"},
                "resource": {"type": "book", "id": "lent", "properties": {"on_loan": True}},
            }
        )
        return "all of them"

    return app


def ask(app: FastAPI, method: str, path: str, **options: Any) -> httpx.Response:
    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://app") as client:
            return await client.request(method, path, **options)

    return asyncio.run(asked())


def test_what_is_allowed_runs_and_has_its_decision(deciders: Any) -> None:
    app = application(deciders)
    response = ask(app, "POST", "/books/b1/loan", headers=ANN)
    assert response.json() == {"borrowed": "b1", "because": ["readers-borrow"]}
    assert ask(app, "GET", "/books/b1", headers=ANN).json() == "the text of b1"
    assert ask(app, "GET", "/shelf/7", headers=ANN).json() == 7


def test_what_is_denied_is_told_why_and_what_helps(deciders: Any) -> None:
    app = application(deciders)
    response = ask(app, "POST", "/books/lent/loan", headers={**ANN, "Accept-Language": "da"})
    assert response.status_code == 403
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["content-language"] == "da"
    assert response.json()["reasons"] == [
        {
            "id": "on-loan",
            "message": "Bogen er udlånt.",
            "remedies": [{"id": "reserve-it", "message": "Reservér den."}],
        }
    ]
    other = ask(app, "POST", "/loans", headers=ANN, json={"book": "b1"})
    assert (other.status_code, other.json()["detail"]) == (403, "The book is on loan.")


def test_what_dependencies_raise_goes_first(policies: evaluator.PolicySet) -> None:
    app = application(policies)
    assert ask(app, "POST", "/books/b1/loan").status_code == 401
    assert ask(app, "POST", "/books/none/loan", headers=ANN).status_code == 404


def test_a_denial_in_the_operation_is_told_alike(policies: evaluator.PolicySet) -> None:
    response = ask(application(policies), "POST", "/all", headers={"Accept-Language": "da"})
    assert response.status_code == 403
    assert response.json()["detail"] == "Bogen er udlånt."


@pytest.mark.parametrize("kind", ["sync", "async"])
def test_without_a_decision_it_is_unavailable(kind: Any, caplog: pytest.LogCaptureFixture) -> None:
    client = replying(kind, answers(told(503, "overloaded", retry_after="77")))
    response = ask(application(client), "POST", "/books/b1/loan", headers=ANN)
    assert response.status_code == 503
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["retry-after"] == "77"
    assert "overloaded" in caplog.text


def test_mistakes_of_the_program_let_nobody_through(policies: evaluator.PolicySet) -> None:
    with pytest.raises(LookupError, match="install"):
        ask(application(None), "POST", "/books/b1/loan", headers=ANN)
    with pytest.raises(LookupError, match="no parameter `id`"):
        ask(application(policies), "GET", "/lost", headers=ANN)


def test_other_policies_take_over(policies: evaluator.PolicySet) -> None:
    app = application(policies)
    assert ask(app, "GET", "/books/b1", headers=ANN).status_code == 200
    install(app, evaluator.load(DOCUMENTS))
    response = ask(app, "GET", "/books/b1", headers=ANN)
    assert response.json()["reasons"][0]["id"] == "no-policy-applies"


def test_contexts(policies: evaluator.PolicySet) -> None:
    seen: list[Any] = []

    class Watched:
        def decide(self, request: Any, *, locale: str | None = None) -> Any:
            seen.append(request.get("context"))
            return policies.decide(request, locale=locale)

    def common() -> dict[str, Any]:
        return {"channel": "web"}

    async def own(request: Request) -> dict[str, Any]:
        return {"days": request.query_params["days"]}

    around = Requires(subject=current_user, context=common)
    app = FastAPI()
    install(app, Watched())  # type: ignore[arg-type]  # no more is asked of it
    app.get("/common/{id}", dependencies=[Depends(around("read", resource="book"))])(lambda: 1)
    app.get("/own/{id}", dependencies=[Depends(around("read", resource="book", context=own))])(
        lambda: 1
    )
    app.get("/none/{id}", dependencies=[Depends(requires("read", resource="book"))])(lambda: 1)
    for path in ("/common/b1", "/own/b1?days=3", "/none/b1"):
        assert ask(app, "GET", path, headers=ANN).status_code == 200
    assert seen == [{"channel": "web"}, {"days": "3"}, None]


def test_parameters_of_dependencies_stand_in_the_description(policies: Any) -> None:
    described = application(policies).openapi()["paths"]["/books/{id}/loan"]["post"]
    assert {one["name"] for one in described["parameters"]} == {"id", "x-user"}
    assert "requestBody" not in described


@pytest.fixture
def sockets(policies: evaluator.PolicySet) -> FastAPI:
    app = FastAPI()
    install(app, policies)

    @app.websocket("/books/{id}")
    async def follow(websocket: WebSocket, decision: Borrowing) -> None:
        await websocket.accept()
        await websocket.close()

    @app.websocket("/later/{id}")
    async def later(websocket: WebSocket, id: str) -> None:
        await websocket.accept()
        policies.require(
            {
                "subject": {"type": "user", "id": "ann"},
                "action": {"name": "borrow"},
                "resource": catalogued(id),
            }
        )

    return app


@pytest.mark.parametrize(
    ("path", "extensions", "sent"),
    [
        ("/books/b1", {}, ["websocket.accept", "websocket.close"]),
        ("/books/lent", {}, ["websocket.close"]),
        (
            "/books/lent",
            {"websocket.http.response": {}},
            ["websocket.http.response.start", "websocket.http.response.body"],
        ),
        ("/later/lent", {"websocket.http.response": {}}, ["websocket.accept", "websocket.close"]),
    ],
)
def test_websockets(sockets: FastAPI, path: str, extensions: Any, sent: list[str]) -> None:
    found: list[Any] = []

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        found.append(message)

    scope = {
        "type": "websocket",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "scheme": "ws",
        "headers": [(b"x-user", b"ann")],
        "extensions": extensions,
    }
    asyncio.run(sockets(scope, receive, send))
    assert [one["type"] for one in found] == sent
    if sent == ["websocket.close"]:
        assert found[0]["code"] == 1008
