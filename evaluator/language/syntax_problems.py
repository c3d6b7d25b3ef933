"""The wording of everything that can be wrong with an expression's syntax.

Each function returns the exception to raise, so that callers read ``raise problems.x(...)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from evaluator.diagnostics import Diagnostic, Edit, Fix, Note, shortened
from evaluator.errors import PolicyError
from evaluator.source import Fragment

if TYPE_CHECKING:
    from evaluator.language.tokens import Token

__all__: list[str] = []  # every function here is for this package


def _error(
    code: str,
    message: str,
    fragment: Fragment,
    start: int,
    end: int,
    help: str | None = None,
    replacement: str | None = None,
) -> PolicyError:
    span = fragment.span(start, end)
    fix = None
    if replacement is not None:
        fix = Fix(f"write `{replacement}`", (Edit(span, replacement),))
    return PolicyError([Diagnostic(code, message, span, help, fix=fix)])


def _text(fragment: Fragment, token: Token) -> str:
    """A token as it is written."""
    return shortened(fragment.text[token.start : token.end])


def empty(fragment: Fragment) -> PolicyError:
    return _error(
        "EVL211",
        "an expression is expected here, and there is none",
        fragment,
        0,
        len(fragment.text),
        "write a condition such as `resource.total > 5`",
    )


def unclosed_string(fragment: Fragment, start: int, quote_at: int, closing: str) -> PolicyError:
    text = fragment.text
    end = len(text)
    help = f"close it with {closing}"
    if len(closing) == 1:
        ends = (text.find("\n", quote_at), text.find("\r", quote_at))
        end = min((at for at in ends if at >= 0), default=end)
        over_lines = "a text over several lines stands in triple quotes"
        help += f"; inside a text {closing} is written \\{closing}, and {over_lines}"
    message = f"this string is not closed: {closing} is missing"
    return _error("EVL203", message, fragment, start, end, help)


def bad_escape(fragment: Fragment, start: int, end: int, octets: bool) -> PolicyError:
    text = fragment.text[start:end]
    known = r"\n \t \r \\ \" \' \` \? \a \b \f \v, \xHH, \377"
    return _error(
        "EVL205",
        f"`{text}` is no escape sequence" + (" of bytes" if octets else ""),
        fragment,
        start,
        end,
        f"the escapes are {known}"
        + ("" if octets else r", \uHHHH and \UHHHHHHHH")
        + r"; a plain backslash is `\\`, and r'...' takes backslashes as they are",
        # What looks like a number is a mistake in it; `\d` is a pattern's.
        None if text[1:2] in "xXuU01234567" else f"\\{text}",
    )


def bad_code_point(fragment: Fragment, start: int, end: int) -> PolicyError:
    text = fragment.text[start:end]
    return _error(
        "EVL205",
        f"`{text}` is no character: half a surrogate pair and numbers over 10FFFF are none",
        fragment,
        start,
        end,
        r"write the character itself, or its code point as \UHHHHHHHH",
    )


_DURATIONS: Final = {"ms": "ms", "s": "s", "m": "m", "min": "m", "h": "h", "d": "h"}


def bad_number(fragment: Fragment, start: int, end: int) -> PolicyError:
    text = fragment.text[start:end]
    digits = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = text[len(digits) :]
    help = "numbers are written 42, 0x2A, 42u, 4.2 and 1e3"
    replacement = None
    if digits.isdigit() and len(digits) < 10 and unit in _DURATIONS:
        number = int(digits) * 24 if unit == "d" else int(digits)
        replacement = f'duration("{number}{_DURATIONS[unit]}")'
        help = f"a length of time is written `{replacement}`"
    elif text.replace("_", "").isdigit():
        replacement = text.replace("_", "")
        help = "digits stand without `_` between them"
    return _error(
        "EVL204", f"`{shortened(text)}` is no number", fragment, start, end, help, replacement
    )


def int_out_of_range(fragment: Fragment, start: int, end: int, unsigned: bool) -> PolicyError:
    text = fragment.text[start:end]
    bounds = (
        "0u to 18446744073709551615u" if unsigned else "-9223372036854775808 to 9223372036854775807"
    )
    return _error(
        "EVL204",
        f"`{shortened(text)}` is out of range: integers have 64 bits, {bounds}",
        fragment,
        start,
        end,
        "write it with a point to make it a double, as in 1e20",
    )


def double_out_of_range(fragment: Fragment, start: int, end: int) -> PolicyError:
    text = fragment.text[start:end]
    return _error(
        "EVL204",
        f"`{shortened(text)}` is too large for a double",
        fragment,
        start,
        end,
        "doubles reach to about 1.8e308",
    )


def bad_quoted_field(fragment: Fragment, start: int, end: int) -> PolicyError:
    return _error(
        "EVL204",
        "a name in backquotes has letters, digits, `_`, `.`, `-`, `/` and spaces, and a closing `",
        fragment,
        start,
        min(end + 1, len(fragment.text)),
        'for another key write `map["key"]`',
    )


_QUOTES: Final = ("strings stand in straight quotes, \"...\" or '...'", None)
_CHARACTERS: Final = {
    "@": ("names have no `@`", None),
    "$": ("names have no `$`; attributes are written `resource.total`", None),
    "#": ("a comment begins with `//`", None),
    "\\": ("a backslash stands in strings only", None),
    "\u201c": _QUOTES,
    "\u201d": _QUOTES,
    "\u2018": _QUOTES,
    "\u2019": _QUOTES,
    "\u2264": ("write `<=`", "<="),
    "\u2265": ("write `>=`", ">="),
    "\u2260": ("write `!=`", "!="),
    "\u2212": ("write the minus sign of the keyboard, `-`", "-"),
    "\u00d7": ("write `*`", "*"),
    "\xa0": ("this is a no-break space; write a plain one", " "),
}


def foreign_character(fragment: Fragment, at: int) -> PolicyError:
    letter = fragment.text[at]
    shown = letter if letter.isprintable() else f"U+{ord(letter):04X}"
    unknown = ("put texts in quotes; names are ASCII letters, digits and `_`", None)
    help, replacement = _CHARACTERS.get(letter, unknown)
    message = f"`{shown}` means nothing in an expression"
    return _error("EVL201", message, fragment, at, at + 1, help, replacement)


_OPERATORS: Final = {
    "=": ("compare with `==`", "=="),
    "===": ("compare with `==`", "=="),
    "!==": ("compare with `!=`", "!="),
    "<>": ("compare with `!=`", "!="),
    "=<": ("write `<=`", "<="),
    ":=": ("compare with `==`; a name for a value is a variable of the policy", None),
    "&": ("write `&&`", "&&"),
    "|": ("write `||`", "||"),
    "=>": ("write `>=` for at least; `a => b` (implies) is `!a || b`", None),
    "->": ("select with `.`, compare with `>`", None),
    "**": ("there is no power operator; multiply", None),
    "??": ("write `a.?b.orValue(c)` for a value that may be absent", None),
    "=~": ('write `text.matches("pattern")`', None),
    "^": ("there are no bit operators; `!=` of two bools is exclusive or", None),
    "~": ("write `!` for not", None),
    ";": ("an expression is one value; combine conditions with `&&`", None),
}


def foreign_operator(fragment: Fragment, token: Token) -> PolicyError:
    help, replacement = _OPERATORS[token.text]
    return _error(
        "EVL206",
        f"`{token.text}` is no operator",
        fragment,
        token.start,
        token.end,
        help,
        replacement,
    )


# Words that other languages have for operators.
_WORDS: Final = {
    "and": ("write `&&`", "&&"),
    "or": ("write `||`", "||"),
    "is": ("compare with `==`, as in `x == null`", "=="),
    "is not": ("compare with `!=`, as in `x != null`", "!="),
    "not": ("write `!` before what is negated", None),
    "not in": ("write `!(element in list)` for `element not in list`", None),
    "eq": ("compare with `==`", "=="),
    "ne": ("compare with `!=`", "!="),
    "lt": ("compare with `<`", "<"),
    "le": ("compare with `<=`", "<="),
    "gt": ("compare with `>`", ">"),
    "ge": ("compare with `>=`", ">="),
    "mod": ("write `%`", "%"),
    "contains": ('write `text.contains("part")`, or `element in list`', None),
    "matches": ('write `text.matches("pattern")`', None),
    "like": ('write `text.matches("pattern")`, or `startsWith` and `endsWith`', None),
    "between": ("write `low <= x && x <= high`", None),
    "typeof": ("write `type(x)`", None),
}

# Words that other languages begin or join constructs with.
_CONSTRUCTS: Final = {
    "if": "write `condition ? a : b` for `a if condition else b`",
    "then": "write `condition ? a : b`",
    "else": "write `condition ? a : b` for `a if condition else b`",
    "some": "write `list.exists(x, condition)`",
    "every": "write `list.all(x, condition)`",
    "for": "write `list.map(x, value)`, `list.filter(x, condition)` or `list.all(x, condition)`",
    "lambda": "macros take the name and the expression, as in `list.all(x, x > 0)`",
    "let": "write `cel.bind(name, value, expression)`, or a variable of the policy",
    "var": "write `cel.bind(name, value, expression)`, or a variable of the policy",
    "const": "write `cel.bind(name, value, expression)`, or a constant of the policy",
    "return": "an expression is its value: leave `return` out",
}


def foreign_word(
    fragment: Fragment, token: Token, second: Token | None = None
) -> PolicyError | None:
    """For a word of another language, perhaps with the one after; None for another word."""
    word, start, end = token.text, token.start, token.end
    if second is not None and f"{word} {second.text}".lower() in _WORDS:
        word, end = f"{word} {second.text}", second.end
    # SQL's words are written in capitals, Python's are not; `And` may well be a name.
    usual = word.lower() if word.isupper() else word
    if usual in _CONSTRUCTS:
        message = f"there is no `{word}` in expressions"
        return _error("EVL206", message, fragment, start, end, _CONSTRUCTS[usual])
    if usual not in _WORDS:
        return None
    help, replacement = _WORDS[usual]
    return _error("EVL206", f"`{word}` is no operator", fragment, start, end, help, replacement)


def foreign_prefix(fragment: Fragment, token: Token, operand: int | None) -> PolicyError | None:
    """For a word before a value, as in `not a`; None for one that says nothing.

    ``operand`` is where the value begins if a sign before it means the same as the word.
    """
    if token.text.lower() != "not":
        return foreign_word(fragment, token)
    span = fragment.span(token.start, token.end)
    message = f"`{token.text}` is no operator"
    if operand is None:
        help = "write `!` and what it negates in parentheses, as in `!(a == b)`"
        return PolicyError([Diagnostic("EVL206", message, span, help)])
    fix = Fix("write `!`", (Edit(fragment.span(token.start, operand), "!"),))
    return PolicyError([Diagnostic("EVL206", message, span, "write `!`", fix=fix)])


def reversed_optional(fragment: Fragment, start: int, end: int) -> PolicyError:
    return _error(
        "EVL206",
        "`?.` is no operator",
        fragment,
        start,
        end,
        "write `.?`, and `.orValue(...)` for the value when there is none",
        ".?",
    )


def uncalled(fragment: Fragment, token: Token) -> PolicyError:
    return _error(
        "EVL201",
        f"`{_text(fragment, token)}` is followed by a value without an operator between them",
        fragment,
        token.start,
        token.end,
        f"to call a function, put its arguments in parentheses: `{_text(fragment, token)}(...)`",
    )


def reserved_word(fragment: Fragment, token: Token) -> PolicyError:
    return _error(
        "EVL210",
        f"`{token.text}` is a reserved word and names nothing",
        fragment,
        token.start,
        token.end,
        f'choose another name; a key of a map is read with `map["{token.text}"]`',
    )


def unexpected_token(fragment: Fragment, token: Token, wanted: str) -> PolicyError:
    return _error(
        "EVL201",
        f"`{_text(fragment, token)}` does not belong here",
        fragment,
        token.start,
        token.end,
        f"{wanted} is expected here",
    )


def two_values(fragment: Fragment, before: Token, token: Token) -> PolicyError:
    text = _text(fragment, token)
    help = "join conditions with `&&` or `||`, values with an operator such as `==`"
    if before.end == token.start and before.kind == "STRING":
        help = f"inside a text, {before.text[-1]} is written \\{before.text[-1]}"
    elif before.end == token.start and token.kind == "FLOAT":
        help = "an element of a list is read with `list[0]`"
    elif before.kind == token.kind == "STRING":
        help = "join texts with `+`, elements of a list with `,`"
    return _error(
        "EVL201",
        f"`{text}` follows a value without an operator between them",
        fragment,
        token.start,
        token.end,
        help,
    )


def nested_conditional(fragment: Fragment, token: Token) -> PolicyError:
    return _error(
        "EVL201",
        "`?` does not belong here",
        fragment,
        token.start,
        token.end,
        "a condition or value of `? :` that has a `? :` of its own stands in parentheses",
    )


def not_a_message(fragment: Fragment, brace: Token) -> PolicyError:
    return _error(
        "EVL201",
        "`{` does not belong here",
        fragment,
        brace.start,
        brace.end,
        "an operator is expected here; a map stands alone, as in `{key: value}`",
    )


def unexpected_end(fragment: Fragment, wanted: str) -> PolicyError:
    end = len(fragment.text.rstrip())
    return _error(
        "EVL202",
        f"the expression ends where {wanted} is expected",
        fragment,
        end,
        end,
        "complete the expression",
    )


_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}


def unclosed_bracket(fragment: Fragment, bracket: str, start: int) -> PolicyError:
    return _error(
        "EVL202",
        f"this `{bracket}` is not closed",
        fragment,
        start,
        start + 1,
        f"add the missing `{_CLOSING[bracket]}`",
    )


def unmatched_bracket(fragment: Fragment, token: Token, opened: Token | None) -> PolicyError:
    span = fragment.span(token.start, token.end)
    if opened is None:
        message = f"this `{token.text}` closes nothing"
        fix = Fix(f"remove `{token.text}`", (Edit(span, ""),))
        help = "remove it, or open the bracket before"
        return PolicyError([Diagnostic("EVL201", message, span, help, fix=fix)])
    message = f"`{token.text}` does not close `{opened.text}`"
    help = f"write `{_CLOSING[opened.text]}`, or add what is missing before"
    note = Note(f"this `{opened.text}` is open", fragment.span(opened.start, opened.end))
    return PolicyError([Diagnostic("EVL201", message, span, help, (note,))])


def too_deep(fragment: Fragment, start: int, end: int, limit: int) -> PolicyError:
    return _error(
        "EVL207",
        f"the expression is nested more than {limit} deep",
        fragment,
        start,
        min(end, start + 40),  # the place is clear from its beginning, and the whole may be huge
        "split it into variables, use a list with `sum`, `all` or `exists`, or a table",
    )


def too_many_loops(fragment: Fragment, start: int, end: int, limit: int) -> PolicyError:
    return _error(
        "EVL207",
        f"more than {limit} loops stand inside one another",
        fragment,
        start,
        end,
        "every loop inside a loop multiplies the work: make a variable of the inner list",
    )


def too_long(fragment: Fragment, limit: int) -> PolicyError:
    return _error(
        "EVL208",
        f"the expression has {len(fragment.text)} characters, more than {limit}",
        fragment,
        0,
        min(len(fragment.text), 40),
        "split it into variables; move data into a table",
    )


def not_a_variable(fragment: Fragment, start: int, end: int) -> PolicyError:
    message = f"`{shortened(fragment.text[start:end])}` is no name for a variable"
    help = "the first argument of a macro is a plain name: `list.all(x, x > 0)`"
    return _error("EVL209", message, fragment, start, end, help)


def variables_alike(fragment: Fragment, start: int, end: int, name: str) -> PolicyError:
    message = f"`{shortened(name)}` is the name of both variables"
    return _error("EVL209", message, fragment, start, end, "give the second another name")


def has_without_field(fragment: Fragment, start: int, end: int) -> PolicyError:
    message = "`has` asks whether one selected field is there"
    help = 'write `has(resource.field)`; for a key of a map write `"key" in map`'
    return _error("EVL209", message, fragment, start, end, help)


def has_of_optional(fragment: Fragment, start: int, end: int) -> PolicyError:
    help = "write `has(a.b)`, or `a.?b.hasValue()`"
    return _error("EVL209", "`has` takes a plain selection", fragment, start, end, help)


def bind_arguments(fragment: Fragment, start: int, end: int) -> PolicyError:
    message = "`cel.bind` takes a name, its value and the expression that uses it"
    help = "write `cel.bind(total, a + b, total * total)`"
    return _error("EVL209", message, fragment, start, end, help)


def listed(words: Iterable[str]) -> str:
    """``a, b or c``."""
    words = list(words)
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]
