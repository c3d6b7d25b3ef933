"""What a decision must be: the expectations of suites, linked to the places they are written at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from evaluator.documents.nodes import Node
from evaluator.policy.model import Effect
from evaluator.source import Span

__all__ = ["Expectation", "ExpectedIds", "ExpectedInstant", "ExpectedText", "ExpectedValue"]


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
class ExpectedText:
    """What people read of a decision in a locale.

    In ``messages`` it is what a rule says, or a rule's remedy (the ``part``); in ``descriptions``
    how to recognise that a rule applies; in ``labels`` what an output says of a code (the
    ``part``). ``whole`` is all of it; where that is None, it has the texts of ``contains`` in it.
    """

    field: Literal["messages", "descriptions", "labels"]
    locale: str
    owner: str
    part: str | None
    whole: str | None
    contains: tuple[str, ...]
    span: Span

    @property
    def key(self) -> str:
        """How a suite names the text: ``rule``, ``rule/remedy`` or ``output/code``."""
        return self.owner if self.part is None else f"{self.owner}/{self.part}"


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
    texts: tuple[ExpectedText, ...]
    then: Mapping[str, Expectation]
    node: Node

    @property
    def span(self) -> Span:
        return self.node.span
