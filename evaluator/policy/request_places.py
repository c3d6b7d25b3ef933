"""Where in the JSON text of a request the parts stand that its envelope's problems are about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from evaluator.diagnostics import Diagnostic
from evaluator.documents.json_documents import parse_json
from evaluator.documents.nodes import Mapping, Node, Scalar
from evaluator.source import Source, Span

__all__ = ["located"]


def located(problems: Iterable[tuple[str, Diagnostic]], text: str, name: str) -> list[Diagnostic]:
    """The problems, each given with the JSON pointer of what it is about, at their places.

    What is missing is missing from the object around it.
    """
    root = parse_json(Source(name, text)).root
    if root is None:
        return [problem for _, problem in problems]
    return [replace(problem, span=_place(root, pointer)) for pointer, problem in problems]


def _place(root: Node, pointer: str) -> Span:
    node = root
    for step in pointer.split("/")[1:]:
        inner = node.get(step) if isinstance(node, Mapping) else None
        if inner is None:
            break
        node = inner
    if isinstance(node, Scalar):
        return node.span
    return node.source.span(node.start, node.start + 1)  # the bracket that opens it
