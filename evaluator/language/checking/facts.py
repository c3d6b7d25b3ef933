"""Facts: what a condition establishes about values, so that what it guards may be read.

A fact is about a location: a tuple of a root and the steps from there. The root is the name of a
part of the request, a ``Declaration``, or the number of a local variable; a step is a field or key,
the location of a key, the index of a list element, ``EACH`` element, or the ``CONTENT`` of an
optional. A fact says that what the location names is ``PRESENT``, or names a value (null, or a
string of an enum) that it does not have. Values never change, so that a fact once established holds
wherever it reaches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

__all__ = ["CONTENT", "EACH", "IMPOSSIBLE", "NOTHING", "PRESENT", "Fact", "Facts", "Location"]


class Presence(Enum):
    """The kind of fact that excludes no value."""

    PRESENT = "present"


PRESENT: Final = Presence.PRESENT
EACH: Final = None
CONTENT: Final = ...

Location = tuple[Any, ...]
Fact = tuple[Location, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts that hold together. ``Facts()`` says nothing.

    ``impossible`` facts are those of what never happens, such as ``false`` being true: they say
    everything.
    """

    items: frozenset[Fact] = frozenset()
    impossible: bool = False

    @classmethod
    def present(cls, *locations: Location) -> Facts:
        """That there is something at each of these locations."""
        return cls(frozenset((location, PRESENT) for location in locations))

    @classmethod
    def excluding(cls, location: Location, values: Iterable[Any]) -> Facts:
        """That the value at a location is none of these."""
        return cls(frozenset((location, value) for value in values))

    def __bool__(self) -> bool:
        return self.impossible or bool(self.items)

    def __and__(self, other: Facts) -> Facts:
        """What holds when both hold."""
        if not other:
            return self
        if not self:
            return other
        return Facts(self.items | other.items, self.impossible or other.impossible)

    def __or__(self, other: Facts) -> Facts:
        """What holds when one of the two does, and it is not known which."""
        if self.impossible:
            return other
        if other.impossible:
            return self
        if self.items and other.items:
            return Facts(self.items & other.items)
        return NOTHING

    def about(self, holds: Callable[[Location], bool]) -> Facts:
        """The facts about some locations alone."""
        if not self.items:
            return self
        return Facts(frozenset(item for item in self.items if holds(item[0])), self.impossible)


NOTHING: Final = Facts()
IMPOSSIBLE: Final = Facts(impossible=True)
