"""The wording of what is wrong with files and with YAML: one function a problem."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evaluator.diagnostics import Diagnostic, Edit, Fix, Note, did_you_mean
from evaluator.source import Span

__all__: list[str] = []  # every function here is for this package


def shown(text: str, limit: int = 60) -> str:
    """The user's text in backticks, on one line and not too long."""
    line = " ".join(text.split())
    return f"`{line[: limit - 1]}…`" if len(line) > limit else f"`{line}`"


def quoted(text: str) -> str:
    """A text as a YAML scalar in quotes, with as little change as can be."""
    if "'" in text and '"' not in text and "\\" not in text and text.isprintable():
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def _quoting(span: Span) -> tuple[str, Fix | None]:
    """Help and fix for a value that should be quoted."""
    text = span.text
    if "\n" in text or "\r" in text:
        return "write `|` here and the text on the lines below it", None
    cure = quoted(text)
    help_ = f"quote it: {cure}" if len(cure) <= 80 else "quote it, or put it under `|`"
    return help_, Fix("quote it", (Edit(span, cure),))


# Files


def file_missing(span: Span, name: str, names: Iterable[str]) -> Diagnostic:
    meant = did_you_mean(name, names)
    help_ = f"did you mean `{meant}`?" if meant else "create it, or correct the name"
    return Diagnostic("EVL001", f"there is no file `{name}`", span, help_)


def file_unreadable(span: Span, name: str, reason: str) -> Diagnostic:
    message = f"`{name}` cannot be read: {reason}"
    return Diagnostic("EVL002", message, span, "check that it exists and who may read it")


def not_a_file(span: Span, name: str) -> Diagnostic:
    return Diagnostic("EVL003", f"`{name}` is a folder, not a file", span, "name a file in it")


def not_utf8(span: Span, name: str, encoding: str | None) -> Diagnostic:
    """``encoding`` is the one that it seems to be in."""
    guess = f"it looks like {encoding}" if encoding else "it has bytes that no UTF-8 text has"
    return Diagnostic("EVL004", f"`{name}` is not UTF-8: {guess}", span, "save it as UTF-8")


def not_text(span: Span, name: str) -> Diagnostic:
    message = f"`{name}` is not a text: it has binary data"
    return Diagnostic("EVL005", message, span, "name a text file")


def file_too_large(span: Span, name: str, size: int, limit: int) -> Diagnostic:
    message = f"`{name}` has {size:,} bytes; files may have {limit:,}"
    return Diagnostic("EVL006", message, span, "divide it into several files")


# Syntax


def unreadable(span: Span, message: str, help_: str | None = None) -> Diagnostic:
    """A syntax error that has no more to it: what it is, in words, and perhaps what to do."""
    return Diagnostic("EVL101", message, span, help_)


def missing_colon(span: Span) -> Diagnostic:
    message = f"{shown(span.text)} is neither `key: value` nor `- item`"
    return unreadable(span, message, "add a colon, or indent it if it belongs to the line above")


def missing_space(colon: Span) -> Diagnostic:
    return Diagnostic(
        "EVL101",
        "a space is missing after the colon",
        colon,
        "write `key: value`",
        fix=Fix("insert a space", (Edit(colon, ": "),)),
    )


def wrong_kind(span: Span, *, item: bool) -> Diagnostic:
    """An item among keys, or a key among items."""
    if item:
        return unreadable(span, "a list item stands among keys here", "indent it below its key")
    return unreadable(
        span, "a key stands among list items here", "indent it, or begin it with `- `"
    )


def unexpected(span: Span) -> Diagnostic:
    message = (
        f"{shown(span.text)} cannot stand here" if span.text.strip() else "something is missing"
    )
    return unreadable(
        span, message, "remove it, or quote the text or expression that it belongs to"
    )


def no_comma(span: Span, opening: Span, closing: str) -> Diagnostic:
    return Diagnostic(
        "EVL101",
        f"`,` or `{closing}` is expected here",
        span,
        "quote texts and expressions that have quotes, brackets or `: ` in them",
        (Note(f"`{opening.text}` opens here", opening),),
    )


