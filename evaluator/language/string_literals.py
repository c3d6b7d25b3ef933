"""The value of a string or bytes literal: quotes taken off, escapes resolved."""

from __future__ import annotations

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
    if width == 3:
        body = body.replace("\r\n", "\n").replace("\r", "\n")
    if "r" in prefix or "\\" not in body:
        return body.encode("utf-8", "surrogatepass") if "b" in prefix else body
    base = token.start + quote_at + width
    if "b" in prefix:
        return _bytes(body, fragment, base)
    return "".join(chr(code) for code, _ in _codes(body, fragment, base, octets=False))


def _bytes(body: str, fragment: Fragment, base: int) -> bytes:
    out = bytearray()
    for code, is_octet in _codes(body, fragment, base, octets=True):
        out += bytes((code,)) if is_octet else chr(code).encode("utf-8", "surrogatepass")
    return bytes(out)


def _codes(body: str, fragment: Fragment, base: int, *, octets: bool) -> list[tuple[int, bool]]:
    """Code points, or octets where an escape of a bytes literal gives one."""
    found: list[tuple[int, bool]] = []
    at = 0
    while at < len(body):
        if body[at] != "\\":
            found.append((ord(body[at]), False))
            at += 1
            continue
        kind = body[at + 1 : at + 2]
        if kind in _SIMPLE and kind:
            found.append((ord(_SIMPLE[kind]), False))
            at += 2
            continue
        if kind and kind in "0123":
            digits, radix, start = body[at + 1 : at + 4], 8, at + 1
            wanted = 3
        elif kind in _HEX_DIGITS and not (octets and kind in "uU"):
            wanted = _HEX_DIGITS[kind]
            digits, radix, start = body[at + 2 : at + 2 + wanted], 16, at + 2
        else:
            raise problems.bad_escape(fragment, base + at, base + min(at + 2, len(body)), octets)
        allowed = "01234567" if radix == 8 else "0123456789abcdefABCDEF"
        if len(digits) != wanted or any(digit not in allowed for digit in digits):
            raise problems.bad_escape(
                fragment, base + at, base + min(start + wanted, len(body)), octets
            )
        code = int(digits, radix)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise problems.bad_code_point(fragment, base + at, base + start + wanted)
        found.append((code, octets))
        at = start + wanted
    return found
