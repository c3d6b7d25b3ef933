"""The certification scenario of AuthZEN, put to the application itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import evaluator
from evaluator.server.app import Application
from evaluator.server.entities import Entity, StoredEntities
from evaluator.server.settings import Settings
from tests.conformance.authzen.cases import Case, failure_of, read_cases, run
from tests.server.asking import ask

HERE = Path(__file__).parent / "authzen"
CERTIFICATION = Path(__file__).parents[3] / "shared/conformance/authzen/certification.json"


def application() -> Application:
    data = json.loads((HERE / "entities.json").read_text("utf-8"))

    def entity(entry: dict[str, Any]) -> Entity:
        return Entity(entry["type"], entry["id"], entry.get("properties", {}))

    entities = StoredEntities(
        map(entity, data["subjects"]), map(entity, data["resources"]), data["actions"]
    )
    policies = evaluator.load(HERE / "policies")
    return Application(policies, Settings(), key=b"k" * 32, entities=entities)


@pytest.mark.skipif(not CERTIFICATION.exists(), reason="absent: shared/conformance/authzen")
def test_certification() -> None:
    app = application()
    found = run(read_cases(CERTIFICATION), lambda *asked: ask(app, *asked)[:2])
    assert [(case.name, failure) for case, failure in found if failure is not None] == []
    assert len(found) >= 50


EVALUATIONS = Case("", "POST", "/access/v1/evaluations", {}, 200, {"evaluations": [{}, {}]})
SEARCH = Case(
    "",
    "POST",
    "/access/v1/search/subject",
    {"subject": {"type": "user"}, "page": {"limit": 1}},
    200,
    {"results": [{"type": "user", "id": "ann"}]},
)


@pytest.mark.parametrize(
    ("case", "status", "body"),
    [
        (EVALUATIONS, 400, {}),
        (EVALUATIONS, 200, []),
        (EVALUATIONS, 200, {"evaluations": [{}]}),
        (SEARCH, 200, {"results": [{"type": "user", "id": "bo"}]}),
        (SEARCH, 200, {"results": [{"type": "group", "id": "ann"}]}),
        (SEARCH, 200, {"results": [{"id": "ann"}]}),
        (SEARCH, 200, {"results": [{"type": "user", "id": "ann"}], "page": {}}),
        (SEARCH, 200, {"results": [{"type": "user", "id": "ann"}] * 2}),
    ],
    ids=str,
)
def test_the_runner_tells_wrong_answers(case: Case, status: int, body: Any) -> None:
    assert failure_of(case, status, body) is not None
