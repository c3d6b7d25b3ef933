"""The value of a string or bytes literal: quotes taken off, escapes resolved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evaluator.language import syntax_problems as problems
from evaluator.language.tokens import Token
from evaluator.source import Fragment

__all__ = ["literal_text"]

_SIMPLE: Final = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    "?": "?",
    '"': '"',
    "'": "'",
    "`": "`",
}
_HEX_DIGITS: Final = {"x": 2, "X": 2, "u": 4, "U": 8}


def literal_text(token: Token, fragment: Fragment) -> str | bytes:
    """The str or bytes that a STRING or BYTES token stands for. Raises ``PolicyError``."""
    text = token.text
    quote_at = min(at for at in (text.find('"'), text.find("'")) if at >= 0)
    prefix = text[:quote_at].lower()
    width = 3 if len(text) >= quote_at + 6 and text.startswith(text[quote_at] * 3, quote_at) else 1
    body = text[quote_at + width : -width]
    if "r" in prefix or "\\" not in body:
        plain = _unix_lines(body)
        return plain.encode("utf-8") if "b" in prefix else plain
    pieces = _pieces(body, fragment, token.start + quote_at + width, octets="b" in prefix)
    if "b" in prefix:
        return b"".join(
            bytes((piece,)) if isinstance(piece, int) else piece.encode("utf-8") for piece in pieces
        )
    return "".join(chr(piece) if isinstance(piece, int) else piece for piece in pieces)


def _unix_lines(text: str) -> str:
    """Lines of a triple-quoted text end with LF, however the file's lines end."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _pieces(body: str, fragment: Fragment, base: int, *, octets: bool) -> Iterator[str | int]:
    """Stretches of text in turn with the numbers of escapes: code points, or octets of bytes.

    ``base`` is the offset of the body in the fragment.
    """
    at = 0
    while at < len(body):
        slash = body.find("\\", at)
        if slash < 0:
            slash = len(body)
        if slash > at:
            yield _unix_lines(body[at:slash])
            at = slash
            continue
        kind = body[at + 1 : at + 2]
        if kind in _SIMPLE:
            yield _SIMPLE[kind]
            at += 2
            continue
        start, wanted, radix = at + 2, _HEX_DIGITS.get(kind, 0), 16
        if kind and kind in "0123":
            start, wanted, radix = at + 1, 3, 8
        elif not wanted or (octets and kind in "uU"):
            raise problems.bad_escape(fragment, base + at, base + at + 2, octets)
        end = start + wanted
        code = _number(body[start:end], wanted, radix)
        if code is None:
            raise problems.bad_escape(fragment, base + at, base + min(end, len(body)), octets)
        if kind == "u" and 0xD800 <= code < 0xDC00 and body.startswith("\\u", end):
            low = _number(body[end + 2 : end + 6], 4, 16)
            if low is not None and 0xDC00 <= low < 0xE000:
                code, end = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), end + 6
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise problems.bad_code_point(fragment, base + at, base + end)
        yield code
        at = end


def _number(digits: str, wanted: int, radix: int) -> int | None:
    alphabet = "01234567" if radix == 8 else "0123456789abcdefABCDEF"
    if len(digits) != wanted or any(digit not in alphabet for digit in digits):
        return None
    return int(digits, radix)
