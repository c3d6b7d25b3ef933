"""Measuring: which obligations of packs the steps of suites meet, and what would meet the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from evaluator.diagnostics import Diagnostic
from evaluator.policy.model import Pack
from evaluator.source import Source
from evaluator.suites.coverage import problems
from evaluator.suites.coverage.closing import Closer
from evaluator.suites.coverage.obligations import Kind, Obligation, obligations
from evaluator.suites.coverage.observing import Event, Observer
from evaluator.suites.coverage.results import Coverage, Result, State
from evaluator.suites.model import Question, Suite
from evaluator.suites.reading import Unreachable

__all__ = ["measure"]

_BUDGET: Final = 10_000
_TOTAL: Final = 60_000
_FIRST: Final[Sequence[Kind]] = (
    "rule",
    "decision",
    "remedy",
    "output",
    "condition",
    "message",
)


def measure(
    packs: Sequence[Pack],
    suites: Sequence[Suite],
    *,
    unreachable: Sequence[Unreachable] = (),
    budget: int = _BUDGET,
    total: int = _TOTAL,
) -> Coverage:
    """The coverage of packs, which decide together, by the steps of suites.

    For each gap a request that would close it is searched for among ``budget`` questions at most,
    and ``total`` for all gaps; with a budget of 0 for none. What ``unreachable`` names is set aside
    if it is not shown and no request is found.
    """
    observer = Observer(packs)
    questions = [step.question for suite in suites for _, step in suite.steps()]
    counts: Counter[Event] = Counter()
    for question in questions:
        observation = observer.observe(question)
        if observation is not None:
            # Told messages are seen once, as telling takes long.
            counts.update(observation.events(counts.keys()))
    owed = obligations(observer)
    claims = _Claims(owed, unreachable)
    closer = Closer(observer, _distinct(questions), budget=budget, total=total if budget else 0)
    # What is found for the first shows much of the rest, so messages, which follow, come last.
    found = {
        one: _result(one, counts, closer, claims)
        for one in sorted(owed, key=lambda one: _FIRST.index(one.kind))
    }
    results = [found[one] for one in owed]
    sources: dict[str, Source] = {}
    for one in owed:
        if one.span is not None:
            sources.setdefault(one.span.source.name, one.span.source)
    claims.conclude(results)
    return Coverage(
        tuple(results), len(questions), tuple(sources.values()), tuple(claims.diagnostics)
    )


def _distinct(questions: Sequence[Question]) -> list[Question]:
    found = {(repr(question.request), question.now): question for question in questions}
    return list(found.values())


def _result(
    obligation: Obligation, counts: Counter[Event], closer: Closer, claims: _Claims
) -> Result:
    missing: list[tuple[bool | None, frozenset[Event]]]
    shown_false = 0
    if obligation.kind == "condition":
        decided = {
            (value, outcome): counts[(*obligation.event, value, outcome)]
            for value in (True, False)
            for outcome in (True, False)
        }
        shown = decided[True, True] + decided[True, False]
        shown_false = decided[False, True] + decided[False, False]
        missing = list(_missing(obligation, decided))
    else:
        shown = counts[obligation.event]
        missing = [] if shown else [(None, frozenset({obligation.event}))]
    if not missing:
        return Result(obligation, "met", shown, shown_false)
    closings = tuple(closer.close(obligation, value, wanted) for value, wanted in missing)
    because = claims.because(obligation)
    state: State = "partly" if shown or shown_false else "open"
    if because is not None and not all(closing.question for closing in closings):
        state = "aside"
    return Result(obligation, state, shown, shown_false, closings, because)


def _missing(
    obligation: Obligation, decided: Mapping[tuple[bool, bool], int]
) -> Iterator[tuple[bool | None, frozenset[Event]]]:
    """The values with which an atom has yet to decide, each with the events that would show it.

    ``decided`` counts the steps by the atom's value and the outcome. With its two values the
    outcomes have to differ.
    """
    both = (True, False)
    if any(decided[True, outcome] and decided[False, not outcome] for outcome in both):
        return
    for value in both:
        other = [outcome for outcome in both if decided[not value, outcome]]
        if other or not any(decided[value, outcome] for outcome in both):
            wanted = [outcome for outcome in both if not other or outcome not in other]
            yield (
                value,
                frozenset((*obligation.event, value, outcome) for outcome in wanted or both),
            )
            if other:
                return


class _Claims:
    """What suites call unreachable, joined to the obligations that are meant."""

    def __init__(self, owed: Sequence[Obligation], unreachable: Sequence[Unreachable]) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._claims: list[tuple[Unreachable, list[Obligation]]] = []
        self._reasons: dict[int, str] = {}
        for claim in unreachable:
            meant = [one for one in owed if _is_meant(claim, one)]
            if meant:
                self._claims.append((claim, meant))
                self._reasons |= {id(one): claim.because for one in meant}
                continue
            known = sorted(
                {one.text for one in owed if claim.rule in one.rules and one.text is not None}
            )
            self.diagnostics.append(
                problems.no_such_condition(claim.span, claim.rule, claim.condition or "", known)
            )

    def because(self, obligation: Obligation) -> str | None:
        return self._reasons.get(id(obligation))

    def conclude(self, results: Sequence[Result]) -> None:
        """Reports what is called unreachable and is not."""
        by_obligation = {id(result.obligation): result for result in results}
        for claim, meant in self._claims:
            found = [by_obligation[id(one)] for one in meant]
            if all(result.state == "met" for result in found):
                self.diagnostics.append(problems.is_met(claim.span, found[0].obligation.words))
            for result in found:
                if result.state in ("open", "partly"):
                    words = result.obligation.words
                    self.diagnostics.append(problems.is_reachable(claim.span, words))
                    break


def _is_meant(claim: Unreachable, obligation: Obligation) -> bool:
    if claim.rule not in obligation.rules:
        return False
    if claim.condition is not None:
        return obligation.text == " ".join(claim.condition.split())
    # The rule as a whole never fires: then nothing that is its alone is ever shown.
    return len(obligation.rules) == 1 and obligation.event[0::3] != ("rule", False)
