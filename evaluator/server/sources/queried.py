"""Entities that are looked up when they are asked for, in a search a few hundred at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final, NoReturn

from evaluator.diagnostics import Diagnostic
from evaluator.server import problems
from evaluator.server.answers import Refusal
from evaluator.server.entities import Entities, Entity, Kind
from evaluator.server.sources.place import Place
from evaluator.server.sources.rows import (
    RowError,
    Rows,
    SourceError,
    check_columns,
    entity_of,
    text_of,
)

__all__ = ["QueriedEntities", "Query"]

_FIRST: Final = 200  # most pages are full by then
_MOST: Final = 5_000
_ALIKE: Final = 100  # texts that a database takes for equal, though they are not


class Query:
    """One part of the entities: rows, and where their query is written down.

    ``report`` is told why rows cannot be had, once until that changes.
    """

    def __init__(
        self, rows: Rows, place: Place, report: Callable[[Diagnostic], None] = lambda _: None
    ) -> None:
        self._rows = rows
        self._place = place
        self._report = report
        self._told: Diagnostic | None = None

    def problem(self) -> Diagnostic | None:
        """What keeps the query from giving a first row, or that from being what it should be."""
        try:
            columns, rows = self._rows.first()
            if self._place.part == "actions":
                check_columns(columns, ("name",))
                for row in rows:
                    text_of(row, "name")
            else:
                check_columns(columns, ("type", "id"))
                for row in rows:
                    entity_of(row)
        except SourceError as error:
            return error.diagnostic
        except RowError as error:
            return problems.row_shape(self._place, str(error), error.help)
        return None

    def entities(self, type_: str, after: str | None) -> Iterator[Entity]:
        """The entities of a type in the order of the database, from behind one id on.

        Raises ``Refusal`` (503) where they cannot be had.
        """
        if not _can_be_asked(type_):
            return
        limit = _FIRST
        while True:
            batch = self._batch(limit, type_, after)
            # A database may take texts for equal that are not.
            yield from (entity for entity in batch[:limit] if entity.type == type_)
            if len(batch) <= limit:
                return
            after = batch[limit - 1].id
            limit = min(limit * 4, _MOST)

    def find(self, type_: str, id_: str) -> Entity | None:
        """The entity of a type and id. Raises ``Refusal`` (503) where it cannot be had."""
        if not (_can_be_asked(type_) and _can_be_asked(id_)):
            return None
        try:
            rows = self._rows.read(_ALIKE, type_=type_, only=id_)
            found = [entity_of(row) for row in rows]
        except (SourceError, RowError) as error:
            self._refuse(error)
        same = [entity for entity in found if entity.type == type_ and entity.id == id_]
        if len(same) > 1:
            self._refuse(SourceError(problems.row_repeated(self._place, type_, id_)))
        self._told = None
        return same[0] if same else None

    def names(self) -> list[str]:
        """The names of actions. Raises ``Refusal`` (503) where they cannot be had."""
        try:
            names = [text_of(row, "name") for row in self._rows.read(_MOST)]
        except (SourceError, RowError) as error:
            self._refuse(error)
        self._told = None
        return names

    def _batch(self, limit: int, type_: str, after: str | None) -> list[Entity]:
        """So many entities and the one behind them, which must not be the last of them again."""
        try:
            rows = self._rows.read(limit + 1, type_=type_, after=after)
            batch = [entity_of(row) for row in rows]
        except (SourceError, RowError) as error:
            self._refuse(error)
        for one, other in pairwise(batch):
            if one.id == other.id and one.type == other.type:
                self._refuse(SourceError(problems.row_repeated(self._place, type_, one.id)))
        self._told = None
        return batch

    def _refuse(self, error: SourceError | RowError) -> NoReturn:
        if isinstance(error, SourceError):
            diagnostic = error.diagnostic
        else:
            diagnostic = problems.row_shape(self._place, str(error), error.help)
        if diagnostic != self._told:
            self._told = diagnostic
            self._report(diagnostic)
        message = "the entities cannot be looked up at the moment"
        raise Refusal(503, message, {"retry-after": "5"}) from None


def _can_be_asked(text: str) -> bool:
    """Whether a database can be asked for a text; no entity has another."""
    return "\0" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


class QueriedEntities:
    """Entities of which some parts are queries, and the others are in memory.

    ``version`` is of the queries and not of what they find: pages go on while entities come and go.
    What is there all the while is found once, what comes or goes meanwhile once or not at all.
    """

    def __init__(self, stored: Entities, queries: Mapping[str, Query], *, version: str) -> None:
        self.version = version
        self._stored = stored
        self._queries: Mapping[Kind, Query | None] = {
            "subject": queries.get("subjects"),
            "resource": queries.get("resources"),
        }
        self._actions = queries.get("actions")
        self.waits = any(query is not None for query in self._queries.values())

    def of(self, kind: Kind, type_: str, after: str | None) -> Iterator[Entity]:
        query = self._queries[kind]
        if query is None:
            return self._stored.of(kind, type_, after)
        return query.entities(type_, after)

    def find(self, kind: Kind, type_: str, id_: str) -> Entity | None:
        query = self._queries[kind]
        return self._stored.find(kind, type_, id_) if query is None else query.find(type_, id_)

    def actions(self) -> Iterable[str]:
        return self._stored.actions() if self._actions is None else self._actions.names()
