"""The wording of what is wrong with requests and with the schemas that describe them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evaluator.diagnostics import Diagnostic, did_you_mean, shortened
from evaluator.language.values import INT_MAX, INT_MIN
from evaluator.source import Span

__all__: list[str] = []  # every function here is for this package


def shown(value: Any) -> str:
    """A JSON value in a message: what kind of thing it is, and the thing where it is short."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'the string "{shortened(str.__str__(value))}"'
    if isinstance(value, int) and not INT_MIN <= value <= INT_MAX:
        return "an integer outside the 64-bit range"  # Python refuses to write very long ones
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, (list, tuple)):
        return "a list"
    if hasattr(value, "keys"):
        return "an object"
    return f"a Python {type(value).__name__}"


def shown_with_size(value: Any) -> str:
    """A list or an object in a message about how much is in it."""
    what = "properties" if hasattr(value, "keys") else "items"
    return f"{shown(value)} of {len(value)} {what}"


def _envelope(message: str, help: str, code: str = "EVL605") -> Diagnostic:
    return Diagnostic(code, message, None, help)


_SHAPE = (
    "a request has subject {type, id}, action {name}, resource {type, id} and, if need be, context"
)


def missing(pointer: str) -> Diagnostic:
    return _envelope(f"`{pointer}` is missing", _SHAPE)


def not_an_object(pointer: str, value: Any) -> Diagnostic:
    what = f"`{pointer}`" if pointer else "the request"
    return _envelope(f"{what} must be an object, not {shown(value)}", _SHAPE)


def not_a_text(pointer: str, value: Any) -> Diagnostic:
    return _envelope(f"`{pointer}` must be a string, not {shown(value)}", _SHAPE)


def not_an_instant(pointer: str, value: Any) -> Diagnostic:
    return _envelope(
        f"`{pointer}` must be a moment with its offset from UTC, not {shown(value)}",
        "write RFC 3339 such as 2026-03-03T09:00:00Z or 2026-03-03T10:00:00.5+01:00",
        "EVL606",
    )


def schema_not_an_object(span: Span, what: str) -> Diagnostic:
    return Diagnostic("EVL502", f"{what} must be an object", span, "write `{...}`")


def schema_value(span: Span, keyword: str, wanted: str) -> Diagnostic:
    return Diagnostic("EVL502", f"`{keyword}` must be {wanted}", span, "see JSON Schema 2020-12")


def keyword_unsupported(span: Span, keyword: str, known: Iterable[str]) -> Diagnostic:
    known = sorted(known)
    guess = did_you_mean(keyword, known)
    help = f"did you mean `{guess}`?" if guess else "the keywords are " + ", ".join(known)
    return Diagnostic(
        "EVL503", f"`{keyword}` is not a keyword that request schemas may use", span, help
    )


def keyword_misplaced(span: Span, keyword: str, why: str, cure: str) -> Diagnostic:
    return Diagnostic("EVL503", f"`{keyword}` cannot be used here: {why}", span, cure)


def keyword_of_other_type(span: Span, keyword: str, type_: str) -> Diagnostic:
    return schema_value(span, keyword, f"left out: it says nothing of {type_}")


def keyword_without_type(span: Span, keyword: str, types: Iterable[str]) -> Diagnostic:
    return keyword_misplaced(
        span,
        keyword,
        "it says nothing of values of other types, and there is no `type`",
        "write " + " or ".join(f'`"type": "{type_}"`' for type_ in types) + " beside it",
    )


def keyword_beside_reference(span: Span, keyword: str) -> Diagnostic:
    return keyword_misplaced(
        span,
        keyword,
        "beside `$ref` there are only `default` and words that describe",
        "write it where the reference leads, or spell the schema out",
    )


def keyword_beside_format(span: Span, keyword: str, format_: str) -> Diagnostic:
    return keyword_misplaced(
        span,
        keyword,
        f"a {format_} is read as a value of its own, which is no text",
        "leave out one of the two",
    )


