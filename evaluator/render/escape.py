"""Text from policies and requests made safe to show: what a terminal would obey becomes visible."""

from __future__ import annotations

from typing import Final
from unicodedata import category

__all__ = ["visible"]

# Control and format characters (directions, invisible marks), line separators, lone surrogates.
_HIDDEN: Final = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs"})
# Format characters that are part of how words and signs are written: the two joiners.
_WRITTEN: Final = frozenset("\u200c\u200d")


def visible(text: str, *, keep: str = "") -> str:
    r"""The text with characters that show nothing themselves as ``\xHH`` or ``\uHHHH``.

    Those are control characters, among them line breaks and tabs, marks of direction, which could
    make a line read other than it is, and lone surrogates. Characters in ``keep`` stay.
    """
    if text.isprintable():
        return text
    return "".join(letter if letter in keep else _shown(letter) for letter in text)


def _shown(letter: str) -> str:
    if category(letter) not in _HIDDEN or letter in _WRITTEN:
        return letter
    code = ord(letter)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
