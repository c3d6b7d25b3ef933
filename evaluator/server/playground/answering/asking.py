"""What the page asks, read: its fields, each of the kind that it must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluator.language.instants import parse_instant

__all__ = ["Asked", "InvalidError", "TooLargeError"]


class InvalidError(Exception):
    """What is asked makes no sense; the text says why."""


class TooLargeError(Exception):
    """What is asked is beyond a limit; the text says which."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the page: the edits and the locale, which all have, and all of its fields."""

    edits: Mapping[str, str]
    locale: str
    fields: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A field that is a text. Raises ``InvalidError``."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise InvalidError(f"`{name}` is no text")
        return value

    def texts(self, name: str, most: int) -> list[str]:
        """A field that is a list of no more than ``most`` texts."""
        value = self.fields.get(name)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise InvalidError(f"`{name}` is no list of texts")
        if len(value) > most:
            raise TooLargeError(f"`{name}` has more than {most} parts")
        return value

    def instant(self, name: str) -> int:
        """A field that is an instant as RFC 3339 has it, in nanoseconds since the epoch."""
        found = parse_instant(self.text(name))
        if found is None:
            raise InvalidError(f"`{name}` is no instant, such as 2026-03-03T09:00:00Z")
        return found

    def optional_instant(self, name: str) -> int | None:
        """The same, None where it is left out."""
        return None if self.fields.get(name) is None else self.instant(name)

    @property
    def request(self) -> Mapping[str, Any]:
        """The request that is asked about. What is wrong with it, its decision tells."""
        value = self.fields.get("request")
        if not isinstance(value, dict):
            raise InvalidError("`request` is no object")
        return value
