"""What the reports of coverage share: names of kinds, numbers, and what would close a gap."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evaluator.suites.coverage.obligations import Kind
from evaluator.suites.coverage.results import Closing, Coverage, Result
from evaluator.suites.model import Question

__all__ = ["Cases", "by_kind", "search_words", "shown_words", "total_line"]

_KINDS: Final[dict[Kind, str]] = {
    "rule": "rules",
    "condition": "conditions",
    "remedy": "remedies",
    "output": "outputs",
    "message": "messages",
    "decision": "decisions",
}


def total_line(coverage: Coverage) -> str:
    """The last line of a report: ``coverage: 99 % of 445 obligations``."""
    return f"coverage: {coverage.percent} % of {coverage.total} obligations"


def by_kind(coverage: Coverage) -> Iterator[tuple[str, int, int]]:
    """Each kind of obligation that there is, with how many are met, and how many there are."""
    for kind, name in _KINDS.items():
        counted = [
            result
            for result in coverage.results
            if result.obligation.kind == kind and result.state != "aside"
        ]
        if counted:
            yield name, sum(result.state == "met" for result in counted), len(counted)


def shown_words(result: Result) -> str:
    """How often an obligation was shown: ``12 steps``, of an atom by its value."""
    if result.obligation.kind != "condition":
        return _steps(result.shown)
    return f"true in {_steps(result.shown)}, false in {_steps(result.shown_false)}"


def _steps(number: int) -> str:
    return f"{number:,} step{'' if number == 1 else 's'}"


def search_words(closing: Closing) -> str:
    """Why there is no case for a gap."""
    if closing.tried == 0:
        return "no request was looked for: there are too many gaps"
    if closing.exhausted:
        return f"none of the {closing.tried:,} requests with up to two changes shows it"
    return f"none of {closing.tried:,} requests tried shows it"


class Cases:
    """The cases that would close the gaps, each once, numbered from 1."""

    def __init__(self, coverage: Coverage) -> None:
        self.texts: list[str] = []
        self._numbers: dict[tuple[int, int], int] = {}
        for result in coverage.gaps:
            for closing in result.closings:
                if closing.question is None or closing.case is None:
                    continue
                key = _key(closing.question)
                if key not in self._numbers:
                    self.texts.append(closing.case)
                    self._numbers[key] = len(self.texts)

    def number(self, closing: Closing) -> int | None:
        """The number of the case that closes a gap; None where none was found."""
        return None if closing.question is None else self._numbers.get(_key(closing.question))


def _key(question: Question) -> tuple[int, int]:
    return id(question.request), question.now
