"""Rows become entities, or say why they cannot."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from evaluator.server.sources.rows import RowError, entity_of


@pytest.mark.parametrize(
    ("columns", "properties"),
    [
        ({}, {}),
        ({"role": "clerk", "age": 40, "rate": 0.5, "active": True}, None),
        ({"role": None}, {}),
        ({"properties": '{"role": "clerk", "of": [1, null]}'}, {"role": "clerk", "of": [1, None]}),
        ({"properties": {"role": "clerk"}}, {"role": "clerk"}),
        ({"properties": None, "role": "clerk"}, {"role": "clerk"}),
        ({"properties": '{"role": "clerk", "age": 1}', "age": 2}, {"role": "clerk", "age": 2}),
        ({"total": Decimal(3), "rate": Decimal("0.5")}, {"total": 3, "rate": 0.5}),
        ({"born": date(1990, 2, 3)}, {"born": "1990-02-03"}),
        (
            {"seen": datetime(2026, 3, 3, 9, tzinfo=timezone(timedelta(hours=1)))},
            {"seen": "2026-03-03T08:00:00Z"},
        ),
        (
            {"seen": datetime(2026, 3, 3, 9, 0, 0, 5, tzinfo=UTC)},
            {"seen": "2026-03-03T09:00:00.000005Z"},
        ),
        ({"key": UUID(int=1)}, {"key": "00000000-0000-0000-0000-000000000001"}),
        ({"tags": ("a", Decimal(1))}, {"tags": ["a", 1]}),
    ],
)
def test_properties(columns: dict[str, Any], properties: dict[str, Any] | None):
    entity = entity_of({"type": "user", "id": "ann", **columns})
    assert (entity.type, entity.id) == ("user", "ann")
    assert entity.properties == (columns if properties is None else properties)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"type": "user", "id": 17}, "has a number as `id`"),
        ({"type": None, "id": "ann"}, "has NULL as `type`"),
        ({"type": "user", "id": b"ann"}, "has bytes as `id`"),
        ({"type": "user", "id": "ann", "properties": "{"}, "no JSON"),
        ({"type": "user", "id": "ann", "properties": '{"a": NaN}'}, "no JSON"),
        ({"type": "user", "id": "ann", "properties": "[]"}, "not an object"),
        ({"type": "user", "id": "ann", "properties": 1}, "not an object"),
        ({"type": "user", "id": "ann", "photo": b"\x89"}, "JSON does not have as `photo`: bytes"),
        ({"type": "user", "id": "ann", "rate": float("inf")}, "as `rate`: float"),
        ({"type": "user", "id": "ann", "rate": Decimal("NaN")}, "as `rate`: Decimal"),
        (
            {"type": "user", "id": "ann", "seen": datetime(2026, 3, 3)},  # noqa: DTZ001  # the case
            "a time without an offset as `seen`",
        ),
    ],
)
def test_rows_that_are_no_entities(row: dict[str, Any], words: str):
    with pytest.raises(RowError) as raised:
        entity_of(row)
    assert words in str(raised.value)
    assert raised.value.help
