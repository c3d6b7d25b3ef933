"""From a JSON Schema document to shapes: the request's parts, and the objects and lists in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from evaluator.diagnostics import Diagnostic
from evaluator.documents.nodes import Mapping as Object
from evaluator.documents.nodes import Node, Scalar, to_python
from evaluator.documents.nodes import Sequence as List
from evaluator.language import types
from evaluator.language.types import Field, ListType, MapType, NullableType, ObjectType, Type
from evaluator.language.values import ABSENT, ErrorValue
from evaluator.policy import request_problems as problems
from evaluator.policy import schema_checks
from evaluator.policy.schema_keywords import (
    BY_TYPE,
    KEYWORDS,
    envelope_problems,
    keyword_problems,
)
from evaluator.policy.schema_values import sizes, value_shape
from evaluator.policy.shapes import ANYTHING, ListShape, Member, ObjectShape, Shape
from evaluator.source import Span

__all__ = ["KEYWORDS", "read_schema"]

_ROOTS: Final = ("subject", "action", "resource", "context")
_ENVELOPE: Final = {"subject": ("type", "id"), "action": ("name",), "resource": ("type", "id")}
_MAX_LEVELS: Final = 64
_PREFIX: Final = "#/$defs/"


def read_schema(root: Node) -> tuple[dict[str, ObjectShape], tuple[Diagnostic, ...]]:
    """The shapes of subject, action, resource and context, and every problem of the schema."""
    reader = _Reader(root)
    found = {name: reader.root(name) for name in _ROOTS}
    return found, tuple(reader.diagnostics.values())


class _Reader:
    def __init__(self, root: Node) -> None:
        # By code, place and message: what is read twice, through references, is told of once.
        self.diagnostics: dict[tuple[object, ...], Diagnostic] = {}
        self._root = root
        self._open: list[str] = []  # references that are being followed
        self._known: dict[int, Shape] = {}  # by definition
        self._in_lists: dict[int, tuple[Shape, Shape]] = {}  # by shape, which is kept alive here
        self._level = 0
        self._request = self._envelope(root, "the request", _ROOTS)
        definitions = root.get("$defs") if isinstance(root, Object) else None
        if definitions is not None and not isinstance(definitions, Object):
            self._say(problems.schema_not_an_object(definitions.span, "`$defs`"))

    def _say(self, diagnostic: Diagnostic) -> None:
        span = diagnostic.span
        key = (diagnostic.code, span and span.start, diagnostic.message)
        self.diagnostics.setdefault(key, diagnostic)

    def _say_all(self, diagnostics: Iterable[Diagnostic]) -> None:
        for diagnostic in diagnostics:
            self._say(diagnostic)

    # The envelope

    def root(self, name: str) -> ObjectShape:
        """The shape of one of the four: its ``properties``, or ``context`` itself."""
        schema = self._request.get(name) if self._request else None
        if schema is not None and name != "context":
            schema = self._entity(schema, name)
        if schema is None:
            return ObjectShape(ObjectType(name, {}, open=True), {}, ANYTHING)
        what = name if name == "context" else f"{name}.properties"
        for step in self._chain(schema):
            entry = step.entry("default") if isinstance(step, Object) else None
            if entry is not None:
                self._say(problems.keyword_of_envelope(entry[0].span, "default", what))
        shape = self._shape(schema, name)
        if isinstance(shape, ObjectShape) and not shape.nullable:
            if isinstance(shape.type, ObjectType):
                return shape
            return replace(shape, type=ObjectType(name, {}, open=True))
        if shape is not ANYTHING:
            self._say(problems.schema_value(schema.span, name, "the schema of an object"))
        return ObjectShape(ObjectType(name, {}, open=True), {}, ANYTHING)

    def _entity(self, schema: Node, name: str) -> Node | None:
        declared = self._envelope(schema, name, (*_ENVELOPE[name], "properties"))
        for member in _ENVELOPE[name]:
            entry = declared.entry(member) if declared else None
            if entry is not None:
                self._say(problems.constrains_envelope(entry[0].span, f"{name}.{member}"))
        return declared.get("properties") if declared else None

    def _envelope(self, schema: Node, what: str, known: Sequence[str]) -> Object | None:
        """The schemas of the members of the request, or of a part of it."""
        declared: Node | None = None
        for step in self._chain(schema):
            if isinstance(step, Object):
                self._say_all(envelope_problems(step, what, known))
                declared = step.get("properties")
            else:
                self._say(problems.schema_not_an_object(step.span, f"the schema of `{what}`"))
        return declared if isinstance(declared, Object) else None

    # References

    def _chain(self, schema: Node) -> Iterator[Node]:
        """A schema, where its reference leads, where that leads, and so on."""
        seen: list[Node] = []
        step: Node | None = schema
        while step is not None and not any(step is other for other in seen):
            yield step
            seen.append(step)
            reference = step.get("$ref") if isinstance(step, Object) else None
            step = None if reference is None else self._target(reference)

    def _target(self, reference: Node) -> Node | None:
        text = reference.text if isinstance(reference, Scalar) else ""
        definitions = self._root.get("$defs") if isinstance(self._root, Object) else None
        found = definitions.get(text[len(_PREFIX) :]) if isinstance(definitions, Object) else None
        if not text.startswith(_PREFIX) or found is None:
            self._say(problems.reference_unknown(reference.span, text))
            return None
        return found

    def _referenced(self, reference: Node, name: str) -> Shape:
        target = self._target(reference)
        if target is None:
            return ANYTHING
        text = reference.text if isinstance(reference, Scalar) else ""
        if text in self._open:
            self._say(problems.reference_cycle(reference.span, text))
            return ANYTHING
        known = self._known.get(id(target))
        if known is None:
            self._open.append(text)
            known = self._known[id(target)] = self._shape(target, text[len(_PREFIX) :])
            self._open.pop()
        return known

    # Schemas

    def _shape(self, schema: Node, name: str) -> Shape:
        """The shape of a schema; ``name`` is its place, for the names of object types."""
        if isinstance(schema, Scalar) and schema.value is True:
            return ANYTHING
        if not isinstance(schema, Object):
            self._say(problems.schema_not_an_object(schema.span, "a schema"))
            return ANYTHING
        if self._level == _MAX_LEVELS:
            self._say(problems.nested_too_deeply(schema.span, _MAX_LEVELS))
            return ANYTHING
        self._level += 1
        try:
            return self._of(schema, name)
        finally:
            self._level -= 1

    def _of(self, schema: Object, name: str) -> Shape:
        reference = schema.get("$ref")
        if reference is not None:
            self._say_all(keyword_problems(schema, None))
            return self._referenced(reference, name)
        type_, nullable = self._type(schema)
        self._say_all(keyword_problems(schema, type_))
        if type_ == "object":
            return self._object(schema, name, nullable)
        if type_ == "array":
            return self._list(schema, name, nullable)
        return value_shape(schema, type_, nullable, self._say)

    def _type(self, schema: Object) -> tuple[str | None, bool]:
        """The type a schema names, and whether null is one beside it."""
        node = schema.get("type")
        if node is None:
            return ("object" if "properties" in schema else None), False
        named = node.items if isinstance(node, List) else (node,)
        words = [item.text for item in named if isinstance(item, Scalar)]
        for item in named:
            if isinstance(item, Scalar) and item.text not in BY_TYPE:
                self._say(problems.type_unknown(item.span, item.text))
                return None, False
        if isinstance(node, Scalar):
            return node.text, False
        others = [word for word in words if word != "null"]
        if not (isinstance(node, List) and len(named) == len(words) == 2 and len(others) == 1):
            self._say(problems.type_list(node.span))
        return (others[0] if others else None), "null" in words

    def _list(self, schema: Object, name: str, nullable: bool) -> Shape:
        entry = schema.entry("items")
        item: Shape = ANYTHING
        if entry is not None:
            item = self._in_list(self._shape(entry[1], f"{name}[]"), entry[0].span)
        checks = sizes(schema, ("minItems", "maxItems"), ("a list", "item"), self._say)
        unique = schema.get("uniqueItems")
        if unique is not None:
            value = unique.value if isinstance(unique, Scalar) else None
            if not isinstance(value, bool):
                self._say(problems.schema_value(unique.span, "uniqueItems", "true or false"))
            elif value:
                checks.append(schema_checks.without_repetitions)
        type_ = ListType(item.type)
        return ListShape(NullableType(type_) if nullable else type_, item, tuple(checks), nullable)

    def _object(self, schema: Object, name: str, nullable: bool) -> Shape:
        required = self._required(schema)
        declared = schema.get("properties")
        members: dict[str, Member] = {}
        descriptions: dict[str, str | None] = {}
        if declared is not None and not isinstance(declared, Object):
            self._say(problems.schema_not_an_object(declared.span, "`properties`"))
        for key, node in declared.entries if isinstance(declared, Object) else ():
            members[key.text] = self._property(key, node, name, key.text in required)
            descriptions[key.text] = _description(node)
        for text, span in required.items():
            if text not in members:
                self._say(problems.required_unknown(span, text, members))
        extra = self._extra(schema, name)
        own: Type
        if not members and extra is not None and extra is not ANYTHING:
            own = MapType(types.STRING, extra.type)
        else:
            own = _object_type(name, members, descriptions, extra is not None)
        checks = sizes(
            schema, ("minProperties", "maxProperties"), ("an object", "property"), self._say
        )
        if nullable:
            own = NullableType(own)
        return ObjectShape(own, members, extra, nullable, tuple(checks))

    def _extra(self, schema: Object, name: str) -> Shape | None:
        node = schema.get("additionalProperties")
        if node is None:
            return ANYTHING
        if isinstance(node, Scalar) and node.value is False:
            return None
        return self._shape(node, f"{name}.*")

    def _required(self, schema: Object) -> dict[str, Span]:
        node = schema.get("required")
        if node is None:
            return {}
        names = {}
        for item in node.items if isinstance(node, List) else (node,):
            if isinstance(node, List) and isinstance(item, Scalar) and item.style != "plain":
                names[item.text] = item.span
            else:
                self._say(problems.schema_value(item.span, "required", "a list of names"))
        return names

    def _property(self, key: Scalar, node: Node, name: str, required: bool) -> Member:
        shape = self._shape(node, f"{name}.{key.text}")
        default = self._default(node)
        if default is not None:
            raw = to_python(default)
            value = shape.read(raw, f"/{key.text}")
            if not isinstance(value, ErrorValue):
                return Member(shape, required, raw, value)
            self._say(problems.default_invalid(default.span, value.message))
        if shape.nullable and not required:
            self._say(problems.optional_and_nullable(key.span, key.text))
        return Member(shape, required)

    def _default(self, node: Node) -> Node | None:
        """The default of a property: its own, or the one where its reference leads."""
        for step in self._chain(node):
            if isinstance(step, Object) and "default" in step:
                return step.get("default")
        return None

    def _in_list(self, shape: Shape, span: Span) -> Shape:
        """The shape of the items of a list: that of values whose defaults are not filled in."""
        found = self._in_lists.get(id(shape))
        if found is None:
            found = self._in_lists[id(shape)] = shape, self._without_defaults(shape, span)
        return found[1]

    def _without_defaults(self, shape: Shape, span: Span) -> Shape:
        if not isinstance(shape, ObjectShape):
            return shape  # the items of lists in it are without defaults already
        extra = None if shape.extra is None else self._in_list(shape.extra, span)
        members: dict[str, Member] = {}
        for name, member in shape.members.items():
            inner = self._in_list(member.shape, span)
            members[name] = Member(inner, member.required)
            if member.default is not ABSENT and inner.nullable and not member.required:
                self._say(problems.nullable_in_items(span, name))
        if extra is shape.extra and all(
            member.default is ABSENT and member.shape is members[name].shape
            for name, member in shape.members.items()
        ):
            return shape  # with the same type, so that it can be compared and assigned
        own = shape.type.value if isinstance(shape.type, NullableType) else shape.type
        if isinstance(own, ObjectType):
            notes = {name: known.description for name, known in own.fields.items()}
            own = _object_type(own.name, members, notes, own.open)
        elif isinstance(own, MapType) and extra is not None:
            own = MapType(own.key, extra.type)
        if shape.nullable:
            own = NullableType(own)
        return ObjectShape(own, members, extra, shape.nullable, shape.checks)


def _object_type(
    name: str, members: Mapping[str, Member], notes: Mapping[str, str | None], is_open: bool
) -> ObjectType:
    fields = {
        key: Field(member.shape.type, member.required or member.default is not ABSENT, notes[key])
        for key, member in members.items()
    }
    return ObjectType(name, fields, is_open)


def _description(node: Node) -> str | None:
    found = node.get("description") if isinstance(node, Object) else None
    return found.text if isinstance(found, Scalar) else None