def tab_indentation(span: Span) -> Diagnostic:
    message = "this line is indented with a tab"
    return Diagnostic("EVL102", message, span, "indent with spaces; YAML does not allow tabs")


def indentation(span: Span, spaces: int, levels: Sequence[int], above: Span | None) -> Diagnostic:
    """``levels`` would fit; ``above`` is a line that this one cannot belong to."""
    fitting = " or ".join(str(level) for level in levels)
    message = f"this line is indented by {_spaces(spaces)}, which fits no line above it"
    notes: tuple[Note, ...] = ()
    if above is not None:
        notes = (Note("this has its value already, so nothing can belong to it", above),)
    return Diagnostic("EVL103", message, span, f"indent it by {fitting}", notes)


def _spaces(number: int) -> str:
    return f"{number} space" if number == 1 else f"{number} spaces"


def unclosed_quote(span: Span, end: Span | None = None) -> Diagnostic:
    """``end`` is the quote that ends the text, on a later line than was meant."""
    message = f"the text after `{span.text[:1]}` is not closed"
    notes: tuple[Note, ...] = ()
    if end is not None:
        message = f"the text after `{span.text[:1]}` goes on over several lines"
        notes = (Note("it ends at this quote only", end),)
    help_ = f"close it with `{span.text[:1]}`"
    return Diagnostic("EVL121", message, span, help_, notes)


def unclosed_bracket(span: Span, closing: str) -> Diagnostic:
    help_ = f"close it with `{closing}`, and put `,` between what is in it"
    return Diagnostic("EVL121", f"`{span.text}` is not closed", span, help_)


def bad_escape(span: Span) -> Diagnostic:
    if span.text[1:2] in ("x", "u", "U"):
        message = f"{shown(span.text)} is no character"
        return Diagnostic("EVL120", message, span, "write the character itself")
    message = f"{shown(span.text)} is no escape of YAML"
    help_ = "write `\\\\` for a backslash, or put the text between `'`, where backslashes are plain"
    return Diagnostic("EVL120", message, span, help_)


def bad_character(span: Span) -> Diagnostic:
    code = ord(span.text)
    message = f"the character U+{code:04X} cannot stand in YAML as it is"
    if code in (0x85, 0x2028, 0x2029):
        message = f"the line separator U+{code:04X} is not seen in most editors"
    escape = f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    help_ = f"remove it, or write `{escape}` in double quotes"
    if 0xD800 <= code < 0xE000:
        message, help_ = f"U+{code:04X} is half a character", "remove it"
    return Diagnostic("EVL119", message, span, help_)


# Expressions that YAML swallows

_SWALLOWS = {
    '"': "YAML takes the text in quotes for all of it",
    "'": "YAML takes the text in quotes for all of it",
    "[": "YAML takes `[` for the beginning of a list",
    "{": "YAML takes `{` for the beginning of a mapping",
    "|": "YAML takes `|` for the beginning of a block of text",
    ">": "YAML takes `>` for the beginning of a block of text",
    "-": "YAML takes `- ` for an item of a list",
    "?": "YAML takes `? ` for the beginning of a key",
}


def unquoted(span: Span) -> Diagnostic:
    """A value that YAML reads as something else than text, told by its first character."""
    first = span.text[:1]
    why = _SWALLOWS.get(first, "YAML takes the colon in it for the end of a key")
    if first in "@`%,]}":
        name = "a backtick" if first == "`" else f"`{first}`"
        why = f"{name} cannot be the first character of a YAML value"
    help_, fix = _quoting(span)
    message = f"{shown(span.text)} has to be quoted: {why}"
    return Diagnostic("EVL111", message, span, help_, fix=fix)


def block_header(span: Span) -> Diagnostic:
    message = f"{shown(span.text)} does not begin a block of text"
    help_ = "write `|`, or `>` to have the lines joined, and perhaps `-` behind it"
    return Diagnostic("EVL111", message, span, help_)


