"""Values put into a text by its clauses, such as %s, and texts quoted for CEL.

Everything is written one way, whatever the locale. The source is cel-go's strings extension
(ext/strings.go, ``strings.format``), from version 2 on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from evaluator.language.functions.declaring import fails, function, invalid, overload
from evaluator.language.type_text import TYPE_NAMES
from evaluator.language.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DYN,
    INT,
    STRING,
    UINT,
    ListType,
    MapType,
    OptionalType,
    Type,
    TypeType,
)
from evaluator.language.values import Duration, ErrorValue, Map, Timestamp, UInt, type_of

__all__ = ["ACCEPTED", "FUNCTIONS", "clauses"]

_DEFAULT_PRECISION: Final = 6
_MAX_PRECISION: Final = 1000
# No expression can nest that deep; a request's data or a host's values could.
_MAX_NESTING: Final = 200

_Clause = tuple[str, int]
"""The letter of a clause and its precision."""

ACCEPTED: Final[Mapping[str, tuple[str, frozenset[Type]]]] = {
    "s": ("values other than optionals and a host's own", frozenset()),
    "d": ("int, uint and double", frozenset({INT, UINT, DOUBLE})),
    "f": ("int, uint and double", frozenset({INT, UINT, DOUBLE})),
    "e": ("int, uint and double", frozenset({INT, UINT, DOUBLE})),
    "b": ("int, uint and bool", frozenset({INT, UINT, BOOL})),
    "o": ("int and uint", frozenset({INT, UINT})),
    "x": ("int, uint, string and bytes", frozenset({INT, UINT, STRING, BYTES})),
    "X": ("int, uint, string and bytes", frozenset({INT, UINT, STRING, BYTES})),
}
"""By the letter of a clause: what it writes, in words and, but for ``s``, as types."""


# Clauses


def _pieces(text: str) -> Iterator[str | _Clause | ErrorValue]:
    """Plain stretches of a format and its clauses in turn; an error is the last."""
    at = 0
    while (sign := text.find("%", at)) >= 0:
        yield text[at:sign]
        if text.startswith("%%", sign):
            yield "%"
            at = sign + 2
            continue
        end, precision = sign + 1, _DEFAULT_PRECISION
        if text.startswith(".", end):
            digits = end = end + 1
            while end < len(text) and text[end] in "0123456789":
                end += 1
            found = _precision(text[digits:end])
            if isinstance(found, ErrorValue):
                yield found
                return
            precision = found
        if end == len(text):
            yield invalid("the format ends inside a clause; a plain % is written %%")
            return
        if text[end] not in _WRITERS:
            yield invalid(f"%{text[end]} is no formatting clause; a plain % is written %%")
            return
        yield text[end], precision
        at = end + 1
    yield text[at:]


def clauses(text: str) -> list[str] | ErrorValue:
    """The letters of a format's clauses in order, or what is wrong with it."""
    letters: list[str] = []
    for piece in _pieces(text):
        if isinstance(piece, ErrorValue):
            return piece
        if not isinstance(piece, str):
            letters.append(piece[0])
    return letters


def _precision(digits: str) -> int | ErrorValue:
    if not digits:
        return invalid("a precision needs digits behind its dot, such as %.2f")
    bare = digits.lstrip("0") or "0"
    # Compared by length first: a long number takes long to read.
    if len(bare) > len(str(_MAX_PRECISION)) or int(bare) > _MAX_PRECISION:
        return invalid(f"a precision is at most {_MAX_PRECISION}")
    return int(bare)


def _format(text: str, args: list[Any]) -> str | ErrorValue:
    written: list[str] = []
    used = 0
    for piece in _pieces(text):
        if isinstance(piece, ErrorValue):
            return piece
        if isinstance(piece, str):
            written.append(piece)
            continue
        if used == len(args):
            return invalid(f"the format has more clauses than the {len(args)} values given")
        letter, precision = piece
        value = _WRITERS[letter](args[used], precision)
        if isinstance(value, ErrorValue):
            return value
        written.append(value)
        used += 1
    return "".join(written)


# How a clause writes a value


