"""Parts of texts by pattern: cel-go's regex extension, with the patterns of RE2."""

from __future__ import annotations

from typing import Any

from evaluator.diagnostics import shortened
from evaluator.language.functions.declaring import fails, function, invalid, overload
from evaluator.language.regex import capturing_pattern, matches, objection
from evaluator.language.types import INT, STRING, ListType, OptionalType
from evaluator.language.values import NONE, ErrorValue, Optional

__all__ = ["FUNCTIONS", "SURROGATE", "no_pattern"]

SURROGATE = "the text has a lone surrogate, which no pattern can match"


def no_pattern(pattern: str) -> ErrorValue:
    """The error of a call whose pattern RE2 does not take."""
    return invalid(f"`{shortened(pattern)}` is no pattern of RE2: {objection(pattern)}")


def _replace(text: str, pattern: str, replacement: str, count: int = -1) -> str | ErrorValue:
    compiled = capturing_pattern(pattern)
    if compiled is None:
        return no_pattern(pattern)
    template = _template(replacement, compiled.groups)
    if isinstance(template, ErrorValue):
        return template
    if count == 0:
        return text
    made: list[str] = []
    end = 0
    try:
        for number, match in enumerate(matches(compiled, text), start=1):
            made.append(text[end : match.start()])
            made += (
                part if isinstance(part, str) else match.group(part) or "" for part in template
            )
            end = match.end()
            if number == count:
                break
    except UnicodeEncodeError:
        return invalid(SURROGATE)
    return "".join([*made, text[end:]])


def _template(replacement: str, groups: int) -> list[str | int] | ErrorValue:
    """The texts and the numbers of groups that a replacement is made of."""
    parts: list[str | int] = []
    first, *rest = replacement.split("\\\\")  # two backslashes are one in the result
    for number, stretch in enumerate((first, *rest)):
        if number:
            parts.append("\\")
        start, *references = stretch.split("\\")
        parts.append(start)
        for reference in references:
            digit = reference[:1]
            if not (digit.isascii() and digit.isdigit()):
                return invalid(r"in a replacement `\` stands before a digit or another `\`")
            if int(digit) > groups:
                return invalid(f"the pattern has no group {digit}")
            parts += [int(digit), reference[1:]]
    return parts


def _replace_cost(text: str, pattern: str, replacement: str, count: int = -1) -> int:
    """What is read and what is written: a replacement may be long, and repeat what was matched."""
    compiled = capturing_pattern(pattern)
    read = len(text) + len(pattern) + len(replacement)
    if compiled is None or count == 0:
        return read
    try:
        found = sum(1 for _ in matches(compiled, text))
    except UnicodeEncodeError:
        return read
    times = found if count < 0 else min(found, count)
    return read + times * len(replacement) + replacement.count("\\") * len(text)


def _extract(text: str, pattern: str) -> Optional | ErrorValue:
    compiled = _one_group(pattern)
    if isinstance(compiled, ErrorValue):
        return compiled
    try:
        found = compiled.search(text)
    except UnicodeEncodeError:
        return invalid(SURROGATE)
    if found is None:
        return NONE
    if not compiled.groups:
        return Optional(found.group())
    return Optional(found.group(1)) if found.group(1) else NONE


def _extract_all(text: str, pattern: str) -> list[str] | ErrorValue:
    compiled = _one_group(pattern)
    if isinstance(compiled, ErrorValue):
        return compiled
    try:
        found = list(matches(compiled, text))
    except UnicodeEncodeError:
        return invalid(SURROGATE)
    if not compiled.groups:
        return [match.group() for match in found]
    return [match.group(1) for match in found if match.group(1)]


def _one_group(pattern: str) -> Any:
    compiled = capturing_pattern(pattern)
    if compiled is None:
        return no_pattern(pattern)
    if compiled.groups > 1:
        return invalid(
            f"`{shortened(pattern)}` has {compiled.groups} groups; one at most tells what to take"
        )
    return compiled


def _extract_cost(text: str, pattern: str) -> int:
    return len(text) + len(pattern)


_BAD = "invalid_argument"

FUNCTIONS = (
    function(
        "regex.replace",
        r"A text with what an RE2 pattern matches replaced, so often at most; `\1` is its group 1.",
        overload(
            "regex_replace_string_string_string",
            (STRING, STRING, STRING),
            STRING,
            _replace,
            _BAD,
            cost=_replace_cost,
        ),
        overload(
            "regex_replace_string_string_string_int",
            (STRING, STRING, STRING, INT),
            STRING,
            _replace,
            _BAD,
            cost=_replace_cost,
        ),
        examples=(
            ("regex.replace('hello world hello', 'hello', 'hi')", '"hi world hi"'),
            ("regex.replace('banana', 'a', 'x', 1)", '"bxnana"'),
            (r"regex.replace('foo bar', '(fo)o (ba)r', r'\2 \1')", '"ba fo"'),
            fails("regex.replace('a', '(', 'b')", "invalid_argument"),
            fails(r"regex.replace('a', 'a', r'\1')", "invalid_argument"),
        ),
        family="strings",
        cost="the lengths of all texts, and of what is written",
    ),
    function(
        "regex.extract",
        "The first match of an RE2 pattern, of its group where it has one; empty for none.",
        overload(
            "regex_extract_string_string",
            (STRING, STRING),
            OptionalType(STRING),
            _extract,
            _BAD,
            cost=_extract_cost,
        ),
        examples=(
            ("regex.extract('order 12, order 7', '[0-9]+')", 'optional.of("12")'),
            ("regex.extract('item-A, item-B', 'item-([A-Z])')", 'optional.of("A")'),
            ("regex.extract('HELLO', 'hello')", "optional.none()"),
            fails("regex.extract('a@b', '(.*)@(.*)')", "invalid_argument"),
        ),
        family="strings",
        cost="the lengths of text and pattern",
    ),
    function(
        "regex.extractAll",
        "All matches of an RE2 pattern, of its group where it has one.",
        overload(
            "regex_extract_all_string_string",
            (STRING, STRING),
            ListType(STRING),
            _extract_all,
            _BAD,
            cost=_extract_cost,
        ),
        examples=(
            ("regex.extractAll('id:123, id:456', 'id:[0-9]+')", '["id:123", "id:456"]'),
            ("regex.extractAll('id:123, id:456', 'id:([0-9]+)')", '["123", "456"]'),
            ("regex.extractAll('none', '[0-9]')", "[]"),
            fails("regex.extractAll('a@b', '(.*)@(.*)')", "invalid_argument"),
        ),
        family="strings",
        cost="the lengths of text and pattern",
    ),
)
