"""From a JSON Schema document to shapes: the keywords that request schemas may use, and no others.

A keyword that we do not carry is an error, never a silent ``dyn``: a policy must not believe that
something is verified which is not.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from evaluator.diagnostics import Diagnostic
from evaluator.documents.nodes import Mapping as Object
from evaluator.documents.nodes import Node, Scalar, Sequence, to_python
from evaluator.language import types
from evaluator.language.functions.strings import compile_pattern
from evaluator.language.types import EnumType, Field, ListType, MapType, NullableType, ObjectType
from evaluator.language.values import ABSENT, ErrorValue, equal
from evaluator.policy import request_problems as problems
from evaluator.policy import shapes
from evaluator.policy.shapes import ANYTHING, Leaf, ListShape, Member, ObjectShape, Shape
from evaluator.source import Span

__all__ = ["KEYWORDS", "read_schema"]

# Words that describe and constrain nothing.
_NOTES: Final = frozenset(
    {"$schema", "$id", "$comment", "title", "description", "examples", "deprecated"}
)
_BY_TYPE: Final[Mapping[str, frozenset[str]]] = {
    "string": frozenset({"minLength", "maxLength", "pattern", "format"}),
    "integer": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}),
    "number": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}),
    "boolean": frozenset(),
    "null": frozenset(),
    "array": frozenset({"items", "minItems", "maxItems", "uniqueItems"}),
    "object": frozenset(
        {"properties", "required", "additionalProperties", "minProperties", "maxProperties"}
    ),
}
_ANYWHERE: Final = frozenset({"type", "enum", "const", "default", "$ref"}) | _NOTES
KEYWORDS: Final = frozenset({"$defs"}) | _ANYWHERE | frozenset().union(*_BY_TYPE.values())
"""Every keyword that a request schema may use."""

_ENVELOPE: Final = {"subject": ("type", "id"), "action": ("name",), "resource": ("type", "id")}


def read_schema(root: Node) -> tuple[dict[str, ObjectShape], tuple[Diagnostic, ...]]:
    """The shapes of subject, action, resource and context, and every problem of the schema."""
    reader = _Reader(root)
    found = {}
    for name in ("subject", "action", "resource", "context"):
        found[name] = reader.root(name)
    return found, tuple(reader.diagnostics)


class _Reader:
    def __init__(self, root: Node) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._root = root
        self._open: list[str] = []  # references that are being followed
        self._known: dict[int, Shape] = {}
        if not isinstance(root, Object):
            self._say(problems.schema_not_an_object(root.span, "a request schema"))
        else:
            self._check_keywords(root, "object")

    def _say(self, diagnostic: Diagnostic) -> None:
        self.diagnostics.append(diagnostic)

    def root(self, name: str) -> ObjectShape:
        """The shape of one of the four: its ``properties``, or ``context`` itself."""
        schema = self._member(self._resolved(self._root), name)
        if schema is not None and name != "context":
            schema = self._envelope(schema, name)
        if schema is None:
            return ObjectShape(ObjectType(name, {}, open=True), {}, ANYTHING)
        shape = self._shape(schema, name)
        if isinstance(shape, ObjectShape):
            if isinstance(shape.type, ObjectType):
                return shape
            return ObjectShape(ObjectType(name, {}, open=True), shape.members, shape.extra)
        self._say(problems.schema_value(schema.span, name, "the schema of an object"))
        return ObjectShape(ObjectType(name, {}, open=True), {}, ANYTHING)

    def _envelope(self, schema: Node, name: str) -> Node | None:
        schema = self._resolved(schema)
        if isinstance(schema, Object):
            self._check_keywords(schema, "object")
            declared = schema.get("properties")
            if isinstance(declared, Object):
                for key, _ in declared.entries:
                    if key.text in _ENVELOPE[name]:
                        place = f"{name}.{key.text}"
                        self._say(problems.constrains_envelope(key.span, place))
        return self._member(schema, "properties")

    def _member(self, schema: Node | None, name: str) -> Node | None:
        declared = schema.get("properties") if isinstance(schema, Object) else None
        return declared.get(name) if isinstance(declared, Object) else None

    def _resolved(self, schema: Node) -> Node:
        """The schema that a local reference leads to, or itself."""
        if not isinstance(schema, Object):
            return schema
        entry = schema.entry("$ref")
        if entry is None:
            return schema
        target = self._target(entry[1])
        return schema if target is None else target

    def _target(self, reference: Node) -> Node | None:
        text = reference.text if isinstance(reference, Scalar) else ""
        prefix = "#/$defs/"
        definitions = self._root.get("$defs") if isinstance(self._root, Object) else None
        found = definitions.get(text[len(prefix) :]) if isinstance(definitions, Object) else None
        if not text.startswith(prefix) or found is None:
            self._say(problems.reference_unknown(reference.span, text))
            return None
        return found

    def _check_keywords(self, schema: Object, type_: str | None) -> None:
        for key, _ in schema.entries:
            if key.text not in KEYWORDS:
                self._say(problems.keyword_unsupported(key.span, key.text, KEYWORDS))
            elif type_ is not None and key.text not in _ANYWHERE | {"$defs"} | _BY_TYPE[type_]:
                self._say(
                    problems.schema_value(
                        key.span, key.text, f"left out: it says nothing of {type_}"
                    )
                )

    def _shape(self, schema: Node, name: str) -> Shape:
        """The shape of a schema; ``name`` is its place, for the names of object types."""
        if isinstance(schema, Scalar) and schema.value is True:
            return ANYTHING
        if not isinstance(schema, Object):
            self._say(problems.schema_not_an_object(schema.span, "a schema"))
            return ANYTHING
        entry = schema.entry("$ref")
        if entry is not None:
            return self._referenced(schema, entry[1], name)
        return self._own(schema, name)

    def _referenced(self, schema: Object, reference: Node, name: str) -> Shape:
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
            known = self._known[id(target)] = self._shape(target, text.rpartition("/")[2])
            self._open.pop()
        return known

    def _own(self, schema: Object, name: str) -> Shape:
        type_, nullable = self._type(schema)
        self._check_keywords(schema, type_)
        if type_ == "object":
            return self._object(schema, name, nullable)
        if type_ == "array":
            return self._list(schema, name, nullable)
        return self._leaf(schema, type_, nullable)

    def _type(self, schema: Object) -> tuple[str | None, bool]:
        node = schema.get("type")
        if node is None:
            return ("object" if "properties" in schema else None), False
        named = [node] if isinstance(node, Scalar) else list(getattr(node, "items", []))
        words = [item.text for item in named if isinstance(item, Scalar)]
        for item in named:
            if isinstance(item, Scalar) and item.text not in _BY_TYPE:
                self._say(problems.type_unknown(item.span, item.text))
                return None, False
        if isinstance(node, Sequence):
            others = [word for word in words if word != "null"]
            if len(words) != 2 or len(others) != 1:
                self._say(problems.type_list(node.span))
                return (others[0] if others else None), "null" in words
            return others[0], True
        return (words[0] if words else None), False

    def _leaf(self, schema: Object, type_: str | None, nullable: bool) -> Shape:
        checks: list[shapes.Check] = []
        own, wanted, convert = _LEAVES[type_]
        entry = schema.entry("format") if type_ == "string" else None
        if entry is not None:
            name = entry[1].text if isinstance(entry[1], Scalar) else ""
            if name not in _FORMATS:
                self._say(problems.format_unknown(entry[1].span, name))
            else:
                own, wanted, convert = _FORMATS[name]
        if type_ == "string":
            checks += self._text_checks(schema)
        elif type_ in ("integer", "number"):
            checks += self._bounds(schema, wanted)
        values = self._enumerated(schema, convert)
        if values is not None:
            checks.append(shapes.one_of(values))
            plain = own in (types.STRING, types.DYN)
            if plain and all(isinstance(value, str) for value in values):
                own = EnumType(tuple(str(value) for value in values))
            elif own is types.DYN and all(type(value) is int for value in values):
                own = types.INT
        return Leaf(
            NullableType(own) if nullable else own, wanted, convert, tuple(checks), nullable
        )

    def _enumerated(self, schema: Object, convert: Callable[[Any], Any]) -> tuple[Any, ...] | None:
        values: tuple[Any, ...] | None = None
        for keyword in ("enum", "const"):
            node = schema.get(keyword)
            if node is None:
                continue
            if keyword == "enum" and not (isinstance(node, Sequence) and node.items):
                self._say(problems.schema_value(node.span, keyword, "a list of values"))
                continue
            items = node.items if isinstance(node, Sequence) and keyword == "enum" else (node,)
            found = []
            for item in items:
                value = convert(to_python(item))
                if value is ABSENT or isinstance(value, ErrorValue):
                    self._say(problems.schema_value(item.span, keyword, "values of the type"))
                elif value is not None:
                    found.append(value)
            values = tuple(found) if values is None else tuple(v for v in values if v in found)
        return values

    def _count(self, schema: Object, keyword: str) -> int | None:
        node = schema.get(keyword)
        if node is None:
            return None
        value = node.value if isinstance(node, Scalar) else None
        if type(value) is not int or value < 0:
            self._say(problems.schema_value(node.span, keyword, "an integer of at least 0"))
            return None
        return value

    def _sizes(self, schema: Object, least: str, most: str, unit: str) -> list[shapes.Check]:
        low, high = self._count(schema, least), self._count(schema, most)
        checks: list[shapes.Check] = []
        if low is not None:
            wanted = "not empty" if low == 1 else f"of at least {low} {unit}"
            checks.append(_bounded(lambda value: len(value) >= low, wanted))
        if high is not None:
            wanted = f"of at most {high} {unit}"
            checks.append(_bounded(lambda value: len(value) <= high, wanted))
        return checks

    def _text_checks(self, schema: Object) -> list[shapes.Check]:
        # A formatted text has another type once it is read, and no length.
        checks = (
            []
            if "format" in schema
            else self._sizes(schema, "minLength", "maxLength", "characters")
        )
        node = schema.get("pattern")
        if node is not None:
            text = node.text if isinstance(node, Scalar) else ""
            compiled = compile_pattern(text)
            if compiled is None:
                self._say(problems.bad_pattern(node.span, text))
            else:
                checks.append(lambda value: _unless(_found(compiled, value), f"like `{text}`"))
        return checks

    def _bounds(self, schema: Object, wanted: str) -> list[shapes.Check]:
        checks: list[shapes.Check] = []
        for keyword, words, holds in _BOUNDS:
            node = schema.get(keyword)
            if node is None:
                continue
            bound = node.value if isinstance(node, Scalar) else None
            if isinstance(bound, bool) or not isinstance(bound, (int, float)):
                self._say(problems.schema_value(node.span, keyword, "a number"))
                continue
            text = f"{wanted} {words} {bound}"
            checks.append(_bounded(partial(holds, bound), text))
        return checks

    def _list(self, schema: Object, name: str, nullable: bool) -> Shape:
        node = schema.get("items")
        item = ANYTHING if node is None else self._shape(node, f"{name}[]")
        checks = self._sizes(schema, "minItems", "maxItems", "items")
        unique = schema.get("uniqueItems")
        if isinstance(unique, Scalar) and unique.value is True:
            checks.append(lambda items: _unless(_all_differ(items), "a list without repetitions"))
        type_ = ListType(item.type)
        return ListShape(NullableType(type_) if nullable else type_, item, tuple(checks), nullable)

    def _object(self, schema: Object, name: str, nullable: bool) -> Shape:
        required = self._required(schema)
        declared = schema.get("properties")
        members: dict[str, Member] = {}
        fields: dict[str, Field] = {}
        if declared is not None and not isinstance(declared, Object):
            self._say(problems.schema_not_an_object(declared.span, "`properties`"))
        for key, node in declared.entries if isinstance(declared, Object) else ():
            member = self._property(key, node, name, key.text in required)
            members[key.text] = member
            fields[key.text] = Field(
                member.shape.type,
                always=member.required or member.default is not ABSENT,
                description=_description(node),
            )
        for text, span in required.items():
            if text not in members and members:
                self._say(problems.required_unknown(span, text, members))
        extra = self._extra(schema, name)
        own: types.Type
        if not members and extra is not None and extra is not ANYTHING:
            own = MapType(types.STRING, extra.type)
        else:
            own = ObjectType(name, fields, open=extra is not None)
        checks = self._sizes(schema, "minProperties", "maxProperties", "properties")
        if nullable:
            own = NullableType(own)
        return ObjectShape(own, members, extra, nullable, tuple(checks))

    def _extra(self, schema: Object, name: str) -> Shape | None:
        node = schema.get("additionalProperties")
        if node is None or (isinstance(node, Scalar) and node.value is True):
            return ANYTHING
        if isinstance(node, Scalar) and node.value is False:
            return None
        return self._shape(node, f"{name}.*")

    def _required(self, schema: Object) -> dict[str, Span]:
        node = schema.get("required")
        if node is None:
            return {}
        if not isinstance(node, Sequence):
            self._say(problems.schema_value(node.span, "required", "a list of names"))
            return {}
        return {item.text: item.span for item in node.items if isinstance(item, Scalar)}

    def _property(self, key: Scalar, node: Node, name: str, required: bool) -> Member:
        shape = self._shape(node, f"{name}.{key.text}")
        default = self._default(node)
        value: Any = ABSENT
        if default is not None:
            raw = to_python(default)
            value = shape.read(raw, f"/{key.text}")
            if isinstance(value, ErrorValue):
                self._say(problems.default_invalid(default.span, value.message))
                value = ABSENT
            else:
                return Member(shape, required, raw, value)
        if shape.nullable and not required:
            self._say(problems.optional_and_nullable(key.span, key.text))
        return Member(shape, required)

    def _default(self, node: Node) -> Node | None:
        if not isinstance(node, Object):
            return None
        target = self._resolved(node) if "default" not in node else node
        return target.get("default") if isinstance(target, Object) else None


def _description(node: Node) -> str | None:
    found = node.get("description") if isinstance(node, Object) else None
    return found.text if isinstance(found, Scalar) else None


def _bounded(holds: Callable[[Any], bool], wanted: str) -> shapes.Check:
    return lambda value: None if holds(value) else wanted


def _unless(holds: bool, wanted: str) -> str | None:
    return None if holds else wanted


def _found(compiled: Any, text: str) -> bool:
    try:
        return compiled.search(text) is not None
    except UnicodeEncodeError:
        return False


def _all_differ(items: list[Any]) -> bool:
    return not any(
        equal(item, other) for index, item in enumerate(items) for other in items[:index]
    )


# The keyword, its words, and how the bound stands to a value that it admits.
_BOUNDS: Final[tuple[tuple[str, str, Callable[[Any, Any], bool]], ...]] = (
    ("minimum", "of at least", operator.le),
    ("maximum", "of at most", operator.ge),
    ("exclusiveMinimum", "over", operator.lt),
    ("exclusiveMaximum", "under", operator.gt),
)
_LEAVES: Final[Mapping[str | None, tuple[types.Type, str, Callable[[Any], Any]]]] = {
    "string": (types.STRING, "a string", shapes.to_text),
    "integer": (types.INT, "an integer", shapes.to_int),
    "number": (types.DOUBLE, "a number", shapes.to_double),
    "boolean": (types.BOOL, "true or false", shapes.to_bool),
    "null": (types.NULL, "null", shapes.to_null),
    None: (types.DYN, "a JSON value", shapes.to_anything),
}
_FORMATS: Final[Mapping[str, tuple[types.Type, str, Callable[[Any], Any]]]] = {
    "date-time": (
        types.TIMESTAMP,
        "an RFC 3339 moment with its offset from UTC",
        shapes.to_timestamp,
    ),
    "duration": (
        types.DURATION,
        "an ISO 8601 duration without years and months",
        shapes.to_duration,
    ),
}
