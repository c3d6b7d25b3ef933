"""Readers: one attribute's way through a request, compiled from the schema once.

Reading verifies what the schema says of the value, and of every object on the way that it is one,
has what it must have and nothing that it must not. What else is in such an object is not looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from evaluator.language.values import ABSENT, ErrorValue
from evaluator.policy.pointers import Path, pointer
from evaluator.policy.shapes import ANYTHING, ObjectShape, Shape, missing_attribute

__all__ = ["Reader", "compile_reader", "read_whole"]

Entity = Mapping[str, Any]
_Step = Callable[[Any], Any]  # from an object to one in it, an ErrorValue or ABSENT


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """``read`` gives a CEL value, an ``ErrorValue`` or ``ABSENT``; ``has`` a bool or the error.

    Both take the properties of the attribute's root; ``has`` does not verify the value itself.
    """

    read: Callable[[Entity], Any]
    has: Callable[[Entity], bool | ErrorValue]


def compile_reader(root: str, path: Path, shape: ObjectShape | None) -> Reader:
    """The reader of a path from a root of this shape; None when no schema describes requests."""
    if not path:  # a root itself, which only expressions that nothing has checked ask for
        place = pointer(root, ())
        return Reader(lambda entity: read_whole(shape or ANYTHING, entity, place), lambda _: True)
    steps: list[_Step] = []
    if shape is not None and shape.checks:
        steps.append(_sized(shape, pointer(root, ())))
    here: Shape | None = shape
    for depth, name in enumerate(path[:-1], start=1):
        member = _Member(root, path[:depth], here)
        steps.append(_into(name, member))
        here = member.shape
    return _last(steps, path[-1], _Member(root, path, here))


class _Member:
    """What is known of the member at the end of a path."""

    __slots__ = ("absent", "absent_raw", "place", "read", "shape", "spelled")

    def __init__(self, root: str, path: Path, container: Shape | None) -> None:
        self.place: Final = pointer(root, path)
        self.spelled: Final = ".".join((root, *path))
        self.shape: Shape | None = None
        self.absent: Any = ABSENT  # what reading gives where there is nothing
        self.absent_raw: Any = ABSENT
        if isinstance(container, ObjectShape):
            declared = container.members.get(path[-1])
            self.shape = container.extra if declared is None else declared.shape
            if declared is not None and declared.default is not ABSENT:
                self.absent, self.absent_raw = declared.default_value, declared.default
            elif declared is not None and declared.required:
                self.absent = self.absent_raw = missing_attribute(self.place)
        self.read: Final = (self.shape or ANYTHING).read


def _into(name: str, member: _Member) -> _Step:
    """The step to an object that is a member of another one."""
    place, absent, shape = member.place, member.absent_raw, member.shape
    null = ErrorValue("no_such_field", f"`{member.spelled}` is null and has no fields")
    no_object = ErrorValue("no_such_field", f"`{place}` is no object and has no fields")

    def into(container: Any) -> Any:
        raw = container.get(name, absent)
        if type(raw) is dict or isinstance(raw, Mapping):
            return raw
        return raw if raw is absent and (raw is ABSENT or type(raw) is ErrorValue) else no_object

    if not isinstance(shape, ObjectShape):
        return into
    verify, nullable = shape.verify, shape.nullable

    def into_shape(container: Any) -> Any:
        raw = container.get(name, absent)
        if raw is absent and (raw is ABSENT or type(raw) is ErrorValue):
            return raw
        if raw is None and nullable:
            return null
        problem = verify(raw, place)
        return raw if problem is None else problem

    return into_shape


def _sized(shape: ObjectShape, place: str) -> _Step:
    def sized(entity: Any) -> Any:
        problem = shape.verify_size(entity, place)
        return entity if problem is None else problem

    return sized


def _last(steps: list[_Step], name: str, member: _Member) -> Reader:
    place, absent, read_value = member.place, member.absent, member.read
    there: bool | ErrorValue = absent if type(absent) is ErrorValue else absent is not ABSENT

    def read(container: Any) -> Any:
        for step in steps:
            container = step(container)
            if container is ABSENT or type(container) is ErrorValue:
                return container
        raw = container.get(name, ABSENT)
        if raw is ABSENT:
            return absent
        try:
            return read_value(raw, place)
        except RecursionError:
            return _too_deep(place)

    def has(container: Any) -> bool | ErrorValue:
        for step in steps:
            container = step(container)
            if container is ABSENT:
                return False
            if type(container) is ErrorValue:
                return container
        return True if name in container else there

    return Reader(read, has)


def read_whole(shape: Shape, value: Any, place: str) -> Any:
    """A value as its shape reads it, or the error; also of what is nested beyond all measure."""
    try:
        return shape.read(value, place)
    except RecursionError:
        return _too_deep(place)


def _too_deep(place: str) -> ErrorValue:
    return ErrorValue("invalid_attribute", f"`{place}` is nested too deeply")
