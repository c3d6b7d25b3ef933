"""What checking makes of an expression: the resolved tree and what is known of each node."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluator.diagnostics import Diagnostic
from evaluator.language.checking.facts import Facts
from evaluator.language.syntax import Expr, Parsed
from evaluator.language.types import Type
from evaluator.source import Fragment

__all__ = ["Checked"]


@dataclass(slots=True, eq=False)
class Checked:
    """A checked expression: the input of every target.

    It is not frozen, which would make it three times as slow to create, but nothing changes it.

    ``root`` is the tree with the names resolved, under the ids and places of ``parsed``, whose tree
    it is: attribute reads are ``Attribute`` nodes, functions of a namespace are global calls of
    their full name, names of types are literals. ``types`` and ``error_kinds`` have every node of
    it, ``overloads`` every call: the id of the one overload that types decide on, or nothing where
    values have to.

    ``errors`` are the kinds of error that the whole can end in; no other occurs at run time.
    ``volatile`` tells that ``now`` flows into the value as data, not just through comparisons.
    ``uses`` are the declared names it uses, ``reads`` the attributes. ``when_true`` and
    ``when_false`` are what a condition establishes; ``always`` are facts about the value itself,
    whose root is "". With an error among the ``diagnostics`` the rest is a best effort.
    """

    parsed: Parsed
    root: Expr
    type: Type
    types: Mapping[int, Type]
    overloads: Mapping[int, tuple[str, ...]]
    errors: frozenset[str]
    error_kinds: Mapping[int, frozenset[str]]
    volatile: bool
    uses: frozenset[str]
    reads: frozenset[tuple[str, tuple[str, ...]]]
    when_true: Facts
    when_false: Facts
    always: Facts
    diagnostics: tuple[Diagnostic, ...]

    def moved(self, parsed: Parsed) -> Checked:
        """The same of another place where the same is written: ``parsed`` shares its tree.

        Only for what has no diagnostics, which would have places of their own.
        """
        return self._with(parsed.with_root(self.root))

    def at(self, fragment: Fragment) -> Checked:
        """The same of another fragment with the same text, if all of it stands in one."""
        return self._with(self.parsed.moved(fragment))

    def _with(self, parsed: Parsed) -> Checked:
        return Checked(
            parsed,
            self.root,
            self.type,
            self.types,
            self.overloads,
            self.errors,
            self.error_kinds,
            self.volatile,
            self.uses,
            self.reads,
            self.when_true,
            self.when_false,
            self.always,
            self.diagnostics,
        )
