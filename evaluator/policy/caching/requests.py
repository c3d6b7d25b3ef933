"""The types in a request type, in an order that depends on its schema alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from evaluator.language.types import Field, PrimitiveType, Type
from evaluator.policy.request_types import RequestType
from evaluator.policy.shapes import Anything, Leaf, ListShape, Member, ObjectShape

__all__ = ["types_of"]


def types_of(request: RequestType) -> tuple[Type, ...]:
    """Every type with parts that expressions may meet because of a request, each once."""
    found: dict[int, Type] = {}
    seen: set[int] = set()
    waiting: list[Any] = [request.roots, request.shapes]
    while waiting:
        item = waiting.pop()
        if id(item) in seen:
            continue
        seen.add(id(item))
        if isinstance(item, Type) and not isinstance(item, PrimitiveType):
            found[id(item)] = item
        waiting.extend(_within(item))
    return tuple(found.values())


def _within(item: Any) -> Iterable[Any]:
    """What stands in a type or a shape and may be a type or have some in it."""
    if isinstance(item, (Type, Field)):
        return (getattr(item, field.name) for field in fields(item))
    if isinstance(item, dict):
        return item.values()
    if isinstance(item, tuple):
        return item
    if isinstance(item, ObjectShape):
        return (item.type, item.members, item.extra)
    if isinstance(item, ListShape):
        return (item.type, item.item)
    if isinstance(item, Member):
        return (item.shape,)
    if isinstance(item, (Leaf, Anything)):
        return (item.type,)
    return ()
