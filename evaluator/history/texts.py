"""Expressions and messages of definitions as lines of text, which can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from evaluator.language.checker import Checked
from evaluator.language.printer import print_expression
from evaluator.language.syntax import Expr, Logical, Parsed
from evaluator.policy.model import Localized, Template
from evaluator.source import Span

__all__ = ["Line", "condition_lines", "localized_lines", "one_line"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a definition, and where it stands. Lines are the same when their texts are.

    ``written`` is how the file has it, where that is not the text.
    """

    text: str
    span: Span | None = field(default=None, compare=False)
    written: str | None = field(default=None, compare=False)


def one_line(*words: str, span: Span | None = None) -> list[Line]:
    """Some words as one line."""
    return [Line(", ".join(words), span)]


def condition_lines(checked: Checked, *, whole: bool = False) -> list[Line]:
    """An expression, a line for each of the operands that a top-level ``&&`` or ``||`` joins.

    The operands of ``||`` begin with it. With ``whole`` there is one line.
    """
    root = checked.root
    parsed = checked.parsed
    if whole or not isinstance(root, Logical):
        return [Line(print_expression(root), _place(parsed, root))]
    mark = "|| " if root.operator == "||" else ""
    return [
        Line(mark + print_expression(operand), _place(parsed, operand)) for operand in root.operands
    ]


def _place(parsed: Parsed, node: Expr) -> Span:
    return parsed.span(node if node.id in parsed.places else parsed.root)


def localized_lines(name: str, texts: Localized | None) -> dict[str, Sequence[Line]]:
    """A message as parts by locale, ``reason.en``."""
    return {
        f"{name}.{locale}": [Line(_template(template), template.span)]
        for locale, template in (texts or {}).items()
    }


def _template(template: Template) -> str:
    return "".join(
        part if isinstance(part, str) else f"{{{print_expression(part.root)}}}"
        for part in template.parts
    )
