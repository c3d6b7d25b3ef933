"""JSON to plain Python quickly, or to nodes with their places; strict, and all problems at once."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any, Final

from evaluator.diagnostics import Diagnostic
from evaluator.documents import json_problems as problems
from evaluator.documents.limits import DEFAULT_LIMITS, Limits
from evaluator.documents.nodes import Document, to_python
from evaluator.documents.reading import undecodable
from evaluator.source import Source

__all__ = ["REQUEST_CODES", "SCHEMA_CODES", "JsonCodes", "load_json", "parse_json"]


@dataclass(frozen=True, slots=True)
class JsonCodes:
    """The codes that the problems of a kind of JSON text have."""

    syntax: str
    duplicate_key: str
    number: str
    depth: str
    encoding: str


REQUEST_CODES: Final = JsonCodes("EVL601", "EVL602", "EVL603", "EVL604", "EVL607")
SCHEMA_CODES: Final = JsonCodes("EVL501", "EVL501", "EVL501", "EVL501", "EVL501")


def parse_json(
    source: Source, *, codes: JsonCodes = REQUEST_CODES, limits: Limits = DEFAULT_LIMITS
) -> Document:
    """The document that a JSON text (RFC 8259) holds, with places. Never raises.

    Refused beside what is no JSON: a key that an object has twice, half surrogate pairs, numbers
    beyond the range of doubles, a byte order mark, and nesting deeper than the limit.
    """
    from evaluator.documents.json_reader import read_json

    return read_json(source, codes, limits)


def load_json(
    data: str | bytes,
    *,
    name: str = "<request>",
    codes: JsonCodes = REQUEST_CODES,
    limits: Limits = DEFAULT_LIMITS,
) -> tuple[Any, tuple[Diagnostic, ...]]:
    """What a JSON text stands for in plain Python, as strictly as ``parse_json``. Never raises.

    With diagnostics, the value is None. ``name`` is what they call the text. Bytes are UTF-8.
    """
    text = data if isinstance(data, str) else _text(data)
    if text is not None:
        try:
            value = _DECODER.decode(text)
        except (ValueError, RecursionError):
            pass
        else:
            if _is_sound(value, text, limits.max_depth):
                return value, ()
    return _explained(data, name, codes, limits)


def _text(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _explained(
    data: str | bytes, name: str, codes: JsonCodes, limits: Limits
) -> tuple[Any, tuple[Diagnostic, ...]]:
    """Reads once more, for the places of what is wrong."""
    if isinstance(data, bytes):
        bad = undecodable(data, name)
        if bad is not None:
            return None, (problems.not_utf8(codes.encoding, *bad),)
        data = data.decode("utf-8")
    document = parse_json(Source(name, data), codes=codes, limits=limits)
    if document.root is None or document.diagnostics:
        return None, document.diagnostics
    return to_python(document.root), ()  # it was only too deep for Python's stack


# The fast way only tells that something is wrong. Its hooks raise ValueError, as json itself does.


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError
    return members


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError
    return value


def _constant(text: str) -> float:
    raise ValueError(text)  # NaN, Infinity


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_float, parse_constant=_constant
)


def _is_sound(value: Any, text: str, max_depth: int) -> bool:
    """Whether a value nests no deeper than is allowed and has whole characters only.

    The text tells of nearly every value that there is nothing to look for.
    """
    flat = text.count("[") + text.count("{") <= max_depth
    if flat and text.isascii() and "\\ud" not in text and "\\uD" not in text:
        return True
    level: list[Any] = [value]
    depth = 0
    while level:
        below: list[Any] = []
        nested = False
        for item in level:
            if isinstance(item, str):
                if not _is_whole(item):
                    return False
            elif isinstance(item, list):
                nested = True
                below += item
            elif isinstance(item, dict):
                nested = True
                below += item.keys()
                below += item.values()
        depth += nested
        if depth > max_depth:
            return False
        level = below
    return True


def _is_whole(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
