"""Rows of a query to any database that SQLAlchemy has a dialect for: the extra ``entities``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Final
from weakref import finalize

from sqlalchemy import Engine, String, column, create_engine, literal_column, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.sql import Select

from evaluator.server import problems
from evaluator.server.sources.place import Place
from evaluator.server.sources.rows import Key, Row, SourceError

__all__ = ["SqlAlchemyRows"]

_PATIENCE: Final = 5.0  # seconds to wait for one of the connections


class SqlAlchemyRows:
    """What a query finds in the database of an address. Raises ``SourceError`` for one of none.

    Its connections are kept for the next query, and closed when nobody asks it any more.
    """

    def __init__(self, url: str, query: str, place: Place, *, key: Key = "id") -> None:
        self._place = place
        try:
            self._engine = create_engine(url, pool_pre_ping=True, **_pool(url))
        except (ArgumentError, NoSuchModuleError, ValueError, TypeError):
            raise SourceError(problems.address_unknown(place)) from None
        except ImportError as error:
            raise SourceError(problems.driver_missing(place, error.name or str(error))) from None
        self._own()
        # Colons would be taken for parameters; the line ends what may be the last, a comment.
        found = text(query.replace(":", r"\:") + "\n").columns(
            *(column(name, String) for name in {"type", key})
        )
        self._found = found.subquery("entities")
        self._key = self._found.c[key]

    def read(
        self,
        limit: int,
        *,
        type_: str | None = None,
        after: str | None = None,
        only: str | None = None,
    ) -> Sequence[Row]:
        statement = self._all().order_by(self._key).limit(limit)
        if type_ is not None:
            statement = statement.where(self._found.c.type == type_)
        if after is not None:
            statement = statement.where(self._key > after)
        if only is not None:
            statement = statement.where(self._key == only)
        return self._rows(statement)[1]

    def first(self) -> tuple[Sequence[str], Sequence[Row]]:
        return self._rows(self._all().limit(1))

    def _own(self) -> None:
        """From here on the connections are those of this process, which closes them."""
        self._process = os.getpid()
        self._closing = finalize(self, _close, self._engine, self._process)

    def _all(self) -> Select[Any]:
        return select(literal_column("*")).select_from(self._found)

    def _rows(self, statement: Select[Any]) -> tuple[Sequence[str], Sequence[Row]]:
        if self._process != os.getpid():  # a worker: the connections are those of its parent
            self._closing.detach()
            self._engine.dispose(close=False)
            self._own()
        try:
            connection = self._engine.connect()
        except (SQLAlchemyError, OSError, RuntimeError, ValueError) as error:
            raise SourceError(problems.database_unreachable(self._place, _words(error))) from None
        with connection:
            try:
                found = connection.execute(statement).mappings()
                return list(found.keys()), [dict(row) for row in found]
            except (SQLAlchemyError, OSError, RuntimeError, ValueError) as error:
                problem = problems.query_fails
                if isinstance(error, DBAPIError) and error.connection_invalidated:
                    problem = problems.database_unreachable
                raise SourceError(problem(self._place, _words(error))) from None


def _close(engine: Engine, process: int) -> None:
    engine.dispose(close=process == os.getpid())


def _pool(url: str) -> dict[str, Any]:
    return {} if url.startswith("sqlite") else {"pool_timeout": _PATIENCE}


def _words(error: Exception) -> str:
    """What the database says, without the statement and the values that SQLAlchemy adds."""
    return str(error.orig if isinstance(error, DBAPIError) else error)
