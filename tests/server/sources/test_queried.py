"""Queries to databases: what is found in which order, what is told, what a failing one does."""

from __future__ import annotations

import gc
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

from evaluator.diagnostics import Diagnostic
from evaluator.server.answers import Refusal
from evaluator.server.entities import Entities
from evaluator.server.entity_files import read_entities
from evaluator.server.sources.following import open_entities
from tests.server.people import QUERY, found_in, make_people, queries

OURS = "sqlite:///people.db"


def alchemy(folder: Path) -> str:
    """The same database by way of SQLAlchemy."""
    return f"sqlite+pysqlite:///{folder}/people.db"


@pytest.fixture(params=["sqlite", "sqlalchemy"])
def url(request: Any, tmp_path: Path) -> str:
    return OURS if request.param == "sqlite" else alchemy(tmp_path)


def opened(folder: Path, url: str, query: str = QUERY, told: Any = None) -> Entities:
    report = (lambda _: None) if told is None else told.append
    entities, diagnostics = read_entities(queries(query, url), "e", folder=folder, report=report)
    assert diagnostics == ()
    assert entities is not None
    return entities


def ids(entities: Entities, after: str | None = None, type_: str = "user") -> list[str]:
    return [entity.id for entity in entities.of("subject", type_, after)]


def test_all_are_found_in_order(tmp_path: Path, url: str):
    logins = sorted(f"user-{number}" for number in range(3_000))
    make_people(tmp_path / "people.db", ((login, "clerk") for login in reversed(logins)))
    entities = opened(tmp_path, url)
    assert ids(entities) == logins
    assert ids(entities, logins[1_234]) == logins[1_235:]
    assert ids(entities, "user-2x") == [login for login in logins if login > "user-2x"]
    assert ids(entities, logins[-1]) == []
    assert next(entities.of("subject", "user", None)).properties == {"role": "clerk"}


def test_connections_are_closed_when_nobody_asks_any_more(tmp_path: Path):
    made: list[Any] = []
    closed: list[Any] = []
    heard = {
        "connect": lambda connection, _: made.append(connection),
        "close": lambda connection, _: closed.append(connection),
    }
    make_people(tmp_path / "people.db")
    with ExitStack() as stack:
        for name, hear in heard.items():
            event.listen(Pool, name, hear)
            stack.callback(event.remove, Pool, name, hear)
        entities = opened(tmp_path, alchemy(tmp_path))
        assert ids(entities)
        assert made != []
        assert closed == []
        del entities
        gc.collect()
        assert closed == made


@pytest.mark.parametrize("type_", ["User", "group", "", "a\0b", "\ud800", "user' OR '1' = '1"])
def test_a_type_that_nobody_is_of(tmp_path: Path, url: str, type_: str):
    make_people(tmp_path / "people.db")
    assert ids(opened(tmp_path, url), type_=type_) == []


@pytest.mark.parametrize(
    "query",
    [
        f"{QUERY};",
        f"{QUERY} -- all of them",
        f"WITH p AS ({QUERY}) SELECT * FROM p",
        f"{QUERY} WHERE role <> ':x %s %% ? {{}}'",
        f"{QUERY} UNION SELECT 'user', 'ann', 'clerk'",
    ],
)
def test_queries_of_many_forms(tmp_path: Path, url: str, query: str):
    make_people(tmp_path / "people.db")
    assert ids(opened(tmp_path, url, query)) == ["ann"]


def test_texts_that_the_column_takes_for_equal_are_two(tmp_path: Path):
    make_people(tmp_path / "people.db", ((f"{a}{b:03}", "x") for a in "aA" for b in range(300)))
    query = "SELECT type, id FROM (SELECT 'user' AS type, login COLLATE NOCASE AS id FROM people)"
    assert len(ids(opened(tmp_path, OURS, query))) == 600


def test_a_database_is_not_written_to(tmp_path: Path):
    path = make_people(tmp_path / "people.db")
    before = path.read_bytes()
    for query in ("DELETE FROM people", "SELECT 1); DELETE FROM people; SELECT (1"):
        (problem,) = found_in(tmp_path, queries(query))
        assert problem.code == "EVL807"
    assert path.read_bytes() == before


def test_several_threads_ask_at_once(tmp_path: Path, url: str):
    make_people(tmp_path / "people.db", ((f"{n:04}", "clerk") for n in range(1_000)))
    entities = opened(tmp_path, url)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: ids(entities), range(16)))
    assert [len(one) for one in found] == [1_000] * 16


@pytest.mark.parametrize(
    ("parts", "code", "words"),
    [
        ({"query": "SELECT * FROM persons"}, "EVL807", "no such table: persons"),
        ({"query": "SELECT login FROM people"}, "EVL808", "no column `type`"),
        ({"query": "SELECT 1 AS type, login AS id FROM people"}, "EVL808", "`type`"),
        ({"query": ""}, "EVL807", "syntax"),
        ({"url": "sqlite:///nobody.db"}, "EVL806", "unable to open"),
        ({"url": "sqlite:///none.txt"}, "EVL806", "not a database"),
        ({"url": "sqlite:///."}, "EVL806", ""),
        ({"url": "sqlite:///a\0b"}, "EVL806", ""),
        ({"url": ""}, "EVL805", "address"),
        ({"url": "nosql://x/y"}, "EVL805", "address"),
        ({"url": "postgresql+pg8000://u:secret@127.0.0.1:1/x"}, "EVL805", "`pg8000`"),
        ({"url": "postgresql://u:secret@h:port/x"}, "EVL805", "address"),
        ({"quary": "SELECT"}, "EVL804", "`quary`"),
    ],
)
def test_what_keeps_a_service_from_starting(
    tmp_path: Path, parts: dict[str, str], code: str, words: str
):
    make_people(tmp_path / "people.db")
    (tmp_path / "none.txt").write_text("no database, and longer than the head of one" * 20)
    (problem,) = found_in(tmp_path, queries(**parts))
    assert problem.code == code
    assert words in problem.message
    assert problem.help
    assert "secret" not in str(problem)
    assert problem.span is None or "secret" not in problem.span.text


