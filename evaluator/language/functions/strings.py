"""Texts: the standard functions, and those of the strings extension; positions in code points."""

from __future__ import annotations

from typing import Any

from evaluator.language.functions.declaring import fails, function, invalid, overload
from evaluator.language.functions.regexes import SURROGATE, no_pattern
from evaluator.language.regex import compile_pattern
from evaluator.language.types import BOOL, INT, STRING, ListType
from evaluator.language.values import ErrorValue

__all__ = ["FUNCTIONS"]

STRINGS = ListType(STRING)


def _matches(text: str, pattern: str) -> bool | ErrorValue:
    compiled = compile_pattern(pattern)
    if compiled is None:
        return no_pattern(pattern)
    try:
        return compiled.found_in(text)
    except UnicodeEncodeError:
        return invalid(SURROGATE)


def _match_cost(text: str, pattern: str) -> int:
    return len(text) + len(pattern)


def _replace(text: str, old: str, new: str, limit: int = -1) -> str:
    return text.replace(old, new, max(limit, -1))


def _replace_cost(text: str, old: str, new: str, limit: int = -1) -> int:
    """What is read and what is written: a long replacement makes a long text of a short one."""
    count = text.count(old)
    if 0 <= limit < count:
        count = limit
    return len(text) + max(0, count * (len(new) - len(old)))


def _index_of(text: str, part: str, start: int = 0) -> int | ErrorValue:
    if not 0 <= start <= len(text):
        return _outside(str(start), text)
    return text.find(part, start)


def _last_index_of(text: str, part: str, start: int | None = None) -> int | ErrorValue:
    if start is None:
        return text.rfind(part)
    if not 0 <= start <= len(text):
        return _outside(str(start), text)
    return text.rfind(part, 0, start + len(part))


def _char_at(text: str, index: int) -> str | ErrorValue:
    if not 0 <= index <= len(text):
        return _outside(str(index), text)
    return text[index : index + 1]


def _substring(text: str, start: int, end: int | None = None) -> str | ErrorValue:
    end = len(text) if end is None else end
    if not 0 <= start <= end <= len(text):
        return _outside(f"{start} to {end}", text)
    return text[start:end]


def _part_size(text: str, start: int, end: int | None = None) -> int:
    end = len(text) if end is None else end
    return end - start if 0 <= start <= end <= len(text) else 0


def _split(text: str, separator: str, limit: int = -1) -> list[str]:
    if limit == 0:
        return []
    if limit == 1:
        return [text]
    if not separator:
        letters = list(text)
        if limit < 0 or len(letters) <= limit:
            return letters
        return [*letters[: limit - 1], "".join(letters[limit - 1 :])]
    return text.split(separator, limit - 1 if limit > 0 else -1)


# What Unicode calls white space; Python's strip() would also take U+001C to U+001F.
_SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    chr(code) for code in range(0x2000, 0x200B)
)


def _ascii_lower(text: str) -> str:
    if text.isascii():
        return text.lower()
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def _ascii_upper(text: str) -> str:
    if text.isascii():
        return text.upper()
    return "".join(letter.upper() if letter.isascii() else letter for letter in text)


def _outside(place: str, text: str) -> ErrorValue:
    return ErrorValue("index_out_of_range", f"{place} is outside a text of {len(text)} characters")


def _size(text: str, *_: Any) -> int:
    return len(text)


def _joined_size(texts: list[str], separator: str = "") -> int:
    return sum(map(len, texts)) + len(texts) * (len(separator) + 1)


_BAD = "invalid_argument"
_OUTSIDE = "index_out_of_range"

