"""Expressions by chance, typed by construction: from the roots of a request to a type asked for.

Attributes that may be absent or null are read behind guards, now and then without one. What the
checker makes of an expression is for it to say; most pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Final

from evaluator.language.functions import STANDARD, Registry
from evaluator.language.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    NET_CIDR,
    NET_IP,
    NULL,
    STRING,
    TIMESTAMP,
    UINT,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    OptionalType,
    Type,
    TypeType,
)
from tests.generating.overloads import overloads_of, written
from tests.generating.paths import Path, Scope, optional_of, paths, root_of, within

__all__ = ["Expressions"]

Maker = Callable[[Type, int, Scope], str]

_RESULTS: Final = (INT, STRING, DOUBLE, DURATION, TIMESTAMP, ListType(INT), ListType(STRING))
_SMALL: Final = (INT, STRING, BOOL)


class Expressions:
    """Makes the texts of expressions over the roots of a request.

    ``names`` are declared names with their types. With ``dynamic``, functions that take or give
    dyn are called too. ``unguarded`` is the chance that a guard is forgotten.
    """

    def __init__(
        self,
        random: Random,
        roots: Mapping[str, Type],
        *,
        names: Mapping[str, Type] | None = None,
        functions: Registry = STANDARD,
        dynamic: bool = False,
        unguarded: float = 0.02,
    ) -> None:
        self._random = random
        self._overloads = overloads_of(functions, dynamic=dynamic)
        self._dynamic = dynamic
        self._unguarded = unguarded
        self._count = 0
        starts = [Path(name, type_) for name, type_ in (names or {}).items()]
        starts += [Path(name, type_) for name, type_ in roots.items()]
        found = [path for start in starts for path in paths(start) if path.text not in roots]
        self._paths = _by_type(found)
        self._guarded = [path for path in found if path.guards]
        self._objects = [path for path in found if _is_list_of_objects(path.type)]

    def condition(self, depth: int = 4) -> str:
        """An expression of type bool, often about what may be absent."""
        if self._guarded and self._random.random() < 0.6:
            return self._about_guarded(depth, ())
        return self.of(BOOL, depth)

    def expression(self, depth: int = 4) -> str:
        """An expression of any type, more often than not bool."""
        if self._random.random() < 0.8:
            return self.condition(depth)
        return self.of(self._random.choice(_RESULTS), depth)

    def of(self, type_: Type, depth: int, scope: Scope = ()) -> str:
        """An expression of a type; ``scope`` are the paths from the variables of loops around."""
        if depth <= 0 or self._random.random() < 0.2:
            return self._leaf(type_, scope)
        if self._random.random() < 0.55:
            return self._call(type_, depth - 1, scope)
        return self._random.choice(self._forms(type_))(type_, depth - 1, scope)

    # Leaves

    def _leaf(self, type_: Type, scope: Scope) -> str:
        chance = self._random
        here = [path for path in scope if _fits(path.type, type_)]
        if here and chance.random() < 0.6:
            return self._read(chance.choice(here), type_)
        if chance.random() < 0.6:
            known = self._paths.get(type_)
            if known:
                return self._read(chance.choice(known), type_)
        return self._literal(type_)

    def _read(self, path: Path, type_: Type) -> str:
        """A path, behind its guards and with another value where they fail."""
        if not path.guards or self._random.random() < self._unguarded:
            return path.text
        other = self._literal(type_)
        if self._random.random() < 0.3 and (optional := optional_of(path)) is not None:
            return f"{optional}.orValue({other})"
        return f"({' && '.join(path.guards)} ? {path.text} : {other})"

    def _literal(self, type_: Type) -> str:
        chance = self._random
        if isinstance(type_, ListType):
            items = [self._literal(type_.element) for _ in range(chance.randrange(1, 4))]
            return f"[{', '.join(items)}]"
        if isinstance(type_, MapType):
            return f"{{{self._literal(type_.key)}: {self._literal(type_.value)}}}"
        if isinstance(type_, OptionalType):
            return f"optional.of({self._literal(type_.value)})"
        if isinstance(type_, TypeType):
            return f"type({self._literal(type_.of)})" if type_.of != DYN else "int"
        if isinstance(type_, NullableType):
            return "null"
        if isinstance(type_, EnumType):
            return repr(chance.choice(type_.values))
        return chance.choice(_LITERALS[type_])

    # Calls

    def _call(self, type_: Type, depth: int, scope: Scope) -> str:
        if self._dynamic and self._random.random() < 0.03:
            return f"dyn({self.of(type_, depth, scope)})"
        functions = self._overloads.of(type_)
        if not functions:
            return self._leaf(type_, scope)
        call = self._random.choice(self._random.choice(functions))
        arguments = [self.of(kind, depth, scope) for kind in call.arguments(self._random)]
        return written(call.name, call.member, arguments)

    # Special forms

    def _forms(self, type_: Type) -> Sequence[Maker]:
        if type_ == BOOL:
            return (
                *(self._logical, self._logical, self._logical, self._logical),
                *(self._quantifier, self._quantifier, self._about_list, self._presence),
                *(self._conditional, self._bind, self._guard, self._guard, self._guard),
            )
        common = (self._conditional, self._conditional, self._bind, self._of_optional)
        if isinstance(type_, ListType):
            return (*common, self._list, self._map, self._map, self._filter, self._transform_list)
        if isinstance(type_, MapType):
            return (*common, self._map_literal, self._transform_map, self._transform_entry)
        if isinstance(type_, OptionalType):
            return (*common, self._opt_map, self._opt_map, self._opt_flat_map)
        return (*common, self._from_literal)

    def _logical(self, type_: Type, depth: int, scope: Scope) -> str:
        operator = self._random.choice(("&&", "||"))
        count = self._random.choice((2, 2, 3))
        parts = [self.of(BOOL, depth, scope) for _ in range(count)]
        return f"({f' {operator} '.join(parts)})"

    def _conditional(self, type_: Type, depth: int, scope: Scope) -> str:
        then, otherwise = self.of(type_, depth, scope), self.of(type_, depth, scope)
        return f"({self.of(BOOL, depth, scope)} ? {then} : {otherwise})"

    def _presence(self, type_: Type, depth: int, scope: Scope) -> str:
        """Whether something is there, asked for alone."""
        if not self._guarded:
            return "true"
        path = self._random.choice(self._guarded)
        return f"({' && '.join(path.guards)})"

    def _guard(self, type_: Type, depth: int, scope: Scope) -> str:
        return self._about_guarded(depth, scope) if self._guarded else "false"

    def _about_guarded(self, depth: int, scope: Scope) -> str:
        """A condition on an attribute that may be absent, in one of the forms that guard it."""
        chance = self._random
        inside = [path for path in scope if path.guards]
        path = chance.choice(inside if inside and chance.random() < 0.5 else self._guarded)
        use = self._use(path, depth, scope)
        guards = " && ".join(path.guards)
        forms = (
            f"({guards} && {use})",
            f"({guards} && {use})",
            f"(!({guards}) || {use})",
            f"({guards} ? {use} : {self.of(BOOL, 0, scope)})",
            f"({use} && {guards})",
        )
        if chance.random() < self._unguarded:
            return f"({guards} || {use})"
        return chance.choice(forms[:4] if chance.random() < 0.97 else forms[4:])

    def _use(self, path: Path, depth: int, scope: Scope) -> str:
        """A condition on what is at a path, which is there."""
        chance, text, type_ = self._random, path.text, path.type
        inner = (*scope, Path(text, type_))
        if type_ == BOOL:
            return chance.choice((text, f"!{text}", f"({text} == {self.of(BOOL, depth, inner)})"))
        if isinstance(type_, EnumType):
            return f"({text} {chance.choice(('==', '!='))} {self._literal(type_)})"
        if isinstance(type_, NullableType):
            return f"({text} {chance.choice(('==', '!='))} null)"
        if isinstance(type_, ObjectType):
            return f"(size([{text}]) == 1)"
        if isinstance(type_, ListType) and chance.random() < 0.7:
            return self._loop_over(path, depth, scope)
        if isinstance(type_, (ListType, MapType)):
            return f"(size({text}) > {chance.randrange(3)})"
        if type_ not in _LITERALS or type_ == NULL:
            return f"({text} == {text})"
        other = self.of(type_, depth, inner)
        return f"({text} {chance.choice(('<', '<=', '>', '>=', '==', '!='))} {other})"

    def _bind(self, type_: Type, depth: int, scope: Scope) -> str:
        name = self._name()
        kind = self._random.choice((*_SMALL, type_))
        value = self.of(kind, depth, scope)
        inner = within(scope, Path(name, kind))
        return f"cel.bind({name}, {value}, {self.of(type_, depth, inner)})"

    def _of_optional(self, type_: Type, depth: int, scope: Scope) -> str:
        optional = self.of(OptionalType(type_), depth, scope)
        end = "value()" if self._random.random() < 0.2 else f"orValue({self._leaf(type_, scope)})"
        return f"{optional}.{end}"

    def _from_literal(self, type_: Type, depth: int, scope: Scope) -> str:
        value = self.of(type_, depth, scope)
        return f"[{value}][0]" if self._random.random() < 0.5 else f"{{'k': {value}}}.k"

    def _list(self, type_: Type, depth: int, scope: Scope) -> str:
        assert isinstance(type_, ListType)
        count = self._random.randrange(1, 4)
        items = [self.of(type_.element, depth, scope) for _ in range(count)]
        if self._random.random() < 0.3:
            items.append(f"?{self.of(OptionalType(type_.element), depth, scope)}")
        return f"[{', '.join(items)}]"

    def _map_literal(self, type_: Type, depth: int, scope: Scope) -> str:
        assert isinstance(type_, MapType)
        key, value = self.of(type_.key, depth, scope), self.of(type_.value, depth, scope)
        return f"{{{self._literal(type_.key)}: {value}, {key}: {self._leaf(type_.value, scope)}}}"

    # Macros

    def _name(self) -> str:
        self._count += 1
        return self._random.choice(("x", "y", f"v{self._count}"))

    def _range(self, depth: int, scope: Scope) -> tuple[str, Type, Type]:
        """What a macro goes over, with the types of its indexes or keys and of its values."""
        chance = self._random
        if self._objects and chance.random() < 0.4:
            path = chance.choice([path for path in self._objects if not path.guards] or [None])
            if path is not None and isinstance(path.type, ListType):
                return path.text, INT, path.type.element
        element = chance.choice(_SMALL)
        if chance.random() < 0.25:
            key = chance.choice((STRING, INT))
            return self.of(MapType(key, element), depth, scope), key, element
        return self.of(ListType(element), depth, scope), INT, element

    def _variables(
        self, over: tuple[str, Type, Type], scope: Scope, *, two: bool | None = None
    ) -> tuple[str, Scope]:
        """The variables of a macro, and the scope of its body."""
        _, key, value = over
        name = self._name()
        one = key if key != INT else value  # over a map, one variable is the key
        if two is None:
            two = self._random.random() < 0.3
        if not two:
            return name, within(scope, *paths(Path(name, one), 2))
        second = f"{name}2"
        inner = within(scope, Path(name, key), *paths(Path(second, value), 2))
        return f"{name}, {second}", inner

    def _quantifier(self, type_: Type, depth: int, scope: Scope) -> str:
        over = self._range(depth, scope)
        if over[0].startswith("{") or isinstance(over[1], EnumType):
            return self.of(BOOL, 0, scope)
        names, inner = self._variables(over, scope, two=None if over[1] == INT else True)
        macro = self._random.choice(("all", "exists", "exists_one"))
        return f"{over[0]}.{macro}({names}, {self._body(depth, inner, names)})"

    def _body(self, depth: int, scope: Scope, names: str) -> str:
        """A condition on the variables of a loop, when there is a choice on what may be absent."""
        own = names.split(", ")
        optional = [path for path in scope if path.guards and root_of(path) in own]
        if optional and self._random.random() < 0.7:
            path = self._random.choice(optional)
            return f"({' && '.join(path.guards)} && {self._use(path, depth, scope)})"
        return self.of(BOOL, depth, scope)

    def _loop_over(self, path: Path, depth: int, scope: Scope) -> str:
        assert isinstance(path.type, ListType)
        over = (path.text, INT, path.type.element)
        names, inner = self._variables(over, scope)
        macro = self._random.choice(("all", "exists", "exists_one"))
        return f"{path.text}.{macro}({names}, {self._body(depth, inner, names)})"

    def _about_list(self, type_: Type, depth: int, scope: Scope) -> str:
        """A condition on the items that a filter lets through."""
        lists = [path for path in self._objects if not path.guards]
        if not lists:
            return self._logical(type_, depth, scope)
        path = self._random.choice(lists)
        assert isinstance(path.type, ListType)
        inner = list(paths(Path("x", path.type.element), 2))
        optional = [item for item in inner if item.guards]
        if not optional:
            return f"({path.text}.size() > 1)"
        chosen = self._random.choice(optional)
        macro = self._random.choice(("all", "exists"))
        use = self._use(chosen, depth, within(scope, *inner))
        guards = " && ".join(chosen.guards)
        return f"{path.text}.filter(x, {guards}).{macro}(x, {use})"

    def _map(self, type_: Type, depth: int, scope: Scope) -> str:
        assert isinstance(type_, ListType)
        over = self._range(depth, scope)
        names, inner = self._variables(over, scope, two=False)
        body = self.of(type_.element, depth, inner)
        if self._random.random() < 0.3:
            return f"{over[0]}.map({names}, {self.of(BOOL, 1, inner)}, {body})"
        return f"{over[0]}.map({names}, {body})"

    def _filter(self, type_: Type, depth: int, scope: Scope) -> str:
        assert isinstance(type_, ListType)
        over = self.of(type_, depth, scope)
        name = self._name()
        inner = within(scope, Path(name, type_.element))
        if self._random.random() < 0.3:
            return f"{over}.sortBy({name}, {self.of(self._random.choice(_SMALL), depth, inner)})"
        return f"{over}.filter({name}, {self.of(BOOL, depth, inner)})"

    def _transform(self, name: str, depth: int, scope: Scope, what: Callable[[Scope], str]) -> str:
        over = self._range(depth, scope)
        names, inner = self._variables(over, scope, two=True)
        filter_ = f"{self.of(BOOL, 1, inner)}, " if self._random.random() < 0.3 else ""
        return f"{over[0]}.{name}({names}, {filter_}{what(inner)})"

    def _transform_list(self, type_: Type, depth: int, scope: Scope) -> str:
        assert isinstance(type_, ListType)
        element = type_.element
        made = lambda inner: self.of(element, depth, inner)  # noqa: E731
        return self._transform("transformList", depth, scope, made)

    def _transform_map(self, type_: Type, depth: int, scope: Scope) -> str:
        assert isinstance(type_, MapType)
        value, name = self.of(type_.value, depth, scope), self._name()
        over = f"{{{self._literal(type_.key)}: {value}}}"
        inner = within(scope, Path(name, type_.key), Path(f"{name}2", type_.value))
        return f"{over}.transformMap({name}, {name}2, {self.of(type_.value, depth, inner)})"

    def _transform_entry(self, type_: Type, depth: int, scope: Scope) -> str:
        assert isinstance(type_, MapType)
        kinds = type_.key, type_.value

        def entry(inner: Scope) -> str:
            return f"{{{self.of(kinds[0], depth, inner)}: {self.of(kinds[1], depth, inner)}}}"

        return self._transform("transformMapEntry", depth, scope, entry)

    def _opt_map(self, type_: Type, depth: int, scope: Scope) -> str:
        assert isinstance(type_, OptionalType)
        path = self._random.choice(self._guarded) if self._guarded else None
        optional = None if path is None else optional_of(path)
        if path is None or optional is None:
            present = f"optional.of({self.of(type_.value, depth, scope)})"
            return f"({self.of(BOOL, depth, scope)} ? {present} : optional.none())"
        name = self._name()
        inner = within(scope, *paths(Path(name, path.type), 2))
        return f"{optional}.optMap({name}, {self.of(type_.value, depth, inner)})"

    def _opt_flat_map(self, type_: Type, depth: int, scope: Scope) -> str:
        assert isinstance(type_, OptionalType)
        kind, name = self._random.choice(_SMALL), self._name()
        optional = self.of(OptionalType(kind), depth, scope)
        body = self.of(type_, depth, within(scope, Path(name, kind)))
        return f"{optional}.optFlatMap({name}, {body})"


def _fits(type_: Type, wanted: Type) -> bool:
    return type_ == wanted or (wanted == STRING and isinstance(type_, EnumType))


def _is_list_of_objects(type_: Type) -> bool:
    return isinstance(type_, ListType) and isinstance(type_.element, ObjectType)


def _by_type(found: list[Path]) -> Mapping[Type, list[Path]]:
    made: dict[Type, list[Path]] = {}
    for path in found:
        made.setdefault(path.type, []).append(path)
        if isinstance(path.type, EnumType):
            made.setdefault(STRING, []).append(path)
    return made


_LITERALS: Final[Mapping[Type, tuple[str, ...]]] = {
    NULL: ("null",),
    BOOL: ("true", "false"),
    INT: ("0", "1", "2", "5", "(-1)", "10", "9223372036854775807", "(-9223372036854775808)"),
    UINT: ("0u", "1u", "7u", "18446744073709551615u"),
    DOUBLE: ("0.0", "1.5", "(-2.5)", "1e300", "double('NaN')"),
    STRING: (
        "''",
        "'a'",
        "'k'",
        "'open'",
        "'10'",
        "'é'",
        "'2026-01-01T00:00:00Z'",
        "'1h'",
        "'UTC'",
    ),
    BYTES: ("b''", "b'a'", "b'\\xff'"),
    TIMESTAMP: ("now", "now", "timestamp('2026-01-01T00:00:00Z')", "timestamp(0)"),
    DURATION: ("duration('1h')", "duration('168h')", "duration('-1ns')", "duration('0s')"),
    NET_IP: ("ip('10.0.0.1')", "ip('::1')"),
    NET_CIDR: ("cidr('10.0.0.0/8')", "cidr('2001:db8::/32')"),
}
