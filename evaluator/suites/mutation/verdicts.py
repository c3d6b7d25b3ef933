"""What became of a mutant: noticed by a step, set aside, no pack at all, or a survivor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from evaluator.suites.model import Question
from evaluator.suites.mutation.apart import Difference
from evaluator.suites.mutation.mutants import Mutant

__all__ = ["Apart", "Report", "State", "Tried", "Verdict"]

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
class Report:
    """A whole run: the mutants tried, in order, of so many that there are, on so many steps.

    ``originals`` are the texts of the files that mutants change, by name.
    """

    tried: tuple[Tried, ...]
    mutants: int
    steps: int
    originals: Mapping[str, str]

    def of(self, state: State) -> tuple[Tried, ...]:
        """The mutants that came to this."""
        return tuple(item for item in self.tried if item.verdict.state == state)

    @property
    def noticed(self) -> int:
        return len(self.of("noticed"))

    @property
    def total(self) -> int:
        """The mutants that count: valid ones that were not set aside."""
        return self.noticed + len(self.of("survived"))
