"""Domains: the values of a request that matter to some packs, each with those just beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final

from evaluator.errors import RequestError
from evaluator.language.values import ABSENT
from evaluator.policy.model import Pack, Rule
from evaluator.policy.request import Request
from evaluator.policy.request_types import ROOTS, UNTYPED, RequestType
from evaluator.policy.shapes import ANYTHING, ObjectShape
from evaluator.program.index import Index
from evaluator.suites.model import Question
from evaluator.suites.search.expressions import (
    Expression,
    Findings,
    decisive_expressions,
    findings,
    of_rule,
    told_expressions,
)
from evaluator.suites.search.values import fitted, sample

__all__ = ["Domains"]

_OPEN: Final = ObjectShape(UNTYPED.roots["resource"], {}, ANYTHING)
_UNKNOWN: Final = "something_else"
_MOST_EXAMPLES: Final = 12


@dataclass(frozen=True, slots=True, eq=False)
class Domains:
    """What neighbours of a question are made from.

    ``findings`` are the attributes that matter and the constants to try; ``names`` the resource
    types and actions that policies spell out, in pairs; ``examples`` texts that questions have
    brought, by attribute.
    """

    packs: tuple[Pack, ...]
    index: Index
    findings: Findings
    names: tuple[tuple[str, str], ...]
    examples: Mapping[tuple[str, ...], tuple[str, ...]]

    @classmethod
    def of(cls, packs: Sequence[Pack], *, examples: Iterable[Question] = ()) -> Domains:
        """The domains of everything that the packs' expressions read.

        ``examples`` are questions whose texts are worth trying, such as well-formed product keys.
        """
        rules = [rule for pack in packs for variant in pack.variants for rule in variant.rules]
        found = _with_periods(
            findings(chain(decisive_expressions(packs), told_expressions(packs))), rules
        )
        index = Index(packs)
        names = sorted(set(index.names()))
        types = sorted({name for name, _ in names})
        actions = sorted({name for _, name in names})
        known = [(type_, action) for type_ in types for action in actions]
        beyond = [(type_, _UNKNOWN) for type_ in types] + [(_UNKNOWN, name) for name in actions]
        return cls(tuple(packs), index, found, (*known, *beyond), _texts(examples))

    def narrowed(
        self, *, rules: Iterable[Rule] = (), expressions: Iterable[Expression] = ()
    ) -> Domains:
        """The domains of what some rules and expressions read, which a search is quicker through.

        Of rules their conditions and periods count, not their remedies.
        """
        rules = list(rules)
        conditions = (expression for rule in rules for expression in of_rule(rule, remedies=False))
        return replace(
            self, findings=_with_periods(findings(chain(conditions, expressions)), rules)
        )

    def matters(self, attribute: tuple[str, ...]) -> bool:
        """Whether an attribute, something in it or something that it is in is read."""
        size = len(attribute)
        return any(attribute[: len(read)] == read[:size] for read in self.findings.attributes)

    def request_types(self, question: Question) -> tuple[RequestType, ...]:
        """The request types of the packs that speak to a question."""
        request = question.request
        parts = self.index.find(request["resource"]["type"], request["action"]["name"])
        return tuple(part.variant.request_type for part in parts)

    def shapes(self, question: Question) -> tuple[Mapping[str, ObjectShape], ...]:
        """The shapes of the four parts of a question, for each pack that speaks; or open ones."""
        found = [type_.shapes for type_ in self.request_types(question)]
        known = tuple(shapes for shapes in found if shapes is not None)
        return known or (dict.fromkeys(ROOTS, _OPEN),)

    def is_valid(self, question: Question) -> bool:
        """Whether a question satisfies the schemas of all packs that speak to it."""
        try:
            request = Request.parse(question.request)
        except RequestError:
            return False
        return not any(type_.validate(request) for type_ in self.request_types(question))

    def fitted(self, question: Question) -> Question:
        """The question made to satisfy the schemas, as far as that can be done."""
        request = dict(question.request)
        for shapes in self.shapes(question):
            for root in ROOTS:
                if root == "context":
                    value = fitted(shapes[root], request.get(root, {}), question.now)
                    if value or root in request:
                        request[root] = value
                    continue
                entity = request[root]
                value = fitted(shapes[root], entity.get("properties", {}), question.now)
                if value or "properties" in entity:
                    request[root] = {**entity, "properties": value}
        return Question(request, question.now)

    def beginnings(self, now: int) -> Iterator[Question]:
        """A smallest valid question for each resource type and action, where one is found."""
        for resource_type, action in self.names:
            request: dict[str, Any] = {
                "subject": {"type": "user", "id": "somebody"},
                "action": {"name": action},
                "resource": {"type": resource_type, "id": "something"},
            }
            for shapes in self.shapes(Question(request, now)):
                for root in ROOTS:
                    value = sample(shapes[root], now)
                    if value is ABSENT or not value:
                        continue
                    if root == "context":
                        request["context"] = {**request.get("context", {}), **value}
                    else:
                        known = request[root].get("properties", {})
                        request[root] = {**request[root], "properties": {**known, **value}}
            question = Question(request, now)
            if self.is_valid(question):
                yield question


def _with_periods(found: Findings, rules: Iterable[Rule]) -> Findings:
    ends: dict[int, None] = dict.fromkeys(found.instants)
    for rule in rules:
        if rule.effective is not None:
            for end in (rule.effective.start, rule.effective.until):
                if end is not None:
                    ends.setdefault(end)
    moment = found.moment or any(rule.effective is not None for rule in rules)
    return replace(found, instants=tuple(ends), moment=moment)


def _texts(questions: Iterable[Question]) -> dict[tuple[str, ...], tuple[str, ...]]:
    found: dict[tuple[str, ...], dict[str, None]] = {}

    def collect(path: tuple[str, ...], value: Any) -> None:
        if isinstance(value, str):
            known = found.setdefault(path, {})
            if len(known) < _MOST_EXAMPLES:
                known.setdefault(value)
        elif isinstance(value, Mapping):
            for name, item in value.items():
                collect((*path, name), item)
        elif isinstance(value, (list, tuple)):
            for item in value:
                collect(path, item)

    for question in questions:
        for root in ROOTS:
            entity = question.request.get(root, {})
            collect((root,), entity if root == "context" else entity.get("properties", {}))
    return {path: tuple(texts) for path, texts in found.items()}
