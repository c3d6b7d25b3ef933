"""Looking into nodes of a document that may have another shape than the format asks for.

Validation has told what is wrong with the shape. Loading goes on with what is there, to find as
many further problems as it can, so nothing here fails: what is missing or of another kind is
nothing.
"""

from __future__ import annotations

from collections import abc

from evaluator.documents.nodes import Mapping, Node, Scalar, Sequence

__all__ = ["child", "entries", "items", "scalar", "scalars", "text", "values"]


def child(node: Node | None, key: str) -> Node | None:
    """The value at a key of a mapping."""
    entry = node.members.get(key) if isinstance(node, Mapping) else None
    return entry[1] if entry else None


def values(node: Node | None) -> abc.Mapping[str, Node]:
    """The values of a mapping by the text of their keys, for whoever asks for many of them."""
    if not isinstance(node, Mapping):
        return {}
    return {key: value for key, (_, value) in node.members.items()}


def entries(node: Node | None) -> tuple[tuple[Scalar, Node], ...]:
    """The keys and values of a mapping."""
    return node.entries if isinstance(node, Mapping) else ()


def items(node: Node | None) -> tuple[Node, ...]:
    """The items of a list."""
    return node.items if isinstance(node, Sequence) else ()


def scalar(node: Node | None) -> Scalar | None:
    """The node if it is a single value."""
    return node if isinstance(node, Scalar) else None


def scalars(node: Node | None) -> tuple[Scalar, ...]:
    """The single values of what is written as one of them or as a list."""
    if isinstance(node, Scalar):
        return (node,)
    return tuple(item for item in items(node) if isinstance(item, Scalar))


def text(node: Node | None) -> str | None:
    """The text of a single value."""
    return node.text if isinstance(node, Scalar) else None
