"""The tokens of an expression, scanned by hand in linear time, exact about what is wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from sys import intern
from typing import Final

from evaluator.language import syntax_problems as problems
from evaluator.source import Fragment

__all__ = ["RESERVED", "Token", "is_identifier", "tokens"]

RESERVED: Final = frozenset(
    {
        *("as", "break", "const", "continue", "else", "for", "function", "if", "import", "let"),
        *("loop", "package", "namespace", "return", "var", "void", "while"),
    }
)
_KEYWORDS: Final = {"true": "TRUE", "false": "FALSE", "null": "NULL", "in": "IN"}

# Longest first. The names in capitals are terminals of the grammar; FOREIGN ones are habits from
# other languages, which no rule accepts and the parser explains.
_OPERATORS: Final = (
    ("===", "FOREIGN"),
    ("!==", "FOREIGN"),
    ("&&", "AND"),
    ("||", "OR"),
    ("<=", "LESS_EQUAL"),
    (">=", "GREATER_EQUAL"),
    ("==", "EQUAL"),
    ("!=", "NOT_EQUAL"),
    (":=", "FOREIGN"),
    ("<>", "FOREIGN"),
    ("=>", "FOREIGN"),
    ("->", "FOREIGN"),
    ("**", "FOREIGN"),
    ("??", "FOREIGN"),
    ("=~", "FOREIGN"),
    ("=<", "FOREIGN"),
    ("<", "LESS"),
    (">", "GREATER"),
    ("+", "PLUS"),
    ("-", "MINUS"),
    ("*", "STAR"),
    ("/", "SLASH"),
    ("%", "PERCENT"),
    ("!", "NOT"),
    ("?", "QUESTION"),
    (":", "COLON"),
    (".", "DOT"),
    (",", "COMMA"),
    ("(", "LPAREN"),
    (")", "RPAREN"),
    ("[", "LBRACKET"),
    ("]", "RBRACKET"),
    ("{", "LBRACE"),
    ("}", "RBRACE"),
    ("=", "FOREIGN"),
    ("&", "FOREIGN"),
    ("|", "FOREIGN"),
    ("^", "FOREIGN"),
    ("~", "FOREIGN"),
    (";", "FOREIGN"),
)
_BY_FIRST: Final = {
    first: tuple(row for row in _OPERATORS if row[0][0] == first)
    for first in {text[0] for text, _ in _OPERATORS}
}
# Operators that no longer one begins with.
_SIMPLE: Final = {
    text: kind for text, kind in _OPERATORS if len(_BY_FIRST[text[0]]) == 1 and text != "/"
}

_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_DIGITS: Final = frozenset("0123456789")
_HEX: Final = frozenset("0123456789abcdefABCDEF")
_WORD: Final = _LETTERS | _DIGITS
_AFTER_PREFIX: Final = frozenset("rRbB\"'")  # of a string, after the first letter of its prefix
_QUOTED: Final = _WORD | frozenset(".-/ ")
_SPACE: Final = frozenset(" \t\n\r\f")


@dataclass(slots=True)
class Token:
    """A token: its terminal, its text, and where it stands in the fragment.

    The text is as it is written, but of a name in backquotes the name alone. Nothing changes a
    token; a frozen one would take three times as long to make.
    """

    kind: str
    text: str
    start: int
    end: int


def is_identifier(text: str) -> bool:
    """Whether a text can name something: a word that is neither reserved nor a keyword."""
    return (
        bool(text)
        and text[0] in _LETTERS
        and all(letter in _WORD for letter in text)
        and text not in RESERVED
        and text not in _KEYWORDS
    )


def tokens(fragment: Fragment, start: int = 0) -> Iterator[Token]:
    """The tokens from an offset on. Raises ``PolicyError`` where the text is no token."""
    text = fragment.text
    at, length = start, len(text)
    while at < length:
        letter = text[at]
        if letter in _SPACE:
            at += 1
            continue
        kind = _SIMPLE.get(letter)
        if kind is not None and (kind != "DOT" or text[at + 1 : at + 2] not in _DIGITS):
            token = Token(kind, letter, at, at + 1)
        elif letter in _LETTERS and (
            letter not in "rRbB" or text[at + 1 : at + 2] not in _AFTER_PREFIX
        ):
            token = _word(text, at)
        elif letter == "/" and text.startswith("//", at):
            end = text.find("\n", at)
            at = length if end < 0 else end + 1
            continue
        else:
            token = _token(fragment, at)
        yield token
        at = token.end


def _token(fragment: Fragment, at: int) -> Token:
    text = fragment.text
    letter = text[at]
    if letter in _LETTERS:
        quote = _string_start(text, at)
        return _word(text, at) if quote is None else _string(fragment, at, quote)
    if letter in _DIGITS or (
        letter == "." and text[at + 1 : at + 2] in _DIGITS and at + 1 < len(text)
    ):
        return _number(fragment, at)
    if letter in "\"'":
        return _string(fragment, at, at)
    if letter == "`":
        end = _run(text, at + 1, _QUOTED)
        if end == at + 1 or text[end : end + 1] != "`":
            raise problems.bad_quoted_field(fragment, at, end)
        return Token("QUOTED_IDENT", text[at + 1 : end], at, end + 1)
    for operator, kind in _BY_FIRST.get(letter, ()):
        if text.startswith(operator, at):
            return Token(kind, operator, at, at + len(operator))
    raise problems.foreign_character(fragment, at)


def _word(text: str, at: int) -> Token:
    end = at + 1
    length = len(text)
    while end < length and text[end] in _WORD:
        end += 1
    word = intern(text[at:end])  # the same few names come again and again
    return Token(_KEYWORDS.get(word, "IDENT"), word, at, end)


def _run(text: str, at: int, alphabet: frozenset[str]) -> int:
    while at < len(text) and text[at] in alphabet:
        at += 1
    return at


def _number(fragment: Fragment, at: int) -> Token:
    text = fragment.text
    if text.startswith(("0x", "0X"), at):
        end = _run(text, at + 2, _HEX)
        if end == at + 2:
            raise problems.bad_number(fragment, at, _run(text, at, _WORD))
        kind = "INT"
    else:
        kind = "INT"
        end = _run(text, at, _DIGITS)
        if (
            text[end : end + 1] == "."
            and text[end + 1 : end + 2] in _DIGITS
            and end + 1 < len(text)
        ):
            kind = "FLOAT"
            end = _run(text, end + 1, _DIGITS)
        if text[end : end + 1] in ("e", "E") and end < len(text):
            exponent = end + 1 + (text[end + 1 : end + 2] in ("+", "-") and end + 1 < len(text))
            stop = _run(text, exponent, _DIGITS)
            if stop == exponent:
                raise problems.bad_number(fragment, at, _run(text, end, _WORD))
            kind, end = "FLOAT", stop
    if kind == "INT" and text[end : end + 1] in ("u", "U") and end < len(text):
        kind, end = "UINT", end + 1
    if _run(text, end, _WORD) != end:
        raise problems.bad_number(fragment, at, _run(text, end, _WORD))
    return Token(kind, text[at:end], at, end)


def _string_start(text: str, at: int) -> int | None:
    """The offset of the opening quote if a string prefix (r, b, br, rb) stands here."""
    end = at
    while end < len(text) and end - at < 2 and text[end] in "rRbB":
        end += 1
    prefix = text[at:end].lower()
    if end < len(text) and text[end] in "\"'" and prefix in ("r", "b", "rb", "br"):
        return end
    return None


def _string(fragment: Fragment, at: int, quote_at: int) -> Token:
    text = fragment.text
    prefix = text[at:quote_at].lower()
    quote = text[quote_at]
    triple = text.startswith(quote * 3, quote_at)
    closing = quote * 3 if triple else quote
    place = quote_at + len(closing)
    raw = "r" in prefix
    while True:
        if place >= len(text):
            raise problems.unclosed_string(fragment, at, quote_at, closing)
        letter = text[place]
        if letter == "\\" and not raw:
            place += 2
            continue
        if not triple and letter in "\r\n":
            raise problems.unclosed_string(fragment, at, quote_at, closing)
        if text.startswith(closing, place):
            break
        place += 1
    end = place + len(closing)
    return Token("BYTES" if "b" in prefix else "STRING", text[at:end], at, end)
