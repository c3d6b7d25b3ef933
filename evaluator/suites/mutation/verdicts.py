"""What became of a mutant: noticed by a step, set aside, no pack at all, or a survivor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from evaluator.suites.model import Question
from evaluator.suites.mutation.apart import Difference
from evaluator.suites.mutation.mutants import Mutant

__all__ = ["Apart", "Report", "State", "Survivor", "Tried", "Verdict"]

State = Literal["noticed", "survived", "equivalent", "invalid"]


@dataclass(frozen=True, slots=True)
class Apart:
    """A question that tells a mutant from the original: how, and as a case that notices it."""

    question: Question
    differences: tuple[Difference, ...]
    case: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant.

    ``because`` says for one that was noticed by which step, for one that was set aside why, for an
    invalid one what is wrong with it. A survivor has ``apart``.
    """

    state: State
    because: str
    apart: Apart | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """A mutant, and what became of it."""

    mutant: Mutant
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no step noticed: its unified diff, and what tells it from the original."""

    mutant: Mutant
    diff: str
    apart: Apart


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run. ``steps`` is how many steps the suites have."""

    tried: tuple[Tried, ...]
    survivors: tuple[Survivor, ...]
    steps: int

    def count(self, state: State) -> int:
        """How many mutants came to this."""
        return sum(item.verdict.state == state for item in self.tried)

    @property
    def equivalent(self) -> tuple[Tried, ...]:
        """The mutants that were set aside."""
        return tuple(item for item in self.tried if item.verdict.state == "equivalent")

    @property
    def total(self) -> int:
        """The mutants that count: valid ones that were not set aside."""
        return self.count("noticed") + self.count("survived")
