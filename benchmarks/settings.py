"""How large a run is to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

__all__ = ["Settings"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Settings:
    """``quick`` asks for a run of seconds, ``requests`` for another number of requests than usual.

    Without ``peers`` other engines are left out.
    """

    quick: bool = False
    requests: int | None = None
    peers: bool = True

    def choose(self, usual: T, *, quick: T) -> T:
        """The one or the other."""
        return quick if self.quick else usual