FUNCTIONS = (
    function(
        "contains",
        "Whether a text has a part.",
        overload(
            "contains_string",
            (STRING, STRING),
            BOOL,
            lambda text, part: part in text,
            member=True,
            cost=_size,
        ),
        examples=(
            ("'licence'.contains('cen')", "true"),
            ("'licence'.contains('CEN')", "false"),
        ),
        family="strings",
        cost="the length of the text",
    ),
    function(
        "startsWith",
        "Whether a text begins with a part.",
        overload("starts_with_string", (STRING, STRING), BOOL, str.startswith, member=True),
        examples=(
            ("'licence'.startsWith('lic')", "true"),
            ("'licence'.startsWith('')", "true"),
        ),
        family="strings",
    ),
    function(
        "endsWith",
        "Whether a text ends with a part.",
        overload("ends_with_string", (STRING, STRING), BOOL, str.endswith, member=True),
        examples=(
            ("'licence'.endsWith('ce')", "true"),
            ("'report.pdf'.endsWith('.pdf')", "true"),
        ),
        family="strings",
    ),
    function(
        "matches",
        "Whether an RE2 pattern is found in a text; anchor it with ^ and $ for the whole.",
        overload("matches", (STRING, STRING), BOOL, _matches, _BAD, cost=_match_cost),
        overload(
            "matches_string", (STRING, STRING), BOOL, _matches, _BAD, member=True, cost=_match_cost
        ),
        examples=(
            ("'A-17'.matches('^[A-Z]-[0-9]+$')", "true"),
            ("'B A-17'.matches('A-[0-9]')", "true"),
            fails("'a'.matches('(')", "invalid_argument"),
        ),
        family="strings",
        cost="the lengths of text and pattern",
    ),
    function(
        "replace",
        "A text with a part replaced everywhere, or the given number of times.",
        overload(
            "string_replace_string_string",
            (STRING, STRING, STRING),
            STRING,
            _replace,
            member=True,
            cost=_replace_cost,
        ),
        overload(
            "string_replace_string_string_int",
            (STRING, STRING, STRING, INT),
            STRING,
            _replace,
            member=True,
            cost=_replace_cost,
        ),
        examples=(
            ("'a-b-c'.replace('-', '')", '"abc"'),
            ("'aaa'.replace('a', 'b', 1)", '"baa"'),
        ),
        family="strings",
        cost="the length of the text, or of the result if that is longer",
    ),
    function(
        "lowerAscii",
        "A text with A to Z made small; all else stays.",
        overload("string_lower_ascii", (STRING,), STRING, _ascii_lower, member=True, cost=_size),
        examples=(("'ÆBC'.lowerAscii()", '"Æbc"'),),
        family="strings",
        cost="the length of the text",
    ),
    function(
        "upperAscii",
        "A text with a to z made capital; all else stays.",
        overload("string_upper_ascii", (STRING,), STRING, _ascii_upper, member=True, cost=_size),
        examples=(("'æbc'.upperAscii()", '"æBC"'),),
        family="strings",
        cost="the length of the text",
    ),
    function(
        "charAt",
        "The character at a position from 0; empty right behind the end.",
        overload("string_char_at_int", (STRING, INT), STRING, _char_at, _OUTSIDE, member=True),
        examples=(
            ("'abc'.charAt(1)", '"b"'),
            ("'abc'.charAt(3)", '""'),
            fails("'abc'.charAt(4)", "index_out_of_range"),
        ),
        family="strings",
    ),
    function(
        "indexOf",
        "The first position of a part, -1 when there is none.",
        overload(
            "string_index_of_string", (STRING, STRING), INT, _index_of, member=True, cost=_size
        ),
        overload(
            "string_index_of_string_int",
            (STRING, STRING, INT),
            INT,
            _index_of,
            _OUTSIDE,
            member=True,
            cost=_size,
        ),
        examples=(
            ("'abcabc'.indexOf('b')", "1"),
            ("'abcabc'.indexOf('b', 2)", "4"),
            ("'abc'.indexOf('z')", "-1"),
            fails("'abc'.indexOf('a', 4)", "index_out_of_range"),
        ),
        family="strings",
        cost="the length of the text",
    ),
    function(
        "lastIndexOf",
        "The last position of a part, -1 when there is none.",
        overload(
            "string_last_index_of_string",
            (STRING, STRING),
            INT,
            _last_index_of,
            member=True,
            cost=_size,
        ),
        overload(
            "string_last_index_of_string_int",
            (STRING, STRING, INT),
            INT,
            _last_index_of,
            _OUTSIDE,
            member=True,
            cost=_size,
        ),
        examples=(
            ("'abcabc'.lastIndexOf('b')", "4"),
            ("'abcabc'.lastIndexOf('b', 3)", "1"),
            fails("'abc'.lastIndexOf('a', -1)", "index_out_of_range"),
        ),
        family="strings",
        cost="the length of the text",
    ),
    function(
        "substring",
        "The part from a position up to, not including, another or to the end.",
        overload(
            "string_substring_int",
            (STRING, INT),
            STRING,
            _substring,
            _OUTSIDE,
            member=True,
            cost=_part_size,
        ),
        overload(
            "string_substring_int_int",
            (STRING, INT, INT),
            STRING,
            _substring,
            _OUTSIDE,
            member=True,
            cost=_part_size,
        ),
        examples=(
            ("'licence'.substring(3)", '"ence"'),
            ("'licence'.substring(0, 3)", '"lic"'),
            fails("'abc'.substring(4)", "index_out_of_range"),
        ),
        family="strings",
        cost="the length of the part",
    ),
    function(
        "split",
        "The parts between separators, at most the given number.",
        overload("string_split_string", (STRING, STRING), STRINGS, _split, member=True, cost=_size),
        overload(
            "string_split_string_int",
            (STRING, STRING, INT),
            STRINGS,
            _split,
            member=True,
            cost=_size,
        ),
        examples=(
            ("'a b'.split(' ')", '["a", "b"]'),
            ("'a,b,c'.split(',', 2)", '["a", "b,c"]'),
            ("'abc'.split('')", '["a", "b", "c"]'),
        ),
        family="strings",
        cost="the length of the text",
    ),
    function(
        "join",
        "Texts in one, with a separator between them.",
        overload("list_join", (STRINGS,), STRING, "".join, member=True, cost=_joined_size),
        overload(
            "list_join_string",
            (STRINGS, STRING),
            STRING,
            lambda texts, separator: separator.join(texts),
            member=True,
            cost=_joined_size,
        ),
        examples=(
            ("['a', 'b'].join('-')", '"a-b"'),
            ("['a', 'b'].join()", '"ab"'),
        ),
        family="strings",
        cost="the length of the result",
    ),
    function(
        "trim",
        "A text without white space at its ends.",
        overload(
            "string_trim",
            (STRING,),
            STRING,
            lambda text: text.strip(_SPACES),
            member=True,
            cost=_size,
        ),
        examples=(("' a '.trim()", '"a"'),),
        family="strings",
        cost="the length of the text",
    ),
)
