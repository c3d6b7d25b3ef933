"""Whatever is sent to a path of the document, the answer is one of those that it has there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

import evaluator
from evaluator.server.answers import Answer
from evaluator.server.app import Application
from evaluator.server.entity_files import read_entities
from evaluator.server.settings import Settings

FIXTURE = Path(__file__).parents[2] / "conformance/authzen"
# What is no evaluation is a denial in the answer to its batch, which is no error.
LENIENT = "/access/v1/evaluations"


def application() -> Application:
    entities, _ = read_entities((FIXTURE / "entities.json").read_bytes(), "entities.json")
    assert entities is not None
    app = Application(
        evaluator.load(FIXTURE / "policies"),
        Settings(explains=True, public_url="http://localhost"),
        key=b"k" * 32,
        entities=entities,
    )
    # Whoever runs the service adds this.
    app.tell("/metrics", lambda: Answer(200, b"", {"content-type": "text/plain; version=0.0.4"}))
    return app


APP = application()
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", APP)


@SCHEMA.parametrize()
@settings(
    derandomize=True,
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_answers_are_as_documented(case: schemathesis.Case[Any]):
    excluded: list[Any] = []
    if case.path == LENIENT:
        excluded.append(negative_data_rejection)
    if has_token(case.body):
        excluded.append(positive_data_acceptance)
    case.call_and_validate(excluded_checks=excluded)


def has_token(body: Any) -> bool:
    """Whether a search goes on behind a page: nobody can make a token but the service."""
    page = body.get("page") if isinstance(body, dict) else None
    return isinstance(page, dict) and not page.keys().isdisjoint({"token", "next_token"})
