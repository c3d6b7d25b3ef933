"""Linked suites: what reading makes of the files, and what running, coverage and mutation use.

A case comes to one or more *steps*: a request at an instant with what is expected of the decision.
A plain case has one, a case with ``at`` one for each instant, a matrix one for each combination.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evaluator.source import Span
from evaluator.suites.expectations import Expectation

__all__ = ["Case", "Question", "Step", "Suite"]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A request, and the moment that it is decided at unless it has a ``context.time``.

    ``request`` is AuthZEN's JSON data, which nothing changes; ``now`` is nanoseconds since the
    epoch.
    """

    request: Mapping[str, Any]
    now: int


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One decision that is asked for, and what it must be.

    ``label`` tells it from the other steps of its case: ``+168h``, or ``owner, mca, buy_licenses``;
    None where there is one only. ``span`` is that of the expectation.
    """

    label: str | None
    question: Question
    expectation: Expectation
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A named case. ``facts`` are the numbers of the source's facts that it shows."""

    name: str
    facts: tuple[int, ...]
    steps: tuple[Step, ...]
    span: Span  # of the value of `name`


@dataclass(frozen=True, slots=True, eq=False)
class Suite:
    """The cases of one ``*.suite.yaml``, in the order they are written.

    ``name`` is ``<pack>.<file stem>``, ``pack`` the name of the pack whose folder it lies in,
    ``title`` what people call it, by locale.
    """

    name: str
    pack: str
    file: str
    cases: tuple[Case, ...]
    title: Mapping[str, str] = field(default_factory=dict)

    def steps(self) -> Iterator[tuple[Case, Step]]:
        """Every step with its case."""
        for case in self.cases:
            for step in case.steps:
                yield case, step
