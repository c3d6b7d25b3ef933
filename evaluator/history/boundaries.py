"""Requests at the boundaries of what was edited: each constant of both versions, and just beside.

The requests are made from known ones, in which one attribute after another gets the values that the
edited rules and outputs may tell apart.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from evaluator.history.edits import Reach
from evaluator.history.versions import Version
from evaluator.policy.model import Pack, Rule
from evaluator.suites.model import Question
from evaluator.suites.search.domains import Domains
from evaluator.suites.search.expressions import Expression
from evaluator.suites.search.neighbours import neighbours

__all__ = ["Boundaries"]

_IN_TURN: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class Boundaries:
    """What requests are made from: the domains of what was edited, for each version's schemas.

    Versions with the same schemas share one.
    """

    domains: tuple[Domains, ...]

    @classmethod
    def of(
        cls, old: Version, new: Version, reach: Reach, examples: Sequence[Question]
    ) -> Boundaries:
        """The boundaries of two versions; there are none if no edit can change a decision."""
        if not reach.edits:
            return cls(())
        rules: list[Rule] = []
        expressions: list[Expression] = []
        for pack in (*old.packs, *new.packs):
            touched = list(_rules(pack, reach))
            rules += touched
            expressions += _of_remedies(touched)
            expressions += _of_outputs(pack, reach)
        same = not any(edit.kind in ("schema", "pack") for edit in reach.edits)
        versions = (new,) if same else (new, old)
        return cls(
            tuple(
                Domains.of(version.packs, examples=examples).narrowed(
                    rules=rules, expressions=expressions
                )
                for version in versions
            )
        )

    def beginnings(self, now: int) -> Iterator[Question]:
        """A smallest valid request for each resource type and action, at a moment."""
        for domains in self.domains:
            yield from domains.beginnings(now)

    def requests(self, seeds: Sequence[Question]) -> Iterator[Question]:
        """The requests that differ from a seed in one attribute, a few of each seed in turn."""
        waiting = deque(neighbours(seed, domains) for domains in self.domains for seed in seeds)
        while waiting:
            turn = waiting.popleft()
            some = list(islice(turn, _IN_TURN))
            yield from some
            if some:
                waiting.append(turn)

    def moments(self, question: Question) -> Iterator[int]:
        """The moments at which something in a request begins or ends, and just beside."""
        for domains in self.domains:
            for other in neighbours(question, domains):
                if other.request is question.request:
                    yield other.now

    def is_valid(self, question: Question) -> bool:
        """Whether a request satisfies the schemas of both versions."""
        return all(domains.is_valid(question) for domains in self.domains)


def _rules(pack: Pack, reach: Reach) -> Iterator[Rule]:
    for variant in pack.variants:
        for rule in variant.rules:
            if reach.touches("rule", rule.id, pack.name):
                yield rule


def _of_remedies(rules: Sequence[Rule]) -> Iterator[Expression]:
    for rule in rules:
        for remedy in rule.remedies:
            if remedy.when is not None:
                yield remedy.when, rule.scope
            if remedy.shared_when is not None:
                yield remedy.shared_when, remedy.scope
            yield from ((one.expression, remedy.scope) for one in remedy.sets)


def _of_outputs(pack: Pack, reach: Reach) -> Iterator[Expression]:
    for variant in pack.variants:
        for output in variant.outputs:
            if reach.touches("output", output.name, pack.name):
                yield output.value, output.scope
                if output.when is not None:
                    yield output.when, output.scope
