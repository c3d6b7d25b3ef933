"""Requests that say who and what alone, with what is known of those: the properties they have.

AuthZEN asks of a search that each of its results is allowed when it is evaluated. A result is a
type and an id, so that an evaluation has to know of them what the search knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from evaluator.server.entities import Entities, Entity, Kind

__all__ = ["Find", "completed", "found_for"]

Find = Callable[[Kind, str, str], Entity | None]
"""What finds the entity of a kind by its type and id; None for one that is not known."""

_KINDS: Final[tuple[Kind, ...]] = ("subject", "resource")


def completed(request: Mapping[str, Any], find: Find) -> Mapping[str, Any]:
    """A request whose subject and resource have the properties that are known of them.

    What a request says counts: one that has ``properties``, and be they empty, is left as it is.
    The same object where nothing is added. Raises what ``find`` does.
    """
    for kind, type_, id_ in _bare(request):
        entity = find(kind, type_, id_)
        if entity is not None and entity.properties:
            part = {**request[kind], "properties": entity.properties}
            request = {**request, kind: part}
    return request


def found_for(entities: Entities, requests: Iterable[Mapping[str, Any]]) -> Find:
    """What finds all that requests need to be completed, each of which is looked up at once."""
    names = dict.fromkeys(name for request in requests for name in _bare(request))
    found = {name: entities.find(*name) for name in names}
    return lambda kind, type_, id_: found.get((kind, type_, id_))


def _bare(request: Mapping[str, Any]) -> Iterator[tuple[Kind, str, str]]:
    """The subject and the resource if they say no more than who they are."""
    for kind in _KINDS:
        part = request.get(kind)
        if isinstance(part, Mapping) and "properties" not in part:
            type_, id_ = part.get("type"), part.get("id")
            if isinstance(type_, str) and isinstance(id_, str):
                yield kind, type_, id_
