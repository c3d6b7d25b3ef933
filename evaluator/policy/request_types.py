"""Request types: what a pack knows of its requests, and how it reads, checks and changes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from evaluator.diagnostics import Diagnostic
from evaluator.documents.nodes import Node
from evaluator.language import types
from evaluator.language.types import Field, ObjectType, Type
from evaluator.language.values import ErrorValue
from evaluator.policy import changes
from evaluator.policy.changes import host_value
from evaluator.policy.request import Request
from evaluator.policy.shapes import ListShape, ObjectShape, Shape
from evaluator.policy.views import View, pointer

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

    def view(self, request: Request) -> View:
        """The attributes of a request, to be read."""
        return View(request, self.shapes)

    def forbidden(self, request: Request) -> tuple[str, ...]:
        """The JSON pointers of everything in a request that a closed object forbids."""
        if self.shapes is None:
            return ()
        return tuple(
            found
            for root, shape in self.shapes.items()
            for found in _forbidden(shape, request.entity(root), pointer(root, ()))
        )

    def validate(self, request: Request) -> tuple[ErrorValue, ...]:
        """Everything in a request that does not satisfy the schema, whether it is read or not."""
        found = [
            ErrorValue("invalid_attribute", f"`{place}` is not known to the schema")
            for place in self.forbidden(request)
        ]
        if self.shapes is None:
            return tuple(found)
        view = self.view(request)
        for root, shape in self.shapes.items():
            for name in shape.members:
                value = view.attribute(root, (name,))
                if isinstance(value, ErrorValue):
                    found.append(value)
        return tuple(found)

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


def _forbidden(shape: Shape, value: Any, place: str) -> Iterator[str]:
    if isinstance(shape, ObjectShape):
        if not isinstance(value, Mapping):
            return
        members = shape.members
        for key, item in value.items():
            member = members.get(key)
            if member is not None:
                inner: Shape | None = member.shape
            else:
                inner = shape.extra
                if inner is None:
                    yield f"{place}/{key}"
                    continue
            if type(inner) is ObjectShape or type(inner) is ListShape:
                yield from _forbidden(inner, item, f"{place}/{key}")
    elif isinstance(shape, ListShape) and isinstance(value, (list, tuple)):
        item_shape = shape.item
        if type(item_shape) is ObjectShape or type(item_shape) is ListShape:
            for index, item in enumerate(value):
                yield from _forbidden(item_shape, item, f"{place}/{index}")


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
        for field in _ENVELOPE_FIELDS[root]:
            fields[field] = Field(types.STRING, always=True)
        roots[root] = ObjectType(root, fields, shape.type.open)
    return roots
