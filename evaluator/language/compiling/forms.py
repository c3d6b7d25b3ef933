"""How compiled code holds values: as the interpreter does, or in a way that is cheaper."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from evaluator.language.types import DURATION, STRING, TIMESTAMP, EnumType, Type

__all__ = ["Form", "Layout", "NotPlainError", "UnsupportedError", "Value", "form_of", "plain_type"]


class Form(Enum):
    """``PLAIN`` is a value as ``language.values`` has it."""

    PLAIN = "plain"
    NANOS = "nanos"  # a timestamp or duration as its integer of nanoseconds
    RECORD = "record"  # an object of the request as a tuple of its declared members
    RECORDS = "records"  # a list of these


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The members of the tuples that stand for the objects of a list; ``ABSENT`` where none is.

    ``origin`` is the attribute that is read so.
    """

    origin: tuple[str, tuple[str, ...]]
    fields: Mapping[str, tuple[Type, Form, bool]]  # in order; the bool: may be absent


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """Code that gives a value, to be used once unless it is a name or a constant.

    ``may_be_absent`` tells that ``ABSENT`` may stand there, which no operation takes. ``members``
    are those of a record that a loop has unpacked. ``known`` holds the value of a constant.
    ``rate`` tells how many nanoseconds a time moves on in one of ``now``, where that is followed.
    """

    code: ast.expr
    type: Type
    form: Form = Form.PLAIN
    may_be_absent: bool = False
    layout: Layout | None = None
    members: Mapping[str, Value] = field(default_factory=dict)
    known: Any = None
    is_constant: bool = False
    rate: int = 0


class UnsupportedError(Exception):
    """Raised while compiling what only the interpreter does."""


class NotPlainError(Exception):
    """Raised while compiling where records would have to be maps; ``origin`` is their attribute."""

    def __init__(self, origin: tuple[str, tuple[str, ...]]) -> None:
        super().__init__(origin)
        self.origin = origin


def plain_type(type_: Type) -> Type:
    """A type without what only the checker cares for: an enum is a string."""
    return STRING if isinstance(type_, EnumType) else type_


def form_of(type_: Type) -> Form:
    """How a local variable of a type is held."""
    return Form.NANOS if type_ in (TIMESTAMP, DURATION) else Form.PLAIN
