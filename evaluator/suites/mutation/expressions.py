"""Changes of one expression: edits of its text, each of which parses to what was meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaluator.errors import PolicyError
from evaluator.language.parser import parse_text
from evaluator.suites.mutation.mutants import Edit
from evaluator.suites.mutation.operators import Vocabulary, rewrites
from evaluator.suites.mutation.rewriting import rewritten

__all__ = ["Change", "expression_changes"]


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a text: the kind of it, in words, and the edit, by offsets in the text."""

    operator: str
    change: str
    edit: Edit


def expression_changes(
    text: str, vocabulary: Vocabulary, *, condition: bool = False
) -> Iterator[Change]:
    """The changes of an expression; none of what does not parse.

    ``condition`` tells that the expression is the whole condition of something, or an item of a
    tree of conditions: see ``operators.rewrites``.
    """
    try:
        parsed = parse_text(text)
    except PolicyError:
        return
    for rewrite in rewrites(parsed, text, vocabulary, condition=condition):
        edit = rewritten(parsed, text, rewrite.node, rewrite.new, rewrite.attempts)
        if edit is not None:
            yield Change(rewrite.operator, rewrite.change, edit)
