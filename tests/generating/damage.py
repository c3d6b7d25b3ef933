"""Damages the text of an expression as a slip of the pen does: a token or a character at a time."""

from __future__ import annotations

from random import Random
from typing import Final

from evaluator.errors import PolicyError
from evaluator.language.tokens import tokens
from evaluator.source import Fragment

__all__ = ["damaged"]

_PIECES: Final = (
    *(".", ",", "(", ")", "[", "]", "{", "}", "?", ":", "+", "-", "!", "<", "==", "in", "&&", "||"),
    *("=", "&", "|", "true", "null", "a", "has(", "and", "not", "if", "1", "2u", ".5", "1e", "0x"),
    *("'x'", '"y', "`z`", "`", "//", "\n", "\\", "b'\\u'", "r''", "'''", "\ud800", "é", "\0", "\t"),
    *("cel.bind(x, 1, x)", "[].map(x, x)", "9223372036854775808", "optional.none()", "{'a': 1}"),
    *("resource", "subject.id", "now", "duration('1h')", "9999999999999999999999u", "1e999"),
)


def damaged(random: Random, text: str) -> str:
    """The text with one token dropped, doubled, swapped or exchanged, or one character damaged."""
    if random.random() < 0.25:
        place = random.randrange(len(text) + 1)
        return text[:place] + random.choice(("", *_PIECES)) + text[place + 1 :]
    try:
        found = [text[token.start : token.end] for token in tokens(Fragment.whole(text))]
    except PolicyError:
        found = []
    if not found:
        return text + random.choice(_PIECES)
    place = random.randrange(len(found))
    other = random.randrange(len(found))
    kind = random.randrange(5)
    if kind == 0:
        del found[place]
    elif kind == 1:
        found.insert(place, found[place])
    elif kind == 2:
        found[place], found[other] = found[other], found[place]
    elif kind == 3:
        found[place] = found[other]
    else:
        found[place] = random.choice(_PIECES)
    return random.choice(("", " ", " ", "\n")).join(found)
