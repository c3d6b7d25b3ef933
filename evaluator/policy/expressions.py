"""The expressions of a pack as they are written: each parsed once, its problems reported once.

Large packs say the same thing in many places. What is written alike shares one tree, which makes it
known for the same to whoever checks it; only the places differ.
"""

from __future__ import annotations

from evaluator.diagnostics import Diagnostics
from evaluator.documents.nodes import Mapping as MappingNode
from evaluator.documents.nodes import Node, Scalar
from evaluator.documents.nodes import Sequence as SequenceNode
from evaluator.documents.truncation import truncation_suspect
from evaluator.errors import PolicyError
from evaluator.language.conditions import combine
from evaluator.language.parser import parse
from evaluator.language.syntax import Bind, Comprehension, Expr, Name, Parsed, children
from evaluator.policy.templates import Parts, parse_template
from evaluator.source import Fragment

__all__ = ["Expressions", "free_names"]

_OPERATORS = ("all", "any", "none")


class Expressions:
    """Parses scalars, condition trees and templates of one pack, remembering the results."""

    def __init__(self, diagnostics: Diagnostics) -> None:
        self._diagnostics = diagnostics
        self._parsed: dict[Node, Parsed | None] = {}
        self._templates: dict[Scalar, Parts] = {}
        # Trees by what they are written as, and the names in them by the identity of their root.
        self._texts: dict[tuple[str, int], Parsed] = {}
        self._combined: dict[tuple[str, tuple[int, ...]], Parsed] = {}
        self._names: dict[int, frozenset[str]] = {}

    def expression(self, node: Node | None) -> Parsed | None:
        """The tree of one expression; None for what is no single value or has been reported."""
        if not isinstance(node, Scalar):
            return None
        parsed = self._parsed.get(node)
        if parsed is None and node not in self._parsed:
            parsed = self._parsed[node] = self._parse(node, 1)
        return parsed

    def condition(self, node: Node | None) -> Parsed | None:
        """The tree of a condition: of an expression, or of ``all``, ``any`` and ``none``."""
        if not isinstance(node, MappingNode):
            return self.expression(node)
        if node not in self._parsed:
            self._parsed[node] = self._tree(node, 1)
        return self._parsed[node]

    def template(self, node: Scalar) -> Parts:
        """The parts of a message: texts and trees in turn."""
        parts = self._templates.get(node)
        if parts is None:
            parts, problems = parse_template(node.fragment, self._tree_of)
            self._templates[node] = parts
            if problems:
                cut = truncation_suspect(node, template=True)
                self._diagnostics.extend(problems if cut is None else (cut,))
        return parts

    def names(self, parsed: Parsed) -> frozenset[str]:
        """The names in a tree that it does not bind itself; of the same tree the same object."""
        key = id(parsed.root)  # which stays what it is: all trees are remembered here
        found = self._names.get(key)
        if found is None:
            found = self._names[key] = free_names(parsed.root)
        return found

    def _tree_of(self, fragment: Fragment, first_id: int = 1) -> Parsed:
        key = (fragment.text, first_id)
        known = self._texts.get(key)
        if known is not None:
            return known.moved(fragment)
        parsed = self._texts[key] = parse(fragment, first_id=first_id)
        return parsed

    def _parse(self, node: Scalar, first_id: int) -> Parsed | None:
        try:
            return self._tree_of(node.fragment, first_id)
        except PolicyError as error:
            # What a comment has cut off is no mistake of the expression.
            cut = truncation_suspect(node)
            self._diagnostics.extend(error.diagnostics if cut is None else (cut,))
            return None

    def _tree(self, node: Node, first_id: int) -> Parsed | None:
        if isinstance(node, Scalar):
            return self._parse(node, first_id)
        if not isinstance(node, MappingNode) or len(node.entries) != 1:
            return None
        key, value = node.entries[0]
        if key.text not in _OPERATORS or not isinstance(value, SequenceNode):
            return None
        parts = []
        complete = True
        for item in value.items:
            part = self._tree(item, first_id)
            if part is None:
                complete = False
            else:
                parts.append(part)
                first_id = part.next_id
        if not parts or not complete:
            return None
        fragment = key.fragment
        made = combine(key.text, parts, (fragment, 0, len(fragment.text)))  # type: ignore[arg-type]
        known = self._combined.setdefault((key.text, tuple(id(part.root) for part in parts)), made)
        return made.with_root(known.root)


def free_names(root: Expr) -> frozenset[str]:
    """The names that an expression takes from outside: those that no macro in it binds."""
    found: set[str] = set()
    stack: list[tuple[Expr, frozenset[str]]] = [(root, frozenset())]
    while stack:
        node, bound = stack.pop()
        if isinstance(node, Name):
            if node.name.startswith("."):
                found.add(node.name[1:])
            elif node.name not in bound:
                found.add(node.name)
        elif isinstance(node, Comprehension):
            stack.append((node.range, bound))
            inner = bound.union(node.variables)
            stack.append((node.body, inner))
            if node.filter is not None:
                stack.append((node.filter, inner))
        elif isinstance(node, Bind):
            stack.append((node.value, bound))
            stack.append((node.body, bound | {node.name}))
        else:
            stack.extend([(child, bound) for child in children(node)])
    return frozenset(found)
