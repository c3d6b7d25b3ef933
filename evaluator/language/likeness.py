"""What tells expressions apart, wherever they stand and however they were written.

Their printed texts would too, but to print takes many times as long.
"""

from __future__ import annotations

from collections.abc import Hashable

from evaluator.language.printer import print_expression
from evaluator.language.syntax import (
    Attribute,
    Call,
    Expr,
    ListExpr,
    Literal,
    Logical,
    Name,
    Select,
)

__all__ = ["likeness"]


def likeness(node: Expr) -> Hashable:
    """The structure of a tree without ids: a key that trees share only if they print alike."""
    if isinstance(node, Attribute):
        return (node.root, node.path, node.optional_from)
    if isinstance(node, Name):
        return (node.name,)
    if isinstance(node, Literal) and isinstance(node.value, (int, str)):
        return (None, type(node.value), node.value)
    if isinstance(node, Call) and node.target is None:
        return (None, node.function, *map(likeness, node.args))
    if isinstance(node, Select):
        return (None, node.mode, node.field, likeness(node.operand))
    if isinstance(node, Logical):
        return (None, node.operator, *map(likeness, node.operands))
    if isinstance(node, ListExpr) and not node.optional:
        return (None, list, *map(likeness, node.elements))
    return print_expression(node)
