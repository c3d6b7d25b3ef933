"""Regular expressions of policies and schemas: RE2, whose time is linear in the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final

__all__ = ["Pattern", "capturing_pattern", "compile_pattern", "matches", "objection"]

_LONGEST: Final = 5_000
"""RE2 takes longer to compile a pattern than to match it, and a request may bring one."""


class Pattern:
    """A compiled pattern. ``found_in(text)`` tells whether it matches anywhere in a text.

    A text with a lone surrogate raises ``UnicodeEncodeError``.
    """

    __slots__ = ("found_in",)

    def __init__(self, compiled: Any) -> None:
        self.found_in: Callable[[str], bool] = _quick(compiled) or (
            lambda text: compiled.search(text) is not None
        )


def _quick(compiled: Any) -> Callable[[str], bool] | None:
    """RE2's own function behind the Python wrapper, which spends five times as long on offsets."""
    regexp = getattr(compiled, "_regexp", None)
    match = getattr(regexp, "Match", None)
    anchor = getattr(getattr(regexp, "Anchor", None), "UNANCHORED", None)
    if match is None or anchor is None:
        return None

    def found_in(text: str) -> bool:
        octets = text.encode()
        found: bool = match(anchor, octets, 0, len(octets))[0][0] >= 0
        return found

    try:
        works = found_in("") is (compiled.search("") is not None)
    except (TypeError, IndexError, AttributeError):
        return None
    return found_in if works else None


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> Pattern | None:
    """The compiled pattern; None when it is none of RE2, or has over 5,000 code points."""
    compiled = _compiled(pattern, captures=False)
    return None if compiled is None else Pattern(compiled)


@lru_cache(maxsize=256)
def capturing_pattern(pattern: str) -> Any:
    """A pattern of RE2 with its groups; None as above."""
    return _compiled(pattern, captures=True)


@lru_cache(maxsize=256)
def objection(pattern: str) -> str | None:
    """What is wrong with a pattern for which there is no compiled one; None when it is one."""
    import re2

    if len(pattern) > _LONGEST:
        return f"it has over {_LONGEST:,} code points"
    try:
        _of_re2(pattern, captures=True)
    except UnicodeEncodeError:
        return "it has a lone surrogate"
    except re2.error as error:
        reason = error.args[0] if error.args else ""
        return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    return None


def _compiled(pattern: str, *, captures: bool) -> Any:
    import re2

    if len(pattern) > _LONGEST:
        return None
    try:
        return _of_re2(pattern, captures=captures)
    except (re2.error, UnicodeEncodeError):
        return None


def _of_re2(pattern: str, *, captures: bool) -> Any:
    import re2

    options = re2.Options()
    options.log_errors = False
    options.never_capture = not captures
    return re2.compile(pattern, options)


def matches(compiled: Any, text: str) -> Iterator[Any]:
    """The matches in a text, none overlapping; an empty one right behind another does not count."""
    end = -1
    for match in compiled.finditer(text):
        if match.end() > match.start() or match.start() != end:
            end = match.end()
            yield match
