"""Expressions by chance: mostly of the type asked for, with guards that do or do not guard.

Whether one is well-typed, and what it can end in, is for the checker to say; what it comes to, for
the interpreter.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from random import Random

from evaluator.language.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    TIMESTAMP,
    ListType,
    NullableType,
    ObjectType,
    OptionalType,
    Type,
)
from tests.language.checking_setting import ADDRESS, LINE, ROLE, ROOTS, STATE

__all__ = ["Expressions"]

_OPTIONAL = ("resource.partner", "resource.discount", "resource.urgent", "resource.billing")
_NULLABLE = ("resource.manager", "resource.rating", "resource.parent")


class Expressions:
    """Makes the text of expressions; ``scope`` has the variables of the loops around."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._names = 0

    def expression(self, depth: int = 4) -> str:
        """An expression of some type."""
        kind = self._random.choice((BOOL, BOOL, BOOL, INT, STRING, ListType(INT), DURATION))
        return self.of(kind, depth, {})

    def of(self, type_: Type, depth: int, scope: Mapping[str, Type]) -> str:
        """An expression that is meant to have a type."""
        found = self._attributes(type_, scope)
        if depth <= 0 or self._random.random() < 0.15:
            return self._random.choice([*found, *_LITERALS.get(type_, ())] or ["null"])
        makers = self._makers(type_)
        return self._random.choice(makers)(depth - 1, scope)

    # Leaves

    def _attributes(self, type_: Type, scope: Mapping[str, Type]) -> list[str]:
        """Variables, attributes and constants of a type, those that may be absent or null too."""
        found = [name for name, kind in scope.items() if kind == type_]
        for owner, kind in scope.items():
            found += _fields(owner, kind, type_)
        return [*found, *_of_roots(type_)]

    # Makers of operators, by type

    def _makers(self, type_: Type) -> list[Callable[[int, Mapping[str, Type]], str]]:
        def maker(pattern: str, *types: Type) -> Callable[[int, Mapping[str, Type]], str]:
            def make(depth: int, scope: Mapping[str, Type]) -> str:
                return pattern.format(*(self.of(kind, depth, scope) for kind in types))

            return make

        common = [
            maker("({} ? {} : {})", BOOL, type_, type_),
            self._guarded(type_),
            self._loop_first(type_),
            maker("[{}][0]", type_),
            maker("{{'k': {}}}.k", type_),
            maker("optional.of({}).value()", type_),
            maker("optional.of({}).orValue({})", type_, type_),
            maker("[{}, {}][{}]", type_, type_, INT),
            self._bind(type_),
        ]
        patterns = _PATTERNS.get(type_, ())
        makers = [maker(pattern, *types) for pattern, *types in patterns]
        if type_ == BOOL:
            makers += [self._quantifier, self._guard_bool, self._guard_bool]
        if isinstance(type_, ListType):
            makers += [
                maker("[{}]", type_.element),
                maker("{} + {}", type_, type_),
                maker("{}.distinct()", type_),
                self._map(type_.element),
                self._filter(type_),
            ]
        if isinstance(type_, OptionalType):
            makers += [maker("optional.of({})", type_.value), maker("optional.none()")]
        return makers * 2 + common

    def _name(self) -> str:
        self._names += 1
        return self._random.choice(("x", "y", f"v{self._names}"))

    def _guard(self) -> tuple[str, str]:
        """A condition, and an attribute that it may be a guard for."""
        kind = self._random.randrange(6)
        if kind == 0:
            path = self._random.choice(_OPTIONAL)
            return f"has({path})", path
        if kind == 1:
            path = self._random.choice(_NULLABLE)
            return f"{path} != null", path
        if kind == 2:
            path = self._random.choice(_OPTIONAL)
            owner, _, field = path.rpartition(".")
            return f"{owner}.?{field}.hasValue()", path
        if kind == 3:
            return "resource.lines.size() > 1", "resource.lines[1].quantity"
        if kind == 4:
            return "'a' in resource.labels", "resource.labels['a']"
        return "resource.state != 'shipped'", "partial[resource.state]"

    def _guard_bool(self, depth: int, scope: Mapping[str, Type]) -> str:
        guard, path = self._guard()
        use = self._random.choice(
            (f"{path} == {path}", self.of(BOOL, depth, scope), f"size(string({path})) > 0")
        )
        form = self._random.choice(
            (
                "({0} && {1})",
                "(!({0}) || {1})",
                "({1} && {0})",
                "({0} ? {1} : false)",
                "({0} || {1})",
            )
        )
        return form.format(guard, use)

    def _guarded(self, type_: Type) -> Callable[[int, Mapping[str, Type]], str]:
        def make(depth: int, scope: Mapping[str, Type]) -> str:
            guard, _ = self._guard()
            then, otherwise = self.of(type_, depth, scope), self.of(type_, depth, scope)
            return f"({guard} ? {then} : {otherwise})"

        return make

    def _bind(self, type_: Type) -> Callable[[int, Mapping[str, Type]], str]:
        def make(depth: int, scope: Mapping[str, Type]) -> str:
            bound = self._random.choice((INT, STRING, BOOL, type_))
            name = self._name()
            value = self.of(bound, depth, scope)
            return f"cel.bind({name}, {value}, {self.of(type_, depth, {**scope, name: bound})})"

        return make

    # Loops

    def _range(self, depth: int, scope: Mapping[str, Type]) -> tuple[str, Type]:
        element = self._random.choice((LINE, LINE, ROLE, INT, STRING))
        if element == LINE:
            name = self._name()
            lines = "resource.lines"
            if self._random.random() < 0.4:
                predicate = self._random.choice((f"has({name}.note)", f"{name}.state == 'open'"))
                lines += f".filter({name}, {predicate})"
            return lines, LINE
        return self.of(ListType(element), depth, scope), element

    def _quantifier(self, depth: int, scope: Mapping[str, Type]) -> str:
        over, element = self._range(depth, scope)
        name = self._name()
        body = self.of(BOOL, depth, {**scope, name: element})
        if element == LINE and self._random.random() < 0.4:
            body = f"has({name}.note) && {body}"
        return f"{over}.{self._random.choice(('all', 'exists', 'exists_one'))}({name}, {body})"

    def _map(self, element: Type) -> Callable[[int, Mapping[str, Type]], str]:
        def make(depth: int, scope: Mapping[str, Type]) -> str:
            over, inner = self._range(depth, scope)
            name = self._name()
            body = self.of(element, depth, {**scope, name: inner})
            if self._random.random() < 0.3:
                predicate = self.of(BOOL, 0, {**scope, name: inner})
                return f"{over}.map({name}, {predicate}, {body})"
            return f"{over}.map({name}, {body})"

        return make

    def _filter(self, type_: ListType) -> Callable[[int, Mapping[str, Type]], str]:
        def make(depth: int, scope: Mapping[str, Type]) -> str:
            name = self._name()
            over = self.of(type_, depth, scope)
            return f"{over}.filter({name}, {self.of(BOOL, depth, {**scope, name: type_.element})})"

        return make

    def _loop_first(self, type_: Type) -> Callable[[int, Mapping[str, Type]], str]:
        def make(depth: int, scope: Mapping[str, Type]) -> str:
            over, inner = self._range(depth, scope)
            name = self._name()
            body = self.of(type_, depth, {**scope, name: inner})
            end = self._random.choice((f".orValue({self.of(type_, 0, scope)})", ".value()"))
            return f"{over}.first().optMap({name}, {body}){end}"

        return make


