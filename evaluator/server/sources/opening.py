"""Sources opened by what names them: a database by its address, a file by what it holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from evaluator.diagnostics import Diagnostic
from evaluator.server import problems
from evaluator.server.entities import NO_ENTITIES
from evaluator.server.sources.place import Place
from evaluator.server.sources.queried import QueriedEntities, Query
from evaluator.server.sources.rows import Key, Rows, SourceError
from evaluator.server.sources.sqlite_rows import SqliteRows, tables

__all__ = ["open_database", "open_query"]

_SQLITE: Final = "sqlite:///"
_TABLES: Final = ("subjects", "resources", "actions")

Report = Callable[[Diagnostic], None]


def open_query(
    url: str, query: str, place: Place, folder: Path, report: Report
) -> Query | Diagnostic:
    """A query to the database of an address, or what is wrong with that."""
    key: Key = "name" if place.part == "actions" else "id"
    query = query.strip().rstrip(";")
    rows: Rows
    if url.startswith(_SQLITE):
        rows = SqliteRows(folder / url.removeprefix(_SQLITE), query, place, key=key)
        return Query(rows, place, report)
    try:
        # Here, since most services need none of it.
        from evaluator.server.sources.sqlalchemy_rows import SqlAlchemyRows

        rows = SqlAlchemyRows(url, query, place, key=key)
    except ImportError:
        return problems.driver_missing(place, "sqlalchemy")
    except SourceError as error:
        return error.diagnostic
    return Query(rows, place, report)


def open_database(
    path: Path, *, report: Report = lambda _: None
) -> tuple[QueriedEntities | None, tuple[Diagnostic, ...]]:
    """The entities of a file of SQLite, or None and what is wrong with it.

    They are in the tables or views ``subjects``, ``resources`` and ``actions``, those that it has.
    """
    name = str(path)
    try:
        known = [table for table in _TABLES if table in tables(path, Place("tables", name))]
    except SourceError as error:
        return None, (error.diagnostic,)
    if not known:
        return None, (problems.database_empty(Place("tables", name)),)
    queries: dict[str, Query] = {}
    found = []
    for table in known:
        place = Place(table, name)
        key: Key = "name" if table == "actions" else "id"
        query = Query(SqliteRows(path, f"SELECT * FROM {table}", place, key=key), place, report)
        problem = query.problem()
        if problem is not None:
            found.append(problem)
        queries[table] = query
    if found:
        return None, tuple(found)
    version = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()
    return QueriedEntities(NO_ENTITIES, queries, version=version), ()
