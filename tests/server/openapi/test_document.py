"""The OpenAPI document: what is published is what is made, is sound, and is about what there is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openapi_spec_validator import validate

import evaluator
from evaluator.server.app import Application
from evaluator.server.command import serve
from evaluator.server.openapi.document import generate, published
from evaluator.server.settings import Settings
from tests.server.asking import ask

ROOT = Path(__file__).parents[3]
DOCUMENT: dict[str, Any] = generate()
OPERATIONS = [
    (path, method, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]


@pytest.fixture(scope="module")
def app() -> Application:
    policies = evaluator.load(ROOT / "tests/conformance/authzen/policies")
    app = Application(policies, Settings(explains=True), key=b"k" * 32)
    app.tell("/metrics", dict)  # whoever runs the service adds this
    return app


def test_what_is_published_is_up_to_date():
    """``python -m evaluator.server.openapi.document FOLDER...`` makes it so."""
    assert json.loads(published()) == DOCUMENT
    assert (ROOT / "schemas/openapi.json").read_bytes() == published()


def test_the_document_is_sound():
    validate(DOCUMENT)
    assert DOCUMENT["info"]["version"] == evaluator.__version__


def test_it_is_served(app: Application):
    status, document, _ = ask(app, "GET", "/openapi.json")
    assert (status, document) == (200, DOCUMENT)


def test_every_path_of_the_service_is_in_it(app: Application):
    served = {*((path, "post") for path in app._posts), *((path, "get") for path in app._gets)}
    assert served == {(path, method) for path, method, _ in OPERATIONS}


def test_the_names_of_operations_differ():
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(names) == len(set(names))


def test_nothing_is_defined_in_vain():
    text = json.dumps(DOCUMENT)
    for kind in ("schemas", "parameters", "headers", "responses"):
        for name in DOCUMENT["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in text


@pytest.mark.parametrize(
    ("path", "operation"),
    [(path, operation) for path, method, operation in OPERATIONS if method == "post"],
)
def test_the_examples_are_answered(app: Application, path: str, operation: dict[str, Any]):
    (content,) = operation["requestBody"]["content"].values()
    assert ask(app, "POST", path, content["example"])[0] == 200


def test_the_command_prints_it():
    result = CliRunner().invoke(serve, ["--openapi"])
    assert (result.exit_code, json.loads(result.stdout)) == (0, DOCUMENT)
