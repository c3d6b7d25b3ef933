"""Request types: what a pack knows of its requests, and how it reads, checks and changes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from evaluator.diagnostics import Diagnostic
from evaluator.documents.nodes import Node
from evaluator.language import types
from evaluator.language.types import Field, ObjectType, Type
from evaluator.language.values import ErrorValue
from evaluator.policy import changes
from evaluator.policy.changes import host_value
from evaluator.policy.pointers import ENVELOPE, Path, below, pointer
from evaluator.policy.readers import Reader, compile_reader, read_whole
from evaluator.policy.request import Request
from evaluator.policy.shapes import (
    ListShape,
    ObjectShape,
    Shape,
    missing_attribute,
    unknown_attribute,
)
from evaluator.policy.views import View

__all__ = ["ROOTS", "UNTYPED", "RequestType", "View", "from_schema", "host_value"]

ROOTS: Final = ("subject", "action", "resource", "context")
_ENVELOPE_FIELDS: Final = {
    "subject": ("type", "id"),
    "action": ("name",),
    "resource": ("type", "id"),
    "context": (),
}


@dataclass(frozen=True, slots=True, eq=False)
class RequestType:
    """The type of a request. ``name`` is the schema's file; ``shapes`` is None when untyped.

    ``roots`` are the types of ``subject``, ``action``, ``resource`` and ``context`` in expressions,
    ``id``, ``type`` and ``action.name`` among their fields.
    """

    name: str
    shapes: Mapping[str, ObjectShape] | None
    roots: Mapping[str, Type]
    # By the paths of expressions, never of requests: as many as the policies have.
    _readers: dict[tuple[str, Path], Reader] = field(default_factory=dict, repr=False)

    def view(self, request: Request) -> View:
        """The attributes of a request, to be read."""
        return View(request, self.reader)

    def reader(self, root: str, path: Path) -> Reader:
        """What reads an attribute."""
        if self.shapes is None:
            return _untyped_reader(root, path)
        reader = self._readers.get((root, path))
        if reader is None:
            reader = self._readers[root, path] = compile_reader(root, path, self.shapes[root])
        return reader

    def forbidden(self, request: Request) -> tuple[str, ...]:
        """The JSON pointers of everything in a request that a closed object forbids."""
        found: tuple[str, ...] = ()
        for root, shape in (self.shapes or {}).items():
            if shape.closed:
                entity = request.entity(root)
                if not shape.admits(entity):
                    found += tuple(_forbidden(shape, entity, pointer(root, ())))
        return found

    def validate(self, request: Request) -> tuple[ErrorValue, ...]:
        """Everything in a request that does not satisfy the schema, whether it is read or not.

        In an attribute, the first thing.
        """
        found = [unknown_attribute(place) for place in self.forbidden(request)]
        for root, shape in (self.shapes or {}).items():
            found += _invalid(shape, request.entity(root), root)
        return tuple(dict.fromkeys(found))

    def pointer(self, root: str, path: tuple[str, ...]) -> str:
        """The JSON pointer of an attribute in the AuthZEN request."""
        return pointer(root, path)

    def type_of(self, root: str, path: tuple[str, ...]) -> Type | None:
        """The type of an attribute; None when the schema does not know it."""
        type_: Type | None = self.roots.get(root)
        for index, part in enumerate(path):
            if type_ is types.DYN:
                return types.DYN
            field = type_.fields.get(part) if isinstance(type_, ObjectType) else None
            if field is None:
                is_open = isinstance(type_, ObjectType) and type_.open
                type_ = types.DYN if is_open else None
            else:
                type_ = field.type
            if type_ is None:
                return None
            if isinstance(type_, types.NullableType):
                type_ = type_ if index == len(path) - 1 else type_.value
        return type_

    def assign(
        self, raw: Mapping[str, Any], changes_: Mapping[tuple[str, tuple[str, ...]], Any]
    ) -> dict[str, Any]:
        """A changed copy of a request: CEL values by attribute, ``ABSENT`` removes."""
        return changes.changed(
            raw, {pointer(root, path): value for (root, path), value in changes_.items()}
        )


def _invalid(shape: ObjectShape, entity: Mapping[str, Any], root: str) -> Iterator[ErrorValue]:
    """What is wrong with the attributes of a root, and with their number."""
    place = pointer(root, ())
    problem = shape.verify_size(entity, place)
    if problem is not None:
        yield problem
    for name in shape.missing(entity):
        if (root, (name,)) not in ENVELOPE:
            yield missing_attribute(below(place, name))
    for name, item in entity.items():
        member = shape.members.get(name)
        inner = shape.extra if member is None else member.shape
        if inner is not None and (root, (name,)) not in ENVELOPE:
            value = read_whole(inner, item, below(place, name))
            if isinstance(value, ErrorValue):
                yield value


def _forbidden(shape: Shape, value: Any, place: str) -> Iterator[str]:
    if not shape.closed:
        return
    if isinstance(shape, ObjectShape) and isinstance(value, Mapping):
        for key, item in value.items():
            member = shape.members.get(key)
            inner = shape.extra if member is None else member.shape
            if inner is None:
                yield below(place, key)
            else:
                yield from _forbidden(inner, item, below(place, key))
    elif isinstance(shape, ListShape) and isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield from _forbidden(shape.item, item, below(place, index))


@lru_cache(maxsize=1024)
def _untyped_reader(root: str, path: Path) -> Reader:
    return compile_reader(root, path, None)


UNTYPED: Final = RequestType("(none)", None, dict.fromkeys(ROOTS, types.DYN))
"""The type of requests that no schema describes: every attribute is dyn and may be absent."""


def from_schema(root: Node, name: str) -> tuple[RequestType, tuple[Diagnostic, ...]]:
    """The request type that a JSON Schema document describes, and every problem of the schema.

    ``root`` is the document's root node, ``name`` the file's name. The schema describes the AuthZEN
    JSON as it is sent; with errors the type is as good as can be guessed, for further checks only.
    """
    from evaluator.policy.request_schema import read_schema

    shapes, diagnostics = read_schema(root)
    return RequestType(name, shapes, _roots(shapes)), diagnostics


def _roots(shapes: Mapping[str, ObjectShape]) -> dict[str, Type]:
    roots: dict[str, Type] = {}
    for root, shape in shapes.items():
        assert isinstance(shape.type, ObjectType)
        fields = dict(shape.type.fields)
        for name in _ENVELOPE_FIELDS[root]:
            fields[name] = Field(types.STRING, always=True)
        roots[root] = ObjectType(root, fields, shape.type.open)
    return roots
