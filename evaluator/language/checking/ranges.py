"""Conditions that cannot be true, or cannot be false: what comparisons with constants leave over.

Of each value that a chain of ``&&`` compares with constants, the possible values are cut down step
by step; when none is left the chain is never true. A chain of ``||`` is never false when the chain
of its negations is never true. A value is any part without a host function in it, such as
``resource.total`` or ``size(roles)``: it is the same wherever it stands in one condition. What may
fail makes such a chain fail, at most: it does not make it true.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from evaluator.language.likeness import likeness
from evaluator.language.syntax import (
    Attribute,
    Bind,
    Call,
    Comprehension,
    Expr,
    ListExpr,
    Literal,
    Logical,
    Name,
    walk,
)
from evaluator.language.types import (
    BOOL,
    BYTES,
    DURATION,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    UINT,
    EnumType,
    Type,
)
from evaluator.language.values import Duration, Timestamp, UInt

__all__ = ["Finding", "findings"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A node that is never ``value``; ``because`` is the part that leaves nothing over with it."""

    node: Expr
    part: Expr
    because: Expr | None
    value: bool


Lookup = Callable[[str], Any]
"""The value of a constant by name; ``None`` for any other name."""


def findings(
    root: Expr, types: Mapping[int, Type], constant: Lookup, calls_host: Callable[[Expr], bool]
) -> Iterator[Finding]:
    """The chains and comparisons of an expression that are never true, or never false."""
    if isinstance(root, (Attribute, Literal, Name)):
        return
    told: list[Logical | Call] = []
    bound: set[str] = set()  # by macros, whatever the names stand for elsewhere
    for node in walk(root):
        if isinstance(node, Logical):
            told.append(node)
        elif isinstance(node, Call):
            if node.function in _ORDER and len(node.args) == 2:
                told.append(node)
        elif isinstance(node, Comprehension):
            bound.update(node.variables)
        elif isinstance(node, Bind):
            bound.add(node.name)
    reader = _Reader(types, lambda name: None if name in bound else constant(name), calls_host)
    inner: set[int] = set()  # chains that are a part of a chain of the same kind
    for node in told:
        if isinstance(node, Logical):
            inner.update(
                part.id
                for part in node.operands
                if isinstance(part, Logical) and part.operator == node.operator
            )
            found = None if node.id in inner else _chain(node, reader)
        else:
            found = _with_itself(node, reader)
        if found is not None:
            yield found


def _chain(node: Logical, reader: _Reader) -> Finding | None:
    """Whether an ``&&`` is never true or an ``||`` never false."""
    conjunction = node.operator == "&&"
    possible: dict[_Key, _Possible] = {}
    for part in _flat(node, node.operator):
        for key, key_node, limit in reader.atoms(part, holds=conjunction):
            known = possible.get(key)
            if known is None:
                known = possible[key] = _Possible(reader.type_of(key_node))
            before = known.last
            limit(known)
            if known.is_empty():
                return Finding(node, part, before, value=conjunction)
            known.last = part
    return None


def _flat(node: Logical, operator: str) -> Iterator[Expr]:
    for part in node.operands:
        if isinstance(part, Logical) and part.operator == operator:
            yield from _flat(part, operator)
        else:
            yield part


def _with_itself(node: Call, reader: _Reader) -> Finding | None:
    """``x == x`` and its like, of what is surely no NaN."""
    left, right = node.args
    if not isinstance(left, (Attribute, Name)) or type(left) is not type(right):
        return None
    if likeness(left) != likeness(right):
        return None
    if reader.may_be_nan(left):
        return None
    return Finding(node, node, None, value=node.function in ("_!=_", "_<_", "_>_"))


class _Possible:
    """The values that one part may still have."""

    def __init__(self, type_: Type) -> None:
        self.last: Expr | None = None
        self._whole = type_ in (INT, UINT)
        self._allowed: set[Any] | None = (
            {_tagged(value) for value in type_.values} if isinstance(type_, EnumType) else None
        )
        self._excluded: set[Any] = set()
        # Bounds, and whether they belong to what is possible.
        self._low: tuple[Any, bool] | None = None
        self._high: tuple[Any, bool] | None = None

    def only(self, values: set[Any]) -> None:
        self._allowed = values if self._allowed is None else self._allowed & values

    def never(self, values: set[Any]) -> None:
        self._excluded |= values

    def above(self, bound: Any, *, included: bool) -> None:
        if self._whole and isinstance(bound, int) and not included:
            bound, included = bound + 1, True
        low = self._low
        if low is None or not _alike(low[0], bound):
            self._low = self._low or (bound, included)
        elif bound > low[0] or (bound == low[0] and not included):
            self._low = (bound, included)

    def below(self, bound: Any, *, included: bool) -> None:
        if self._whole and isinstance(bound, int) and not included:
            bound, included = bound - 1, True
        high = self._high
        if high is None or not _alike(high[0], bound):
            self._high = self._high or (bound, included)
        elif bound < high[0] or (bound == high[0] and not included):
            self._high = (bound, included)

    def is_empty(self) -> bool:
        if self._allowed is not None:
            left = self._allowed - self._excluded
            return not any(self._within(value) for value in left)
        low, high = self._low, self._high
        if low is None or high is None or not _alike(low[0], high[0]):
            return False
        if low[0] > high[0]:
            return True
        if low[0] < high[0]:
            return False
        return not (low[1] and high[1]) or _tagged(low[0]) in self._excluded

    def _within(self, tagged: Any) -> bool:
        value = tagged[1]
        for bound, sign in ((self._low, 1), (self._high, -1)):
            if bound is None or not _alike(bound[0], value):
                continue
            limit, included = bound
            if value == limit:
                if not included:
                    return False
            elif (value > limit) is not (sign > 0):
                return False
        return True


