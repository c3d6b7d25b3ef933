"""Tables: plain data of a policy file as CEL values, with the types inferred from them."""

from __future__ import annotations

import math
from typing import Any

from evaluator.diagnostics import Diagnostic
from evaluator.documents.nodes import Mapping, Node, Scalar
from evaluator.language.types import BOOL, DOUBLE, DYN, INT, STRING, ListType, MapType, Type
from evaluator.language.values import INT_MAX, INT_MIN, Map
from evaluator.policy import pack_problems as problems

__all__ = ["read_table"]


def read_table(node: Node) -> tuple[Any, Type, tuple[Diagnostic, ...]]:
    """The value and type of a table, and what is wrong with it.

    Numbers with a point are doubles, others ints, never mixed in one list or mapping. An empty list
    or mapping has the type that its neighbours have. Keys are strings.
    """
    found: list[Diagnostic] = []
    value, type_ = _read(node, found)
    return value, type_, tuple(found)


def _read(node: Node, found: list[Diagnostic]) -> tuple[Any, Type]:
    if isinstance(node, Scalar):
        return _scalar(node, found)
    if isinstance(node, Mapping):
        members = [(key.text, *_read(item, found), item) for key, item in node.entries]
        type_ = _common([(kind, item) for _, _, kind, item in members], found)
        value = Map((key, item) for key, item, _, _ in members)
        return value, MapType(STRING, type_, frozenset(key for key, *_ in members))
    items = [(*_read(item, found), item) for item in node.items]
    type_ = _common([(kind, item) for _, kind, item in items], found)
    return [value for value, _, _ in items], ListType(type_)


def _scalar(node: Scalar, found: list[Diagnostic]) -> tuple[Any, Type]:
    value = node.value
    if isinstance(value, bool):
        return value, BOOL
    if isinstance(value, str):
        return value, STRING
    if isinstance(value, int) and INT_MIN <= value <= INT_MAX:
        return value, INT
    if isinstance(value, float) and math.isfinite(value):
        return value, DOUBLE
    if value is None:
        found.append(problems.table_null(node.span))
    else:
        found.append(problems.table_number(node.span, node.text))
    return value, DYN


def _common(types: list[tuple[Type, Node]], found: list[Diagnostic]) -> Type:
    """The one type that values beside each other have; unknown parts take what others know."""
    common: Type = DYN
    first: Node | None = None
    for type_, node in types:
        unified = _unify(common, type_)
        if unified is None:
            assert first is not None
            found.append(problems.table_mixed(node.span, str(type_), first.span, str(common)))
            return common
        if first is None:
            first = node
        common = unified
    return common


def _unify(left: Type, right: Type) -> Type | None:
    if left == DYN:
        return right
    if right == DYN or left == right:
        return left
    if isinstance(left, ListType) and isinstance(right, ListType):
        element = _unify(left.element, right.element)
        return None if element is None else ListType(element)
    if isinstance(left, MapType) and isinstance(right, MapType):
        value = _unify(left.value, right.value)
        if value is None:
            return None
        return MapType(left.key, value, left.keys if left.keys == right.keys else None)
    return None
