"""Patterns of resource types and action names: ``*`` is a whole segment, ``**`` any rest."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

__all__ = ["ANY", "Patterns", "pattern_problem", "union"]


@dataclass(frozen=True, slots=True)
class Patterns:
    """A set of patterns over names of ``:``-separated segments; a name matches if any of them does.

    ``*`` stands for exactly one segment, a final ``**`` for one or more: ``billing:*`` matches
    ``billing:invoice``, ``billing:**`` also ``billing:invoice:line``, ``**`` everything.
    ``literals`` are the patterns without a wildcard.
    """

    texts: tuple[str, ...]
    literals: frozenset[str] = field(init=False)
    _wild: tuple[tuple[str, ...], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        wild = [text for text in self.texts if "*" in text]
        literals = frozenset(text for text in self.texts if "*" not in text)
        object.__setattr__(self, "literals", literals)
        object.__setattr__(self, "_wild", tuple(tuple(text.split(":")) for text in wild))

    def matches(self, name: str) -> bool:
        if name in self.literals:
            return True
        if not self._wild:
            return False
        segments = name.split(":")
        return any(_matches(pattern, segments) for pattern in self._wild)

    @property
    def has_wildcard(self) -> bool:
        return bool(self._wild)

    def overlaps(self, other: Patterns) -> bool:
        """Whether some name may match both."""
        mine = [*self._wild, *(tuple(text.split(":")) for text in self.literals)]
        theirs = [*other._wild, *(tuple(text.split(":")) for text in other.literals)]
        return any(_overlap(left, right) for left in mine for right in theirs)

    def within(self, other: Patterns) -> bool:
        """Whether every name that matches this is known to match the other."""
        mine = [*self._wild, *(tuple(text.split(":")) for text in self.literals)]
        theirs = [*other._wild, *(tuple(text.split(":")) for text in other.literals)]
        return all(any(_covers(wide, narrow) for wide in theirs) for narrow in mine)


ANY = Patterns(("**",))


def pattern_problem(text: str) -> str | None:
    """What is wrong with a pattern, in words, or None."""
    if not text:
        return "it is empty"
    segments = text.split(":")
    for index, segment in enumerate(segments):
        if not segment:
            return "a segment between its colons is empty"
        if "*" in segment and segment not in ("*", "**"):
            return f"`*` stands for a whole segment, not for a part of one as in `{segment}`"
        if segment == "**" and index != len(segments) - 1:
            return "`**` may only be the last segment"
    return None


def _matches(pattern: tuple[str, ...], segments: list[str]) -> bool:
    if pattern[-1] == "**":
        if len(segments) < len(pattern):
            return False
        pattern = pattern[:-1]
        segments = segments[: len(pattern)]
    return len(pattern) == len(segments) and all(
        want in ("*", have) for want, have in zip(pattern, segments, strict=True)
    )


def _overlap(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    if not left or not right:
        return left == right
    if left[0] == "**" or right[0] == "**":
        return True
    if left[0] != right[0] and "*" not in (left[0], right[0]):
        return False
    return _overlap(left[1:], right[1:])


def _covers(wide: tuple[str, ...], narrow: tuple[str, ...]) -> bool:
    if not wide or not narrow:
        return wide == narrow
    if wide[0] == "**":
        return True
    if narrow[0] == "**" or (wide[0] != "*" and wide[0] != narrow[0]):
        return False
    return _covers(wide[1:], narrow[1:])


def union(patterns: Iterable[Patterns]) -> Patterns:
    """The patterns of several together, in order, each once."""
    return Patterns(tuple(dict.fromkeys(text for one in patterns for text in one.texts)))