def _alike(one: Any, other: Any) -> bool:
    """Whether two constants can be put in order; those of other kinds say nothing of each other."""
    numbers = (int, float, UInt)
    if type(one) in numbers and type(other) in numbers:
        return True
    return type(one) is type(other) and isinstance(one, (str, Timestamp, Duration))


def _tagged(value: Any) -> tuple[str, Any]:
    """A constant as a member of sets, in which true is not 1."""
    return ("bool" if isinstance(value, bool) else "", value)


_Key = Hashable
Limit = Callable[[_Possible], None]
_ORDER: Final = frozenset({"_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_"})
_MIRRORED: Final = {"_<_": "_>_", "_<=_": "_>=_", "_>_": "_<_", "_>=_": "_<=_"}
_NEGATED: Final = {"_<_": "_>=_", "_<=_": "_>_", "_>_": "_<=_", "_>=_": "_<_"}
_UNTOLD: Final = object()
_WITHOUT_NAN: Final = (BOOL, INT, UINT, STRING, BYTES, TIMESTAMP, DURATION)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the parts of chains: which value they are about, and what they say of it."""

    types: Mapping[int, Type]
    constant: Lookup
    calls_host: Callable[[Expr], bool]

    def type_of(self, node: Expr) -> Type:
        return self.types.get(node.id, DYN)

    def may_be_nan(self, node: Expr) -> bool:
        """Whether a value is, or has in it, a NaN: JSON has none, what is computed may be one."""
        type_ = self.type_of(node)
        surely = type_ in _WITHOUT_NAN or isinstance(type_, EnumType)
        return not (surely or isinstance(node, Attribute))

    def atoms(self, node: Expr, *, holds: bool) -> Iterator[tuple[_Key, Expr, Limit]]:
        """What follows when a part holds, or does not: the key of a value, and its limit."""
        if isinstance(node, Call) and node.function == "!_":
            yield from self.atoms(node.args[0], holds=not holds)
            return
        if isinstance(node, Logical):
            if (node.operator == "&&") is holds:
                for part in node.operands:
                    yield from self.atoms(part, holds=holds)
            return
        if self.calls_host(node):
            return
        atom = self._comparison(node, holds) if isinstance(node, Call) else None
        if atom is None:
            key, value = node, {_tagged(holds)}
            yield likeness(key), key, lambda possible: possible.only(value)
            return
        key, limit = atom
        if limit is not None:
            yield likeness(key), key, limit

    def _comparison(self, node: Call, holds: bool) -> tuple[Expr, Limit | None] | None:
        """The value that a comparison is about; None for a call that is no comparison."""
        function = node.function
        if function == "@in":
            return self._membership(node, holds)
        if function not in _ORDER:
            return None
        left, right = node.args
        constant = self._known(right)
        key = left
        if constant is _UNTOLD:
            constant, key = self._known(left), right
            function = _MIRRORED.get(function, function)
        if constant is _UNTOLD or isinstance(constant, (list, tuple)):
            return None
        if self._known(key) is not _UNTOLD:
            return None
        if function in ("_==_", "_!=_"):
            values = {_tagged(constant)}
            if (function == "_==_") is holds:
                return key, lambda possible: possible.only(values)
            return key, lambda possible: possible.never(values)
        if not holds:
            if self.may_be_nan(key):
                return key, None
            function = _NEGATED[function]
        included = function in ("_<=_", "_>=_")
        if function in ("_<_", "_<=_"):
            return key, lambda possible: possible.below(constant, included=included)
        return key, lambda possible: possible.above(constant, included=included)

    def _membership(self, node: Call, holds: bool) -> tuple[Expr, Limit | None] | None:
        element, over = node.args
        items = self._known(over)
        if isinstance(over, ListExpr) and not over.optional:
            items = [self._known(item) for item in over.elements]
        if not isinstance(items, (list, tuple)) or self._known(element) is not _UNTOLD:
            return None
        if not all(isinstance(item, _SCALARS) or item is None for item in items):
            return None
        values = {_tagged(item) for item in items}
        if holds:
            return element, lambda possible: possible.only(values)
        return element, lambda possible: possible.never(values)

    def _known(self, node: Expr) -> Any:
        """The value of a constant; of a double that is none, nothing is told."""
        value = _UNTOLD
        if isinstance(node, Literal):
            value = node.value
        elif isinstance(node, Name):
            found = self.constant(node.name)
            value = _UNTOLD if found is None else found
        if isinstance(value, float) and value != value:
            return _UNTOLD
        return value if value is None or isinstance(value, _CONSTANTS) else _UNTOLD


_SCALARS: Final = (bool, int, float, str, bytes, Timestamp, Duration)
_CONSTANTS: Final = (*_SCALARS, list, tuple)
