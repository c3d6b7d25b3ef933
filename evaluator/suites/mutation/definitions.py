"""Mutants of what rules share: constants, tables and variables."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.diagnostics import shortened
from evaluator.documents.nodes import Mapping, Node, Scalar, Sequence
from evaluator.suites.mutation.drafts import Draft
from evaluator.suites.mutation.edits import without_entry, without_item
from evaluator.suites.mutation.mutants import Edit

__all__ = ["table_drafts"]


def table_drafts(node: Node) -> Iterator[Draft]:
    """The changes of a table: each entry and member gone, numbers and booleans another."""
    if isinstance(node, Mapping):
        for key, value in node.entries:
            change = f"without `{key.text}`"
            yield Draft("table", change, key.start, (without_entry(node, key.text),))
            yield from table_drafts(value)
    elif isinstance(node, Sequence):
        for number, item in enumerate(node.items):
            change = f"without {_said(item)}"
            yield Draft("table", change, item.start, (without_item(node, number),))
            yield from table_drafts(item)
    else:
        yield from _value(node)


def _value(node: Scalar) -> Iterator[Draft]:
    value = node.value
    near: tuple[str, ...] = ()
    if isinstance(value, bool):
        near = ("false" if value else "true",)
    elif isinstance(value, (int, float)):
        near = (str(value + 1), str(value - 1))
    for text in near:
        edit = Edit(node.start, node.end, text)
        yield Draft("table", f"`{node.text}` becomes `{text}`", node.start, (edit,))


def _said(item: Node) -> str:
    return f"`{shortened(item.text)}`" if isinstance(item, Scalar) else "an item"
