"""Citations: where the rules of a file come from."""

from __future__ import annotations

from evaluator.documents.nodes import Node
from evaluator.policy.model import Citation
from evaluator.policy.reading import child, scalars, text

__all__ = ["citation"]


def citation(node: Node | None) -> Citation | None:
    """What a ``source`` says; None where there is none."""
    if node is None:
        return None
    numbers = (item.value for item in scalars(child(node, "facts")))
    return Citation(
        text(child(node, "title")),
        text(child(node, "section")),
        tuple(
            number for number in numbers if isinstance(number, int) and not isinstance(number, bool)
        ),
    )
