"""Requests at the boundaries of what was edited: each constant of both versions, and just beside.

The requests are made from known ones, in which one attribute after another gets the values that the
edited rules and outputs may tell apart.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from evaluator.history.edits import Reach
from evaluator.history.versions import Version
from evaluator.policy.model import Pack, Rule
from evaluator.policy.request_types import ROOTS
from evaluator.suites.model import Question
from evaluator.suites.search.domains import Domains
from evaluator.suites.search.expressions import Expression
from evaluator.suites.search.neighbours import neighbours

__all__ = ["Boundaries"]

_IN_TURN: Final = 20


@dataclass(frozen=True, slots=True, eq=False)
class Boundaries:
    """What requests are made from: the domains of what was edited, for each version's schemas.

    Versions with the same schemas, types and actions share one. ``first`` are those of the
    attributes whose schemas were edited, which are tried before the others.
    """

    domains: tuple[Domains, ...]
    first: tuple[Domains, ...] = ()

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
        both = [
            Domains.of(version.packs, examples=examples).narrowed(
                rules=rules, expressions=expressions
            )
            for version in (new, old)
        ]
        same = both[0].names == both[1].names and not any(
            edit.kind in ("schema", "pack") for edit in reach.edits
        )
        domains = tuple(both[:1] if same else both)
        attributes = frozenset(_attributes(reach))
        first = tuple(
            replace(one, findings=replace(one.findings, attributes=attributes, moment=False))
            for one in (domains if attributes else ())
        )
        return cls(domains, first)

    def beginnings(self, now: int) -> Iterator[Question]:
        """A smallest valid request for each resource type and action, at a moment."""
        for domains in self.domains:
            yield from domains.beginnings(now)

    def requests(self, seeds: Sequence[Question]) -> Iterator[Question]:
        """The requests that differ from a seed in one attribute, a few of each seed in turn."""
        for some in (self.first, self.domains):
            waiting = deque(neighbours(seed, domains) for domains in some for seed in seeds)
            while waiting:
                turn = waiting.popleft()
                made = list(islice(turn, _IN_TURN))
                yield from made
                if made:
                    waiting.append(turn)

    def moments(self, question: Question) -> Iterator[int]:
        """The moments at which something in a request begins or ends, and just beside."""
        for domains in self.domains:
            for other in neighbours(question, domains):
                if other.request is question.request:
                    yield other.now

    def validity(self, question: Question) -> Callable[[Question], bool]:
        """What tells whether a request satisfies the schemas that a question satisfies."""
        satisfied = [domains for domains in self.domains if domains.is_valid(question)]
        return lambda other: all(domains.is_valid(other) for domains in satisfied)


def _attributes(reach: Reach) -> Iterator[tuple[str, ...]]:
    """The attributes whose schemas were edited, as far as JSON pointers tell them."""
    for edit in reach.edits:
        for part in edit.parts if edit.kind == "schema" else ():
            names: list[str] = []
            steps = iter(part.name.split("/")[1:])
            for step in steps:
                if step == "properties":
                    names.append(next(steps, ""))
                elif step != "items":
                    break
            # Of an entity, what is below its `properties`.
            if names[:1] == ["context"]:
                yield tuple(names)
            elif names[1:2] == ["properties"] and len(names) > 2 and names[0] in ROOTS:
                yield (names[0], *names[2:])


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
