"""Plain data as YAML that a person would write: short lists and mappings on one line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from evaluator.documents.scalars import resolve

__all__ = ["may_be_plain", "quoted", "yaml_scalar", "yaml_text"]

# What a plain value cannot begin with.
_INDICATORS: Final = frozenset(",[]{}#&*!|>'\"%@`")
_BRACKETS: Final = frozenset(",[]{}")


def yaml_text(data: Any, *, width: int = 100, indent: int = 0) -> str:
    """JSON data as lines of YAML, the first of them not indented, the others by ``indent``.

    A list or mapping stands on one line if it fits into ``width`` columns, ``indent`` included.
    There is no line break at the end.
    """
    line = _line(data)
    if len(line) + indent <= width or not _has_parts(data):
        return line
    return "\n".join(_block(data, width, indent))


def yaml_scalar(value: Any, *, flow: bool = False) -> str:
    """A single value, quoted if it must be; ``flow`` tells that it stands inside brackets."""
    if not isinstance(value, str):
        return json.dumps(value)
    if may_be_plain(value, flow=flow) and isinstance(resolve(value), str):
        return value
    return quoted(value)


def quoted(text: str) -> str:
    """A text in double quotes, with escapes for what shows nothing."""
    return '"' + "".join(map(_escaped, text)) + '"'


def may_be_plain(text: str, *, flow: bool) -> bool:
    """Whether YAML reads a text as what it says, or as what that resolves to, without quotes."""
    return (
        text.strip() == text != ""
        and text[0] not in _INDICATORS
        and not (text[0] in "-?:" and (flow or text[1:2] in ("", " ")))
        and not text.startswith(("---", "...", "<<"))
        and not text.endswith(":")
        and ": " not in text
        and " #" not in text
        and text.isprintable()
        and not (flow and not _BRACKETS.isdisjoint(text))
    )


def _escaped(letter: str) -> str:
    if letter in '"\\':
        return "\\" + letter
    if letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _block(data: Any, width: int, indent: int) -> Iterator[str]:
    """The lines of a list or mapping of which each part begins on a line of its own."""
    margin = ""
    if isinstance(data, Mapping):
        for key, value in data.items():
            name = f"{margin}{yaml_scalar(str(key))}:"
            margin = " " * indent
            line = _line(value)
            if not _has_parts(value) or indent + len(name.lstrip()) + 1 + len(line) <= width:
                yield f"{name} {line}"
            else:
                yield name
                inner = _block(value, width, indent + 2)
                yield f"{margin}  {next(inner)}"
                yield from inner
    else:
        for item in data:
            lines = yaml_text(item, width=width, indent=indent + 2)
            yield f"{margin}- {lines}"
            margin = " " * indent


def _line(data: Any) -> str:
    return _flow(data) if isinstance(data, (Mapping, list, tuple)) else yaml_scalar(data)


def _flow(data: Any) -> str:
    if isinstance(data, Mapping):
        entries = (f"{yaml_scalar(str(key), flow=True)}: {_flow(data[key])}" for key in data)
        return "{" + ", ".join(entries) + "}"
    if isinstance(data, (list, tuple)):
        return "[" + ", ".join(map(_flow, data)) + "]"
    return yaml_scalar(data, flow=True)


def _has_parts(data: Any) -> bool:
    return isinstance(data, (Mapping, list, tuple)) and bool(data)
