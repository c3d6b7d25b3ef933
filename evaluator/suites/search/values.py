"""Values of the shapes of a request's schema: samples, and those at which something may change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from evaluator.language.instants import MAX_DURATION, MAX_INSTANT, MIN_INSTANT, NANOS, parse_instant
from evaluator.language.types import (
    BOOL,
    DOUBLE,
    DURATION,
    INT,
    STRING,
    TIMESTAMP,
    EnumType,
    NullableType,
    Type,
)
from evaluator.language.values import (
    ABSENT,
    Duration,
    ErrorValue,
    Timestamp,
)
from evaluator.policy.request_types import host_value
from evaluator.policy.schema_checks import Bound, OneOf, Size
from evaluator.policy.shapes import Anything, Check, Leaf, ListShape, Member, ObjectShape, Shape
from evaluator.suites.search.expressions import Findings

__all__ = [
    "Nearby",
    "fitted",
    "fixed_values",
    "is_optional",
    "moments",
    "related_values",
    "sample",
]

_FRESH: Final = "something-else"
_HOUR: Final = 3600 * NANOS
_DAY: Final = 24 * _HOUR
_MOST_RELATED: Final = 40


@dataclass(frozen=True, slots=True)
class Nearby:
    """What else is in a request, to which a value may stand in a relation.

    ``moment`` is the instant that it is decided at, in nanoseconds.
    """

    moment: int
    numbers: tuple[float, ...]
    texts: tuple[str, ...]
    instants: tuple[int, ...]


def sample(shape: Shape, moment: int) -> Any:
    """JSON that satisfies a shape as a rule; ``ABSENT`` where nothing that is tried does."""
    if isinstance(shape, ObjectShape):
        made = {}
        for name, member in shape.members.items():
            if member.required and member.default is ABSENT:
                made[name] = sample(member.shape, moment)
        return ABSENT if ABSENT in made.values() else made
    if isinstance(shape, ListShape):
        least = _least_size(shape.checks)
        item = sample(shape.item, moment) if least else None
        return ABSENT if item is ABSENT else [item] * least
    if isinstance(shape, Leaf):
        for value in _samples(shape, moment):
            if _satisfies(shape, value):
                return value
        return ABSENT
    return None


def fitted(shape: Shape, value: Any, moment: int) -> Any:
    """A value made to satisfy a shape: what is forbidden left out, what is missing sampled."""
    if isinstance(shape, ObjectShape) and isinstance(value, Mapping):
        made = {}
        for name, item in value.items():
            member = shape.members.get(name)
            inner = shape.extra if member is None else member.shape
            if inner is not None:
                made[name] = fitted(inner, item, moment)
        for name in shape.missing(made):
            made[name] = sample(shape.members[name].shape, moment)
        return {name: item for name, item in made.items() if item is not ABSENT}
    if isinstance(shape, ListShape) and isinstance(value, (list, tuple)):
        return [fitted(shape.item, item, moment) for item in value]
    return value if _satisfies(shape, value) else sample(shape, moment)


def is_optional(member: Member) -> bool:
    """Whether a member may be left out."""
    return not member.required or member.default is not ABSENT


def fixed_values(shape: Leaf | Anything, findings: Findings) -> Iterator[Any]:
    """The values of a leaf that do not depend on the rest of the request, as JSON."""
    if isinstance(shape, Anything):
        yield from (True, False, *_numbers((), findings, whole=False), *findings.texts, _FRESH)
        return
    if shape.nullable:
        yield None
    type_ = _plain(shape.type)
    named = _named(shape.checks)
    if named is not None:
        yield from map(host_value, named)
    elif type_ == BOOL:
        yield from (False, True)
    elif type_ in (INT, DOUBLE):
        yield from _numbers(shape.checks, findings, whole=type_ == INT)
    elif type_ == STRING:
        yield from (*findings.texts, _FRESH, "")
    elif type_ == DURATION:
        for length in (*findings.durations, 0):
            for near in (length - 1, length, length + 1):
                if 0 <= near <= MAX_DURATION:
                    yield host_value(Duration(near))
    elif type_ == TIMESTAMP:
        yield from map(_instant, _near(findings.instants))


def related_values(
    shape: Leaf | Anything, value: Any, findings: Findings, nearby: Nearby
) -> Iterator[Any]:
    """The values of a leaf that stand in a relation to the rest of the request, as JSON.

    ``value`` is what it has now.
    """
    if isinstance(shape, Anything):
        type_ = _type_of(value)
    elif _named(shape.checks) is not None:
        return
    else:
        type_ = _plain(shape.type)
    if type_ in (INT, DOUBLE):
        yield from _related_numbers(value, nearby.numbers)
    elif type_ == STRING:
        for text in nearby.texts:
            if text != value:
                yield text
        for text in dict.fromkeys((value, *nearby.texts[:4])):
            if isinstance(text, str) and text:
                yield from _variations(text)
    elif type_ == TIMESTAMP:
        yield from map(_instant, _related_instants(findings, nearby.moment, nearby.instants))


def moments(findings: Findings, nearby: Nearby) -> Iterator[int]:
    """The moments to decide at: where something in the request or in a policy begins or ends."""
    for instant in _near(findings.instants):
        if MIN_INSTANT <= instant <= MAX_INSTANT:
            yield instant
    yield from _related_instants(findings, nearby.moment, nearby.instants)


def _plain(type_: Type) -> Type:
    return type_.value if isinstance(type_, NullableType) else type_


def _type_of(value: Any) -> Type | None:
    """The type of JSON that no schema describes, as far as values of it have neighbours."""
    if isinstance(value, str):
        return TIMESTAMP if parse_instant(value) is not None else STRING
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return DOUBLE if is_number else None


def _satisfies(shape: Shape, value: Any) -> bool:
    return not isinstance(shape.read(value, ""), ErrorValue)


def _named(checks: tuple[Check, ...]) -> tuple[Any, ...] | None:
    """The values that a shape lists, None when it lists none."""
    for check in checks:
        if isinstance(check, OneOf):
            return check.values
    return None


def _least_size(checks: tuple[Check, ...]) -> int:
    sizes = [check.size for check in checks if isinstance(check, Size) and not check.at_most]
    return max(sizes, default=0)


def _samples(shape: Leaf, moment: int) -> Iterator[Any]:
    named = _named(shape.checks)
    if named is not None:
        yield from map(host_value, named)
    type_ = _plain(shape.type)
    if type_ == BOOL:
        yield False
    elif type_ in (INT, DOUBLE):
        yield from (1, 0)
        for check in shape.checks:
            if isinstance(check, Bound):
                yield from (check.limit, check.limit + 1, check.limit - 1)
    elif type_ == TIMESTAMP:
        yield _instant(moment)
    elif type_ == DURATION:
        yield "PT1H"
    elif type_ == STRING or isinstance(type_, EnumType):
        yield "a"
        yield "a" * max(1, _least_size(shape.checks))
    yield None


def _numbers(checks: tuple[Check, ...], findings: Findings, *, whole: bool) -> Iterator[float]:
    known: dict[float, None] = {}
    constants: list[float] = [0, *findings.integers]
    if not whole:
        constants += findings.doubles
    constants += [
        int(check.limit) if whole else check.limit for check in checks if isinstance(check, Bound)
    ]
    for constant in constants:
        for near in (constant, constant - 1, constant + 1):
            known.setdefault(near)
    yield from known


def _related_numbers(value: Any, numbers: tuple[float, ...]) -> Iterator[float]:
    known: dict[float, None] = {}
    for number in numbers:
        for near in (number, number - 1, number + 1):
            known.setdefault(near)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        for near in (value - 1, value + 1, value * 2, value * 10):
            known.setdefault(near)
    # What two of them come to together: 100 less 25, or all lots.
    pairs = numbers[:6]
    for index, one in enumerate(pairs):
        for other in pairs[index + 1 :]:
            for near in (one + other, abs(one - other)):
                known.setdefault(near)
    known.pop(value, None)
    yield from list(known)[: _MOST_RELATED * 2]


def _variations(text: str) -> Iterator[str]:
    for changed in (text.lower(), text.upper(), text.replace("-", ""), text[:-1], text + "x"):
        if changed != text:
            yield changed


def _near(instants: tuple[int, ...]) -> Iterator[int]:
    for instant in instants:
        yield from (instant - 1, instant, instant + 1)


def _related_instants(findings: Findings, moment: int, instants: tuple[int, ...]) -> Iterator[int]:
    """Instants that lie a duration of the policies, and a nanosecond less or more, from others."""
    lengths = [0, *(length for length in findings.durations if length), _HOUR, 30 * _DAY]
    if findings.clock:
        lengths += [hours * _HOUR for hours in range(2, 24)]
        lengths += [days * _DAY for days in (1, 2, 3, 4, 5, 6, 31, 366)]
    known: dict[int, None] = {}
    for instant in dict.fromkeys((moment, *instants)):
        for length in lengths:
            for far in (instant + length, instant - length):
                for near in (far, far - 1, far + 1):
                    if MIN_INSTANT <= near <= MAX_INSTANT:
                        known.setdefault(near)
    yield from known


def _instant(nanoseconds: int) -> str:
    return str(Timestamp(nanoseconds))
