"""The OpenAPI document (version 3.1): each path, who may ask there, and every answer that it has.

What is served is the copy that lies beside this module. After a change, ``python -m
evaluator.server.openapi.document FOLDER...`` writes it anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

__all__ = ["generate", "published", "write"]

_PATH: Final = "/openapi.json"
_JSON: Final = "application/json"

Part = Mapping[str, Any]


@cache
def published() -> bytes:
    """The document as JSON."""
    from importlib import resources

    return resources.files(__package__).joinpath("published", "openapi.json").read_bytes()


def generate() -> dict[str, Any]:
    """The document made from the schemas of the messages."""
    import evaluator
    from evaluator.server.openapi.messages import messages

    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Policy evaluator",
            "version": evaluator.__version__,
            "summary": "Decisions with reasons and remedies, as AuthZEN 1.0 asks for them.",
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [
            {"name": "AuthZEN", "description": "The Authorization API 1.0 of OpenID."},
            {
                "name": "decisions",
                "description": "Decisions as the library has them.",
            },
            {"name": "operation", "description": "What those ask who run the service."},
        ],
        "paths": _PATHS,
        "components": {
            "schemas": messages(),
            "parameters": _PARAMETERS,
            "headers": _HEADERS,
            "responses": _RESPONSES,
            "securitySchemes": _SECURITY,
        },
    }


_DESCRIPTION: Final = """\
Every error has a JSON string as its body: a sentence that says what is wrong. That of `/readyz` is
an object.

Where the service listens to its own machine alone, nobody has to say who they are. Elsewhere, a
caller shows an API key or a token, and a policy of the service says for what it is good.

A subject or resource without `properties` has those that the service knows of it, if it does.

