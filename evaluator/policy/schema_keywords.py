"""The keywords that request schemas may use, where each may stand, and whether its value is one.

A keyword that we do not carry is an error, and so is one that would say nothing where it stands: a
policy must not believe that something is verified which is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from evaluator.diagnostics import Diagnostic, did_you_mean
from evaluator.documents.nodes import Mapping as Object
from evaluator.documents.nodes import Node, Scalar
from evaluator.documents.nodes import Sequence as List
from evaluator.policy import request_problems as problems

__all__ = ["BY_TYPE", "FORMATS", "KEYWORDS", "envelope_problems", "keyword_problems"]

FORMATS: Final[Mapping[str, str]] = {"date-time": "moment", "duration": "duration"}
"""The formats of strings, with what each is called in messages."""

_STRINGS: Final = frozenset({"minLength", "maxLength", "pattern", "format"})
_NUMBERS: Final = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"})
_LISTS: Final = frozenset({"items", "minItems", "maxItems", "uniqueItems"})
_OBJECTS: Final = frozenset(
    {"properties", "required", "additionalProperties", "minProperties", "maxProperties"}
)
BY_TYPE: Final[Mapping[str, frozenset[str]]] = {
    "string": _STRINGS,
    "integer": _NUMBERS,
    "number": _NUMBERS,
    "boolean": frozenset(),
    "null": frozenset(),
    "array": _LISTS,
    "object": _OBJECTS,
}
"""What may be said of values of each type."""

# Words that describe and constrain nothing, with the JSON types of their values.
_NOTES: Final = {
    **dict.fromkeys(("$schema", "$id", "$comment", "title", "description"), "a string"),
    "examples": "a list",
    "deprecated": "true or false",
}
_VALUES: Final = frozenset({"enum", "const"})
_ANYWHERE: Final = frozenset({"type", "default", "$ref", "$defs"}) | _VALUES | _NOTES.keys()
KEYWORDS: Final = _ANYWHERE.union(*BY_TYPE.values())
"""Every keyword that a request schema may use."""

# In the schemas of the envelope, `required` and `additionalProperties` are let be: the decision
# sees to the envelope itself, and fields of it that nobody knows are ignored (AuthZEN 1.0).
_OF_ENVELOPE: Final = _NOTES.keys() | {"type", "$ref", "$defs", *_OBJECTS} - {
    "minProperties",
    "maxProperties",
}
_BESIDE_REFERENCE: Final = _NOTES.keys() | {"$ref", "$defs", "default"}
_BESIDE_FORMAT: Final = frozenset({"minLength", "maxLength", "pattern"})


def keyword_problems(schema: Object, type_: str | None) -> Iterator[Diagnostic]:
    """What is wrong with the keywords of a schema for values of a type (None: it names none)."""
    format_ = schema.get("format") if type_ == "string" else None
    format_name = FORMATS.get(format_.text) if isinstance(format_, Scalar) else None
    for key, value in schema.entries:
        word, span = key.text, key.span
        if word not in KEYWORDS:
            yield problems.keyword_unsupported(span, word, KEYWORDS)
        elif "$ref" in schema:
            if word not in _BESIDE_REFERENCE:
                yield problems.keyword_beside_reference(span, word)
        elif word not in _ANYWHERE:
            if type_ is None:
                types = [name for name, words in BY_TYPE.items() if word in words]
                yield problems.keyword_without_type(span, word, types)
            elif word not in BY_TYPE[type_]:
                yield problems.keyword_of_other_type(span, word, type_)
            elif format_name and word in _BESIDE_FORMAT:
                yield problems.keyword_beside_format(span, word, format_name)
        elif word in _VALUES and type_ in ("array", "object"):
            yield problems.enumerated_container(span, word, type_)
        yield from _note_problems(word, value)


def envelope_problems(schema: Object, what: str, known: Sequence[str]) -> Iterator[Diagnostic]:
    """What is wrong with the schema of the request, or of a part of it, as an envelope.

    ``known`` are the names of its members; what looks like one of them is one misspelt.
    """
    for key, value in schema.entries:
        if key.text not in KEYWORDS:
            yield problems.keyword_unsupported(key.span, key.text, KEYWORDS)
        elif "$ref" in schema and key.text not in _BESIDE_REFERENCE - {"default"}:
            yield problems.keyword_beside_reference(key.span, key.text)
        elif key.text not in _OF_ENVELOPE:
            yield problems.keyword_of_envelope(key.span, key.text, what)
        elif key.text == "type" and not (isinstance(value, Scalar) and value.text == "object"):
            yield problems.schema_value(value.span, "type", '`"object"` here')
        yield from _note_problems(key.text, value)
    declared = schema.get("properties")
    if declared is not None and not isinstance(declared, Object):
        yield problems.schema_not_an_object(declared.span, "`properties`")
    for key, _ in declared.entries if isinstance(declared, Object) else ():
        guess = did_you_mean(key.text, known) if key.text not in known else None
        if guess is not None:
            yield problems.member_unknown(key.span, key.text, guess)


def _note_problems(word: str, value: Node) -> Iterator[Diagnostic]:
    wanted = _NOTES.get(word)
    if wanted is not None and _kind(value) != wanted:
        yield problems.schema_value(value.span, word, wanted)


def _kind(node: Node) -> str:
    if isinstance(node, Scalar):
        if isinstance(node.value, bool):
            return "true or false"
        return "a string" if isinstance(node.value, str) else "another scalar"
    return "a list" if isinstance(node, List) else "an object"
