"""Whether a service can answer, as its parts tell it: what ``/readyz`` says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from evaluator.server.answers import Answer

__all__ = ["Condition", "Readiness"]


@dataclass(frozen=True, slots=True)
class Condition:
    """How a part is, as JSON data, and whether the service can answer when it is so."""

    told: Mapping[str, Any]
    is_ready: bool = True


class Readiness:
    """The parts of a service that may keep it from answering."""

    def __init__(self) -> None:
        self._parts: dict[str, Callable[[], Condition]] = {}

    def add(self, name: str, look: Callable[[], Condition]) -> None:
        """Adds a part; ``look`` is called whenever somebody asks how it is."""
        self._parts[name] = look

    def answer(self) -> Answer:
        """200 where every part is ready, otherwise 503; the body tells how each is."""
        found = {name: look() for name, look in self._parts.items()}
        is_ready = all(part.is_ready for part in found.values())
        status = {"status": "ready" if is_ready else "not ready"}
        told = {name: part.told for name, part in found.items()}
        headers = {} if is_ready else {"retry-after": "1"}
        return Answer(200 if is_ready else 503, {**status, **told}, headers)