def comment_cuts(span: Span, comment: Span, lacks: str | None) -> Diagnostic:
    """``span`` is the value as YAML reads it; ``lacks`` is what shows that more was meant."""
    message = "` #` begins a comment here, which cuts the value short"
    if lacks:
        message += f": {lacks}"
    help_ = "quote the whole value, or put it under `|`"
    return Diagnostic("EVL112", message, comment, help_, (Note("this much is read", span),))


def tag(span: Span, *, known: bool = False) -> Diagnostic:
    """``known`` tells ``!!str`` and the like from an expression that begins with ``!``."""
    if known:
        message = f"{shown(span.text)} is a YAML tag"
        return Diagnostic("EVL105", message, span, "remove it; quotes make a value a text")
    help_, fix = _quoting(span)
    message = f"{shown(span.text)} has to be quoted: YAML takes `!` for the beginning of a tag"
    return Diagnostic("EVL105", message, span, help_, fix=fix)


def anchor(span: Span) -> Diagnostic:
    if _is_name(span.text[1:]):
        message = f"{shown(span.text)} is a YAML anchor, which policies do not have"
        help_ = "remove it, and name what is used twice: a constant, a variable, a shared remedy"
        return Diagnostic("EVL106", message, span, help_)
    message = f"{shown(span.text)} has to be quoted: YAML takes `&` for the beginning of an anchor"
    help_, fix = _quoting(span)
    return Diagnostic("EVL106", message, span, help_, fix=fix)


def alias(span: Span) -> Diagnostic:
    if _is_name(span.text[1:]):
        message = f"{shown(span.text)} is a YAML alias, which policies do not have"
        return Diagnostic("EVL106", message, span, "write out what it stands for")
    help_, fix = _quoting(span)
    message = f"{shown(span.text)} has to be quoted: YAML takes `*` for the beginning of an alias"
    return Diagnostic("EVL106", message, span, help_, fix=fix)


def _is_name(text: str) -> bool:
    return text.replace("-", "_").isidentifier()


# Structure


def merge_key(span: Span) -> Diagnostic:
    message = "`<<` is a YAML merge key, which policies do not have"
    return Diagnostic("EVL107", message, span, "write out the keys")


def several_documents(span: Span) -> Diagnostic:
    message = "a second document begins here; a file has one"
    return Diagnostic("EVL108", message, span, "make it a file of its own, or remove the line")


def directive(span: Span) -> Diagnostic:
    message = f"{shown(span.text)} is a YAML directive, which policies do not have"
    return Diagnostic("EVL122", message, span, "remove the line")


def empty(span: Span) -> Diagnostic:
    return Diagnostic("EVL109", "there is nothing in this file", span, "write something in it")


def duplicate_key(span: Span, key: str, first: Span) -> Diagnostic:
    return Diagnostic(
        "EVL104",
        f"the key {shown(key)} stands here a second time",
        span,
        "remove one of the two, or rename it",
        (Note("it stands here first", first),),
    )


def key_not_a_string(span: Span) -> Diagnostic:
    text = span.text
    if not text:
        return Diagnostic("EVL110", "a key is missing before the colon", span, "write a key")
    message = f"the key {shown(text)} is not a text"
    if text[0] in "[{":
        help_, fix = _quoting(span)
        return Diagnostic("EVL110", message, span, help_, fix=fix)
    fix = Fix("quote it", (Edit(span, f'"{text}"'),))
    return Diagnostic("EVL110", message, span, f'quote it: "{text}"', fix=fix)


def too_deep(span: Span, limit: int) -> Diagnostic:
    message = f"lists and mappings nest more than {limit} levels deep here"
    return Diagnostic("EVL113", message, span, "nest less deeply")


def too_many_nodes(span: Span, limit: int) -> Diagnostic:
    message = f"there are more than {limit:,} values in this file"
    return Diagnostic("EVL118", message, span, "divide it into several files")
