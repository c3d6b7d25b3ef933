"""Neighbours: the questions that differ from one in a single attribute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from evaluator.errors import RequestError
from evaluator.language.instants import parse_instant
from evaluator.language.values import ABSENT
from evaluator.policy.request import Request
from evaluator.policy.request_types import ROOTS
from evaluator.policy.shapes import Anything, Leaf, ListShape, ObjectShape, Shape
from evaluator.suites.model import Question
from evaluator.suites.search.domains import Domains
from evaluator.suites.search.values import (
    Nearby,
    fixed_values,
    is_optional,
    moments,
    related_values,
    sample,
)

__all__ = ["moment_of", "neighbours"]

Place = tuple[str | int, ...]
"""Where something is in a request's JSON: ("resource", "properties", "lots", 0, "quantity")."""

_MOST_ITEMS: Final = 4  # of lists that grow, and items of long ones that are changed
_TIME: Final = ("context", "time")


@dataclass(frozen=True, slots=True)
class _Slot:
    """Something in a request that can have another value; ``value`` is ABSENT where it is not."""

    place: Place
    attribute: tuple[str, ...]
    shape: Shape
    value: Any
    optional: bool


def neighbours(question: Question, domains: Domains) -> Iterator[Question]:
    """The valid questions with one attribute changed, in an order that is always the same.

    Values that stand alone come first, then those in a relation to the rest of the request. Another
    action or resource type may bring a request of another schema, to which the rest is fitted. A
    question whose envelope is broken has none.
    """
    try:
        Request.parse(question.request)
    except RequestError:
        return
    slots = list(_slots(question, domains))
    nearby = _nearby(question)
    seen = {(slot.place, repr(slot.value)) for slot in slots}
    for place, value in _candidates(question, domains, slots, nearby):
        key = (place, repr(value))
        if key in seen:
            continue
        seen.add(key)
        changed = Question(_put(question.request, place, value), question.now)
        if domains.is_valid(changed):
            yield changed
    yield from _renamed(question, domains)
    is_timed = domains.findings.moment and "time" not in question.request.get("context", {})
    if is_timed and domains.is_valid(question):
        for moment in dict.fromkeys(moments(domains.findings, nearby)):
            if moment != question.now:
                yield Question(question.request, moment)


def moment_of(question: Question) -> int:
    """The moment that a question is decided at: its ``context.time``, or ``now``."""
    time = question.request.get("context", {}).get("time")
    instant = parse_instant(time) if isinstance(time, str) else None
    return question.now if instant is None else instant


def _candidates(
    question: Question, domains: Domains, slots: list[_Slot], nearby: Nearby
) -> Iterator[tuple[Place, Any]]:
    found = domains.findings
    for slot in slots:
        if slot.optional and slot.value is not ABSENT:
            yield slot.place, ABSENT
        if isinstance(slot.shape, (Leaf, Anything)):
            for value in (*fixed_values(slot.shape, found), *_examples(slot, domains)):
                if value != slot.value or type(value) is not type(slot.value):
                    yield slot.place, value
        elif isinstance(slot.shape, ListShape):
            yield from _lists(slot, slot.shape, domains, nearby)
        elif slot.value is ABSENT:
            made = sample(slot.shape, nearby.moment)
            if made is not ABSENT:
                yield slot.place, made
    for slot in slots:
        if isinstance(slot.shape, (Leaf, Anything)):
            for value in related_values(slot.shape, slot.value, found, nearby):
                yield slot.place, value
    for name in ("subject", "resource"):
        if domains.matters((name, "id")):
            for text in (*nearby.texts, "something-else", *found.texts):
                if text != question.request[name]["id"]:
                    yield (name, "id"), text
    if domains.matters(("subject", "type")):
        for text in found.texts:
            yield ("subject", "type"), text


def _examples(slot: _Slot, domains: Domains) -> tuple[str, ...]:
    return domains.examples.get(slot.attribute, ())


def _lists(
    slot: _Slot, shape: ListShape, domains: Domains, nearby: Nearby
) -> Iterator[tuple[Place, Any]]:
    """Other lists: none, one item fewer, one more, one alone."""
    items = list(slot.value) if isinstance(slot.value, (list, tuple)) else []
    yield slot.place, []
    if shape.nullable:
        yield slot.place, None
    for number in range(min(len(items), _MOST_ITEMS)):
        yield slot.place, items[:number] + items[number + 1 :]
    fresh: list[Any] = []
    if isinstance(shape.item, (Leaf, Anything)):
        fresh = [*fixed_values(shape.item, domains.findings), *_examples(slot, domains)]
    made = sample(shape.item, nearby.moment)
    if made is not ABSENT and made not in fresh:
        fresh.append(made)
    for value in fresh:
        yield slot.place, [value]
    if len(items) < _MOST_ITEMS:
        for value in (*items[:1], *fresh):
            yield slot.place, [*items, value]


