"""The wording of everything that checking can find wrong with an expression."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from evaluator.diagnostics import Diagnostic, Edit, Fix, Note, Severity, did_you_mean, shortened
from evaluator.language.functions.registry import Registry
from evaluator.source import Span

__all__ = [
    "alternatives",
    "attribute_undeclared",
    "attribute_unknown",
    "call_fails",
    "condition_constant",
    "enum_value_not_allowed",
    "enum_value_unknown",
    "function_unknown",
    "key_missing",
    "message_unsupported",
    "name_undeclared",
    "nullable_unguarded",
    "optional_unguarded",
    "pattern_bad",
    "quoted",
    "structure_as_value",
    "too_deep",
    "word_for_text",
]


def alternatives(words: Iterable[str], last: str = "or", limit: int = 8) -> str:
    """``a, b or c``."""
    found = list(dict.fromkeys(words))
    if len(found) > limit:
        return ", ".join(found[:limit]) + f" {last} {len(found) - limit} more"
    return ", ".join(found[:-1]) + f" {last} {found[-1]}" if len(found) > 1 else "".join(found)


def quoted(words: Iterable[str]) -> list[str]:
    """Words in backquotes."""
    return [f"`{word}`" for word in words]


def _strings(values: Iterable[str]) -> list[str]:
    return [f'`"{value}"`' for value in values]


def _replacing(span: Span, text: str) -> Fix:
    return Fix(f"write `{text}`", (Edit(span, text),))


# Names

# What a literal is called elsewhere.
_FOREIGN_LITERALS: Final = {
    "True": "true",
    "TRUE": "true",
    "False": "false",
    "FALSE": "false",
    "None": "null",
    "Null": "null",
    "NULL": "null",
    "nil": "null",
    "undefined": "null",
}


def name_undeclared(
    span: Span,
    name: str,
    known: Iterable[str],
    attributes: Mapping[str, Sequence[str]],
    functions: Registry,
) -> Diagnostic:
    """EVL301. ``attributes`` are those of each structure: one of them may have been meant."""
    message = f"`{name}` is not declared"
    owners = [f"{root}.{name}" for root, fields in attributes.items() if name in fields]
    if owners:
        help = f"did you mean {alternatives(quoted(owners))}?"
        fix = _replacing(span, owners[0]) if len(owners) == 1 else None
        return Diagnostic("EVL301", message, span, help, fix=fix)
    literal = _FOREIGN_LITERALS.get(name)
    if literal is not None:
        fix = _replacing(span, literal)
        return Diagnostic("EVL301", message, span, f"write `{literal}`", fix=fix)
    meant = did_you_mean(name, [*known, *attributes])
    if meant is not None:
        return Diagnostic(
            "EVL301", message, span, f"did you mean `{meant}`?", fix=_replacing(span, meant)
        )
    if name in functions or name in ("timestamp", "duration", "dyn"):
        return Diagnostic("EVL301", message, span, f"it is a function: call it, `{name}(...)`")
    help = "a text stands in quotes"
    if attributes:
        structures = alternatives(quoted(f"{root}." for root in attributes))
        help += (
            f", an attribute of the request begins with {structures}; "
            "other names are declared in this file or imported"
        )
    return Diagnostic("EVL301", message, span, help)


def word_for_text(problem: Diagnostic, value: str) -> Diagnostic:
    """The undeclared name as the string of an enum, which it was compared with."""
    assert problem.span is not None
    return Diagnostic(
        problem.code,
        problem.message,
        problem.span,
        f'a text stands in quotes: `"{value}"`',
        fix=_replacing(problem.span, f'"{value}"'),
    )


def attribute_unknown(
    span: Span, owner: str, field: str, known: Sequence[str], elsewhere: Sequence[str]
) -> Diagnostic:
    """EVL302. ``elsewhere`` are other places, such as ``context.total``, that have such a field."""
    message = f"`{owner}.{field}` is not an attribute of `{owner}`"
    meant = did_you_mean(field, known)
    if meant is not None:
        return Diagnostic(
            "EVL302", message, span, f"did you mean `{meant}`?", fix=_replacing(span, meant)
        )
    if elsewhere:
        meant = alternatives(quoted(elsewhere))
        return Diagnostic("EVL302", message, span, f"did you mean {meant}?")
    if not known:
        return Diagnostic("EVL302", message, span, "it has no attributes")
    names = alternatives(quoted(sorted(known)), "and", 12)
    return Diagnostic("EVL302", message, span, f"its attributes are {names}")


def attribute_undeclared(span: Span, owner: str, field: str, meant: str) -> Diagnostic:
    """EVL302 as a warning: an open object may have the field, but a like one is declared."""
    return Diagnostic(
        "EVL302",
        f"the request schema does not declare `{owner}.{field}`, but it declares `{meant}`",
        span,
        f"did you mean `{meant}`?",
        fix=_replacing(span, meant),
        severity=Severity.WARNING,
    )


def structure_as_value(span: Span, text: str, fields: Sequence[str]) -> Diagnostic:
    """EVL310."""
    field = fields[0] if fields else "name"
    return Diagnostic(
        "EVL310",
        f"`{text}` is a structure of the request, not a value",
        span,
        f"select one of its attributes, as in `{text}.{field}`",
    )


# Functions

# What a function is called elsewhere.
_FOREIGN: Final = {
    "len": "`size(x)`",
    "length": "`x.size()`",
    "count": "`x.size()`, or `list.filter(x, condition).size()`",
    "lower": "`x.lowerAscii()`",
    "toLowerCase": "`x.lowerAscii()`",
    "lowercase": "`x.lowerAscii()`",
    "upper": "`x.upperAscii()`",
    "toUpperCase": "`x.upperAscii()`",
    "uppercase": "`x.upperAscii()`",
    "includes": "`element in list`, or `text.contains(part)`",
    "has_key": "`key in map`",
    "startswith": "`x.startsWith(prefix)`",
    "endswith": "`x.endsWith(suffix)`",
    "any": "`list.exists(x, condition)`",
    "some": "`list.exists(x, condition)`",
    "every": "`list.all(x, condition)`",
    "str": "`string(x)`",
    "float": "`double(x)`",
    "max": "`math.greatest(a, b)`",
    "min": "`math.least(a, b)`",
    "abs": "`math.abs(x)`",
    "today": "`now`",
    "date": '`timestamp("2026-01-31T00:00:00Z")`',
    "orElse": "`x.orValue(default)`",
    "isPresent": "`x.hasValue()`",
    "strip": "`x.trim()`",
    "reduce": "`sum(list)`",
    "exists": "`list.exists(x, condition)`",
    "all": "`list.all(x, condition)`",
    "filter": "`list.filter(x, condition)`",
    "map": "`list.map(x, value)`",
    "has": "`has(a.b)`",
    "not": "`!(x)`",
}


def function_unknown(
    span: Span, name: str, member: bool, functions: Registry, *, exists: bool
) -> Diagnostic:
    """EVL303. ``exists`` when there is such a function that is called in the other way."""
    written = name.rsplit(".", 1)[-1]
    if exists:
        if member:
            message = f"`{written}` is not called on a value"
            return Diagnostic("EVL303", message, span, f"write `{written}(...)`")
        message = f"`{written}` is called on a value"
        return Diagnostic("EVL303", message, span, f"write `value.{written}(...)`")
    message = f"there is no function `{name}`"
    if written in _FOREIGN and written not in functions:
        return Diagnostic("EVL303", message, span, f"write {_FOREIGN[written]}")
    known = [
        function.name
        for function in functions
        if function.name[0].isalpha()
        and any(overload.member is member for overload in function.overloads)
    ]
    meant = did_you_mean(name, known)
    if meant is None:
        # A name without its namespace, as in greatest(a, b).
        meant = next((other for other in known if other.rsplit(".", 1)[-1] == name), None)
    if meant is None:
        return Diagnostic("EVL303", message, span, "the reference of functions lists all there are")
    namespace, dot, last = meant.rpartition(".")
    whole = name.startswith(f"{namespace}{dot}")
    fix = _replacing(span, last) if whole else None
    return Diagnostic("EVL303", message, span, f"did you mean `{meant}`?", fix=fix)


def call_fails(span: Span, text: str, message: str) -> Diagnostic:
    """EVL317: a call whose arguments are all written out, and which always ends in an error."""
    help = "correct the argument"
    if text.startswith("duration"):
        help = "write hours, minutes and seconds, as in `168h` or `1h30m`; there are no days"
    elif text.startswith("timestamp"):
        help = "write date, time and offset, as in `2026-03-01T12:00:00Z`"
    return Diagnostic("EVL317", f"`{text}` always fails: {message}", span, help)


def pattern_bad(span: Span, pattern: str, reason: str) -> Diagnostic:
    """EVL314."""
    return Diagnostic(
        "EVL314",
        f"`{shortened(pattern)}` is no regular expression: {reason}",
        span,
        "patterns are those of RE2, not too long, without look-around and back-references",
    )


# Values that may not be there


def optional_unguarded(
    span: Span, text: str, optional: str, *, note: str | None = None
) -> Diagnostic:
    """EVL308. ``optional`` is the same selection with ``.?``."""
    return Diagnostic(
        "EVL308",
        f"`{text}` may be absent",
        span,
        f"ask first, `has({text}) && ...`, or give a default, `{optional}.orValue(...)`",
        (Note(note),) if note else (),
    )


def nullable_unguarded(span: Span, text: str) -> Diagnostic:
    """EVL309."""
    return Diagnostic(
        "EVL309", f"`{text}` may be null", span, f"ask first: `{text} != null && ...`"
    )


def enum_value_unknown(
    span: Span,
    value: str,
    text: str,
    known: Sequence[str],
    *,
    in_list: bool,
    holder: str | None,
    edit: Span | None,
) -> Diagnostic:
    """EVL307: a comparison of ``text`` with a string that it never is, or has ``in_list``.

    ``holder`` is the constant that the string comes from, if it is not written at ``span``;
    ``edit`` the place of the string's characters, where they can be replaced.
    """
    help, fix = _among(value, known, edit)
    if in_list:
        message = f'`{text}` never has `"{value}"`'
    elif holder is not None:
        message = f'`{holder}` has `"{value}"`, which `{text}` never is'
    else:
        message = f'`{text}` is never `"{value}"`'
    return Diagnostic("EVL307", message, span, help, fix=fix)


def enum_value_not_allowed(
    span: Span, value: str, known: Sequence[str], edit: Span | None
) -> Diagnostic:
    """EVL307 for a value that is to have the type of an enum."""
    help, fix = _among(value, known, edit)
    message = f'`"{value}"` is none of the values it can have'
    return Diagnostic("EVL307", message, span, help, fix=fix)


def _among(value: str, known: Sequence[str], edit: Span | None) -> tuple[str, Fix | None]:
    meant = did_you_mean(value, known)
    if meant is None:
        return f"it is {alternatives(_strings(known), 'or', 12)}", None
    fix = _replacing(edit, meant) if edit is not None else None
    return f'did you mean `"{meant}"`?', fix


def key_missing(
    span: Span,
    text: str,
    missing: Sequence[str],
    keys: Iterable[str],
    *,
    declared: Span | None,
    edit: Span | None,
) -> Diagnostic:
    """EVL312: a table without an entry that it is asked for. ``edit`` is where its key is."""
    known = sorted(keys)
    entries = alternatives(_strings(missing), "and")
    meant = did_you_mean(missing[0], known)
    added = "it" if len(missing) == 1 else "them"
    help = f"add {added}, or look it up with `[?...]` and `.orValue(...)`"
    if meant is not None and len(missing) == 1:
        help = f'did you mean `"{meant}"`? Otherwise {help}'
    notes = (Note(f"`{text}` is declared here", declared),) if declared is not None else ()
    fix = _replacing(edit, meant) if meant is not None and edit is not None else None
    return Diagnostic("EVL312", f"`{text}` has no entry for {entries}", span, help, notes, fix)


# The rest


def condition_constant(span: Span, value: bool | None, part: str | None = None) -> Diagnostic:
    """EVL311. ``value`` if it is known; ``part`` the operator that it is an operand of."""
    if part is not None:
        decides = (part == "||") == value
        written = "true" if value else "false"
        message = (
            f"`{written}` makes the whole `{part}` always {written}"
            if decides
            else f"`{written}` changes nothing in `{part}`"
        )
        return Diagnostic("EVL311", message, span, "leave it out")
    if value is not None:
        message = f"this condition is always {'true' if value else 'false'}"
    else:
        message = "this condition depends on constants alone, so it is always the same"
    help = (
        "leave `when` out where a rule always applies"
        if value
        else "a condition reads the request, or `now`"
    )
    return Diagnostic("EVL311", message, span, help)


def never(span: Span, text: str, value: bool, because: Span | None) -> Diagnostic:
    """EVL311. Of a part that is never ``value``, which ``because`` has settled before."""
    never, always = ("true", "false") if value else ("false", "true")
    notes = () if because is None else (Note("this part leaves nothing else over", because),)
    return Diagnostic(
        "EVL311",
        f"`{text}` is never {never} here",
        span,
        f"the whole is {always} or fails; correct one of the parts, or leave it out",
        notes,
    )


def message_unsupported(span: Span, name: str) -> Diagnostic:
    """EVL313."""
    return Diagnostic(
        "EVL313",
        f"`{name}{{...}}` makes a protocol buffer message, which policies have none of",
        span,
        'write a map: `{"field": value}`',
    )


def too_deep(span: Span) -> Diagnostic:
    """EVL207 for a tree that is deeper than the parser lets through."""
    return Diagnostic(
        "EVL207", "the expression is nested too deep to be checked", span, "split it into variables"
    )
