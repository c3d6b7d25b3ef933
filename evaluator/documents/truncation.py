"""Expressions that a YAML comment cuts off: ``size(x) > 0 && # why`` or ``name == "a #b"``."""

from __future__ import annotations

from evaluator.diagnostics import Diagnostic
from evaluator.documents import problems
from evaluator.documents.expression_text import unfinished
from evaluator.documents.lines import line_at
from evaluator.documents.nodes import Scalar

__all__ = ["truncation_suspect"]


def truncation_suspect(scalar: Scalar, *, template: bool = False) -> Diagnostic | None:
    """The problem of an expression that a comment behind it has cut, None if it seems whole.

    Only plain scalars with a comment right behind them are suspects, and of these only those whose
    text cannot be all there is: a string or bracket is open, or an operator waits for its right
    side. A comment after a whole expression is fine. In a ``template``, a message with expressions
    in braces, only an open brace counts: quotes and brackets mean nothing there.
    """
    if scalar.style != "plain":
        return None
    source = scalar.source
    end = line_at(source.text, scalar.end).end
    rest = source.text[scalar.end : end]
    if not rest.lstrip(" \t").startswith("#"):
        return None
    if template:
        text = scalar.text.replace("{{", "").replace("}}", "")
        lacks = "`{` is not closed" if text.rfind("{") > text.rfind("}") else None
    else:
        lacks = unfinished(scalar.text)
    if lacks is None:
        return None
    comment = source.span(source.text.index("#", scalar.end), end)
    return problems.comment_cuts(scalar.span, comment, lacks)
