"""Middleware that decides each request, around any ASGI application: here, one in ten lines.

Start it in this folder, with ``pip install 'policy-evaluator[server]'``:

    uvicorn asgi_app:app
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import evaluator
from evaluator.integrations.asgi import PolicyMiddleware

ACTIONS = {"GET": "read", "POST": "borrow"}
ON_LOAN = {"emma"}


def request_of(scope: Mapping[str, Any]) -> dict[str, Any] | None:
    """What is to be decided: GET and POST of /books/ID. The front page is for everybody."""
    if scope["path"] == "/":
        return None
    headers = dict(scope["headers"])
    id_ = scope["path"].removeprefix("/books/")
    return {
        # A token says who it is in earnest; this believes a header.
        "subject": {"type": "user", "id": headers.get(b"x-user", b"").decode("latin-1")},
        "action": {"name": ACTIONS.get(scope["method"], scope["method"])},
        "resource": {"type": "book", "id": id_, "properties": {"on_loan": id_ in ON_LOAN}},
    }


async def library(scope: Any, receive: Any, send: Any) -> None:
    """The application. What it sees has been allowed, and the decision is in its state."""
    if scope["type"] != "http":
        return
    decision = scope.get("state", {}).get("decision")
    text = "welcome" if decision is None else f"allowed by {', '.join(decision.rule_ids)}"
    headers = [(b"content-type", b"text/plain")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


policies = evaluator.load(Path(__file__).with_name("library"))
app = PolicyMiddleware(library, policies, request_of)
