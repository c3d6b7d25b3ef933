"""Mutants of conditions: of an expression, or of a tree of ``all``, ``any`` and ``none``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evaluator.diagnostics import shortened
from evaluator.documents.nodes import Mapping, Node, Scalar, Sequence
from evaluator.suites.mutation.drafts import Draft
from evaluator.suites.mutation.edits import within, without_item
from evaluator.suites.mutation.expressions import expression_changes
from evaluator.suites.mutation.mutants import Edit
from evaluator.suites.mutation.operators import Vocabulary

__all__ = ["Conditions"]


class Conditions:
    """The mutants of the expressions and conditions of one file.

    ``flow`` are the values that stand inside brackets.
    """

    def __init__(self, vocabulary: Vocabulary, flow: frozenset[Scalar]) -> None:
        self._vocabulary = vocabulary
        self._flow = flow

    def expression(self, node: Node | None, *, condition: bool = False) -> Iterator[Draft]:
        """The mutants of one expression; see ``expressions.expression_changes``."""
        if not isinstance(node, Scalar):
            return
        for change in expression_changes(node.text, self._vocabulary, condition=condition):
            edit = within(node, change.edit, flow=node in self._flow)
            # Where the change is, not where the quotes around it begin.
            at = node.fragment.source_offset(change.edit.start)
            yield Draft(change.operator, change.change, at, (edit,))

    def condition(self, node: Node | None) -> Iterator[Draft]:
        """The mutants of a condition, but that it holds always, or never."""
        if isinstance(node, Scalar):
            yield from self.expression(node, condition=True)
        if not isinstance(node, Mapping):
            return
        for key, value in node.entries:
            if not isinstance(value, Sequence):
                continue
            several = len(value.items) > 1
            for other in _OTHERS.get(key.text, ()):
                if several or key.text == "none":
                    change = f"`{key.text}` becomes `{other}`"
                    yield Draft("logic", change, key.start, (Edit.of(key.span, other),))
            for number, item in enumerate(value.items):
                if several:
                    change = f"without {_said(item)}"
                    edits = (without_item(value, number),)
                    yield Draft("condition", change, item.start, edits)
                yield from self.condition(item)


_OTHERS: Final = {"all": ("any",), "any": ("all",), "none": ("any",)}


def _said(item: Node) -> str:
    if isinstance(item, Scalar):
        return f"`{shortened(' '.join(item.text.split()))}`"
    return f"its `{next(iter(item))}`" if isinstance(item, Mapping) and len(item) else "an item"
