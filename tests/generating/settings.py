"""A schema by chance with all that goes with it: its type, its environment, its expressions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from evaluator.diagnostics import Severity
from evaluator.language.checker import Checked, Declaration, Environment, check
from evaluator.language.parser import parse_text
from evaluator.language.types import TIMESTAMP, Field, NullableType, ObjectType, Type
from evaluator.language.values import ABSENT, ErrorValue, Timestamp
from evaluator.policy.request import Request
from evaluator.policy.request_types import RequestType, View
from tests.generating.expressions import Expressions
from tests.generating.requests import Requests
from tests.generating.schemas import request_schema, request_type

__all__ = ["Reading", "Setting", "has_errors"]

_NOW = Declaration(TIMESTAMP, "ident", volatile=True)
_MOMENT = Timestamp(1_772_000_000_123_456_789)


class Setting:
    """One request schema; ``expressions`` and ``requests`` go with it."""

    def __init__(self, random: Random, *, dynamic: bool = False) -> None:
        self.schema = request_schema(random)
        self.type: RequestType = request_type(self.schema)
        self.environment = Environment({"now": _NOW}, roots=self.type.roots)
        self.expressions = Expressions(
            random, self.type.roots, names={"now": TIMESTAMP}, dynamic=dynamic
        )
        self.requests = Requests(random, self.schema)

    def checked(self, text: str) -> Checked:
        """What the checker makes of an expression."""
        return check(parse_text(text), self.environment)

    def accepted(self) -> Iterator[tuple[str, Checked]]:
        """Expressions that nothing is wrong with, without end."""
        while True:
            text = self.expressions.expression()
            found = self.checked(text)
            if not has_errors(found):
                yield text, found

    def reading(self, raw: Mapping[str, Any]) -> Reading:
        """The request as an activation."""
        return Reading(self.type, Request.parse(raw))


def has_errors(found: Checked) -> bool:
    """Whether an expression cannot be used."""
    return any(item.severity is Severity.ERROR for item in found.diagnostics)


class Reading:
    """An activation of one request, which notes whether anything was read that may be absent."""

    def __init__(self, type_: RequestType, request: Request) -> None:
        self._view: View = type_.view(request)
        self._type = type_
        self.optional_reads = 0

    def name(self, name: str) -> Any:
        return _MOMENT if name == "now" else ABSENT

    def attribute(self, root: str, path: tuple[str, ...]) -> Any:
        value = self._view.attribute(root, path)
        if value is not ABSENT and value is not None and not isinstance(value, ErrorValue):
            self.optional_reads += _may_be_absent(self._type.roots[root], path)
        return value

    def has(self, root: str, path: tuple[str, ...]) -> Any:
        return self._view.has(root, path)


def _may_be_absent(type_: Type, path: tuple[str, ...]) -> bool:
    """Whether a path leads through what may be absent or null."""
    for name in path:
        field: Field | None = type_.fields.get(name) if isinstance(type_, ObjectType) else None
        if field is None or not field.always or isinstance(field.type, NullableType):
            return field is not None
        type_ = field.type
    return False