A `context.time` in a request does not count unless the service was told to trust it; an answer says
so in `ignored`."""

_SECURITY: Final = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token (RFC 7519), or an API key.",
    },
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "An API key."},
}
_ANY_CALLER: Final[list[dict[str, list[str]]]] = [{}, {"bearer": []}, {"key": []}]


def _header(description: str, **schema: Any) -> Part:
    return {"description": description, "schema": {"type": "string", **schema}}


_HEADERS: Final = {
    "X-Request-ID": _header(
        "What the request was called, or else a name that the service has made."
    ),
    "Retry-After": _header("After how many seconds to try again.", pattern="^[0-9]+$"),
    "WWW-Authenticate": _header("How to say who asks (RFC 6750)."),
    "Accept-Encoding": _header("`identity`: bodies are taken as they are."),
    "Connection": _header("`close`: the service reads no more of what is sent."),
}
_PARAMETERS: Final = {
    "X-Request-ID": {
        "name": "X-Request-ID",
        "in": "header",
        "description": "What to call the request in the answer and in logs: any text.",
        "schema": {"type": "string"},
    },
    "Accept-Language": {
        "name": "Accept-Language",
        "in": "header",
        "description": "Which languages the reader of the texts prefers (RFC 9110).",
        "schema": {"type": "string"},
        "example": "da, en;q=0.5",
    },
}


def _answer(description: str, schema: str, *headers: str) -> Part:
    return {
        "description": description,
        "headers": {
            name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Request-ID", *headers)
        },
        "content": {_JSON: {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


_RESPONSES: Final = {
    "BadRequest": _answer("The request is not what it should be.", "Error"),
    "Unauthorized": _answer(
        "Nobody knows who asks: no key or token, or none that is good.",
        "Error",
        "WWW-Authenticate",
    ),
    "Forbidden": _answer("Who asks may not ask for this.", "Error", "WWW-Authenticate"),
    "NotEnabled": _answer("The service was not told to answer this.", "Error"),
    "Misdirected": _answer("The `Host` that is asked for is no name of this service.", "Error"),
    "TooSlow": _answer("The request took too long to arrive.", "Error", "Connection"),
    "TooLong": _answer(
        "The request has more octets, or a batch more evaluations, than the service takes.", "Error"
    ),
    "Compressed": _answer(
        "The body is compressed, which the service does not take.", "Error", "Accept-Encoding"
    ),
    "NotReady": _answer("Not now: decisions cannot be written down.", "Readiness", "Retry-After"),
    "Unavailable": _answer(
        "The service has too much to do, cannot write its log of decisions, cannot get the keys "
        "that tokens are verified with, or does not reach a database of entities.",
        "Error",
        "Retry-After",
    ),
}


def _responses(told: Part, *names: tuple[str, str]) -> Part:
    return {
        "200": told,
        **{status: {"$ref": f"#/components/responses/{name}"} for status, name in names},
    }


_REFUSED: Final = (
    ("401", "Unauthorized"),
    ("403", "Forbidden"),
)
_UNREAD: Final = (("400", "BadRequest"), *_REFUSED)


def _post(
    tag: str,
    id_: str,
    summary: str,
    schemas: tuple[str, str],
    *,
    example: Any,
    localized: bool = False,
    optional: bool = False,
) -> Part:
    """A path that takes a message and answers with another."""
    request, answer = schemas
    parameters = ("X-Request-ID", *(("Accept-Language",) if localized else ()))
    return {
        "post": {
            "tags": [tag],
            "operationId": id_,
            "summary": summary,
            "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in parameters],
            "security": _ANY_CALLER,
            "requestBody": {
                "required": True,
                "content": {
                    _JSON: {
                        "schema": {"$ref": f"#/components/schemas/{request}"},
                        "example": example,
                    }
                },
            },
            "responses": _responses(
                _answer("The answer.", answer),
                *_UNREAD,
                *((("404", "NotEnabled"),) if optional else ()),
                ("408", "TooSlow"),
                ("413", "TooLong"),
                ("415", "Compressed"),
                ("421", "Misdirected"),
                ("503", "Unavailable"),
            ),
        }
    }


def _get(
    tag: str,
    id_: str,
    summary: str,
    told: Part,
    *names: tuple[str, str],
    by_any_name: bool = False,
) -> Part:
    """A path that is read; with 401 among the names, by those who may."""
    misdirected = () if by_any_name else (("421", "Misdirected"),)
    return {
        "get": {
            "tags": [tag],
            "operationId": id_,
            "summary": summary,
            "parameters": [{"$ref": "#/components/parameters/X-Request-ID"}],
            "security": _ANY_CALLER if ("401", "Unauthorized") in names else [],
            "responses": _responses(told, ("400", "BadRequest"), *names, *misdirected),
        }
    }


_SUBJECT: Final = {"type": "user", "id": "alice"}
_ACTION: Final = {"name": "read"}
_RESOURCE: Final = {"type": "record", "id": "record-1"}
_ANOTHER: Final = {"type": "record", "id": "record-2"}
_ASKED: Final = {"subject": _SUBJECT, "action": _ACTION, "resource": _RESOURCE}
_API: Final = "/access/v1"

_PATHS: Final[Mapping[str, Part]] = {
    f"{_API}/evaluation": _post(
        "AuthZEN",
        "evaluate",
        "Whether a subject may do something to a resource, and why",
        ("EvaluationRequest", "EvaluationAnswer"),
        example=_ASKED,
        localized=True,
    ),
    f"{_API}/evaluations": _post(
        "AuthZEN",
        "evaluateSeveral",
        "Several decisions in one message, or one",
        ("EvaluationsRequest", "EvaluationsResponse"),
        example={
            "subject": _SUBJECT,
            "action": _ACTION,
            "evaluations": [{"resource": _RESOURCE}, {"resource": _ANOTHER}],
        },
        localized=True,
    ),
    f"{_API}/search/subject": _post(
        "AuthZEN",
        "searchSubjects",
        "Which subjects of a type may do something to a resource",
        ("SubjectSearchRequest", "SubjectSearchAnswer"),
        example={**_ASKED, "subject": {"type": "user"}, "page": {"limit": 10}},
    ),
    f"{_API}/search/resource": _post(
        "AuthZEN",
        "searchResources",
        "Which resources of a type a subject may do something to",
        ("ResourceSearchRequest", "ResourceSearchAnswer"),
        example={**_ASKED, "resource": {"type": "record"}, "page": {"limit": 10}},
    ),
    f"{_API}/search/action": _post(
        "AuthZEN",
        "searchActions",
        "What a subject may do to a resource",
        ("ActionSearchRequest", "ActionSearchAnswer"),
        example={"subject": _SUBJECT, "resource": _RESOURCE},
    ),
    "/.well-known/authzen-configuration": _get(
        "AuthZEN", "configuration", "Where the endpoints are", _answer("The addresses.", "Metadata")
    ),
    "/v1/decide": _post(
        "decisions",
        "decide",
        "A decision as `evaluator decide --format json` has it",
        ("EvaluationRequest", "DecideAnswer"),
        example=_ASKED,
        localized=True,
    ),
    "/v1/explain": _post(
        "decisions",
        "explain",
        "A decision, and the value of every part of every condition; where that is enabled",
        ("EvaluationRequest", "ExplainAnswer"),
        example=_ASKED,
        localized=True,
        optional=True,
    ),
    "/v1/packs": _get(
        "decisions",
        "packs",
        "The packs that answer, with their digests",
        _answer("The packs.", "Packs"),
        *_REFUSED,
        ("503", "Unavailable"),
    ),
    "/healthz": _get(
        "operation",
        "health",
        "Whether the service runs",
        _answer("Yes.", "Health"),
        by_any_name=True,
    ),
    "/readyz": _get(
        "operation",
        "readiness",
        "Whether the service answers, how the last loading of policies went, and how the log is",
        _answer("Yes.", "Readiness"),
        ("503", "NotReady"),
        by_any_name=True,
    ),
    "/metrics": _get(
        "operation",
        "metrics",
        "The numbers of the service, as Prometheus reads them",
        {
            "description": "The numbers.",
            "headers": {"X-Request-ID": {"$ref": "#/components/headers/X-Request-ID"}},
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        *_REFUSED,
        ("503", "Unavailable"),
    ),
    _PATH: _get(
        "operation",
        "openapi",
        "This document",
        {
            "description": "The document.",
            "headers": {"X-Request-ID": {"$ref": "#/components/headers/X-Request-ID"}},
            "content": {_JSON: {"schema": {"type": "object"}}},
        },
    ),
}


def write(*folders: str) -> None:
    """Writes the document into some folders that exist."""
    from pathlib import Path

    text = json.dumps(generate(), indent=2, ensure_ascii=False) + "\n"
    for folder in folders:
        Path(folder, "openapi.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    import sys

    write(*sys.argv[1:])
