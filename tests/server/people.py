"""A database of people, and the file that says how to find them in it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from evaluator.diagnostics import Diagnostic
from evaluator.server.entity_files import read_entities

__all__ = ["QUERY", "found_in", "make_people", "queries"]

QUERY = "SELECT 'user' AS type, login AS id, role FROM people"


def make_people(path: Path, people: Iterable[tuple[object, object]] = (("ann", "clerk"),)) -> Path:
    """Makes a database of logins and roles, or writes other people into it."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TABLE IF EXISTS people")
        connection.execute("CREATE TABLE people (login, role)")
        connection.executemany("INSERT INTO people VALUES (?, ?)", people)
    return path


def queries(query: str = QUERY, url: str = "sqlite:///people.db", **more: str) -> bytes:
    """A file of entities with a query for subjects."""
    return json.dumps({"subjects": {"url": url, "query": query, **more}}).encode()


def found_in(folder: Path, data: bytes) -> tuple[Diagnostic, ...]:
    """What is found when such a file is read that lies in a folder."""
    return read_entities(data, "entities.json", folder=folder)[1]
