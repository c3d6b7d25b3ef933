"""The wording of everything that can be wrong with an expression's syntax.

Each function returns the exception to raise, so that callers read ``raise problems.x(...)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from evaluator.diagnostics import Diagnostic, Edit, Fix
from evaluator.errors import PolicyError
from evaluator.source import Fragment

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
    end = len(fragment.text)
    line_end = fragment.text.find("\n", quote_at)
    if len(closing) == 1 and line_end >= 0:
        end = line_end
    return _error(
        "EVL203",
        f"this string is not closed: {closing} is missing",
        fragment,
        start,
        end,
        f"close it with {closing}"
        + ("; a text over several lines stands in triple quotes" if len(closing) == 1 else ""),
    )


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
    )


def bad_code_point(fragment: Fragment, start: int, end: int) -> PolicyError:
    text = fragment.text[start:end]
    return _error(
        "EVL205",
        f"`{text}` is no character: surrogates and numbers over 10FFFF are none",
        fragment,
        start,
        end,
        r"write the character itself, or its code point as \UHHHHHHHH",
    )


def bad_number(fragment: Fragment, start: int, end: int) -> PolicyError:
    text = fragment.text[start:end]
    return _error(
        "EVL204",
        f"`{text}` is no number",
        fragment,
        start,
        end,
        'numbers are written 42, 0x2A, 42u, 4.2, 1e3; a length of time is duration("42h")',
    )


def int_out_of_range(fragment: Fragment, start: int, end: int, unsigned: bool) -> PolicyError:
    text = fragment.text[start:end]
    bounds = (
        "0u to 18446744073709551615u" if unsigned else "-9223372036854775808 to 9223372036854775807"
    )
    return _error(
        "EVL204",
        f"`{text}` is too large: integers have 64 bits, {bounds}",
        fragment,
        start,
        end,
        "write it with a point to make it a double, as in 1e20",
    )


def double_out_of_range(fragment: Fragment, start: int, end: int) -> PolicyError:
    text = fragment.text[start:end]
    return _error(
        "EVL204",
        f"`{text}` is too large for a double",
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


_CHARACTERS: Final = {
    "@": "names have no `@`",
    "$": "names have no `$`; attributes are written `resource.total`",
    "#": "a comment begins with `//`",
    "“": "strings stand in straight quotes, \"...\" or '...'",
    "”": "strings stand in straight quotes, \"...\" or '...'",
    "\u2018": "strings stand in straight quotes, \"...\" or '...'",
    "\u2019": "strings stand in straight quotes, \"...\" or '...'",
    "≤": "write `<=`",
    "≥": "write `>=`",
    "≠": "write `!=`",
    "\u2212": "write the minus sign of the keyboard, `-`",
    "\u00d7": "write `*`",
    "\xa0": "this is a no-break space; write a plain one",
}


def foreign_character(fragment: Fragment, at: int) -> PolicyError:
    letter = fragment.text[at]
    shown = letter if letter.isprintable() else f"U+{ord(letter):04X}"
    return _error(
        "EVL201",
        f"`{shown}` means nothing in an expression",
        fragment,
        at,
        at + 1,
        _CHARACTERS.get(letter, "put texts in quotes; names are ASCII letters, digits and `_`"),
    )


_OPERATORS: Final = {
    "=": ("compare with `==`", "=="),
    "===": ("compare with `==`", "=="),
    "!==": ("compare with `!=`", "!="),
    "<>": ("compare with `!=`", "!="),
    ":=": ("compare with `==`; a name for a value is a variable of the policy", "=="),
    "&": ("write `&&`", "&&"),
    "|": ("write `||`", "||"),
    "=>": ("write `>=` for at least; `a => b` (implies) is `!a || b`", None),
    "->": ("select with `.`, compare with `>`", None),
    "**": ("there is no power operator; multiply", None),
    "??": ("write `a.?b.orValue(c)` for a value that may be absent", None),
    "=~": ('write `text.matches("pattern")`', None),
    "^": ("there are no bit operators; `!=` of two bools is exclusive or", None),
    "~": ("write `!` for not", "!"),
    ";": ("an expression is one value; combine conditions with `&&`", None),
}


def foreign_operator(fragment: Fragment, text: str, start: int, end: int) -> PolicyError:
    help, replacement = _OPERATORS[text]
    return _error("EVL206", f"`{text}` is no operator", fragment, start, end, help, replacement)


_WORDS: Final = {
    "and": ("write `&&`", "&&"),
    "AND": ("write `&&`", "&&"),
    "or": ("write `||`", "||"),
    "OR": ("write `||`", "||"),
    "not": ("write `!` before what is negated, and `!(a in b)` for `a not in b`", "!"),
    "NOT": ("write `!` before what is negated, and `!(a in b)` for `a not in b`", "!"),
    "is": ("write `==`, and `x == null` for `x is null`", "=="),
    "if": ("write `condition ? a : b` for `a if condition else b`", None),
    "then": ("write `condition ? a : b`", None),
    "else": ("write `condition ? a : b` for `a if condition else b`", None),
    "eq": ("write `==`", "=="),
    "ne": ("write `!=`", "!="),
    "contains": ('write `text.contains("part")`, or `element in list`', None),
    "matches": ('write `text.matches("pattern")`', None),
    "like": ('write `text.matches("pattern")`, or startsWith and endsWith', None),
    "between": ("write `low <= x && x <= high`", None),
    "some": ("write `list.exists(x, condition)`", None),
    "every": ("write `list.all(x, condition)`", None),
    "for": ("write `list.map(x, value)` or `list.filter(x, condition)`", None),
    "lambda": ("macros take the name and the expression: `list.all(x, x > 0)`", None),
}


def foreign_word(fragment: Fragment, word: str, start: int, end: int) -> PolicyError | None:
    """For a word that is an operator elsewhere; None for any other word."""
    known = _WORDS.get(word)
    if known is None:
        return None
    return _error("EVL206", f"`{word}` is no operator", fragment, start, end, known[0], known[1])


def reserved_word(fragment: Fragment, word: str, start: int, end: int) -> PolicyError:
    return _error(
        "EVL210",
        f"`{word}` is a reserved word and names nothing",
        fragment,
        start,
        end,
        'choose another name; as a key of a map write `map["' + word + '"]`',
    )


def unexpected_token(
    fragment: Fragment, text: str, start: int, end: int, wanted: str
) -> PolicyError:
    return _error(
        "EVL201",
        f"`{text}` does not belong here",
        fragment,
        start,
        end,
        f"{wanted} is expected here",
    )


def two_values(fragment: Fragment, text: str, start: int, end: int) -> PolicyError:
    return _error(
        "EVL201",
        f"`{text}` follows a value without an operator between them",
        fragment,
        start,
        end,
        "join conditions with `&&` or `||`, values with an operator such as `==`",
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


def unclosed_bracket(fragment: Fragment, bracket: str, start: int) -> PolicyError:
    closing = {"(": ")", "[": "]", "{": "}"}[bracket]
    return _error(
        "EVL202",
        f"this `{bracket}` is not closed",
        fragment,
        start,
        start + 1,
        f"add the missing `{closing}`",
    )


def too_deep(fragment: Fragment, start: int, end: int, limit: int) -> PolicyError:
    return _error(
        "EVL207",
        f"the expression is nested more than {limit} deep",
        fragment,
        start,
        end,
        "split it into variables, use a list with `sum`, `all` or `exists`, or a table",
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


def macro_misuse(fragment: Fragment, start: int, end: int, message: str, help: str) -> PolicyError:
    return _error("EVL209", message, fragment, start, end, help)


def listed(words: Iterable[str]) -> str:
    """``a, b or c``."""
    words = list(words)
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]
