"""How the tests evaluate an expression on its own, and the values that hypothesis makes for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from evaluator.language.checker import Declaration, Environment, check
from evaluator.language.instants import MAX_DURATION, MAX_INSTANT, MIN_DURATION, MIN_INSTANT
from evaluator.language.interpreter import evaluate
from evaluator.language.networks import CIDR, IP
from evaluator.language.parser import parse
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
    ListType,
    MapType,
    OptionalType,
    Type,
    TypeType,
)
from evaluator.language.values import (
    ABSENT,
    INT_MAX,
    INT_MIN,
    NONE,
    UINT_MAX,
    Duration,
    ErrorValue,
    Map,
    Optional,
    Timestamp,
    UInt,
    Unknown,
    equal,
    type_of,
)
from evaluator.source import Fragment


class Names:
    """An activation: names, and the attributes of a request by their dotted path."""

    def __init__(
        self, names: Mapping[str, Any] | None = None, attributes: Mapping[str, Any] | None = None
    ) -> None:
        self.names = names or {}
        self.attributes = attributes or {}

    def name(self, name: str) -> Any:
        return self.names.get(name, ABSENT)

    def attribute(self, root: str, path: tuple[str, ...]) -> Any:
        return self.attributes.get(".".join((root, *path)), ABSENT)

    def has(self, root: str, path: tuple[str, ...]) -> Any:
        value = self.attribute(root, path)
        return value if isinstance(value, (ErrorValue, Unknown)) else value is not ABSENT


def evaluated(text: str, names: Mapping[str, Any] | None = None, **options: Any) -> Any:
    """The value of an expression that was parsed and not checked."""
    return evaluate(parse(Fragment.whole(text)), Names(names), **options)


def checked_and_evaluated(text: str, names: Mapping[str, Any] | None = None) -> Any:
    """The value of an expression that was checked, its names declared as dyn."""
    declarations = {name: Declaration(DYN, "ident") for name in names or {}}
    checked = check(parse(Fragment.whole(text)), Environment(declarations))
    assert not [item for item in checked.diagnostics if str(item.severity) == "error"]
    return evaluate(checked, Names(names))


def same(left: Any, right: Any) -> bool:
    """Whether two values are one to a reader: of one type and equal, NaN being NaN."""
    if type_of(left) != type_of(right):
        return False
    if isinstance(left, float):
        return left == right or (left != left and right != right)
    if isinstance(left, (list, tuple)):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, Map):
        return len(left) == len(right) and all(
            key in right and same(value, right.get(key)) for key, value in left.items()
        )
    if isinstance(left, Optional):
        return left.present == right.present and same(left.value, right.value)
    return equal(left, right)


def kind_of(value: Any) -> str:
    """The kind of an error; fails on anything else."""
    assert isinstance(value, ErrorValue), value
    return value.kind


texts = st.text("aæ-\U0001f600\ud800 A0", max_size=6)
addresses = st.builds(IP, st.just(4), st.integers(0, 2**32 - 1)) | st.builds(
    IP, st.just(6), st.integers(0, 2**128 - 1)
)
SCALARS: Mapping[Type, st.SearchStrategy[Any]] = {
    NULL: st.none(),
    BOOL: st.booleans(),
    INT: st.integers(-5, 5) | st.integers(INT_MIN, INT_MAX) | st.sampled_from([INT_MIN, INT_MAX]),
    UINT: (st.integers(0, 5) | st.integers(0, UINT_MAX)).map(UInt),
    DOUBLE: st.floats() | st.integers(-3, 3).map(float),
    STRING: texts | st.sampled_from(["+02:00", "Europe/Copenhagen", "1h", "7", "(", "1.5"]),
    BYTES: st.binary(max_size=4),
    TIMESTAMP: st.integers(MIN_INSTANT, MAX_INSTANT).map(Timestamp),
    DURATION: st.integers(MIN_DURATION, MAX_DURATION).map(Duration),
    NET_IP: addresses,
    NET_CIDR: st.builds(CIDR, addresses, st.integers(0, 32)),
}
keys = SCALARS[STRING] | SCALARS[INT] | SCALARS[UINT] | SCALARS[BOOL]
values: st.SearchStrategy[Any] = st.recursive(
    st.one_of(*SCALARS.values(), st.sampled_from(list(SCALARS))),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(st.tuples(keys, inner), max_size=3).map(Map)
        | inner.map(Optional)
        | st.just(NONE)
    ),
    max_leaves=6,
)


def values_of(type_: Type) -> st.SearchStrategy[Any]:
    """Values of a type; of a type parameter, as of dyn, any."""
    if type_ in SCALARS:
        return SCALARS[type_]
    if isinstance(type_, ListType):
        return st.lists(values_of(type_.element), max_size=4)
    if isinstance(type_, MapType):
        return st.lists(st.tuples(keys, values_of(type_.value)), max_size=3).map(Map)
    if isinstance(type_, OptionalType):
        return st.just(NONE) | values_of(type_.value).map(Optional)
    if isinstance(type_, TypeType):
        return st.sampled_from(list(SCALARS))
    return values
