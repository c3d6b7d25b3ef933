"""What a decision must be: the expectations of suites, linked to the places they are written at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluator.documents.nodes import Node
from evaluator.policy.model import Effect
from evaluator.source import Span

__all__ = ["Expectation", "ExpectedIds", "ExpectedInstant", "ExpectedMessage", "ExpectedValue"]


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedIds:
    """Ids in their order: exactly these, or these among others. ``span`` is that of the list."""

    ids: tuple[str, ...]
    exact: bool
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedValue:
    """The JSON data that an output is, or (unless ``exact``) that it includes."""

    value: Any
    exact: bool
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedInstant:
    """Nanoseconds since the epoch; None is never."""

    instant: int | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedMessage:
    """What the message of a rule, or of one of its remedies, says in a locale.

    ``whole`` is all of it; where that is None, it has the texts of ``contains`` in it.
    """

    locale: str
    rule: str
    remedy: str | None
    whole: str | None
    contains: tuple[str, ...]
    span: Span

    @property
    def key(self) -> str:
        """How a suite names the message: ``rule`` or ``rule/remedy``."""
        return self.rule if self.remedy is None else f"{self.rule}/{self.remedy}"


@dataclass(frozen=True, slots=True, eq=False)
class Expectation:
    """What a suite says of a decision, for one step or for several.

    A ``short`` one, ``allow`` or ``deny`` alone, is about the effect, and that no rule erred. In
    the others None is what is not compared; ``remedies``, ``notices`` and ``errors`` are compared
    always, and none are expected where nothing is written. ``then`` maps the ids of remedies to
    what is decided after them. ``node`` is the expectation as it is written.
    """

    effect: Effect
    short: bool
    rules: ExpectedIds | None
    remedies: ExpectedIds
    outputs: Mapping[str, ExpectedValue]
    absent: Mapping[str, Span]
    valid_until: ExpectedInstant | None
    notices: ExpectedIds
    errors: ExpectedIds
    messages: tuple[ExpectedMessage, ...]
    then: Mapping[str, Expectation]
    node: Node

    @property
    def span(self) -> Span:
        return self.node.span
