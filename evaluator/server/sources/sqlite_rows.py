"""Rows of a query to a file of SQLite, by what the standard library has."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from evaluator.server import problems
from evaluator.server.sources.place import Place
from evaluator.server.sources.rows import Key, Row, SourceError

__all__ = ["SqliteRows", "is_sqlite", "tables"]

_MAGIC: Final = b"SQLite format 3\0"
_PATIENCE: Final = 5.0  # seconds to wait for a writer


def is_sqlite(path: Path) -> bool:
    """Whether a file is a database of SQLite."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def tables(path: Path, place: Place) -> frozenset[str]:
    """The names of the tables and views in a database. Raises ``SourceError``."""
    query = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')"
    return frozenset(name for (name,) in _rows(path, place, query)[1])


class SqliteRows:
    """What a query finds in a database, which is opened to read and for each part anew."""

    def __init__(self, path: Path, query: str, place: Place, *, key: Key = "id") -> None:
        self._path = path
        self._place = place
        self._key = key
        self._query = query

    def read(
        self,
        limit: int,
        *,
        type_: str | None = None,
        after: str | None = None,
        only: str | None = None,
    ) -> Sequence[Row]:
        # By the octets of UTF-8, whatever order the column has otherwise: in that of NOCASE, what
        # differs in case only would have no order, and be lost between two pages.
        key = f'"{self._key}" COLLATE BINARY'
        conditions: list[str] = []
        values: list[Any] = []
        if type_ is not None:
            conditions.append('"type" COLLATE BINARY = ?')
            values.append(type_)
        if after is not None:
            conditions.append(f"{key} > ?")
            values.append(after)
        if only is not None:
            conditions.append(f"{key} = ?")
            values.append(only)
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        return self._select(f"{where} ORDER BY {key} LIMIT ?", *values, limit)[1]

    def first(self) -> tuple[Sequence[str], Sequence[Row]]:
        return self._select(" LIMIT 1")

    def _select(self, rest: str, *values: Any) -> tuple[Sequence[str], Sequence[Row]]:
        # The line ends what a query may have as its last line: a comment.
        statement = f"SELECT * FROM (\n{self._query}\n){rest}"
        columns, rows = _rows(self._path, self._place, statement, *values)
        return columns, [dict(zip(columns, row, strict=True)) for row in rows]


def _rows(
    path: Path, place: Place, statement: str, *values: Any
) -> tuple[list[str], list[tuple[Any, ...]]]:
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_PATIENCE
        )
        with closing(connection):
            # An unreadable file is told from a wrong query by what needs no query.
            connection.execute("PRAGMA schema_version").fetchone()
            try:
                cursor = connection.execute(statement, values)
                return [column[0] for column in cursor.description], cursor.fetchall()
            except (sqlite3.Error, sqlite3.Warning, UnicodeError) as error:
                if _is_busy(error):
                    raise
                raise SourceError(problems.query_fails(place, str(error))) from None
    except (sqlite3.Error, ValueError) as error:
        raise SourceError(problems.database_unreachable(place, str(error))) from None


def _is_busy(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR)
