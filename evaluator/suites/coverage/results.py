"""Coverage as data: each obligation, whether it is met, and the request that would meet it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from evaluator.diagnostics import Diagnostic
from evaluator.source import Source
from evaluator.suites.coverage.obligations import Obligation
from evaluator.suites.model import Question

__all__ = ["Closing", "Coverage", "Result", "State"]

State = Literal["met", "partly", "open", "aside"]
"""``partly`` is an atom that decides with one value only; ``aside`` what is called unreachable."""


@dataclass(frozen=True, slots=True, eq=False)
class Closing:
    """What is missing of an obligation, and a request that shows it.

    ``missing`` is None unless it is a value of an atom: the value. ``question`` and ``case``, its
    text to paste into a suite, are None where none was found among the ``tried``; ``exhausted``
    tells that no other is near to what the suites ask. Of 0 tried, nothing was looked for.
    """

    missing: bool | None
    question: Question | None
    case: str | None
    tried: int
    exhausted: bool


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """An obligation and how often steps showed it.

    Of an atom, ``shown`` and ``shown_false`` are the steps that it decided being true and being
    false; of others the latter is 0. ``because`` is why it is set aside.
    """

    obligation: Obligation
    state: State
    shown: int
    shown_false: int
    closings: tuple[Closing, ...] = ()
    because: str | None = None

    @property
    def words(self) -> str:
        """What is missing, of an atom with the values; else the obligation itself."""
        values = [str(one.missing).lower() for one in self.closings if one.missing is not None]
        being = f" being {' and '.join(values)}" if values else ""
        return self.obligation.words + being


@dataclass(frozen=True, slots=True, eq=False)
class Coverage:
    """The coverage of some packs by some suites.

    ``steps`` were run. ``sources`` are the files that the obligations stand in, by name. In
    ``diagnostics`` is what is wrong with what the suites call unreachable.
    """

    results: tuple[Result, ...]
    steps: int
    sources: tuple[Source, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def total(self) -> int:
        """The obligations that count: all but those set aside."""
        return sum(result.state != "aside" for result in self.results)

    @property
    def met(self) -> int:
        return sum(result.state == "met" for result in self.results)

    @property
    def percent(self) -> int:
        """What is met of all, in whole per cent, rounded down: 100 only when nothing is missing."""
        return 100 if not self.total else 100 * self.met // self.total

    @property
    def gaps(self) -> tuple[Result, ...]:
        """What is not met, or not wholly."""
        return tuple(result for result in self.results if result.state in ("partly", "open"))

    @property
    def aside(self) -> tuple[Result, ...]:
        return tuple(result for result in self.results if result.state == "aside")

    def by_file(self, results: Sequence[Result]) -> Iterator[tuple[str | None, list[Result]]]:
        """Results by the name of their file, in their order; those without a place last."""
        found: dict[str | None, list[Result]] = {}
        for result in results:
            span = result.obligation.span
            found.setdefault(None if span is None else span.source.name, []).append(result)
        yield from found.items()
