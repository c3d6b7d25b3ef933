"""The parts of a decision: plain, frozen data with nothing lazy in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from evaluator.source import Span

__all__ = ["Kind", "Location", "Notice", "PackInfo", "Problem", "Reason", "Remedy"]

Kind = Literal["allow", "deny", "indeterminate", "default"]


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a policy file; line and column count from 1, columns in code points."""

    file: str
    line: int
    column: int

    @classmethod
    def of(cls, span: Span) -> Location:
        position = span.position
        return cls(span.source.name, position.line, position.column)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """An error of evaluation: its kind (see ``values.ERROR_KINDS``), words, and where it arose.

    ``rule``, ``remedy`` and ``output`` name what could not be evaluated; the others are None.
    """

    kind: str
    message: str
    at: Location | None
    policy: str | None = None
    rule: str | None = None
    remedy: str | None = None
    output: str | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """What would help against a reason.

    ``sets`` is the change of the request that it stands for, by JSON pointer; a null removes. It is
    empty where the remedy is not a change of the request.
    """

    id: str
    rule: str
    policy: str
    message: str
    sets: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that decided, or a reserved id of kind ``default`` when none did.

    ``error`` is given for kind ``indeterminate``: the rule could not be evaluated.
    """

    rule: str
    policy: str | None
    kind: Kind
    message: str
    description: str | None
    remedies: tuple[Remedy, ...]
    at: Location | None
    error: Problem | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A rule on trial (``mode: report``) that would have fired, or could not be evaluated."""

    rule: str
    policy: str
    effect: str
    kind: Kind
    message: str
    at: Location
    error: Problem | None = None


@dataclass(frozen=True, slots=True)
class PackInfo:
    """Which version of which pack decided; ``digest`` covers every file of it."""

    name: str
    version: str
    digest: str