_LITERALS: Mapping[Type, tuple[str, ...]] = {
    BOOL: ("true", "false", "resource.?urgent.orValue(false)"),
    INT: ("0", "1", "-1", "most", "9223372036854775807", "resource.?discount.orValue(0)"),
    DOUBLE: ("1.5", "0.0"),
    STRING: ("''", "'open'", "'a'", "resource.?partner.orValue('')", "pattern"),
    BYTES: ("b'a'",),
    TIMESTAMP: ("now", "timestamp('2026-01-01T00:00:00Z')"),
    DURATION: ("window", "duration('1h')", "context.?wait.orValue(window)"),
    STATE: ("'open'", "resource.state"),
    ROLE: ("'clerk'",),
    ListType(INT): ("[1, 2]", "[]", "nothing"),
    ListType(STRING): ("['a']", "managing", "approvers[resource.state]"),
    ListType(ROLE): ("subject.roles", "[]"),
}

_ANY_NUMBER = ("_ < _", "_ <= _", "_ > _", "_ >= _")
_PATTERNS: Mapping[Type, tuple[tuple[str, *tuple[Type, ...]], ...]] = {
    BOOL: (
        ("!({})", BOOL),
        ("({} && {})", BOOL, BOOL),
        ("({} || {})", BOOL, BOOL),
        ("({} && {} && {})", BOOL, BOOL, BOOL),
        ("({} < {})", INT, INT),
        ("({} >= {})", STRING, STRING),
        ("({} <= {})", TIMESTAMP, TIMESTAMP),
        ("({} == {})", INT, INT),
        ("({} != {})", STRING, STRING),
        ("({} == {})", STATE, STATE),
        ("({} in {})", ROLE, ListType(ROLE)),
        ("({} in {})", STRING, ListType(STRING)),
        ("({} in limits)", STRING),
        ("{}.startsWith({})", STRING, STRING),
        ("{}.matches('^[a-z]+$')", STRING),
        ("bool({})", STRING),
        ("is_holiday({})", TIMESTAMP),
        ("({} == dyn({}))", INT, STRING),
        ("dyn({})", BOOL),
        ("({} == {})", ListType(INT), ListType(INT)),
    ),
    INT: (
        ("({} + {})", INT, INT),
        ("({} - {})", INT, INT),
        ("({} * {})", INT, INT),
        ("({} / {})", INT, INT),
        ("({} % 7)", INT),
        ("-({})", INT),
        ("size({})", STRING),
        ("{}.size()", ListType(INT)),
        ("sum({})", ListType(INT)),
        ("math.greatest({}, {})", INT, INT),
        ("int({})", STRING),
        ("int({})", DOUBLE),
        ("int('42')",),
        ("{}.getHours()", TIMESTAMP),
        ("{}.getHours('Europe/Copenhagen')", TIMESTAMP),
        ("limits[{}]", STATE),
        ("limits[{}]", STRING),
        ("partial[{}]", STATE),
        ("nested.near[{}]", STATE),
        ("{}[{}]", ListType(INT), INT),
        ("resource.labels[{}]", STRING),
        ("resource.labels.a",),
        ("resource.lines[0].quantity",),
    ),
    STRING: (
        ("({} + {})", STRING, STRING),
        ("string({})", INT),
        ("string({})", TIMESTAMP),
        ("string({})", BYTES),
        ("{}.upperAscii()", STRING),
        ("{}.replace({}, 'x')", STRING, STRING),
        ("{}.substring({})", STRING, INT),
        ("{}[{}]", ListType(STRING), INT),
        ("string(dyn({}))", INT),
        ("resource.lines[0].note",),
        ("resource.lines.filter(l, has(l.note))[0].note",),
    ),
    TIMESTAMP: (
        ("({} + {})", TIMESTAMP, DURATION),
        ("({} - {})", TIMESTAMP, DURATION),
        ("timestamp({})", STRING),
    ),
    DURATION: (
        ("({} - {})", TIMESTAMP, TIMESTAMP),
        ("({} + {})", DURATION, DURATION),
        ("duration({})", STRING),
    ),
    ListType(INT): (("{}.sort()", ListType(INT)),),
}


@cache
def _of_roots(type_: Type) -> list[str]:
    paths = ("resource.address", "resource.billing", "resource.parent")
    owners: dict[str, Type] = {**ROOTS, **dict.fromkeys(paths, ADDRESS)}
    return [name for owner, kind in owners.items() for name in _fields(owner, kind, type_)]


def _fields(owner: str, kind: Type, type_: Type) -> list[str]:
    """What is selected from a variable of a kind to have a value of a type."""
    if not isinstance(kind, ObjectType):
        return []
    return [
        f"{owner}.{name}"
        for name, field in kind.fields.items()
        if (field.type.value if isinstance(field.type, NullableType) else field.type) == type_
    ]
