"""Schemas of values without parts: their types, formats, bounds and enumerations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from evaluator.diagnostics import Diagnostic
from evaluator.documents.nodes import Mapping as Object
from evaluator.documents.nodes import Node, Scalar, to_python
from evaluator.documents.nodes import Sequence as List
from evaluator.language import types
from evaluator.language.regex import compile_pattern, objection
from evaluator.language.types import EnumType, NullableType, Type
from evaluator.language.values import ABSENT, ErrorValue, equal, from_host
from evaluator.policy import conversions, schema_checks
from evaluator.policy import request_problems as problems
from evaluator.policy.schema_keywords import FORMATS
from evaluator.policy.shapes import ANYTHING, Check, Leaf, Shape

__all__ = ["sizes", "value_shape"]

Say = Callable[[Diagnostic], None]
_Kind = tuple[Type, str, Callable[[Any], Any]]

_KINDS: Final[Mapping[str, _Kind]] = {
    "string": (types.STRING, "a string", conversions.to_text),
    "integer": (types.INT, "an integer", conversions.to_int),
    "number": (types.DOUBLE, "a number", conversions.to_double),
    "boolean": (types.BOOL, "true or false", conversions.to_bool),
    "null": (types.NULL, "null", conversions.to_null),
    "date-time": (
        types.TIMESTAMP,
        "an RFC 3339 moment with its offset from UTC",
        conversions.to_timestamp,
    ),
    "duration": (
        types.DURATION,
        "an ISO 8601 duration without years and months",
        conversions.to_duration,
    ),
}
_ANY: Final[_Kind] = (types.DYN, "a JSON value", from_host)


def value_shape(schema: Object, type_: str | None, nullable: bool, say: Say) -> Shape:
    """The shape of a schema for values of a type without parts, or of any type (None)."""
    kind = _KINDS.get(type_ or "", _ANY)
    entry = schema.entry("format") if type_ == "string" else None
    if entry is not None:
        name = entry[1].text if isinstance(entry[1], Scalar) else ""
        if name in FORMATS:
            kind = _KINDS[name]
        else:
            say(problems.format_unknown(entry[1].span, name))
    checks: list[Check] = []
    if kind[0] == types.STRING:
        checks += _text_checks(schema, say)
    elif type_ in ("integer", "number"):
        checks += _bounds(schema, kind[1], say)
    literals = _literals(schema, say)
    if literals:
        return _enumerated(literals, kind, type_, nullable, checks, say)
    if type_ is None:
        return ANYTHING
    own, wanted, convert = kind
    return Leaf(_or_null(own, nullable), wanted, convert, tuple(checks), nullable)


def _or_null(type_: Type, nullable: bool) -> Type:
    return NullableType(type_) if nullable else type_


# Enumerations


def _literals(schema: Object, say: Say) -> Sequence[Node]:
    """The values of ``enum`` and ``const`` as they are written; none when there is neither."""
    enum, const = schema.get("enum"), schema.get("const")
    values: Sequence[Node] = ()
    if isinstance(enum, List) and enum.items:
        values = enum.items
    elif enum is not None:
        say(problems.schema_value(enum.span, "enum", "a list of values"))
    if const is None:
        return values
    if values and not any(_same(value, const) for value in values):
        say(problems.enum_and_const_disagree(const.span))
    return (const,)


def _same(one: Node, other: Node) -> bool:
    return equal(from_host(to_python(one)), from_host(to_python(other)))


def _enumerated(
    literals: Sequence[Node],
    kind: _Kind,
    type_: str | None,
    nullable: bool,
    checks: Sequence[Check],
    say: Say,
) -> Shape:
    """The shape of one of some values; null is among them only where it is written out."""
    written = [(node, to_python(node)) for node in literals]
    admits_null = nullable or type_ in (None, "null")
    null = admits_null and any(value is None for _, value in written)
    others = [(node, value) for node, value in written if value is not None or not admits_null]
    if type_ is None:
        kind = _common_kind([value for _, value in others])
    own, wanted, convert = kind
    values: list[Any] = []
    for node, raw in others:
        value = convert(raw)
        if value is ABSENT or isinstance(value, ErrorValue):
            say(problems.not_of_the_type(node.span, wanted))
        elif not any(equal(value, other) for other in values):
            values.append(value)
    if not values:
        return Leaf(*(_KINDS["null"] if null else kind), tuple(checks))
    if own == types.STRING:
        own = EnumType(tuple(values))
    check = schema_checks.OneOf(values, null=null)
    return Leaf(_or_null(own, null), wanted, convert, (*checks, check), null)


def _common_kind(values: Sequence[Any]) -> _Kind:
    """The kind that all the values of an enumeration without ``type`` are of, else any."""
    for name in ("string", "boolean", "integer", "number"):
        convert = _KINDS[name][2]
        if values and all(convert(value) is not ABSENT for value in values):
            return _KINDS[name]
    return _ANY


# Texts, numbers, sizes


def _text_checks(schema: Object, say: Say) -> list[Check]:
    checks = sizes(schema, ("minLength", "maxLength"), ("a string", "character"), say)
    node = schema.get("pattern")
    if node is not None:
        text = node.text if isinstance(node, Scalar) else "{}"
        compiled = compile_pattern(text) if isinstance(node, Scalar) else None
        if compiled is None:
            say(problems.bad_pattern(node.span, text, objection(text) or "it is no text"))
        else:
            checks.append(schema_checks.like(text, compiled))
    return checks


def _bounds(schema: Object, wanted: str, say: Say) -> list[Check]:
    checks: list[Check] = []
    for keyword in schema_checks.BOUNDS:
        node = schema.get(keyword)
        if node is None:
            continue
        limit = node.value if isinstance(node, Scalar) else None
        if isinstance(limit, bool) or not isinstance(limit, (int, float)):
            say(problems.schema_value(node.span, keyword, "a number"))
        else:
            checks.append(schema_checks.Bound(keyword, limit, wanted))
    return checks


def sizes(
    schema: Object, keywords: tuple[str, str], words: tuple[str, str], say: Say
) -> list[Check]:
    """The checks of the least and the most that may be in a value.

    ``words`` are for the value, "a list", and for one of what is in it, "item".
    """
    checks: list[Check] = []
    for keyword, at_most in zip(keywords, (False, True), strict=True):
        node = schema.get(keyword)
        if node is None:
            continue
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < 0 or value % 1:
            say(problems.schema_value(node.span, keyword, "an integer of at least 0"))
        else:
            checks.append(schema_checks.Size(int(value), *words, at_most))
    return checks
