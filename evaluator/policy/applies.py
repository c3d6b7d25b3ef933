"""What rules and outputs are for: resource types and actions, their file's and their own."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.diagnostics import Diagnostics
from evaluator.documents.nodes import Node, Scalar
from evaluator.policy import problems
from evaluator.policy.model import Applies
from evaluator.policy.packs import PolicySource
from evaluator.policy.patterns import Patterns, pattern_problem
from evaluator.policy.reading import child, scalars

__all__ = ["Narrowing", "applies_of", "read_patterns"]


def applies_of(policy: PolicySource, diagnostics: Diagnostics) -> Applies | None:
    """What a file is for; None, which is reported, if it has rules or outputs and does not say."""
    node = policy.root.get("applies_to")
    if node is None:
        for section in ("rules", "outputs"):
            entry = policy.root.entry(section)
            if entry is not None:
                diagnostics.add(problems.applies_missing(entry[0].span, section))
                return None
        return None
    resources = read_patterns(child(node, "resource"), diagnostics)
    actions = read_patterns(child(node, "actions"), diagnostics)
    return Applies(resources, actions) if resources.texts and actions.texts else None


class Narrowing:
    """A file's ``applies_to``, and what becomes of it where a rule or output has actions itself."""

    def __init__(self, applies: Applies, diagnostics: Diagnostics) -> None:
        self._applies = applies
        self._diagnostics = diagnostics
        # The actions of some rule are mostly those of others too.
        self._known: dict[str | tuple[str, ...], Applies] = {}

    def to(self, node: Node | None) -> Applies:
        """What a rule with these ``actions`` is for; what is wrong with them is left out."""
        if node is None:
            return self._applies
        key: str | tuple[str, ...]
        if isinstance(node, Scalar):
            key, count = node.text, 1
        else:
            key = tuple([item.text for item in scalars(node)])
            count = len(key)
        known = self._known.get(key)
        if known is not None:
            return known
        inside = tuple(item.text for item in _valid(node, self._diagnostics) if self._covers(item))
        made = Applies(self._applies.resources, Patterns(inside))
        if len(inside) == count:  # else there are problems to tell, at each place
            self._known[key] = made
        return made

    def _covers(self, item: Scalar) -> bool:
        actions = self._applies.actions
        covered = Patterns((item.text,)).within(actions)
        if not covered:
            self._diagnostics.add(problems.action_outside(item.span, item.text, actions.texts))
        return covered


def read_patterns(node: Node | None, diagnostics: Diagnostics) -> Patterns:
    """The patterns of one text or a list of texts; those that are none are reported."""
    return Patterns(tuple(item.text for item in _valid(node, diagnostics)))


def _valid(node: Node | None, diagnostics: Diagnostics) -> Iterator[Scalar]:
    for item in scalars(node):
        problem = pattern_problem(item.text)
        if problem is None:
            yield item
        elif item.text:  # an empty text has been reported already
            diagnostics.add(problems.pattern_invalid(item.span, item.text, problem))
