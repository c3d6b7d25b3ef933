"""The wording of what checking can find wrong with types: overloads, conditions, mixed values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from evaluator.diagnostics import Diagnostic, Note
from evaluator.language.check_problems import alternatives, quoted
from evaluator.language.functions.registry import Overload
from evaluator.language.types import (
    DOUBLE,
    DURATION,
    INT,
    NULL,
    STRING,
    TIMESTAMP,
    UINT,
    EnumType,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    OptionalType,
    Type,
    TypeParameter,
    TypeType,
)
from evaluator.source import Span

__all__ = [
    "branches_differ",
    "condition_expected",
    "entry_expected",
    "format_argument",
    "in_words",
    "key_type",
    "key_without_order",
    "never_null",
    "no_fields",
    "no_overload",
    "number_expected",
    "operand_no_condition",
    "optional_expected",
    "range_expected",
    "type_expected",
]


def in_words(type_: Type) -> str:
    """A type as a message names it, in backquotes where it is CEL."""
    if isinstance(type_, ObjectType):
        return "an object"
    if isinstance(type_, NullableType):
        return f"{in_words(type_.value)} or null"
    if type_ == NULL:
        return "null"
    if isinstance(type_, TypeType):
        return "a type"
    if isinstance(type_, ListType) and isinstance(type_.element, ObjectType):
        return "a list of objects"
    if isinstance(type_, TypeParameter):
        return "a value"
    return f"`{type_}`"


_WORDS: Final = {
    "@in": "in",
    "!_": "!",
    "-_": "-",
    "_[_]": "[...]",
    "_[?_]": "[?...]",
}


def _written(function: str) -> str:
    """How a function or operator is written."""
    if function in _WORDS:
        return _WORDS[function]
    return function.strip("_") if function.startswith("_") else function


def _form(function: str, overload: Overload) -> str:
    """An overload as one would write it with types for values: ``int + int``."""
    types = [_plain(type_) for type_ in overload.parameters]
    if function in ("!_", "-_"):
        return f"{_written(function)}{types[0]}"
    if function in ("_[_]", "_[?_]"):
        return f"{types[0]}[{'?' if '?' in function else ''}{types[1]}]"
    if not function[0].isalpha() and len(types) == 2:
        return f"{types[0]} {_written(function)} {types[1]}"
    if overload.member:
        return f"{types[0]}.{function}({', '.join(types[1:])})"
    return f"{function}({', '.join(types)})"


def _plain(type_: Type) -> str:
    if isinstance(type_, TypeParameter):
        return "value"
    if isinstance(type_, ListType) and isinstance(type_.element, TypeParameter):
        return "list"
    if isinstance(type_, MapType) and isinstance(type_.key, TypeParameter):
        return "map"
    if isinstance(type_, OptionalType) and isinstance(type_.value, TypeParameter):
        return "optional"
    return str(type_)


_NUMBERS: Final = frozenset({INT, UINT, DOUBLE})


def no_overload(
    span: Span, function: str, arguments: Sequence[Type], overloads: Sequence[Overload]
) -> Diagnostic:
    """EVL304. ``overloads`` are those of the function in the way it is called."""
    name = _written(function)
    member = any(overload.member for overload in overloads)
    counts = sorted({len(overload.parameters) - member for overload in overloads})
    given = len(arguments) - member
    fitting = [item for item in overloads if len(item.parameters) == len(arguments)]
    if not fitting:
        wanted = alternatives(map(str, counts))
        plural = "" if counts == [1] else "s"
        return Diagnostic(
            "EVL304",
            f"`{name}` takes {wanted} argument{plural}, and {given or 'none'} "
            f"{'is' if given < 2 else 'are'} given",
            span,
            f"write {alternatives(quoted(_form(function, item) for item in overloads))}",
        )
    found = alternatives(map(in_words, arguments), "and")
    if len(arguments) > 1 and len(set(map(in_words, arguments))) == 1:
        found = f"two of {found}" if len(arguments) == 2 else found
    message = f"`{name}` cannot be applied to {found}"
    hint = _hint(function, arguments)
    # What takes one of the arguments as it is helps more than the rest.
    near = [
        item
        for item in fitting
        if any(pair[0] == pair[1] for pair in zip(item.parameters, arguments, strict=True))
    ]
    forms = alternatives(quoted(_form(function, item) for item in near or fitting))
    if function in ("_==_", "_!=_"):
        help = hint or "both sides have to be of one type; values of two types are never equal"
    else:
        help = f"{hint}; it takes {forms}" if hint else f"it takes {forms}"
    return Diagnostic("EVL304", message, span, help)


def _hint(function: str, arguments: Sequence[Type]) -> str | None:
    """What helps with a pair of types that people often mix up."""
    types = set(arguments)
    if any(isinstance(type_, OptionalType) for type_ in arguments) and len(arguments) > 1:
        return "take the value out of the optional with `.orValue(default)`"
    if len(types & _NUMBERS) == 2:
        return "convert one of them, as in `double(x)` or `int(x)`"
    if len(arguments) != 2:
        return None
    texts = [isinstance(type_, EnumType) or type_ == STRING for type_ in arguments]
    if function == "_[_]" and texts[0]:
        return "take a letter of a text with `text.charAt(0)`"
    if any(texts):
        other = arguments[texts.index(True) - 1]
        if other == TIMESTAMP:
            return 'make the text a timestamp with `timestamp("...")`'
        if other == DURATION:
            return 'make the text a duration with `duration("...")`'
        if other in _NUMBERS:
            if function == "_+_":
                return "make the number a text with `string(x)`"
            return f"make the text a number with `{other}(x)`, or write the number without quotes"
    if types & {TIMESTAMP, DURATION} and types & _NUMBERS:
        return 'a length of time is written `duration("24h")`'
    return None


def never_null(span: Span, text: str, type_: Type, *, optional: bool) -> Diagnostic:
    """EVL304 for a comparison with null of what is never null."""
    if optional:
        return Diagnostic(
            "EVL304",
            f"`{text}` is never null: it is an optional, which may be empty",
            span,
            f"ask with `{text}.hasValue()`",
        )
    return Diagnostic(
        "EVL304",
        f"`{text}` is never null: it is {in_words(type_)}",
        span,
        "ask with `has(...)` whether an attribute is there",
    )


def condition_expected(span: Span, type_: Type) -> Diagnostic:
    """EVL305."""
    hint = "compare it with something, as in `a == b`"
    plain = type_.value if isinstance(type_, NullableType) else type_
    if isinstance(type_, OptionalType):
        hint = "ask `.hasValue()`, or take the value with `.orValue(false)`"
    elif isinstance(type_, ListType):
        hint = "ask `list.size() > 0` or `list.exists(x, condition)`"
    elif plain == STRING or isinstance(plain, EnumType):
        hint = 'compare it with a text, as in `a == "text"`'
    return Diagnostic(
        "EVL305",
        f"a condition is true or false, and this is {in_words(type_)}",
        span,
        hint,
    )


def operand_no_condition(span: Span, operator: str, type_: Type) -> Diagnostic:
    """EVL306 for an operand of ``&&``, ``||`` or ``?:``, or the predicate of a macro."""
    hint = "compare it with something, as in `a == b`"
    if isinstance(type_, OptionalType):
        hint = "ask `.hasValue()`, or take the value with `.orValue(false)`"
    return Diagnostic(
        "EVL306",
        f"`{operator}` needs a condition here, and this is {in_words(type_)}",
        span,
        hint,
    )


def type_expected(span: Span, expected: Type, found: Type) -> Diagnostic:
    """EVL306 for the value of the whole expression."""
    help = None
    if isinstance(found, OptionalType):
        help = "take the value out of the optional with `.orValue(default)`"
    elif {expected, found} <= _NUMBERS:
        help = f"convert it with `{expected}(...)`"
    elif expected == STRING:
        help = "convert it with `string(...)`, or put the text in quotes"
    wanted, given = in_words(expected), in_words(found)
    if isinstance(expected, EnumType):
        wanted = alternatives((f'`"{value}"`' for value in expected.values), "or", 12)
        if found == STRING or isinstance(found, EnumType):
            given = "another text" if isinstance(found, EnumType) else "any text"
            help = "write one of them, or choose between them with `? :`"
    return Diagnostic("EVL306", f"{wanted} is expected, and this is {given}", span, help)


def branches_differ(span: Span, then: Type, otherwise: Type, then_span: Span) -> Diagnostic:
    """EVL306 for a conditional."""
    return Diagnostic(
        "EVL306",
        f"the two sides of `? :` differ: {in_words(then)} and {in_words(otherwise)}",
        span,
        "give both one type; `dyn(...)` around one allows any",
        (Note(f"the other side is {in_words(then)}", then_span),),
    )


def range_expected(span: Span, macro: str, type_: Type) -> Diagnostic:
    """EVL306 for what a macro goes through."""
    if macro.startswith("opt"):
        wanted, help = "an optional", "an optional is what `a.?b` and `list[?0]` give"
    else:
        wanted, help = "a list or map", None
        if isinstance(type_, OptionalType):
            help = "take the value out of the optional with `.orValue([])`"
    return Diagnostic(
        "EVL306", f"`{macro}` goes through {wanted}, and this is {in_words(type_)}", span, help
    )


def optional_expected(span: Span, what: str, type_: Type) -> Diagnostic:
    """EVL306 for ``[?e]``, ``{?k: e}`` and the body of ``optFlatMap``."""
    return Diagnostic(
        "EVL306",
        f"{what} needs an optional, and this is {in_words(type_)}",
        span,
        "write it without `?`, or make it an optional with `optional.of(...)`"
        if what.startswith("`?")
        else "use `optMap`, or make it an optional with `optional.of(...)`",
    )


def entry_expected(span: Span, type_: Type) -> Diagnostic:
    """EVL306 for the body of ``transformMapEntry``."""
    return Diagnostic(
        "EVL306",
        f"`transformMapEntry` makes maps of one entry, and this is {in_words(type_)}",
        span,
        "write `{key: value}`",
    )


def key_without_order(span: Span, type_: Type) -> Diagnostic:
    """EVL306 for the key of ``sortBy``."""
    return Diagnostic(
        "EVL306",
        f"`sortBy` needs a key that has an order, and this is {in_words(type_)}",
        span,
        "order by a number, a text, a bool, bytes, a timestamp or a duration",
    )


def format_argument(span: Span, clause: str, accepted: str, type_: Type) -> Diagnostic:
    """EVL306 for a value that a clause of a format, such as ``%d``, does not write."""
    return Diagnostic(
        "EVL306",
        f"`{clause}` writes {accepted}, and this is {in_words(type_)}",
        span,
        "use `%s`, which writes any value" if clause != "%s" else "take the value out of it first",
    )


def number_expected(span: Span, function: str, type_: Type, forms: Sequence[str]) -> Diagnostic:
    """EVL304 for an argument, or an element of one, where ``function`` takes numbers alone."""
    return Diagnostic(
        "EVL304",
        f"`{function}` takes numbers, and this is {in_words(type_)}",
        span,
        f"it takes {alternatives(quoted(form.partition(' -> ')[0] for form in forms))}, "
        "with int, uint and double for numbers",
    )


def key_type(span: Span, type_: Type) -> Diagnostic:
    """EVL306 for the key of a map."""
    return Diagnostic(
        "EVL306",
        f"a key is a bool, int, uint or string, and this is {in_words(type_)}",
        span,
        "convert it, as in `string(...)`",
    )


def no_fields(span: Span, text: str, field: str, type_: Type) -> Diagnostic:
    """EVL306 for a selection from what has no fields."""
    help = None
    if isinstance(type_, ListType):
        help = f"take an element, `{text}[0]`, or use a macro, `{text}.exists(x, x.{field} == ...)`"
    elif isinstance(type_, MapType):
        help = f"its keys are {in_words(type_.key)}: write `{text}[key]`"
    return Diagnostic("EVL306", f"`{text}` is {in_words(type_)} and has no `{field}`", span, help)
