"""Requests by chance: those that satisfy a request schema, and those that do not, in a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import Any, Final

__all__ = ["Requests"]

_TEXTS: Final = ("", "a", "A", "open", "paid", "k", "é", "\U0001f642", "e\u0301", "10", "ÆØÅ", "ß")
_MOMENTS: Final = (
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59.999999999Z",
    "1970-01-01T00:00:00Z",
    "2026-03-01T12:00:00+01:00",
    "2026-03-01T11:00:00.000000001Z",
    "2024-02-29T23:59:59.9-12:00",
    "2026-12-31T23:59:59.123456789+14:00",
)
_DURATIONS: Final = ("PT0S", "P7D", "PT1H30M", "PT0.000000001S", "P2W", "P1DT1S", "PT36H")
_NUMBERS: Final = (0, 1, -1, 5, 2**63 - 1, -(2**63), 5.0, 0.5, -0.0, 1e300)
_ANYTHING: Final[tuple[Any, ...]] = (
    None,
    True,
    "",
    "2026-02-30T00:00:00Z",
    0.5,
    -100,
    [],
    {},
    [None],
    {"a": 1},
)
_GARBAGE: Final = (*_ANYTHING, 2**63, float("nan"))


class Requests:
    """Draws requests of one schema; ``damage`` is the chance that a value is exchanged for another.

    Without damage each request satisfies the schema.
    """

    def __init__(self, random: Random, schema: Mapping[str, Any]) -> None:
        self._random = random
        self._roots = schema["properties"]

    def request(self, *, damage: float = 0.0) -> dict[str, Any]:
        """The JSON of a request. The envelope itself is always in order."""
        drawing = _Drawing(self._random, damage)
        made: dict[str, Any] = {
            "subject": {"type": "user", "id": "ann"},
            "action": {"name": "change"},
            "resource": {"type": "thing", "id": self._random.choice(_TEXTS[1:])},
            "context": drawing.members(self._roots["context"]),
        }
        for root in ("subject", "action", "resource"):
            inner = self._roots[root]["properties"]["properties"]
            made[root]["properties"] = drawing.members(inner)
        return made


class _Drawing:
    """Draws values of schemas."""

    def __init__(self, random: Random, damage: float) -> None:
        self._random = random
        self._damage = damage

    def value(self, schema: Mapping[str, Any]) -> Any:
        """A value of a schema."""
        chance = self._random
        if self._damage and chance.random() < self._damage:
            return chance.choice(_GARBAGE)
        type_ = schema.get("type")
        if isinstance(type_, list):
            if chance.random() < 0.4:
                return None
            type_ = type_[0]
        if "enum" in schema:
            return chance.choice([item for item in schema["enum"] if item is not None])
        makers: Mapping[Any, Callable[[Mapping[str, Any]], Any]] = {
            "array": self._list,
            "object": self.members,
            "string": self._text,
            "integer": self._integer,
            "number": self._number,
            "boolean": lambda _: chance.random() < 0.5,
        }
        return makers[type_](schema)

    def members(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """The members of an object: what is required, and some of the rest."""
        chance = self._random
        made: dict[str, Any] = {}
        required = schema.get("required", ())
        for name, inner in schema.get("properties", {}).items():
            wanted = name in required and chance.random() >= self._damage / 2
            if wanted or chance.random() < 0.6:
                made[name] = self.value(inner)
        extra = schema.get("additionalProperties", True)
        if isinstance(extra, Mapping):
            for name in chance.sample(("k", "a", "open", "é"), chance.randrange(4)):
                made[name] = self.value(extra)
        elif (extra or chance.random() < self._damage / 2) and chance.random() < 0.3:
            made["more"] = chance.choice(_ANYTHING)
        return made

    def _list(self, schema: Mapping[str, Any]) -> list[Any]:
        most = schema.get("maxItems", 4)
        count = self._random.randint(schema.get("minItems", 0), most)
        return [self.value(schema["items"]) for _ in range(count)]

    def _text(self, schema: Mapping[str, Any]) -> str:
        chance = self._random
        if schema.get("format") == "date-time":
            return chance.choice(_MOMENTS)
        if schema.get("format") == "duration":
            return chance.choice(_DURATIONS)
        least, most = schema.get("minLength", 0), schema.get("maxLength", 9)
        return (chance.choice(_TEXTS) or "x" * least)[:most]

    def _integer(self, schema: Mapping[str, Any]) -> int | float:
        low, high = _bounds(schema, 1)
        within = [number for number in _NUMBERS if number == int(number) and abs(number) < 1e300]
        found = [number for number in (*within, low, high) if low <= number <= high]
        number = self._random.choice(found)
        # An integral number is an integer however it is written.
        return float(number) if abs(number) < 2**53 and self._random.random() < 0.2 else number

    def _number(self, schema: Mapping[str, Any]) -> int | float:
        low, high = _bounds(schema, 0.25)
        found = [number for number in (*_NUMBERS, low, high) if low <= number <= high]
        return self._random.choice(found)


def _bounds(schema: Mapping[str, Any], step: float) -> tuple[Any, Any]:
    """The least and the greatest number that a schema admits."""
    low = schema.get("minimum", schema.get("exclusiveMinimum", -(2**63) - step) + step)
    high = schema.get("maximum", schema.get("exclusiveMaximum", 2**63 - 1 + step) - step)
    return low, high
