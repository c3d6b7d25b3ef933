"""Differences between what was expected of a decision and what there is, line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal

from evaluator.language.values import ABSENT
from evaluator.render.escape import visible
from evaluator.suites.comparing import Difference

__all__ = ["Line", "difference_lines", "difference_words", "value_words"]

Line = tuple[Literal["-", "+", " "], str]
"""``-`` was expected, ``+`` is there instead, a blank is as expected."""


def difference_lines(difference: Difference) -> Iterator[Line]:
    """The lines that a difference comes to, in an order that shows what belongs together."""
    expected, got = difference.expected, difference.got
    if difference.field.startswith("verified."):
        yield "-", "the remedy works"
        yield "+", f"it does not: {visible(difference.note or '')}"
        return
    if difference.part and isinstance(expected, list) and not isinstance(got, list):
        yield from (("-", f"… {_json(text)} …") for text in expected)
        yield "+", value_words(got)
        return
    if _is_long(expected) or _is_long(got):
        yield from _diff(_pretty(expected), _pretty(got), part=difference.part)
    else:
        if expected is not None or not difference.note:
            yield "-", value_words(expected, part=difference.part)
        yield "+", value_words(got)
    if difference.note:
        yield " ", visible(difference.note)


def difference_words(difference: Difference) -> str:
    """A difference in one line: ``rules: expected [a], got [b]``."""
    if difference.field.startswith("verified."):
        return f"{difference.field}: the remedy does not work: {visible(difference.note or '')}"
    note = f" ({visible(difference.note)})" if difference.note else ""
    got = value_words(difference.got)
    if difference.expected is None and difference.note:
        return f"{difference.field}: got {got}{note}"
    expected = value_words(difference.expected, part=difference.part)
    return f"{difference.field}: expected {expected}, got {got}{note}"


def _is_long(value: Any) -> bool:
    return isinstance(value, (list, dict)) and len(value_words(value)) > 60


def value_words(value: Any, *, part: bool = False) -> str:
    """A value in one line; ids and other words without their quotes."""
    if value is ABSENT:
        return "(not there)"
    more = ", …" if part else ""
    if isinstance(value, list):
        return f"[{', '.join(map(_item, value))}{more if value else '…' if part else ''}]"
    if isinstance(value, dict):
        listed = ", ".join(f"{_item(key)}: {_item(item)}" for key, item in value.items())
        return f"{{{listed}{more}}}"
    return _item(value)


def _item(value: Any) -> str:
    if isinstance(value, (list, dict)):
        return value_words(value)
    if isinstance(value, str) and _is_word(value):
        return value
    return _json(value)


def _is_word(text: str) -> bool:
    """Whether a text can only be read as itself, without quotes."""
    return text.replace("-", "").replace("_", "").replace(".", "").replace("/", "").isalnum() and (
        text[0].isalpha() and text not in ("true", "false", "null")
    )


def _json(value: Any) -> str:
    return visible(json.dumps(value, ensure_ascii=False))


def _pretty(value: Any) -> list[str]:
    """A value over several lines, the items of a list one a line."""
    if value is ABSENT:
        return ["(not there)"]
    if isinstance(value, list) and not any(isinstance(item, (list, dict)) for item in value):
        return [_item(item) for item in value]
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return [visible(line) for line in text.splitlines()]


def _diff(expected: Sequence[str], got: Sequence[str], *, part: bool) -> Iterator[Line]:
    matcher = SequenceMatcher(None, expected, got, autojunk=False)
    for kind, first, last, start, end in matcher.get_opcodes():
        if kind == "equal":
            yield from ((" ", line) for line in got[start:end])
            continue
        yield from (("-", line) for line in expected[first:last])
        # What is there beside a part is no mistake.
        yield from ((" " if part else "+", line) for line in got[start:end])
