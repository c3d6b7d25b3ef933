"""The entities that are known, and searches look through: subjects, resources, names of actions."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

__all__ = ["NO_ENTITIES", "Entities", "Entity", "Kind", "StoredEntities"]

Kind = Literal["subject", "resource"]


@dataclass(frozen=True, slots=True, eq=False)
class Entity:
    """A subject or a resource that is known, as AuthZEN has it."""

    type: str
    id: str
    properties: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The entity as part of a request."""
        return {"type": self.type, "id": self.id, "properties": self.properties}


class Entities(Protocol):
    """Where searches find what there is.

    Pages of a search are of one ``version``; with another, it has to begin again.
    """

    @property
    def version(self) -> str: ...

    @property
    def waits(self) -> bool:
        """Whether to find one takes so long that nothing else is to wait for it."""
        ...

    def of(self, kind: Kind, type_: str, after: str | None) -> Iterator[Entity]:
        """The entities of a type in ascending order of their ids, from behind one id on."""
        ...

    def find(self, kind: Kind, type_: str, id_: str) -> Entity | None:
        """The entity of that type and id; None for one that is not known."""
        ...

    def actions(self) -> Iterable[str]:
        """The names of actions that are known beside those that policies spell out."""
        ...


class StoredEntities:
    """Entities in memory, sorted once."""

    waits = False

    def __init__(
        self,
        subjects: Iterable[Entity] = (),
        resources: Iterable[Entity] = (),
        actions: Iterable[str] = (),
        *,
        version: str = "",
    ) -> None:
        self.version = version
        self._actions = tuple(actions)
        self._found: dict[tuple[Kind, str], Sequence[Entity]] = {}
        kinds: tuple[tuple[Kind, Iterable[Entity]], ...] = (
            ("subject", subjects),
            ("resource", resources),
        )
        for kind, entities in kinds:
            by_type: dict[str, list[Entity]] = {}
            for entity in entities:
                by_type.setdefault(entity.type, []).append(entity)
            for type_, found in by_type.items():
                found.sort(key=_id)
                self._found[kind, type_] = found

    def of(self, kind: Kind, type_: str, after: str | None) -> Iterator[Entity]:
        found = self._found.get((kind, type_), ())
        start = 0 if after is None else bisect_right(found, after, key=_id)
        return (found[at] for at in range(start, len(found)))

    def find(self, kind: Kind, type_: str, id_: str) -> Entity | None:
        found = self._found.get((kind, type_), ())
        at = bisect_left(found, id_, key=_id)
        return found[at] if at < len(found) and found[at].id == id_ else None

    def actions(self) -> Iterable[str]:
        return self._actions


def _id(entity: Entity) -> str:
    return entity.id


NO_ENTITIES = StoredEntities()
