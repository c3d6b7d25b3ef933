"""The instants in a request: which attributes hold one, as the request's schema says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from evaluator.language import types
from evaluator.language.instants import parse_instant
from evaluator.policy.request_types import ROOTS, RequestType
from evaluator.policy.shapes import Leaf, ListShape, ObjectShape, Shape

__all__ = ["Mark", "marks", "timeless"]

_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Mark:
    """An instant in a request, in nanoseconds since the epoch, and the attribute that holds it."""

    at: int
    attribute: str


def marks(request: Mapping[str, Any], request_type: RequestType) -> list[Mark]:
    """The instants in a request, in order."""
    found: list[Mark] = []
    shapes = request_type.shapes or {}
    for root in ROOTS:
        entity = request.get(root)
        if root != "context" and isinstance(entity, Mapping):
            entity = entity.get("properties")
        shape = shapes.get(root)
        if shape is not None:
            for path, instant in _instants(shape, entity, ()):
                if len(found) < _MOST and (root, path) != ("context", ("time",)):
                    found.append(Mark(instant, _spelled((root, *path))))
    return sorted(found, key=lambda mark: mark.at)


_Path = tuple[str | int, ...]


def _instants(shape: Shape, value: Any, path: _Path) -> Iterator[tuple[_Path, int]]:
    if isinstance(shape, ObjectShape) and isinstance(value, Mapping):
        for name, member in shape.members.items():
            if name in value:
                yield from _instants(member.shape, value[name], (*path, name))
    elif isinstance(shape, ListShape) and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _instants(shape.item, item, (*path, index))
    elif isinstance(shape, Leaf) and _is_instant(shape) and isinstance(value, str):
        instant = parse_instant(value)
        if instant is not None:
            yield path, instant


def _is_instant(shape: Leaf) -> bool:
    type_ = shape.type
    return (type_.value if isinstance(type_, types.NullableType) else type_) == types.TIMESTAMP


def _spelled(path: _Path) -> str:
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)[1:]


def timeless(request: Mapping[str, Any], now: int) -> tuple[dict[str, Any], int]:
    """A request without its ``context.time``, and the moment that it is for."""
    context = request.get("context")
    if not isinstance(context, Mapping) or "time" not in context:
        return dict(request), now
    instant = parse_instant(context["time"]) if isinstance(context["time"], str) else None
    rest = {key: item for key, item in context.items() if key != "time"}
    return {**request, "context": rest}, now if instant is None else instant