def _unfit(letter: str, value: Any) -> ErrorValue:
    return invalid(f"%{letter} takes {ACCEPTED[letter][0]}, not {_type_name(type_of(value))}")


def _string(value: Any, _: int) -> str | ErrorValue:
    return _shown(value, 0)


def _shown(value: Any, depth: int) -> str | ErrorValue:
    """A value as %s writes it; texts inside lists and maps stay without quotes."""
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is bytes:
        try:
            return bytes(value).decode("utf-8")
        except UnicodeDecodeError:
            return invalid("%s takes bytes that are UTF-8; %x takes any")
    if kind is list or kind is tuple or kind is Map:
        if depth == _MAX_NESTING:
            return invalid(f"%s takes values nested at most {_MAX_NESTING} deep")
        return _shown_map(value, depth) if kind is Map else _shown_list(value, depth)
    if isinstance(value, Type):
        return _type_name(value)
    writer = _SIMPLE.get(kind)
    if writer is None:
        return _unfit("s", value)
    return writer(value)


def _shown_list(items: list[Any] | tuple[Any, ...], depth: int) -> str | ErrorValue:
    texts = []
    for item in items:
        text = _shown(item, depth + 1)
        if isinstance(text, ErrorValue):
            return text
        texts.append(text)
    return f"[{', '.join(texts)}]"


def _shown_map(entries: Map, depth: int) -> str | ErrorValue:
    texts = []
    for key, value in entries.items():
        name, text = _shown(key, depth + 1), _shown(value, depth + 1)
        if isinstance(name, ErrorValue):
            return name
        if isinstance(text, ErrorValue):
            return text
        texts.append((name, text))
    texts.sort(key=lambda entry: entry[0])
    return f"{{{', '.join(f'{name}: {text}' for name, text in texts)}}}"


def _not_finite(value: float) -> str | None:
    if value - value == 0:
        return None
    return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"


def _plain_double(value: float) -> str:
    """The fewest digits that read back as the value, without an exponent."""
    return _not_finite(value) or format(Decimal(repr(value)), "f").removesuffix(".0")


_SIMPLE: Final[dict[type, Callable[[Any], str]]] = {
    type(None): lambda _: "null",
    bool: lambda value: "true" if value else "false",
    int: str,
    UInt: lambda value: str(int(value)),
    float: _plain_double,
    Timestamp: str,
    Duration: str,
}


def _type_name(type_: Type) -> str:
    """The name that stands for a type in expressions, such as ``null_type``."""
    if isinstance(type_, ListType):
        return "list"
    if isinstance(type_, MapType):
        return "map"
    if isinstance(type_, OptionalType):
        return "optional_type"
    if isinstance(type_, TypeType):
        return "type"
    return next((name for name, known in TYPE_NAMES.items() if known == type_), str(type_))


def _decimal(value: Any, _: int) -> str | ErrorValue:
    if type(value) in (int, UInt, float):
        return _SIMPLE[type(value)](value)
    return _unfit("d", value)


def _real(letter: str) -> Callable[[Any, int], str | ErrorValue]:
    def write(value: Any, precision: int) -> str | ErrorValue:
        if type(value) not in (int, UInt, float):
            return _unfit(letter, value)
        number = float(value)
        return _not_finite(number) or format(number, f".{precision}{letter}")

    return write


def _whole(letter: str) -> Callable[[Any, int], str | ErrorValue]:
    def write(value: Any, _: int) -> str | ErrorValue:
        if type(value) in (int, UInt):
            return format(int(value), letter)
        if letter == "b" and type(value) is bool:
            return "1" if value else "0"
        return _unfit(letter, value)

    return write


def _hexadecimal(letter: str) -> Callable[[Any, int], str | ErrorValue]:
    def write(value: Any, _: int) -> str | ErrorValue:
        if type(value) in (int, UInt):
            return format(int(value), letter)
        if type(value) is str:
            value = value.encode("utf-8", "surrogatepass")
        if type(value) is bytes:
            return value.hex() if letter == "x" else value.hex().upper()
        return _unfit(letter, value)

    return write