def _slots(question: Question, domains: Domains) -> Iterator[_Slot]:
    for shapes in domains.shapes(question):
        for root in ROOTS:
            entity = question.request.get(root, {})
            value = entity if root == "context" else entity.get("properties", {})
            place: Place = (root,) if root == "context" else (root, "properties")
            yield from _members(shapes[root], place, (root,), value, domains)


def _members(
    shape: ObjectShape,
    place: Place,
    attribute: tuple[str, ...],
    value: Mapping[str, Any],
    domains: Domains,
) -> Iterator[_Slot]:
    for name, member in shape.members.items():
        inner = (*attribute, name)
        if not domains.matters(inner) or (inner == _TIME and "time" not in value):
            continue
        there = value.get(name, ABSENT)
        yield _Slot((*place, name), inner, member.shape, there, is_optional(member))
        if there is not ABSENT or member.default is ABSENT:
            yield from _inside(member.shape, (*place, name), inner, there, domains)
    if shape.extra is not None:
        for name in _further(shape, attribute, domains):
            inner = (*attribute, name)
            there = value.get(name, ABSENT)
            deeper = ObjectShape(shape.type, {}, shape.extra)
            if _further(deeper, inner, domains):  # it is read as an object
                below = there if isinstance(there, Mapping) else {}
                yield from _members(deeper, (*place, name), inner, below, domains)
            else:
                yield _Slot((*place, name), inner, shape.extra, there, True)


def _further(shape: ObjectShape, attribute: tuple[str, ...], domains: Domains) -> tuple[str, ...]:
    """The members that expressions read although the schema does not declare them."""
    size = len(attribute)
    names = {
        read[size]
        for read in domains.findings.attributes
        if len(read) > size and read[:size] == attribute
    }
    reserved = {"id", "type", "name"} if size == 1 and attribute != ("context",) else set()
    if attribute == ("context",):
        reserved = {"time"}
    return tuple(sorted(names - shape.members.keys() - reserved))


def _inside(
    shape: Shape, place: Place, attribute: tuple[str, ...], value: Any, domains: Domains
) -> Iterator[_Slot]:
    """What is in an object, or in the items of a list."""
    if isinstance(shape, ObjectShape) and isinstance(value, Mapping):
        yield from _members(shape, place, attribute, value, domains)
    elif isinstance(shape, ListShape) and isinstance(value, (list, tuple)):
        for number, item in enumerate(value[:_MOST_ITEMS]):
            if isinstance(shape.item, Leaf):
                yield _Slot((*place, number), attribute, shape.item, item, False)
            else:
                yield from _inside(shape.item, (*place, number), attribute, item, domains)


def _renamed(question: Question, domains: Domains) -> Iterator[Question]:
    """The question about another resource type, or another action."""
    request = question.request
    here = (request["resource"]["type"], request["action"]["name"])
    for resource_type, action in domains.names:
        if (resource_type == here[0]) == (action == here[1]):
            continue
        changed = {
            **request,
            "action": {**request["action"], "name": action},
            "resource": {**request["resource"], "type": resource_type},
        }
        other = Question(changed, question.now)
        if not domains.is_valid(other):
            other = domains.fitted(other)
            if not domains.is_valid(other):
                continue
        yield other


def _nearby(question: Question) -> Nearby:
    numbers: dict[float, None] = {}
    texts: dict[str, None] = {}
    instants: dict[int, None] = {}

    def collect(value: Any) -> None:
        if isinstance(value, bool):
            return
        if isinstance(value, (int, float)):
            numbers.setdefault(value)
        elif isinstance(value, str):
            instant = parse_instant(value)
            if instant is None:
                texts.setdefault(value)
            else:
                instants.setdefault(instant)
        elif isinstance(value, Mapping):
            for item in value.values():
                collect(item)
        elif isinstance(value, (list, tuple)):
            for item in value:
                collect(item)

    request = question.request
    for root in ROOTS:
        entity = request.get(root, {})
        collect(entity if root == "context" else entity.get("properties", {}))
    for root in ("subject", "resource"):
        collect(request[root]["id"])
    return Nearby(moment_of(question), tuple(numbers), tuple(texts), tuple(instants))


def _put(container: Any, place: Place, value: Any) -> Any:
    """A copy with the value at a place; ABSENT removes. Parents that are absent are made."""
    step, rest = place[0], place[1:]
    if isinstance(container, (list, tuple)) and isinstance(step, int):
        items = list(container)
        items[step] = _put(items[step], rest, value) if rest else value
        return items
    made = dict(container) if isinstance(container, Mapping) else {}
    key = str(step)
    if rest:
        made[key] = _put(made.get(key), rest, value)
    elif value is ABSENT:
        made.pop(key, None)
    else:
        made[key] = value
    return made
