"""Whether a document satisfies a schema, and no more: many times as fast as finding what does not.

Most documents are in order. A schema is made into nested functions once; those with keywords that
are not known here are left to the validator that explains.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from evaluator.documents.nodes import Mapping as MappingNode
from evaluator.documents.nodes import Node, Scalar
from evaluator.documents.nodes import Sequence as SequenceNode
from evaluator.documents.scalars import may_resolve
from evaluator.documents.schemas import matches

__all__ = ["Check", "quick_check"]

Check = Callable[[Node], bool]


class _UnknownError(Exception):
    """Raised for a keyword or a reference that is not known here."""


def quick_check(schema: Mapping[str, Any]) -> Check | None:
    """A test of nodes against a schema (JSON Schema 2020-12); None where it says too much."""
    try:
        return _Maker(schema).check(schema)
    except _UnknownError:
        return None


# Keywords that constrain nothing.
_NOTES: Final = frozenset(
    {"$schema", "$id", "$defs", "$comment", "title", "description", "examples", "default"}
    | {"deprecated"}
)


class _Maker:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._known: dict[str, Check] = {}

    def check(self, schema: Any) -> Check:
        if schema is True:
            return lambda _: True
        if schema is False:
            return lambda _: False
        checks = [
            made
            for keyword, value in schema.items()
            if keyword not in _NOTES and (made := self._keyword(keyword, value, schema)) is not None
        ]
        return _all(checks)

    def _keyword(self, keyword: str, value: Any, schema: Mapping[str, Any]) -> Check | None:
        match keyword:
            case "$ref":
                return self._reference(value)
            case "type":
                return None if _is_of_texts(schema) else _type(_listed(value))
            case "properties" | "additionalProperties" | "required":
                # All three in one pass, at the first of them.
                first = next(name for name in schema if name in _OF_KEYS)
                return self._keys(schema) if keyword == first else None
            case "items":
                return _items(self.check(value))
            case "anyOf":
                return _any([self.check(branch) for branch in value])
            case "allOf":
                return _all([self.check(branch) for branch in value])
            case "if":
                return self._condition(schema)
            case "then" | "else":
                return None
            case "enum":
                return _enum(value)
            case "const":
                return _enum([value])
            case "pattern":
                return _text(lambda text: matches(value, text))
            case "minLength":
                return _text(lambda text: len(text) >= value)
            case "maxLength":
                return _text(lambda text: len(text) <= value)
            case "minItems" | "maxItems":
                return _size(SequenceNode, value, at_most=keyword == "maxItems")
            case "minProperties" | "maxProperties":
                return _size(MappingNode, value, at_most=keyword == "maxProperties")
        raise _UnknownError(keyword)

    def _reference(self, reference: str) -> Check:
        if not reference.startswith("#/$defs/"):
            raise _UnknownError(reference)
        name = reference.removeprefix("#/$defs/")
        if name not in self._known:
            self._known[name] = lambda node: made(node)  # noqa: PLW0108  # it may use itself
            made = self.check(self._root["$defs"][name])
            self._known[name] = made
        return self._known[name]

    def _keys(self, schema: Mapping[str, Any]) -> Check:
        properties = schema.get("properties", {})
        known = {key: self.check(value) for key, value in properties.items()}
        texts = frozenset(key for key, value in properties.items() if self._takes_text(value))
        required = frozenset(schema.get("required", ()))
        extra_schema = schema.get("additionalProperties", True)
        if extra_schema is True:
            return _open_keys(known, required)
        extra = None if extra_schema is False else self.check(extra_schema)

        def check(node: Node) -> bool:
            if type(node) is not MappingNode:
                return True
            members = node.members
            for key, (_, value) in members.items():
                if key in texts and type(value) is Scalar and _is_text(value):
                    continue
                inner = known.get(key, extra)
                if inner is None or not inner(value):
                    return False
            return required <= members.keys()

        return check

    def _takes_text(self, schema: Any, above: frozenset[str] = frozenset()) -> bool:
        """Whether every text that is not empty satisfies a schema; False may mean yes.

        ``above`` are the definitions that the schema is a part of.
        """
        if not isinstance(schema, Mapping):
            return schema is True
        for keyword, value in schema.items():
            match keyword:
                case "$ref":
                    name = value.removeprefix("#/$defs/")
                    inner = self._root.get("$defs", {}).get(name)
                    holds = name not in above and self._takes_text(inner, above | {name})
                case "type":
                    holds = "string" in _listed(value)
                case "minLength":
                    holds = value <= 1
                case "anyOf":
                    holds = any(self._takes_text(branch, above) for branch in value)
                case "allOf":
                    holds = all(self._takes_text(branch, above) for branch in value)
                case _:
                    holds = keyword in _NOTES or keyword in _OF_OTHERS
            if not holds:
                return False
        return True

    def _condition(self, schema: Mapping[str, Any]) -> Check:
        condition = self.check(schema["if"])
        then = self.check(schema.get("then", True))
        otherwise = self.check(schema.get("else", True))
        return lambda node: then(node) if condition(node) else otherwise(node)


_OF_KEYS: Final = ("properties", "additionalProperties", "required")
# Keywords that no text has to care about.
_OF_OTHERS: Final = frozenset({*_OF_KEYS, "items", "minItems", "maxItems"}) | {
    "minProperties",
    "maxProperties",
}


def _listed(types: str | Sequence[str]) -> Sequence[str]:
    return [types] if isinstance(types, str) else types


def _is_of_texts(schema: Mapping[str, Any]) -> bool:
    """Whether a schema lists texts, which then are of the right type."""
    listed = schema.get("enum", ())
    return bool(listed) and "string" in _listed(schema["type"]) and _are_texts(listed)


def _are_texts(values: Sequence[Any]) -> bool:
    return all(type(value) is str for value in values)


def _is_text(node: Scalar) -> bool:
    """Whether a value is a text that is not empty, by a look at its beginning; False may mean yes.

    Most values are, and most need no longer look.
    """
    text = node.text
    return text != "" and (node.style != "plain" or not may_resolve(text))


def _open_keys(known: Mapping[str, Check], required: frozenset[str]) -> Check:
    """A test of the values of some keys, whatever the others are."""

    def check(node: Node) -> bool:
        if type(node) is not MappingNode:
            return True
        members = node.members
        for key, inner in known.items():
            entry = members.get(key)
            if entry is not None and not inner(entry[1]):
                return False
        return required <= members.keys()

    return check


def _all(checks: Sequence[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]
    if len(checks) == 2:
        one, other = checks
        return lambda node: one(node) and other(node)

    def every(node: Node) -> bool:
        for check in checks:  # noqa: SIM110  # half as long as a generator takes
            if not check(node):
                return False
        return True

    return every


def _any(checks: Sequence[Check]) -> Check:
    def some(node: Node) -> bool:
        for check in checks:  # noqa: SIM110  # as above
            if check(node):
                return True
        return False

    return some


def _type(names: Sequence[str]) -> Check:
    mapping, sequence = "object" in names, "array" in names
    text, boolean, null = "string" in names, "boolean" in names, "null" in names
    number, integer = "number" in names, "integer" in names

    def check(node: Node) -> bool:
        kind = type(node)
        if kind is MappingNode:
            return mapping
        if kind is SequenceNode:
            return sequence
        assert isinstance(node, Scalar)
        value = node.value
        if type(value) is str:
            return text
        if value is None:
            return null
        if value is True or value is False:
            return boolean
        return number or (integer and value % 1 == 0)

    return check


def _items(item: Check) -> Check:
    def check(node: Node) -> bool:
        return type(node) is not SequenceNode or all(map(item, node.items))

    return check


def _text(holds: Callable[[str], bool]) -> Check:
    def check(node: Node) -> bool:
        if type(node) is not Scalar:
            return True
        value = node.value
        return type(value) is not str or holds(value)

    return check


def _size(kind: type, size: int, *, at_most: bool) -> Check:
    def check(node: Node) -> bool:
        if type(node) is not kind:
            return True
        count = len(node if isinstance(node, MappingNode) else node.items)  # type: ignore[union-attr]  # no scalar
        return count <= size if at_most else count >= size

    return check


def _enum(values: Sequence[Any]) -> Check:
    if not all(type(value) in (str, int) for value in values):
        raise _UnknownError("enum")
    if _are_texts(values):
        texts = frozenset(values)
        return lambda node: type(node) is Scalar and node.text in texts and node.text == node.value

    def check(node: Node) -> bool:
        if type(node) is not Scalar:
            return False
        found = node.value
        return any(type(found) is type(value) and found == value for value in values)

    return check
