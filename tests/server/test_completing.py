"""Requests that say who and what alone: what is added to them, and that searches agree with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

import evaluator
from evaluator.server.app import Application
from evaluator.server.completing import completed
from evaluator.server.entities import Entities, Entity, StoredEntities
from evaluator.server.seams import Made
from evaluator.server.settings import Settings
from evaluator.server.sources.following import open_entities
from tests.server.asking import ask

PACK = Path(__file__).parents[1] / "conformance/authzen/policies"
POLICIES = evaluator.load(PACK).warm()
EVALUATION = "/access/v1/evaluation"
EVALUATIONS = "/access/v1/evaluations"
SEARCH = "/access/v1/search/"
ALICE = {"type": "user", "id": "alice"}
BOB = {"type": "user", "id": "bob"}
ADMIN = {"role": "admin"}
WRITE = {"name": "write"}
ACTIVE = {"type": "record", "id": "record-1"}
ARCHIVED = {"type": "record", "id": "record-2"}
PEOPLE = [Entity("user", "alice", {}), Entity("user", "bob", ADMIN)]
RECORDS = [
    Entity("record", "record-1", {"status": "active"}),
    Entity("record", "record-2", {"status": "archived"}),
]


def in_sqlite(folder: Path) -> tuple[Path, Entities]:
    path = folder / "all.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE subjects (type, id, role)")
        connection.execute("CREATE TABLE resources (type, id, status)")
        for entity in PEOPLE:
            row = (entity.type, entity.id, entity.properties.get("role"))
            connection.execute("INSERT INTO subjects VALUES (?, ?, ?)", row)
        for entity in RECORDS:
            row = (entity.type, entity.id, entity.properties["status"])
            connection.execute("INSERT INTO resources VALUES (?, ?, ?)", row)
    entities, _ = open_entities(path)
    assert entities is not None
    return path, entities


@pytest.fixture(params=["memory", "database"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Application:
    entities: Entities = StoredEntities(PEOPLE, RECORDS)
    if request.param == "database":
        _, entities = in_sqlite(tmp_path)
    return Application(POLICIES, Settings(explains=True), key=b"k", entities=entities)


def decision(app: Application, subject: Any, resource: Any, action: Any = WRITE) -> bool:
    body = {"subject": subject, "action": action, "resource": resource}
    status, told, _ = ask(app, "POST", EVALUATION, body)
    assert status == 200, told
    return bool(told["decision"])


@pytest.mark.parametrize(
    ("subject", "resource", "allowed"),
    [
        (ALICE, ACTIVE, True),
        (ALICE, ARCHIVED, False),
        (BOB, ACTIVE, False),
        (BOB, ARCHIVED, True),
        ({**BOB, "properties": {}}, ARCHIVED, False),  # what is said counts
        (BOB, {**ARCHIVED, "properties": {}}, False),
        (ALICE, {**ACTIVE, "properties": {"status": "archived"}}, False),
        ({**ALICE, "properties": ADMIN}, ARCHIVED, True),
        ({"type": "group", "id": "bob"}, ARCHIVED, False),  # not known
        (BOB, {"type": "record", "id": "record-9"}, False),
        (ALICE, {"type": "record", "id": "record-9"}, True),
    ],
)
def test_what_is_known_decides(
    app: Application, subject: Any, resource: Any, allowed: bool
) -> None:
    for _ in range(2):  # the second may be from memory
        assert decision(app, subject, resource) is allowed
    body = {"subject": subject, "action": WRITE, "resource": resource}
    for batch in (
        {"evaluations": [body]},
        {**body, "evaluations": [{}]},
        {"resource": resource, "evaluations": [{"subject": subject, "action": WRITE}]},
        {"resource": {"type": "record"}, "evaluations": [{**body, "resource": own(resource)}]},
    ):
        (answer,) = ask(app, "POST", EVALUATIONS, batch)[1]["evaluations"]
        assert answer["decision"] is allowed, batch
    told = ask(app, "POST", "/v1/explain", body)[1]
    assert told["decision"]["decision"] == ("allow" if allowed else "deny")
    assert ask(app, "POST", "/v1/decide", body)[1]["decision"] == told["decision"]["decision"]


def own(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in resource.items() if key != "type"}


@pytest.mark.parametrize("action", ["read", "write", "delete", "fly"])
def test_results_are_what_evaluations_allow(app: Application, action: str) -> None:
    name = {"name": action}
    for subject in (ALICE, BOB):
        body = {"subject": subject, "action": name, "resource": {"type": "record"}}
        found = ask(app, "POST", f"{SEARCH}resource", body)[1]["results"]
        assert found == [one for one in (ACTIVE, ARCHIVED) if decision(app, subject, one, name)]
        for resource in (ACTIVE, ARCHIVED):
            asked = {"subject": subject, "resource": resource}
            names = ask(app, "POST", f"{SEARCH}action", asked)[1]["results"]
            assert (name in names) is decision(app, subject, resource, name)
    for resource in (ACTIVE, ARCHIVED):
        body = {"subject": {"type": "user"}, "action": name, "resource": resource}
        found = ask(app, "POST", f"{SEARCH}subject", body)[1]["results"]
        assert found == [one for one in (ALICE, BOB) if decision(app, one, resource, name)]


def test_other_entities_count_at_once() -> None:
    app = Application(POLICIES, Settings(), key=b"k", entities=StoredEntities(PEOPLE, RECORDS))
    assert decision(app, BOB, ARCHIVED)
    app.replace_entities(StoredEntities([], RECORDS))
    assert not decision(app, BOB, ARCHIVED)
    app.replace_entities(StoredEntities(PEOPLE, RECORDS))
    assert decision(app, BOB, ARCHIVED)


def test_a_database_is_asked_anew(tmp_path: Path) -> None:
    path, entities = in_sqlite(tmp_path)
    app = Application(POLICIES, Settings(), key=b"k", entities=entities)
    assert decision(app, BOB, ARCHIVED)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE subjects SET role = 'clerk'")
    assert not decision(app, BOB, ARCHIVED)


def test_a_database_that_fails(tmp_path: Path) -> None:
    path, entities = in_sqlite(tmp_path)
    app = Application(POLICIES, Settings(), key=b"k", entities=entities)
    path.write_bytes(b"no database")
    body = {"subject": BOB, "action": WRITE, "resource": ARCHIVED}
    for path_, asked in ((EVALUATION, body), (EVALUATIONS, {"evaluations": [body]})):
        status, message, headers = ask(app, "POST", path_, asked)
        assert (status, headers["retry-after"]) == (503, "5")
        assert message == "the entities cannot be looked up at the moment"
    assert decision(
        app, {**BOB, "properties": ADMIN}, {**ARCHIVED, "properties": {"status": "archived"}}
    )


@pytest.mark.parametrize("body", [[], "x", {}, {"subject": "bob"}, {"subject": {"id": 1}}])
def test_what_is_no_request(app: Application, body: Any) -> None:
    assert ask(app, "POST", EVALUATION, body)[0] == 400
    assert ask(app, "POST", EVALUATIONS, body)[0] == 400


class Journal:
    """What was written down."""

    def __init__(self) -> None:
        self.made: list[Made] = []

    async def write(self, made: Sequence[Made]) -> None:
        self.made += made


def test_what_is_known_is_written_down() -> None:
    journal = Journal()
    entities = StoredEntities(PEOPLE, RECORDS)
    app = Application(POLICIES, Settings(), key=b"k", entities=entities, journal=journal)
    for _ in range(2):
        assert decision(app, BOB, ARCHIVED)
    for made in journal.made:
        assert made.request["subject"] == {**BOB, "properties": ADMIN}
        assert POLICIES.allowed(made.request)
    assert len(journal.made) == 2


def test_a_request_that_nothing_is_added_to_stays_itself() -> None:
    request = {"subject": ALICE, "action": WRITE, "resource": {**ACTIVE, "properties": {}}}
    assert completed(request, StoredEntities(PEOPLE, RECORDS).find) is request