_WRITERS: Final[dict[str, Callable[[Any, int], str | ErrorValue]]] = {
    "s": _string,
    "d": _decimal,
    "f": _real("f"),
    "e": _real("e"),
    "b": _whole("b"),
    "o": _whole("o"),
    "x": _hexadecimal("x"),
    "X": _hexadecimal("X"),
}


# Cost


# What no number, in %b and %s, and no name of a type is longer than; doubles far from 1 are.
_SHORT: Final = 70
_LONGEST_DOUBLE: Final = 350
_OCTETS_AS_HEX: Final = 8  # four octets of UTF-8 to a code point, two digits to an octet


def _format_cost(text: str, args: list[Any]) -> int:
    """The length of the format, and at least what its clauses come to."""
    cost, used = len(text), 0
    sizes: dict[int, int] = {}
    for piece in _pieces(text):
        if isinstance(piece, ErrorValue) or used == len(args):
            break
        if isinstance(piece, str):
            continue
        letter, precision = piece
        value = args[used]
        used += 1
        if letter in "fe":
            cost += precision + _size(value, sizes, 0)
        elif letter in "xX" and type(value) in (str, bytes):
            cost += _OCTETS_AS_HEX * len(value)
        elif letter in "sd":
            cost += _size(value, sizes, 0)
        else:
            cost += _SHORT
    return cost


def _size(value: Any, sizes: dict[int, int], depth: int) -> int:
    """What the text of a value comes to at most.

    ``sizes`` has those of the lists and maps seen, by identity: a few steps can nest one list in
    itself twice over and over, which is soon measured and long to write.
    """
    kind = type(value)
    if kind is str or kind is bytes:
        return len(value)
    if kind is float:
        return _SHORT if value == 0 or 1e-16 < abs(value) < 1e16 else _LONGEST_DOUBLE
    if (kind is not list and kind is not tuple and kind is not Map) or depth > _MAX_NESTING:
        return _SHORT
    known = sizes.get(id(value))
    if known is None:
        items = [part for entry in value.items() for part in entry] if kind is Map else value
        known = 2 + sum(_size(item, sizes, depth + 1) + 2 for item in items)
        sizes[id(value)] = known
    return known


# Quotes


_ESCAPES: Final = str.maketrans(
    {
        "\a": "\\a",
        "\b": "\\b",
        "\f": "\\f",
        "\n": "\\n",
        "\r": "\\r",
        "\t": "\\t",
        "\v": "\\v",
        "\\": "\\\\",
        '"': '\\"',
        # A lone surrogate is no character, and no literal can stand for it.
        **{chr(code): "\ufffd" for code in range(0xD800, 0xE000)},
    }
)


def _quote(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


FUNCTIONS = (
    function(
        "format",
        "A text with its clauses, such as %s and %.2f, replaced by the values of a list in turn.",
        overload(
            "string_format_list",
            (STRING, ListType(DYN)),
            STRING,
            _format,
            "invalid_argument",
            member=True,
            cost=_format_cost,
        ),
        examples=(
            ("'%s has %d of %d'.format(['Ada', 2, 3])", '"Ada has 2 of 3"'),
            ("'%e'.format([1234.5])", '"1.234500e+03"'),
            ("'%.2f %%'.format([12.345])", '"12.35 %"'),
            ("'%s'.format([{'b': [1.5, null], 'a': true}])", '"{a: true, b: [1.5, null]}"'),
            ("'%b %o %x %X'.format([5, 8, 255, b'az'])", '"101 10 ff 617A"'),
            ("'%s'.format([timestamp('2026-03-03T09:00:00Z')])", '"2026-03-03T09:00:00Z"'),
            fails("'%d'.format(['a'])", "invalid_argument"),
        ),
        family="strings",
        cost="the length of the format, and at least that of what its clauses write",
    ),
    function(
        "strings.quote",
        "A text in double quotes, with escapes where a literal of CEL needs them.",
        overload("strings_quote", (STRING,), STRING, _quote, cost=lambda text: 2 * len(text)),
        examples=(("strings.quote('a \"b\"')", '"\\"a \\\\\\"b\\\\\\"\\""'),),
        family="strings",
        cost="twice the length of the text",
    ),
)
