"""Rows of a query, as a database gives them, and the entities that they stand for."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final, Protocol
from uuid import UUID

from evaluator.diagnostics import Diagnostic
from evaluator.documents.json_documents import load_json
from evaluator.server.entities import Entity

__all__ = [
    "Key",
    "Row",
    "RowError",
    "Rows",
    "SourceError",
    "check_columns",
    "entity_of",
    "text_of",
]

Row = Mapping[str, Any]
Key = str
"""The column that rows are told apart by and read in the order of: ``id`` or ``name``."""

_OWN: Final = frozenset({"type", "id", "properties"})


class SourceError(Exception):
    """Raised where a database does not give rows; the diagnostic says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        self.diagnostic = diagnostic
        super().__init__(diagnostic)


class RowError(Exception):
    """Raised for a row that stands for no entity; the text says why, and ``help`` what to do."""

    def __init__(self, message: str, help_: str) -> None:
        self.help = help_
        super().__init__(message)


class Rows(Protocol):
    """What a query finds, in parts. May be used in several threads at once."""

    def read(
        self,
        limit: int,
        *,
        type_: str | None = None,
        after: str | None = None,
        only: str | None = None,
    ) -> Sequence[Row]:
        """So many rows in ascending order of their key, of one type, behind one key, of one key.

        Nothing is held between two calls. Raises ``SourceError``.
        """
        ...

    def first(self) -> tuple[Sequence[str], Sequence[Row]]:
        """The columns, and any row if there is one. Raises ``SourceError``."""
        ...


def check_columns(columns: Sequence[str], needed: Sequence[str]) -> None:
    """Raises ``RowError`` if one is not there."""
    for column in needed:
        if column not in columns:
            raise RowError(
                f"has no column `{column}`", f"name it in the query: `SELECT ... AS {column}`"
            )


def entity_of(row: Row) -> Entity:
    """The entity of a row with ``type`` and ``id``.

    Its properties are the members of the JSON in ``properties`` and each other column, which counts
    before them; NULL is no property. Raises ``RowError``.
    """
    properties = dict(_properties(row.get("properties")))
    for name, value in row.items():
        if name not in _OWN and value is not None:
            properties[name] = _json(name, value)
    return Entity(text_of(row, "type"), text_of(row, "id"), properties)


_KINDS: Final[Mapping[type[Any], str]] = {
    type(None): "NULL",
    bool: "a boolean",
    bytes: "bytes",
    float: "a number",
    int: "a number",
}


def text_of(row: Row, column: str) -> str:
    """The text in a column that is there. Raises ``RowError``."""
    value = row[column]
    if not isinstance(value, str):
        what = _KINDS.get(type(value), type(value).__name__)
        raise RowError(
            f"has {what} as `{column}`, where a text is needed",
            f"write `CAST({column} AS TEXT) AS {column}`, or leave such rows out",
        )
    return value


_PROPERTIES_HELP: Final = "write a JSON object, or a column for each property"


def _properties(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if isinstance(value, str):
        read, diagnostics = load_json(value, name="properties")
        if diagnostics:
            message = f"has `properties` that are no JSON: {diagnostics[0].message}"
            raise RowError(message, _PROPERTIES_HELP)
        value = read
    if not isinstance(value, Mapping):
        raise RowError("has `properties` that are not an object", _PROPERTIES_HELP)
    return {str(name): _json(str(name), member) for name, member in value.items()}


def _json(name: str, value: Any) -> Any:
    """A value of a database as JSON has it."""
    match value:
        case None | bool() | int() | str():
            return value
        case float() if math.isfinite(value):
            return value
        case Decimal() if value.is_finite():
            return int(value) if value == value.to_integral_value() else float(value)
        case datetime() if value.tzinfo is not None:
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case datetime():
            raise RowError(
                f"has a time without an offset as `{name}`",
                f"say of which zone it is: `{name} AT TIME ZONE 'UTC' AS {name}`",
            )
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case Mapping():
            return {str(key): _json(name, member) for key, member in value.items()}
        case list() | tuple():
            return [_json(name, member) for member in value]
        case _:
            raise RowError(
                f"has a value that JSON does not have as `{name}`: {type(value).__name__}",
                "turn it into a text or a number in the query, or leave it out",
            )