@pytest.mark.parametrize("missing", ["url", "query"])
def test_a_query_is_whole(tmp_path: Path, missing: str):
    data = queries().replace(f'"{missing}"'.encode(), b'"other"')
    assert [problem.code for problem in found_in(tmp_path, data)] == ["EVL804", "EVL804"]


def test_lines_with_a_password_are_not_shown(tmp_path: Path):
    told = found_in(tmp_path, b"subjects: {url: 'x://u:secret@h', query: SELECT 1}\n")
    assert [problem.span for problem in told] == [None]
    (problem,) = found_in(tmp_path, b"subjects:\n  url: x://u:secret@h\n  query: SELECT 1\n")
    assert problem.span is not None
    assert problem.span.text == "subjects"


def test_lists_and_queries_in_one_file(tmp_path: Path):
    make_people(tmp_path / "people.db", [("ann", "clerk"), ("read", "x")])
    text = """subjects:
  url: sqlite:///people.db
  query: SELECT 'user' AS type, login AS id FROM people
resources:
  - {type: record, id: r-1}
actions:
  url: sqlite:///people.db
  query: SELECT login AS name FROM people WHERE role = 'x'
"""
    entities, problems = read_entities(text.encode(), "entities.yaml", folder=tmp_path)
    assert entities is not None, problems
    assert ids(entities) == ["ann", "read"]
    assert [one.id for one in entities.of("resource", "record", None)] == ["r-1"]
    assert list(entities.actions()) == ["read"]


def test_a_database_may_be_the_file_itself(tmp_path: Path):
    path = tmp_path / "all.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE subjects (type, id, properties)")
        connection.execute("""INSERT INTO subjects VALUES ('user', 'ann', '{"a": 1}')""")
        connection.execute("CREATE VIEW actions AS SELECT 'read' AS name")
    entities, problems = open_entities(path)
    assert entities is not None, problems
    assert [one.to_dict() for one in entities.of("subject", "user", None)] == [
        {"type": "user", "id": "ann", "properties": {"a": 1}}
    ]
    assert list(entities.of("resource", "record", None)) == []
    assert list(entities.actions()) == ["read"]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("CREATE TABLE others (id)", "EVL804"),
        ("CREATE TABLE subjects (type, id)", None),
        ("CREATE TABLE subjects (id)", "EVL808"),
        ("CREATE VIEW subjects AS SELECT 1 AS type, 1 AS id", "EVL808"),
        ("CREATE VIEW subjects AS SELECT * FROM gone", "EVL807"),
        ("CREATE TABLE actions (action)", "EVL808"),
    ],
)
def test_databases_that_have_no_entities(tmp_path: Path, statement: str, code: str | None):
    path = tmp_path / "all.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
    assert [problem.code for problem in open_entities(path)[1]] == ([code] if code else [])


def test_what_fails_later_is_refused_and_told_once(tmp_path: Path, url: str):
    path = make_people(tmp_path / "people.db")
    told: list[Diagnostic] = []
    entities = opened(tmp_path, url, told=told)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("ALTER TABLE people RENAME TO gone")
    for _ in range(3):
        with pytest.raises(Refusal) as refused:
            ids(entities)
        assert refused.value.status == 503
        assert refused.value.headers == {"retry-after": "5"}
        assert "people" not in refused.value.message
    assert [problem.code for problem in told] == ["EVL807"]
    make_people(path, [("bob", "x")])
    assert ids(entities) == ["bob"]
    make_people(path, [("bob", "x"), (b"ann", "y")])
    with pytest.raises(Refusal):
        ids(entities)
    assert [problem.code for problem in told] == ["EVL807", "EVL808"]


@pytest.mark.parametrize("number", [2, 199, 200, 201, 1_000])
def test_an_entity_with_two_rows_is_refused_wherever_it_stands(tmp_path: Path, number: int):
    people = [(f"{n:04}", "x") for n in range(1, 1_500)]
    make_people(tmp_path / "people.db", [*people, (f"{number:04}", "y")])
    told: list[Diagnostic] = []
    with pytest.raises(Refusal):
        ids(opened(tmp_path, OURS, told=told))
    assert [problem.code for problem in told] == ["EVL809"]


def test_a_writer_is_waited_for_and_then_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("evaluator.server.sources.sqlite_rows._PATIENCE", 0.01)
    path = make_people(tmp_path / "people.db")
    told: list[Diagnostic] = []
    entities = opened(tmp_path, OURS, told=told)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Refusal):
            ids(entities)
        connection.execute("COMMIT")
    assert [problem.code for problem in told] == ["EVL806"]
    assert ids(entities) == ["ann"]
