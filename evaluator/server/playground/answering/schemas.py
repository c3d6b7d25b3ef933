"""Request schemas as forms need them: without references, bounded in size."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

__all__ = ["resolved"]

_PREFIX: Final = "#/$defs/"
_MOST: Final = 20_000  # schemas that one may come to, each use of a definition counted
_DEEPEST: Final = 40


def resolved(schema: Any) -> Any:
    """A JSON Schema with what each ``$ref`` leads to in its place; {} where that has no end."""
    definitions = schema.get("$defs") if isinstance(schema, Mapping) else None
    return _Resolving(definitions if isinstance(definitions, Mapping) else {}).value(schema, (), 0)


class _Resolving:
    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._left = _MOST

    def value(self, value: Any, inside: tuple[str, ...], depth: int) -> Any:
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            return {}
        if isinstance(value, list):
            return [self.value(item, inside, depth + 1) for item in value]
        if not isinstance(value, Mapping):
            return value
        found = {}
        reference = value.get("$ref")
        if isinstance(reference, str):
            name = reference.removeprefix(_PREFIX)
            target = self._definitions.get(name)
            if name not in inside and isinstance(target, Mapping):
                found.update(self.value(target, (*inside, name), depth + 1))
        for key, item in value.items():
            if key not in ("$ref", "$defs"):
                found[key] = self.value(item, inside, depth + 1)
        return found
