"""From the objects of linked packs to records: texts that ``decoding`` makes the same objects of.

A record is a JSON list that is read from left to right with a stack: what JSON can say as it is
stands for itself, and a list ``[operation, argument]`` takes what it needs from the stack and
leaves what it makes of it. What stands in several places is a record of its own, and is one object
again when it comes back. Nothing here recurs, so that no depth of a pack is too much.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from evaluator.documents.reading import decode
from evaluator.policy.caching.forms import ATOMS, FORMS, SINGLE, SINGLETONS
from evaluator.policy.caching.operations import Operation
from evaluator.policy.caching.requests import types_of
from evaluator.policy.model import Scope
from evaluator.policy.request_types import RequestType
from evaluator.source import Source

__all__ = ["Encoder", "NotKeptError"]

_OPERATIONS: Final = {form.type: len(Operation) + number for number, form in enumerate(FORMS)}
_FORMS: Final = {form.type: form for form in FORMS}
_Taken = tuple[Any, int, Sequence[Any]]  # an object, kept alive; its operation; its parts


class NotKeptError(Exception):
    """There is an object of a class that no form is listed for."""


class Encoder:
    """Encodes objects that may share parts. ``roots`` get the first numbers, in their order.

    ``contents`` are the files that were read: the texts of sources are found there again.
    ``requests`` are the request types, whose types are made anew from their schemas.
    """

    def __init__(
        self,
        roots: Iterable[Any],
        contents: Mapping[str, bytes],
        requests: Sequence[RequestType],
    ) -> None:
        self._contents = contents
        self._known: dict[int, _Taken] = {
            id(single): (single, Operation.SINGLETON, (number,))
            for number, single in enumerate(SINGLETONS)
        }
        self._shared = set(self._known)
        for number, request in enumerate(requests):
            for place, type_ in enumerate(types_of(request)):
                self._known[id(type_)] = (type_, Operation.REQUESTED, (number, place))
                self._shared.add(id(type_))
        self._same: dict[Any, Any] = {}
        self._numbers: dict[int, int] = {}
        self._waiting: list[Any] = []
        roots = [self._one(root) for root in roots]
        self._survey(roots)
        for root in roots:
            self._shared.add(id(root))
            self.number(root)

    def number(self, value: Any) -> int:
        """The number of the record of a value that has one."""
        key = id(value)
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self._waiting)
            self._waiting.append(value)
        return found

    def records(self) -> Iterable[str]:
        """All records by number: those of the roots, then those that they refer to."""
        write = json.JSONEncoder(separators=(",", ":")).encode
        number = 0
        while number < len(self._waiting):  # which grows meanwhile
            yield write(self._record(self._waiting[number]))
            number += 1

    def _survey(self, roots: Iterable[Any]) -> None:
        """Takes everything apart once, and notes what stands in several places."""
        known, shared = self._known, self._shared
        waiting = list(roots)
        while waiting:
            value = waiting.pop()
            if type(value) in ATOMS:
                continue
            key = id(value)
            if key in known:
                shared.add(key)
                continue
            taken = known[key] = self._taken(value)
            if type(value) in SINGLE:
                shared.add(key)
            waiting.extend(taken[2])

    def _taken(self, value: Any) -> _Taken:
        cls = type(value)
        if cls is Scope:
            return value, Operation.SCOPE, tuple(value.names.values())
        if cls is Source:
            return value, Operation.SOURCE, (value.name, self._text_of(value))
        form = _FORMS.get(cls)
        if form is None:
            raise NotKeptError(cls.__qualname__)
        return value, _OPERATIONS[cls], [self._one(part) for part in form.parts(value)]

    def _one(self, value: Any) -> Any:
        """Of equal sets and tuples of texts always the same one."""
        if type(value) in (frozenset, tuple) and all(type(item) is str for item in value):
            return self._same.setdefault(value, value)
        return value

    def _text_of(self, source: Source) -> str | None:
        """The text of a source; None of one that is a whole file."""
        content = self._contents.get(source.name)
        if content is not None:
            whole = decode(content, source.name)
            if isinstance(whole, Source) and whole.text == source.text:
                return None
        return source.text

    def _record(self, root: Any) -> list[Any]:
        # Backwards: first the operation that makes the whole, then its parts from the last on.
        tokens: list[Any] = []
        waiting = [root]
        known, shared = self._known, self._shared
        while waiting:
            value = waiting.pop()
            if type(value) in ATOMS:
                tokens.append(value)
                continue
            key = id(value)
            if key in shared and value is not root:
                tokens.append([Operation.REFERENCE, self.number(value)])
                continue
            _, operation, parts = known[key]
            if operation == Operation.SCOPE:
                names = {name: self._separate(item) for name, item in value.names.items()}
                tokens.append([operation, names])
            elif type(value) is tuple and all(type(part) in ATOMS for part in parts):
                tokens.append([Operation.ATOMS, parts])
            elif type(value) is tuple and all(id(part) in shared for part in parts):
                tokens.append([Operation.REFERENCES, [self.number(part) for part in parts]])
            else:
                tokens.append([operation, len(parts)])
                waiting.extend(parts)
        tokens.reverse()
        return tokens

    def _separate(self, value: Any) -> int:
        """The number of a record for a value that may stand in one place only."""
        self._shared.add(id(value))
        return self.number(value)
