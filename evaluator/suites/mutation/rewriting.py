"""Changes of a node of an expression as edits of its text, checked by parsing what comes out."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from evaluator.errors import PolicyError
from evaluator.language.parser import parse_text
from evaluator.language.printer import print_expression
from evaluator.language.syntax import Expr, Parsed
from evaluator.suites.mutation.mutants import Edit, edited

__all__ = ["rewritten"]


def rewritten(
    parsed: Parsed, text: str, node: Expr, new: Expr, attempts: tuple[Edit, ...]
) -> Edit | None:
    """The edit of ``text`` that puts ``new`` in the place of ``node`` and changes nothing else.

    The first of ``attempts`` that parses to that is taken, else the node is printed anew. None when
    nothing does, as where the whole would be nested too deeply.
    """
    whole = print_expression(_replaced(parsed.root, node.id, new))
    # A chain in a chain of the same operator becomes one when it is read.
    meant = _read(whole)
    if meant is None:
        return None
    _, start, end = parsed.places[node.id]
    printed = print_expression(new)
    last = (Edit(start, end, printed), Edit(start, end, f"({printed})"), Edit(0, len(text), whole))
    return next(
        (edit for edit in (*attempts, *last) if _read(edited(text, (edit,))) == meant), None
    )


def _read(text: str) -> str | None:
    """The tree of a text, as it is printed; None of what is no expression."""
    try:
        return print_expression(parse_text(text).root)
    except PolicyError:
        return None


def _replaced(tree: Expr, id_: int, new: Expr) -> Expr:
    """The tree with another node in the place of one. Its depth is what the parser allows."""
    if tree.id == id_:
        return new
    changes: dict[str, Any] = {}
    for field in fields(tree):
        value = getattr(tree, field.name)
        if isinstance(value, Expr):
            changed = _replaced(value, id_, new)
            if changed is not value:
                changes[field.name] = changed
        elif isinstance(value, tuple) and value and isinstance(value[0], Expr):
            parts = tuple(_replaced(part, id_, new) for part in value)
            if any(one is not other for one, other in zip(parts, value, strict=True)):
                changes[field.name] = parts
    return replace(tree, **changes) if changes else tree
