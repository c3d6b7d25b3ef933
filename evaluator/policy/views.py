"""Views: the attributes of one request, verified when they are read, each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from evaluator.language.values import ABSENT, ErrorValue, from_host
from evaluator.policy.request import Request
from evaluator.policy.shapes import ObjectShape, Shape

__all__ = ["View", "pointer"]

Path = tuple[str, ...]

_ENVELOPE: Final[dict[tuple[str, Path], str]] = {
    ("subject", ("type",)): "subject_type",
    ("subject", ("id",)): "subject_id",
    ("action", ("name",)): "action_name",
    ("resource", ("type",)): "resource_type",
    ("resource", ("id",)): "resource_id",
}


def pointer(root: str, path: Path) -> str:
    """The JSON pointer (RFC 6901) of an attribute in the AuthZEN request."""
    parts = [root] if root == "context" or (root, path) in _ENVELOPE else [root, "properties"]
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in (*parts, *path))


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What stands at a path: the raw value (ABSENT when there is none) and its shape."""

    raw: Any
    shape: Shape | None
    value: Any = ABSENT  # the CEL value where it is known already (a default)


class View:
    """Reads the attributes of a request as the roots' shapes describe them (None: untyped)."""

    __slots__ = ("_request", "_shapes", "_values")

    def __init__(self, request: Request, shapes: Mapping[str, ObjectShape] | None) -> None:
        self._request = request
        self._shapes = shapes
        self._values: dict[tuple[str, Path], Any] = {}

    def attribute(self, root: str, path: Path) -> Any:
        """The CEL value, an ``ErrorValue`` of kind ``invalid_attribute``, or ``ABSENT``."""
        key = (root, path)
        value = self._values.get(key, self)
        if value is self:
            value = self._values[key] = self._read(root, path)
        return value

    def has(self, root: str, path: Path) -> bool | ErrorValue:
        """Whether there is something at the path; the member itself is not verified."""
        if (root, path) in _ENVELOPE:
            return True
        found = self._find(root, path)
        if isinstance(found, ErrorValue):
            return found
        return found.raw is not ABSENT or found.value is not ABSENT

    def _read(self, root: str, path: Path) -> Any:
        field = _ENVELOPE.get((root, path))
        if field is not None:
            return getattr(self._request, field)
        found = self._find(root, path)
        if isinstance(found, ErrorValue):
            return found
        if found.value is not ABSENT:
            return found.value
        if found.raw is ABSENT:
            return ABSENT
        place = pointer(root, path)
        try:
            if found.shape is None:
                return from_host(found.raw, place)
            return found.shape.read(found.raw, place)
        except RecursionError:
            return ErrorValue("invalid_attribute", f"`{place}` is nested too deeply")

    def _find(self, root: str, path: Path) -> _Found | ErrorValue:
        """Walks down to a member; every object on the way is verified, not what else is in it."""
        raw: Any = self._request.entity(root)
        shape: Shape | None = None if self._shapes is None else self._shapes[root]
        value: Any = ABSENT
        for depth, part in enumerate(path):
            if depth:
                if raw is ABSENT:
                    return _Found(ABSENT, None)
                problem = self._container(raw, shape, root, path[:depth])
                if problem is not None:
                    return problem
            member = shape.members.get(part) if isinstance(shape, ObjectShape) else None
            raw = raw.get(part, ABSENT)
            if member is None:
                shape = shape.extra if isinstance(shape, ObjectShape) else None
                continue
            if raw is ABSENT:
                if member.default is not ABSENT:
                    raw, value = member.default, member.default_value
                elif member.required:
                    return ErrorValue(
                        "invalid_attribute", f"`{pointer(root, path[: depth + 1])}` is missing"
                    )
            shape = member.shape
            if depth < len(path) - 1:
                value = ABSENT
        return _Found(raw, shape, value)

    def _container(self, raw: Any, shape: Shape | None, root: str, path: Path) -> ErrorValue | None:
        if isinstance(shape, ObjectShape):
            if raw is None and shape.nullable:
                place = ".".join((root, *path))
                return ErrorValue("no_such_field", f"`{place}` is null and has no fields")
            return shape.verify(raw, pointer(root, path))
        if not isinstance(raw, Mapping):
            place = pointer(root, path)
            return ErrorValue("no_such_field", f"`{place}` is no object and has no fields")
        return None
