"""A library that lends books as its policies say.

Start it in this folder, with ``pip install 'policy-evaluator[client,server]' fastapi``:

    uvicorn fastapi_app:app
"""

import os
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException

import evaluator
from evaluator.integrations.client import AsyncClient
from evaluator.integrations.fastapi import Requires, install
from evaluator.integrations.policies import AnyDecision

BOOKS: dict[str, dict[str, bool]] = {
    "dune": {},
    "emma": {"on_loan": True},
    "atlas": {"reading_room": True},
}


def current_user(x_user: Annotated[str | None, Header()] = None) -> dict[str, Any]:
    """The subject. Who it is comes from a token in earnest; this believes a header."""
    if x_user is None:
        raise HTTPException(401, "say who you are: X-User")
    return {"type": "user", "id": x_user}


def book(id: str) -> dict[str, Any]:
    """The resource, with what the policies want to know of it."""
    if id not in BOOKS:
        raise HTTPException(404, "there is no such book")
    return {"type": "book", "id": id, "properties": BOOKS[id]}


app = FastAPI(title="Library")
requires = Requires(subject=current_user)

# The policies decide in this process, or a service does: nothing else changes.
if url := os.environ.get("POLICIES_URL"):
    install(app, AsyncClient(url))
else:
    install(app, evaluator.load(Path(__file__).with_name("library")))


@app.post("/books/{id}/loan")
async def borrow(
    id: str, decision: Annotated[AnyDecision, Depends(requires("borrow", resource=book))]
) -> dict[str, Any]:
    """Runs only if it is allowed; the decision says why it is."""
    BOOKS[id]["on_loan"] = True
    return {"borrowed": id, "because": decision.rule_ids}


@app.get("/books/{id}", dependencies=[Depends(requires("read", resource="book"))])
async def read(id: str) -> str:
    """The type and the id of the path are enough here."""
    return f"the text of {id}"
