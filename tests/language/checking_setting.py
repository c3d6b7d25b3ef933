"""What the tests of the checker declare: a small request, some names, requests that satisfy it."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from evaluator.language.checker import Checked, Declaration, Environment, Facts, check
from evaluator.language.checking.inference import type_of_value
from evaluator.language.functions import STANDARD, Function, Overload, Registry
from evaluator.language.parser import parse
from evaluator.language.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NULL,
    STRING,
    TIMESTAMP,
    UINT,
    EnumType,
    Field,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    OptionalType,
    Type,
    TypeType,
)
from evaluator.language.values import (
    ABSENT,
    NONE,
    Duration,
    ErrorValue,
    Map,
    Optional,
    Timestamp,
    UInt,
)
from evaluator.source import Fragment

STATE = EnumType(("open", "paid", "shipped"))
ROLE = EnumType(("clerk", "manager"))
LINE = ObjectType(
    "line",
    {
        "product": Field(STRING, always=True),
        "quantity": Field(INT, always=True),
        "state": Field(STATE, always=True),
        "note": Field(STRING, always=False),
    },
)
ADDRESS = ObjectType(
    "address",
    {
        "country": Field(STRING, always=True),
        "zone": Field(EnumType(("near", "far")), always=True),
        "phone": Field(STRING, always=False),
    },
)
ROOTS: Mapping[str, Type] = {
    "subject": ObjectType(
        "subject",
        {
            "id": Field(STRING, always=True),
            "type": Field(STRING, always=True),
            "roles": Field(ListType(ROLE), always=True),
        },
    ),
    "action": ObjectType("action", {"name": Field(STRING, always=True)}),
    "resource": ObjectType(
        "resource",
        {
            "id": Field(STRING, always=True),
            "total": Field(INT, always=True),
            "price": Field(DOUBLE, always=True),
            "paid": Field(BOOL, always=True),
            "state": Field(STATE, always=True),
            "due": Field(TIMESTAMP, always=True),
            "lines": Field(ListType(LINE), always=True),
            "labels": Field(MapType(STRING, INT), always=True),
            "address": Field(ADDRESS, always=True),
            "billing": Field(ADDRESS, always=False),
            "partner": Field(STRING, always=False),
            "discount": Field(INT, always=False),
            "urgent": Field(BOOL, always=False),
            "manager": Field(NullableType(STRING), always=True),
            "parent": Field(NullableType(ADDRESS), always=True),
            "rating": Field(NullableType(EnumType(("good", "bad"))), always=True),
            "blob": Field(BYTES, always=False),
        },
    ),
    "context": ObjectType(
        "context",
        {
            "time": Field(TIMESTAMP, always=False),
            "wait": Field(DURATION, always=False),
            "quantity": Field(INT, always=False),
        },
        open=True,
    ),
}

TABLES: Mapping[str, Any] = {
    "limits": Map({"open": 1, "paid": 2, "shipped": 3}),
    "partial": Map({"open": 1, "paid": 2}),
    "approvers": Map({"open": ["clerk"], "paid": ["manager"], "shipped": []}),
    "nested": Map({"near": Map({"open": 1, "paid": 2, "shipped": 3}), "far": Map({"open": 4})}),
    "managing": ["manager"],
    "misspelt": ["manger"],
    "window": Duration(168 * 3600 * 10**9),
    "most": 10,
    "pattern": "^[A-Z]+$",
    "nothing": [],
}

NOW = Declaration(TIMESTAMP, "ident", volatile=True)
HOST = Function(
    "is_holiday",
    "Whether a day is none to work on.",
    (
        Overload(
            "host_is_holiday",
            (TIMESTAMP,),
            BOOL,
            lambda at: at.nanoseconds % 2 == 0,
            errors=frozenset({"host_function"}),
        ),
    ),
    family="host",
)
FUNCTIONS: Registry = STANDARD.extended([HOST])


def declarations(**others: Declaration) -> dict[str, Declaration]:
    """The tables as constants, ``now``, and what is given."""
    constants = {
        name: Declaration(type_of_value(value), "constant", value=value)
        for name, value in TABLES.items()
    }
    return {**constants, "now": NOW, **others}


def environment(**others: Declaration) -> Environment:
    """The declarations and the request, and what is given."""
    return Environment(declarations(**others), roots=ROOTS, functions=FUNCTIONS)


def checked(
    text: str,
    setting: Environment | None = None,
    *,
    expected: Type | None = None,
    assuming: Facts | None = None,
) -> Checked:
    """An expression checked among the declarations above."""
    parsed = parse(Fragment.whole(text))
    return check(parsed, setting or environment(), expected=expected, assuming=assuming or Facts())


def codes(
    text: str,
    setting: Environment | None = None,
    *,
    expected: Type | None = None,
    assuming: Facts | None = None,
) -> list[str]:
    """The codes of what is said of an expression."""
    found = checked(text, setting, expected=expected, assuming=assuming)
    return [item.code for item in found.diagnostics]


def variable(text: str, **others: Declaration) -> Declaration:
    """A variable of a policy, declared as loading declares it."""
    found = checked(text, environment(**others))
    assert not found.diagnostics
    return Declaration(
        found.type,
        "variable",
        errors=found.errors,
        volatile=found.volatile,
        when_true=found.when_true,
        when_false=found.when_false,
        always=found.always,
    )


# Requests


class Requests:
    """Values of the types above by chance: an ``Activation`` of the interpreter.

    Values are small and often equal, so that comparisons go either way.
    """

    def __init__(self, random: Random, names: Mapping[str, Any] | None = None) -> None:
        self._random = random
        self._roots = {root: self.value(type_) for root, type_ in ROOTS.items()}
        self._names = {**TABLES, "now": self.value(TIMESTAMP), **(names or {})}

    def name(self, name: str) -> Any:
        return self._names.get(name, ABSENT)

    def attribute(self, root: str, path: tuple[str, ...]) -> Any:
        value: Any = self._roots[root]
        for part in path:
            if value is ABSENT:
                return ABSENT
            if not isinstance(value, Map):
                return ErrorValue("no_such_field", f"nothing is selected from {value}")
            value = value.get(part, ABSENT)
        return value

    def has(self, root: str, path: tuple[str, ...]) -> Any:
        value = self.attribute(root, path)
        return value if isinstance(value, ErrorValue) else value is not ABSENT

    def value(self, type_: Type) -> Any:
        """A value of a type."""
        chance = self._random
        if isinstance(type_, EnumType):
            return chance.choice(type_.values)
        if isinstance(type_, ListType):
            return [self.value(type_.element) for _ in range(chance.randrange(4))]
        if isinstance(type_, MapType):
            key = STRING if type_.key == DYN else type_.key
            pairs = [(self.value(key), self.value(type_.value)) for _ in range(3)]
            # What cannot be a key at run time makes an empty map, which is of every map type.
            return Map(pair for pair in pairs if isinstance(pair[0], (str, int)))
        if isinstance(type_, NullableType):
            return None if chance.random() < 0.5 else self.value(type_.value)
        if isinstance(type_, OptionalType):
            return NONE if chance.random() < 0.5 else Optional(self.value(type_.value))
        if isinstance(type_, ObjectType):
            there = [
                (name, field)
                for name, field in type_.fields.items()
                if field.always or chance.random() < 0.5
            ]
            return Map((name, self.value(field.type)) for name, field in there)
        if type_ == DYN:
            return self.value(
                chance.choice((INT, STRING, BOOL, NULL, ListType(INT), MapType(STRING, INT)))
            )
        return self._simple(type_)

    def _simple(self, type_: Type) -> Any:
        chance = self._random
        number = chance.choice((-1, 0, 1, 2, 3, 2**63 - 1))
        if type_ == INT:
            return number
        if type_ == UINT:
            return UInt(abs(number))
        if type_ == DOUBLE:
            return chance.choice((-1.5, 0.0, 1.0, float("inf"), float("nan")))
        if type_ == STRING:
            return chance.choice(("", "a", "A", "open", "manager", "ÆØÅ"))
        if type_ == BOOL:
            return chance.random() < 0.5
        if type_ == BYTES:
            return chance.choice((b"", b"a", b"\xff"))
        if type_ == TIMESTAMP:
            return Timestamp(chance.choice((0, 1, 10**18, -(10**18), 253402300799999999999)))
        if type_ == DURATION:
            return Duration(chance.choice((0, 1, 3600 * 10**9, 2**63 - 1)))
        assert type_ == NULL
        return None


def conforms(value: Any, type_: Type) -> bool:
    """Whether a value is of a type."""
    if type_ == DYN:
        return True
    if isinstance(type_, EnumType):
        return value in type_.values
    if isinstance(type_, ListType):
        return isinstance(value, (list, tuple)) and all(
            conforms(item, type_.element) for item in value
        )
    if isinstance(type_, MapType):
        return isinstance(value, Map) and all(
            conforms(key, type_.key) and conforms(item, type_.value) for key, item in value.items()
        )
    if isinstance(type_, OptionalType):
        return isinstance(value, Optional) and (
            not value.present or conforms(value.value, type_.value)
        )
    if isinstance(type_, NullableType):
        return value is None or conforms(value, type_.value)
    if isinstance(type_, ObjectType):
        return isinstance(value, Map) and all(
            conforms(value.get(name), field.type)
            for name, field in type_.fields.items()
            if field.always or name in value
        )
    if isinstance(type_, TypeType):
        return isinstance(value, Type)
    return type_of_value(value) == type_
