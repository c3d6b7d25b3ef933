"""A search finds what ``decide`` allows, in pages that are the whole in parts, from any source."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import evaluator
from evaluator.server.entities import Entities, Kind
from evaluator.server.entity_files import read_entities
from evaluator.server.paging import Pages
from evaluator.server.searching import Search, search_entities
from evaluator.server.settings import Limits, Settings
from evaluator.server.sources.following import open_entities

PACK = Path(__file__).parents[2] / "conformance/authzen/policies"
POLICIES = evaluator.load(PACK).warm()
PAGES = Pages(b"k" * 32)

# The ids that the fixture has rules about, and such as sort in odd ways.
USERS = st.sampled_from(["alice", "bob", "Alice", "alice ", "ålice", "a", "z", "𝔞", "\ufffd", "'"])
PEOPLE = st.dictionaries(USERS, st.sampled_from([{}, {"role": "admin"}, {"role": "x"}]), max_size=9)
RECORDS = st.dictionaries(
    st.from_regex(r"r[0-9A-Ca-c]{0,2}", fullmatch=True),
    st.sampled_from([{}, {"status": "active"}, {"status": "archived"}]),
    max_size=12,
)
ACTIONS = st.sampled_from(["read", "write", "delete", "fly"])
WHOLE = Limits().results

Entries = Mapping[str, Mapping[str, str]]


def in_json(people: Entries, records: Entries, _: Path) -> Entities | None:
    data = {"subjects": rows("user", people), "resources": rows("record", records)}
    return read_entities(json.dumps(data).encode(), "entities.json")[0]


def in_yaml(people: Entries, records: Entries, _: Path) -> Entities | None:
    data = {"subjects": rows("user", people), "resources": rows("record", records)}
    return read_entities(
        b"# YAML\n" + json.dumps(data, ensure_ascii=False).encode(), "entities.yaml"
    )[0]


def in_sqlite(people: Entries, records: Entries, folder: Path) -> Entities | None:
    path = folder / "all.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in ("subjects", "resources"):
            connection.execute(f"CREATE TABLE {table} (type TEXT, id TEXT, properties TEXT)")
        for table, entries in (
            ("subjects", rows("user", people)),
            ("resources", rows("record", records)),
        ):
            put_rows(connection, table, entries)
    return open_entities(path)[0]


def in_sqlalchemy(people: Entries, records: Entries, folder: Path) -> Entities | None:
    in_sqlite(people, records, folder)
    url = f"sqlite+pysqlite:///{folder}/all.db"
    data = {
        part: {"url": url, "query": f"SELECT * FROM {part}"} for part in ("subjects", "resources")
    }
    return read_entities(json.dumps(data).encode(), "entities.json")[0]


SOURCES: list[Callable[[Entries, Entries, Path], Entities | None]] = [
    in_json,
    in_yaml,
    in_sqlite,
    in_sqlalchemy,
]


def rows(type_: str, entries: Entries) -> list[dict[str, Any]]:
    return [{"type": type_, "id": id_, "properties": own} for id_, own in entries.items()]


def put_rows(connection: sqlite3.Connection, table: str, entries: Iterable[Any]) -> None:
    connection.executemany(
        f"INSERT INTO {table} VALUES (:type, :id, :properties)",
        ({**entry, "properties": json.dumps(entry["properties"])} for entry in entries),
    )


def searching(entities: Entities, candidates: int = WHOLE) -> Search:
    limits = Limits(candidates=candidates)
    return Search(POLICIES, Settings(limits=limits), entities, PAGES)


def pages(search: Search, kind: Kind, asked: Mapping[str, Any], limit: int) -> Iterator[list[str]]:
    """The ids of a search, page by page."""
    page: dict[str, Any] = {"limit": limit}
    while True:
        answer = search_entities(search, kind, {**asked, "page": page})
        assert answer["page"]["count"] == len(answer["results"]) <= limit
        yield [result["id"] for result in answer["results"]]
        if not answer["page"]["next_token"]:
            return
        page = {"limit": limit, "token": answer["page"]["next_token"]}


@settings(max_examples=100, deadline=None)
@given(PEOPLE, RECORDS, ACTIONS, st.sampled_from(SOURCES), st.integers(1, 5), st.integers(1, 9))
def test_what_is_found_is_what_decide_allows(
    people: Entries,
    records: Entries,
    action: str,
    source: Callable[[Entries, Entries, Path], Entities | None],
    limit: int,
    candidates: int,
):
    with TemporaryDirectory() as folder:
        entities = source(people, records, Path(folder))
        assert entities is not None
        resource = {"type": "record", "id": "r", "properties": {"status": "archived"}}
        asked = {"subject": {"type": "user"}, "action": {"name": action}, "resource": resource}
        allowed = [
            entry["id"]
            for entry in rows("user", people)
            if POLICIES.allowed({**asked, "subject": entry})
        ]
        check(entities, "subject", asked, allowed, limit, candidates)
        subject = {"type": "user", "id": "alice"}
        asked = {**asked, "subject": subject, "resource": {"type": "record"}}
        known = {**subject, "properties": people.get("alice", {})}
        allowed = [
            entry["id"]
            for entry in rows("record", records)
            if POLICIES.allowed({**asked, "subject": known, "resource": entry})
        ]
        check(entities, "resource", asked, allowed, limit, candidates)


@settings(max_examples=50, deadline=None)
@given(PEOPLE, RECORDS, st.sampled_from(SOURCES))
def test_what_is_known_is_found_by_name(
    people: Entries,
    records: Entries,
    source: Callable[[Entries, Entries, Path], Entities | None],
):
    with TemporaryDirectory() as folder:
        entities = source(people, records, Path(folder))
        assert entities is not None
        kinds: list[tuple[Kind, str, Entries]] = [
            ("subject", "user", people),
            ("resource", "record", records),
        ]
        for kind, type_, entries in kinds:
            for id_ in {*people, *records, "", "ALICE", "al", "zz"}:
                found = entities.find(kind, type_, id_)
                assert (None if found is None else found.properties) == entries.get(id_)
                assert entities.find(kind, type_.upper(), id_) is None
        for odd in ("\0", "\ud800", "' OR '1' = '1"):
            assert entities.find("subject", "user", odd) is None
            assert entities.find("subject", odd, "alice") is None


def check(
    entities: Entities,
    kind: Kind,
    asked: Mapping[str, Any],
    allowed: list[str],
    limit: int,
    candidates: int,
) -> None:
    (whole,) = pages(searching(entities), kind, asked, WHOLE)
    assert whole == sorted(allowed)
    parts = list(pages(searching(entities, candidates), kind, asked, limit))
    assert [id_ for part in parts for id_ in part] == whole


@settings(max_examples=50, deadline=None)
@given(RECORDS, st.lists(st.tuples(st.booleans(), RECORDS), max_size=6), st.integers(1, 4))
def test_entities_that_come_and_go_between_pages(
    records: Entries, edits: list[tuple[bool, Entries]], limit: int
):
    """What is there all the while is found once; what comes or goes, once or not at all."""
    asked = {
        "subject": {"type": "user", "id": "alice"},
        "action": {"name": "read"},
        "resource": {"type": "record"},
    }
    with TemporaryDirectory() as folder:
        entities = in_sqlite({}, records, Path(folder))
        assert entities is not None
        now, always, ever = set(records), set(records), set(records)
        found: list[str] = []
        with closing(sqlite3.connect(Path(folder) / "all.db")) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            for page in pages(searching(entities), "resource", asked, limit):
                found += page
                if edits:
                    comes, others = edits.pop()
                    changed = set(others) - now if comes else set(others)
                    with connection:
                        if comes:
                            comers = rows("record", {id_: {} for id_ in changed})
                            put_rows(connection, "resources", comers)
                        else:
                            connection.executemany(
                                "DELETE FROM resources WHERE id = ?", [(id_,) for id_ in changed]
                            )
                    now = now | changed if comes else now - changed
                    always &= now
                    ever |= now
        assert len(found) == len(set(found))
        assert always <= set(found) <= ever
