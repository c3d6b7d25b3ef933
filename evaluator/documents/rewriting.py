"""YAML changed in place: the edits that make a node say other data, all else left as it stands."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any, Final

from evaluator.diagnostics import Edit
from evaluator.documents.nodes import Mapping, Node, to_python
from evaluator.documents.writing import yaml_scalar, yaml_text
from evaluator.source import Source

__all__ = ["applied", "rewrite"]

_WIDEST: Final = 100
_ONE_LINE: Final = 1 << 30


def rewrite(node: Node, data: Any, *, flow: bool = False) -> Iterator[Edit]:
    """The edits with which a node says ``data``, JSON data; none if it says so already.

    Mappings are kept as far as their keys are; new keys stand after those that precede them in
    ``data``. ``flow`` tells that the node stands inside of brackets.
    """
    if _same(to_python(node), data):
        return
    if not isinstance(node, Mapping) or not isinstance(data, dict) or not _keeps(node, data):
        yield Edit(node.span, _written(node, data, flow=flow))
    elif node.flow:
        if node.members.keys() == data.keys():
            for key, (_, value) in node.members.items():
                yield from rewrite(value, data[key], flow=True)
        else:
            yield Edit(node.span, _flow_mapping(node, data))
    else:
        yield from _block_mapping(node, data)


def applied(source: Source, edits: Iterable[Edit]) -> str:
    """The text of a source with some edits made, none of which overlap."""
    text = source.text
    parts = []
    at = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        new = edit.text.replace("\n", "\r\n") if "\r\n" in text else edit.text
        parts += [text[at : edit.span.start], new]
        at = edit.span.end
    return "".join([*parts, text[at:]])


def _same(one: Any, other: Any) -> bool:
    """Equality that tells ``true`` from 1, as JSON does."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and bool(one == other)


def _keeps(node: Mapping, data: dict[str, Any]) -> bool:
    """Whether the mapping can be kept, with keys that it has and the place where it begins."""
    if not node.members.keys() & data.keys():
        return False
    first = next(iter(node.members))
    start = _line_start(node.source, node.start)
    # The first key of a mapping that is an item of a list stands behind the dash.
    return node.flow or first in data or not node.source.text[start : node.start].strip()


def _flow_mapping(node: Mapping, data: dict[str, Any]) -> str:
    entries = []
    for key, value in data.items():
        if key in node.members:
            name, old = node.members[key]
            shift = old.start
            source = Source("", node.source.text[old.start : old.end])
            moved = (
                Edit(source.span(edit.span.start - shift, edit.span.end - shift), edit.text)
                for edit in rewrite(old, value, flow=True)
            )
            entries.append(f"{name.span.text}: {applied(source, moved)}")
        else:
            entries.append(f"{yaml_scalar(key, flow=True)}: {_line(value)}")
    return "{" + ", ".join(entries) + "}"


def _block_mapping(node: Mapping, data: dict[str, Any]) -> Iterator[Edit]:
    source = node.source
    indent = source.position(node.start).column - 1
    margin = " " * indent
    # What is new goes behind what stands before it, in one edit for each such place.
    added: dict[str, str] = {}
    anchor = next(key for key in node.members if key in data)
    for key, value in data.items():
        if key in node.members:
            anchor = key
        else:
            added[anchor] = f"{added.get(anchor, '')}\n{margin}{_entry(key, value, indent)}"
    for key, (name, value) in node.members.items():
        end = _line_end(source.text, value.end)
        if key not in data:
            start = _line_start(source, name.start)
            yield Edit(source.span(start, _next_line(source.text, end)), "")
            continue
        yield from rewrite(value, data[key])
        if key in added:
            yield Edit(source.span(end, end), added[key])


def _entry(key: str, value: Any, indent: int) -> str:
    """An entry that may take several lines, the first not indented."""
    name = f"{yaml_scalar(key)}:"
    if isinstance(value, str):
        return f"{name} {_text(value, indent, len(name) + 1)}"
    line = f"{name} {_line(value, flow=False)}"
    if indent + len(line) <= _WIDEST:
        return line
    below = yaml_text(value, width=_WIDEST, indent=indent + 2)
    return f"{name}\n{' ' * (indent + 2)}{below}"


def _line_start(source: Source, at: int) -> int:
    return at - source.position(at).column + 1


def _next_line(text: str, end: int) -> int:
    """Where the line after one that ends at an offset begins."""
    return end + (2 if text.startswith("\r\n", end) else 1 if end < len(text) else 0)


def _line_end(text: str, at: int) -> int:
    """Where the line ends that an offset is on, so that a comment behind a value stays there."""
    ends = [end for mark in "\r\n" if (end := text.find(mark, at)) >= 0]
    return min(ends, default=len(text))


def _written(node: Node, data: Any, *, flow: bool) -> str:
    if flow or not isinstance(data, str):
        return _line(data, flow=flow)
    source = node.source
    start = _line_start(source, node.start)
    before = source.text[start : node.start]
    indent = len(before) - len(before.lstrip(" -"))
    return _text(data, indent, len(before) - indent)


def _text(text: str, indent: int, used: int) -> str:
    """A text as a value in a block: folded if it is long, and if folding keeps it as it is."""
    line = yaml_scalar(text)
    if indent + used + len(line) <= _WIDEST or " ".join(text.split()) != text:
        return line
    if not text.isprintable():
        return line
    margin = " " * (indent + 2)
    lines = textwrap.wrap(
        text, _WIDEST - len(margin), break_long_words=False, break_on_hyphens=False
    )
    return ">-" + "".join(f"\n{margin}{part}" for part in lines)


def _line(data: Any, *, flow: bool = True) -> str:
    if isinstance(data, (dict, list)):
        return yaml_text(data, width=_ONE_LINE)
    return yaml_scalar(data, flow=flow)
