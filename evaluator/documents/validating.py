"""The shape of a document against a JSON Schema: every problem at its place, in words of ours."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from evaluator.diagnostics import Diagnostic
from evaluator.documents import shape_problems as problems
from evaluator.documents.branches import chosen, expected_types, is_own, mixed_keys
from evaluator.documents.limits import DEFAULT_LIMITS, Limits
from evaluator.documents.lines import key_like
from evaluator.documents.nodes import Mapping as MappingNode
from evaluator.documents.nodes import Node, Scalar, Sequence, to_python
from evaluator.documents.problems import shown, unquoted
from evaluator.documents.quick import Check, quick_check
from evaluator.documents.schemas import validator
from evaluator.source import Span

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

__all__ = ["POLICY_SHAPE", "SCHEMA_SHAPE", "ShapeCodes", "validate"]


@dataclass(frozen=True, slots=True)
class ShapeCodes:
    """The codes that problems with the shape of a kind of document have."""

    unknown_key: str
    missing_key: str
    type: str
    value: str


POLICY_SHAPE: Final = ShapeCodes("EVL114", "EVL115", "EVL116", "EVL117")
SCHEMA_SHAPE: Final = ShapeCodes("EVL502", "EVL502", "EVL502", "EVL502")

_TYPES: Final = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "null": "nothing",
}


def validate(
    node: Node,
    schema: Mapping[str, Any],
    *,
    resources: Mapping[str, Mapping[str, Any]] | None = None,
    codes: ShapeCodes = POLICY_SHAPE,
    limits: Limits = DEFAULT_LIMITS,
) -> list[Diagnostic]:
    """What of a document does not satisfy a schema (JSON Schema 2020-12), in the order of the text.

    References resolve to ``resources``, schemas by URI, and to metaschemas; nothing is opened. A
    schema with the title "Expression" stands for an expression: text, whatever YAML makes of it.
    Where a choice of schemas is open, the problems are those with the one that was probably meant.
    """
    in_order = None if resources else _quick(schema)
    if in_order is not None and in_order(node):
        return []
    errors = validator(schema, resources or {}).iter_errors(to_python(node))
    found: dict[tuple[str, int, str], Diagnostic] = {}
    for item in islice(_Explanation(node, codes).all(errors), limits.max_problems):
        found.setdefault((item.code, item.span.start if item.span else 0, item.message), item)
    return sorted(found.values(), key=lambda item: item.span.start if item.span else 0)


def _quick(schema: Mapping[str, Any]) -> Check | None:
    """The quick check of a schema, made once for each of those that come again and again."""
    known = _QUICK.get(id(schema))
    if known is None or known[0] is not schema:
        known = (schema, quick_check(schema))
        if len(_QUICK) < _MOST_QUICK:
            _QUICK[id(schema)] = known
    return known[1]


_QUICK: Final[dict[int, tuple[Mapping[str, Any], Check | None]]] = {}
_MOST_QUICK: Final = 16


class _Explanation:
    def __init__(self, root: Node, codes: ShapeCodes) -> None:
        self._root = root
        self._codes = codes

    def all(self, errors: Iterable[ValidationError]) -> Iterator[Diagnostic]:
        for error in errors:
            yield from self._one(error, _Place(self._root, error))

    def _one(self, error: ValidationError, place: _Place) -> Iterator[Diagnostic]:
        match error.validator:
            case "anyOf" | "oneOf":
                yield from self._choice(error, place)
            case "additionalProperties" | "unevaluatedProperties" if place.mapping is not None:
                yield from self._unknown_keys(error, place.mapping)
            case "required" if place.mapping is not None:
                yield self._missing_key(error, place, place.mapping)
            case "type":
                yield self._wrong_type(place, [error])
            case "enum" | "const":
                yield self._not_allowed(error, place)
            case "uniqueItems":
                yield from self._repeated(place)
            case "pattern":
                yield problems.wrong_form(
                    self._codes.value, place.span, place.what, error.message, _description(error)
                )
            case _:
                yield self._bounds(error, place)

    def _choice(self, error: ValidationError, place: _Place) -> Iterator[Diagnostic]:
        branches = chosen(error)
        if branches is None:
            keys = mixed_keys(error)
            yield problems.several_shapes(self._codes.value, place.span, place.what, keys)
            return
        context = list(filter(is_own, error.context or ()))
        types = expected_types(context)
        if branches:  # some take the type that the value has
            types.append("object" if isinstance(error.instance, dict) else "array")
        if place.is_swallowed(types):
            yield unquoted(place.node.span)
        elif not branches:
            yield self._wrong_type(place, context)
        elif len(branches) == 1:
            yield from self.all(branches[0])
        else:
            shapes = [
                " and ".join(f"`{item.message}`" for item in branch if item.validator == "required")
                for branch in branches
            ]
            shapes = list(dict.fromkeys(shape for shape in shapes if shape))
            yield problems.no_shape(self._codes.value, place.first_line, place.what, shapes)

    def _unknown_keys(self, error: ValidationError, mapping: MappingNode) -> Iterator[Diagnostic]:
        known = _properties(error)
        entry = mapping.entry(error.message)
        if entry is not None:
            key, _ = entry
            free = [name for name in known if name not in mapping]
            yield problems.unknown_key(self._codes.unknown_key, key.span, key.text, free)

    def _missing_key(
        self, error: ValidationError, place: _Place, mapping: MappingNode
    ) -> Diagnostic:
        schema = _properties(error).get(error.message)
        description = schema.get("description") if isinstance(schema, Mapping) else None
        span = place.key.span if place.key else place.first_line
        return problems.missing_key(self._codes.missing_key, span, error.message, description)

    def _wrong_type(self, place: _Place, errors: Iterable[ValidationError]) -> Diagnostic:
        errors = list(errors)
        types = expected_types(errors)
        code = self._codes.type
        expected = _either(_TYPES.get(name, name) for name in types)
        if "expression" in types:
            others = [_TYPES[name] for name in ("object", "array") if name in types]
            expected = _either(["an expression", *others])
        if place.is_swallowed(types):
            return unquoted(place.node.span)
        node = place.node
        if isinstance(node, Scalar) and node.value is None and "null" not in types:
            span = node.span if node.text or not place.key else place.key.span
            return problems.no_value(code, span, place.what, expected)
        if isinstance(node, Scalar) and "string" in types and not isinstance(node.value, str):
            kind = "a truth value" if isinstance(node.value, bool) else "a number"
            return problems.read_as(code, node.span, place.what, kind)
        return problems.wrong_type(
            code, place.span, place.what, expected, _found(node), _description(errors[0])
        )

    def _not_allowed(self, error: ValidationError, place: _Place) -> Diagnostic:
        values = error.validator_value if error.validator == "enum" else [error.validator_value]
        assert isinstance(values, list)
        allowed = [_written(value) for value in values]
        node = place.node
        text = node.text if isinstance(node, Scalar) else _found(node)
        return problems.not_allowed(self._codes.value, place.span, text, allowed)

    def _repeated(self, place: _Place) -> Iterator[Diagnostic]:
        seen: list[tuple[Any, Node]] = []
        for item in place.node.items if isinstance(place.node, Sequence) else ():
            value = to_python(item)
            first = next((node for known, node in seen if known == value), None)
            if first is None:
                seen.append((value, item))
            else:
                yield problems.repeated(self._codes.value, item.span, first.span)

    def _bounds(self, error: ValidationError, place: _Place) -> Diagnostic:
        code, bound = self._codes.value, error.validator_value
        kind = str(error.validator)
        if kind == "maxProperties" and bound == 1:
            return problems.not_one_key(code, place.span, place.what, list(_properties(error)))
        if kind in _EMPTY and bound == 1:
            return problems.empty(code, place.span, place.what, _EMPTY[kind])
        if kind in _BOUNDS:
            return problems.out_of_bounds(code, place.span, place.what, _BOUNDS[kind].format(bound))
        return problems.refused(code, place.span, place.what, _description(error))


_EMPTY: Final = {"minItems": "list", "minProperties": "mapping", "minLength": "text"}
_BOUNDS: Final = {
    "minItems": "must have {} or more items",
    "maxItems": "must have no more items than {}",
    "minProperties": "must have {} or more keys",
    "maxProperties": "must have no more keys than {}",
    "minLength": "must have {} or more characters",
    "maxLength": "must have no more characters than {}",
    "minimum": "must be {} or more",
    "maximum": "must be {} or less",
    "exclusiveMinimum": "must be more than {}",
    "exclusiveMaximum": "must be less than {}",
    "multipleOf": "must be a multiple of {}",
    "format": "must have the format `{}`",
}


class _Place:
    """Where in the document an error is, and what that is called."""

    def __init__(self, root: Node, error: ValidationError) -> None:
        self.node = root
        self.key: Scalar | None = None
        self.what = "the file"
        for step in error.absolute_path:
            above = self.what
            entry = self.node.entry(str(step)) if isinstance(self.node, MappingNode) else None
            if entry is not None:
                self.key, self.node = entry
                self.what = f"`{self.key.text}`"
            elif isinstance(self.node, Sequence) and isinstance(step, int):
                self.key, self.node = None, self.node.items[step]
                self.what = f"item {step + 1} of {above}"
        if "propertyNames" in error.absolute_schema_path and isinstance(self.node, MappingNode):
            entry = self.node.entry(str(error.instance))
            if entry is not None:
                self.key = self.node = entry[0]
                self.what = f"the key `{self.key.text}`"

    @property
    def mapping(self) -> MappingNode | None:
        return self.node if isinstance(self.node, MappingNode) else None

    @property
    def span(self) -> Span:
        """That of the value; of the first line only where the value is long."""
        return self.first_line if isinstance(self.node, MappingNode | Sequence) else self.node.span

    @property
    def first_line(self) -> Span:
        source, start = self.node.source, self.node.start
        line_end = start
        while line_end < self.node.end and source.text[line_end] not in "\r\n":
            line_end += 1
        return source.span(start, line_end)

    def is_swallowed(self, types: Collection[str]) -> bool:
        """Whether a text that is not quoted has become a list or mapping by mistake."""
        node = self.node
        if "string" not in types or isinstance(node, Scalar):
            return False
        if isinstance(node, Sequence):
            return node.flow and "array" not in types and "expression" in types
        first = node.entries[0][0] if node.entries else None
        if first is not None and first.style == "plain" and not node.flow:
            return not key_like(first.text) or "object" not in types
        return node.flow and "object" not in types and "expression" in types


def _properties(error: ValidationError) -> Mapping[str, Any]:
    schema = error.schema
    properties = schema.get("properties", {}) if isinstance(schema, Mapping) else {}
    return properties if isinstance(properties, Mapping) else {}


def _description(error: ValidationError) -> str | None:
    schema = error.schema
    description = schema.get("description") if isinstance(schema, Mapping) else None
    return description.rstrip(".") if isinstance(description, str) else None


def _either(words: Iterable[str]) -> str:
    words = list(words)
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _found(node: Node) -> str:
    if isinstance(node, MappingNode):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    match node.value:
        case str():
            return "a text"
        case bool() | None:
            return f"`{node.text}`" if node.text else "nothing"
        case _:
            return f"the number {shown(node.text)}"


def _written(value: Any) -> str:
    """A value of a schema as it is written in a file."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
