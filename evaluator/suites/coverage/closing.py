"""Closing gaps: the search for requests that would show what suites do not."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from typing import Final

from evaluator.decision.decision import Decision
from evaluator.engine import PolicySet
from evaluator.policy.model import Rule
from evaluator.suites.coverage.distances import FAR, distance, domains_of
from evaluator.suites.coverage.obligations import Obligation
from evaluator.suites.coverage.observing import Event, Observation, Observer
from evaluator.suites.coverage.results import Closing
from evaluator.suites.model import Question
from evaluator.suites.pasting import case_text
from evaluator.suites.search.domains import Domains
from evaluator.suites.search.searching import Found, search

__all__ = ["Closer"]

_NEAR: Final = 4.0  # of what may show an event: errors are counted as half a step each
_DEFAULT_NOW: Final = 1_767_225_600_000_000_000  # 2026-01-01, where no suite says when


class Closer:
    """Searches for what is missing, from the questions that the suites ask.

    What a request that was found shows besides needs no search of its own. ``budget`` bounds what
    is tried for one event, ``total`` what is tried for all of them.
    """

    def __init__(
        self, observer: Observer, questions: Sequence[Question], *, budget: int, total: int
    ) -> None:
        self._observer = observer
        self._budget = budget
        self._left = total
        self._domains = Domains.of(observer.packs, examples=questions)
        now = questions[0].now if questions else _DEFAULT_NOW
        self._seeds = [*questions, *self._domains.beginnings(now)]
        self._found: dict[Event, Question] = {}
        self._rules = sum(
            len(variant.rules) for pack in observer.packs for variant in pack.variants
        )
        self._now = 0
        self._policies = PolicySet(observer.packs, clock=lambda: self._now)
        self._observed: tuple[Question | None, Observation | None] = (None, None)

    def close(
        self, obligation: Obligation, missing: bool | None, wanted: frozenset[Event]
    ) -> Closing:
        """The request that shows one of the events, which are those of an obligation."""
        known = next((self._found[event] for event in self._inorder(wanted)), None)
        if known is not None:
            found = Found(known, 1, exhausted=False)
        elif self._left <= 0:
            return Closing(missing, None, None, 0, exhausted=False)
        else:
            found = self._search(obligation, wanted)
            # To see all that a request shows takes as long as to try some others.
            self._left -= found.tried + self._rules // 5
        if found.question is None:
            return Closing(missing, None, None, found.tried, found.exhausted)
        name = obligation.words
        if missing is not None:
            name += f" being {str(missing).lower()}"
        case = case_text(name, found.question, self._decide(found.question))
        return Closing(missing, found.question, case, found.tried, exhausted=False)

    def _inorder(self, wanted: frozenset[Event]) -> Iterator[Event]:
        return (event for event in sorted(wanted, key=repr) if event in self._found)

    def _search(self, obligation: Obligation, wanted: frozenset[Event]) -> Found:
        observer = self._observer
        aim = min(wanted, key=repr)
        # Of most messages the search for the rule or output that tells them has found a request.
        share = 5 if obligation.kind == "message" else 1

        rules = _rules(obligation)

        def far(question: Question) -> float:
            observation = self._observe(question)
            if observation is None:
                return FAR
            return distance(observer, observation, obligation, aim)

        def shows(question: Question) -> bool:
            observation = self._observe(question)
            if observation is None or far(question) > _NEAR:
                return False
            return _decides(observation, obligation, aim) and observation.shows(wanted, rules)

        def signature(question: Question) -> Hashable:
            observation = self._observe(question)
            return None if observation is None else _signature(observation, obligation)

        found = search(
            shows,
            self._seeds,
            domains_of(self._domains, obligation),
            budget=min(self._budget // share, self._left),
            distance=far,
            signature=signature,
        )
        if found.question is not None:
            observation = self._observe(found.question)
            assert observation is not None
            for event in observation.events():
                self._found.setdefault(event, found.question)
        return found

    def _observe(self, question: Question) -> Observation | None:
        if self._observed[0] is not question:
            self._observed = (question, self._observer.observe(question))
        return self._observed[1]

    def _decide(self, question: Question) -> Decision:
        self._now = question.now
        return self._policies.decide(question.request)


def _rules(obligation: Obligation) -> list[Rule]:
    """The rules whose firing or whose own conditions an obligation is about."""
    if obligation.kind not in ("rule", "condition"):
        return []
    found = [target.rule for target in obligation.targets if target.remedy is None]
    known = [rule for rule in found if rule is not None]
    return known if len(known) == len(obligation.targets) else []


def _decides(observation: Observation, obligation: Obligation, aim: Event) -> bool:
    """Whether it is worth looking closer: the atom that is aimed at, if one is, decides."""
    if aim[0] != "atom":
        return True
    _, _, number, value, _ = aim
    assert isinstance(number, int)
    for part, evaluation in observation.parts:
        for target in obligation.targets:
            condition = target.condition
            if target.part.variant is part.variant and condition is not None:
                values = observation.values(condition, evaluation)
                if values[number] is value and condition.structure.decides(number, values):
                    return True
    return False


def _signature(observation: Observation, obligation: Obligation) -> Hashable:
    """What tells questions of different kinds apart: the rules that decide, and the atoms."""
    atoms = tuple(
        tuple(observation.values(target.condition, evaluation))
        for part, evaluation in observation.parts
        for target in obligation.targets
        if target.condition is not None and target.part.variant is part.variant
    )
    return observation.verdict.rule_ids, atoms
