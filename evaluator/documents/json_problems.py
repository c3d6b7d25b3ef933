"""The wording of what is wrong with JSON: one function a problem.

The code is the caller's: a broken request, a broken schema and a broken message of another kind are
told apart, though the same is wrong with them.
"""

from __future__ import annotations

from evaluator.diagnostics import Diagnostic, Edit, Fix, Note
from evaluator.documents.problems import shown
from evaluator.source import Span

__all__: list[str] = []  # every function here is for this package


def unexpected(code: str, span: Span, expected: str, help_: str) -> Diagnostic:
    found = shown(span.text) if span.text.strip() else "the end"
    return Diagnostic(code, f"{found} stands where {expected} is expected", span, help_)


def empty(code: str, span: Span) -> Diagnostic:
    return Diagnostic(code, "there is nothing in this text", span, "write a JSON value")


def trailing_comma(code: str, comma: Span, closing: str) -> Diagnostic:
    message = f"a comma stands before `{closing}`"
    return Diagnostic(code, message, comma, "remove it", fix=Fix("remove it", (Edit(comma, ""),)))


def comment(code: str, span: Span) -> Diagnostic:
    fix = Fix("remove it", (Edit(span, ""),))
    return Diagnostic(code, "JSON has no comments", span, "remove it", fix=fix)


def unclosed(code: str, span: Span, closing: str) -> Diagnostic:
    return Diagnostic(code, f"`{span.text[:1]}` is not closed", span, f"close it with `{closing}`")


def mismatched(code: str, span: Span, opening: Span, closing: str) -> Diagnostic:
    message = f"`{span.text}` stands where `{closing}` is expected"
    note = Note(f"`{opening.text}` opens here", opening)
    return Diagnostic(code, message, span, f"write `{closing}`", (note,))


def after_end(code: str, span: Span) -> Diagnostic:
    message = f"{shown(span.text)} stands behind the end of the value"
    return Diagnostic(code, message, span, "a text holds one value; several go one to a line")


def wrong_quotes(code: str, span: Span) -> Diagnostic:
    return Diagnostic(code, "texts stand in double quotes", span, "write `\"` for `'`")


def wrong_word(code: str, span: Span, word: str | None) -> Diagnostic:
    message = f"{shown(span.text)} is no JSON value"
    if word is None:
        return Diagnostic(code, message, span, 'put a text into double quotes: `"..."`')
    fix = Fix(f"replace it with `{word}`", (Edit(span, word),))
    return Diagnostic(code, message, span, f"write `{word}`", fix=fix)


def bad_escape(code: str, span: Span) -> Diagnostic:
    message = f"{shown(span.text)} is no escape of JSON"
    if span.text == "\\u":
        return Diagnostic(code, message, span, "write four hexadecimal digits behind it")
    return Diagnostic(code, message, span, "write `\\\\` for a backslash")


def control_character(code: str, span: Span) -> Diagnostic:
    message = f"the control character U+{ord(span.text):04X} stands in a text"
    escape = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}.get(span.text, f"\\u{ord(span.text):04x}")
    fix = Fix("escape it", (Edit(span, escape),))
    return Diagnostic(code, message, span, f"write `{escape}`", fix=fix)


def duplicate_key(code: str, span: Span, key: str, first: Span) -> Diagnostic:
    return Diagnostic(
        code,
        f"the key {shown(key)} stands here a second time",
        span,
        "remove one of the two",
        (Note("it stands here first", first),),
    )


def not_a_number(code: str, span: Span) -> Diagnostic:
    help_ = "JSON has no NaN and no infinity; leave the value out, or write null"
    return Diagnostic(code, f"{shown(span.text)} is no number of JSON", span, help_)


def number_form(code: str, span: Span) -> Diagnostic:
    help_ = "write digits, without a sign `+` or zeros before them, perhaps `.` and digits"
    return Diagnostic(code, f"{shown(span.text)} is no number of JSON", span, help_)


def number_range(code: str, span: Span) -> Diagnostic:
    message = f"the number {shown(span.text)} is beyond what a double holds"
    return Diagnostic(code, message, span, "write a smaller number")


def too_deep(code: str, span: Span, limit: int) -> Diagnostic:
    message = f"lists and objects nest more than {limit} levels deep here"
    return Diagnostic(code, message, span, "nest less deeply")


def byte_order_mark(code: str, span: Span) -> Diagnostic:
    message = "the text begins with a byte order mark"
    fix = Fix("remove it", (Edit(span, ""),))
    return Diagnostic(code, message, span, "save it as UTF-8 without one", fix=fix)


def half_character(code: str, span: Span) -> Diagnostic:
    message = f"{shown(span.text)} is half a character"
    if len(span.text) == 1:
        message = f"U+{ord(span.text):04X} is half a character"
    return Diagnostic(code, message, span, "write both halves, or the character itself")


def not_utf8(code: str, span: Span, encoding: str | None) -> Diagnostic:
    guess = f"it looks like {encoding}" if encoding else "it has bytes that no UTF-8 text has"
    return Diagnostic(code, f"the text is not UTF-8: {guess}", span, "encode it as UTF-8")
