"""Text from policies and requests made safe to show: control characters become visible."""

from __future__ import annotations

from typing import Final

__all__ = ["visible"]

# Direction marks could make a line read other than it is.
_DIRECTIONS: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def visible(text: str, *, keep: str = "") -> str:
    r"""The text with control and direction characters as ``\xHH`` or ``\uHHHH``.

    Characters in ``keep`` (a line feed, say) stay. Lone surrogates, which no terminal takes, are
    shown too.
    """
    if text.isprintable():
        return text
    return "".join(letter if letter in keep else _shown(letter) for letter in text)


def _shown(letter: str) -> str:
    code = ord(letter)
    if letter in _DIRECTIONS or 0xD800 <= code <= 0xDFFF:
        return f"\\u{code:04x}"
    if code < 0x20 or 0x7F <= code < 0xA0:
        return f"\\x{code:02x}"
    return letter
