"""Views: the attributes of one request, verified when they are read, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from evaluator.language.values import ErrorValue, Unknown
from evaluator.policy.pointers import ENVELOPE, Path, pointer
from evaluator.policy.readers import Reader
from evaluator.policy.request import Request

__all__ = ["PartialView", "View", "pointer"]


class View:
    """Reads the attributes of a request with the readers of its type."""

    __slots__ = ("_reader", "_request", "_values")

    def __init__(self, request: Request, reader: Callable[[str, Path], Reader]) -> None:
        self._request = request
        self._reader = reader
        self._values: dict[tuple[str, Path], Any] = {}

    def attribute(self, root: str, path: Path) -> Any:
        """The CEL value, ``ABSENT``, or an ``ErrorValue``.

        Its kind is ``invalid_attribute``, or ``no_such_field`` behind what is no object.
        """
        key = (root, path)
        value = self._values.get(key, self)
        if value is self:
            field = ENVELOPE.get(key)
            if field is None:
                value = self._reader(root, path).read(self._request.entity(root))
            else:
                value = getattr(self._request, field)
            self._values[key] = value
        return value

    def has(self, root: str, path: Path) -> bool | ErrorValue:
        """Whether there is something at the path; the member itself is not verified."""
        if (root, path) in ENVELOPE:
            return True
        return self._reader(root, path).has(self._request.entity(root))


class PartialView:
    """The attributes of a request of which some are not known, by their paths.

    With a member of an object the whole object is unknown: whether it has what it must have cannot
    be said.
    """

    __slots__ = ("_unknown", "_view")

    def __init__(self, view: View, unknown: Iterable[tuple[str, Path]]) -> None:
        self._view = view
        self._unknown = tuple(unknown)

    def attribute(self, root: str, path: Path) -> Any:
        """The value, ``ABSENT``, an error, or ``Unknown``."""
        return self._touched(root, path) or self._view.attribute(root, path)

    def has(self, root: str, path: Path) -> bool | ErrorValue | Unknown:
        """Whether there is something at the path, as far as that is known."""
        return self._touched(root, path) or self._view.has(root, path)

    def _touched(self, root: str, path: Path) -> Unknown | None:
        if (root, path) in ENVELOPE:
            return None
        paths = frozenset(
            ".".join((root, *parts))
            for its_root, parts in self._unknown
            if its_root == root and (not parts or not path or parts[0] == path[0])
        )
        return Unknown(paths) if paths else None