def keyword_of_envelope(span: Span, keyword: str, what: str) -> Diagnostic:
    if keyword == "default":
        why = f"`{what}` counts as {{}} where it is absent"
        return keyword_misplaced(span, keyword, why, "give the attributes in it defaults")
    why = f"`{what}` is of the envelope, which AuthZEN describes"
    return keyword_misplaced(span, keyword, why, "say it of the attributes in it")


def enumerated_container(span: Span, keyword: str, type_: str) -> Diagnostic:
    return keyword_misplaced(
        span,
        keyword,
        f"whole values of type {type_} are not compared",
        "enumerate the values of what is in it",
    )


def member_unknown(span: Span, name: str, guess: str) -> Diagnostic:
    return Diagnostic(
        "EVL503", f"`{name}` is not a part of requests", span, f"did you mean `{guess}`?"
    )


def nested_too_deeply(span: Span, levels: int) -> Diagnostic:
    return Diagnostic(
        "EVL502",
        f"the schema describes more than {levels} levels of objects and lists in each other",
        span,
        "spell out the levels that expressions read, and leave the rest open",
    )


def not_of_the_type(span: Span, wanted: str) -> Diagnostic:
    return Diagnostic(
        "EVL502",
        f"this value is not {wanted}, as `type` and `format` want it",
        span,
        "change one of them",
    )


def enum_and_const_disagree(span: Span) -> Diagnostic:
    return Diagnostic(
        "EVL502", "no value is in both `enum` and `const`", span, "leave out one of the two"
    )


def reference_unknown(span: Span, reference: str) -> Diagnostic:
    return Diagnostic(
        "EVL504",
        f"`{reference}` leads nowhere",
        span,
        "references stay in the file: `#/$defs/name`",
    )


def reference_cycle(span: Span, reference: str) -> Diagnostic:
    return Diagnostic(
        "EVL504",
        f"`{reference}` leads back to itself",
        span,
        "a request's types have an end; spell out the levels that there are",
    )


def default_invalid(span: Span, why: str) -> Diagnostic:
    return Diagnostic(
        "EVL505", f"this default does not satisfy its own schema: {why}", span, "change one of them"
    )


def constrains_envelope(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "EVL506",
        f"a request schema says nothing of `{name}`, which is part of the envelope",
        span,
        "choose by type and action with `applies_to`, by id in a condition; remove it here",
    )


def optional_and_nullable(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "EVL507",
        f"`{name}` may be both absent and null, two ways to say one thing",
        span,
        "list it in `required`, or take `null` out of its type",
    )


def nullable_in_items(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "EVL507",
        f"`{name}` may be both absent and null in the items of a list, where defaults are not "
        "filled in",
        span,
        "list it in `required`, or take `null` out of its type",
    )


def bad_pattern(span: Span, pattern: str, reason: str) -> Diagnostic:
    return Diagnostic(
        "EVL508",
        f"`{shortened(pattern)}` is no pattern of RE2: {reason}",
        span,
        "RE2 has no look-around and no back-references",
    )


def format_unknown(span: Span, name: str) -> Diagnostic:
    return Diagnostic(
        "EVL509",
        f"the format `{name}` is not known",
        span,
        "the formats are date-time and duration; use `pattern` for others",
    )


def type_unknown(span: Span, name: str) -> Diagnostic:
    known = ("string", "integer", "number", "boolean", "array", "object", "null")
    guess = did_you_mean(name, known)
    help = f"did you mean `{guess}`?" if guess else "the types are " + ", ".join(known)
    return Diagnostic("EVL510", f"`{name}` is not a type", span, help)


def type_list(span: Span) -> Diagnostic:
    return Diagnostic(
        "EVL510",
        "of several types one must be null, and there are two in all",
        span,
        'write one type, or [T, "null"]',
    )


def required_unknown(span: Span, name: str, known: Iterable[str]) -> Diagnostic:
    guess = did_you_mean(name, known)
    help = f"did you mean `{guess}`?" if guess else "declare it under `properties`"
    return Diagnostic("EVL502", f"`{name}` is required but not declared", span, help)


def unknown_path(path: str, why: str, help: str | None) -> Diagnostic:
    """A path that was said to be unknown, and is no attribute or has to be known."""
    return Diagnostic("EVL610", f"`{path}` {why}", None, help)
