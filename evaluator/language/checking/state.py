"""What the checker knows while it goes through an expression, and what it finds of each node."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from evaluator.diagnostics import Diagnostic, Severity, shortened
from evaluator.language import check_problems as problems
from evaluator.language.checking.environment import Environment
from evaluator.language.checking.facts import CONTENT, EACH, NOTHING, Facts, Location
from evaluator.language.checking.inference import settled
from evaluator.language.checking.overloads import NO_ERRORS, resolver_of
from evaluator.language.syntax import Expr, Parsed
from evaluator.language.types import (
    EnumType,
    NullableType,
    ObjectType,
    OptionalType,
    PrimitiveType,
    Type,
)
from evaluator.source import Span

__all__ = ["NO_OVERLOAD", "Local", "State", "Term", "Visitor"]

# Types that are what they seem, as all but those with parts.
_SETTLED: Final = (PrimitiveType, EnumType, ObjectType)
NO_OVERLOAD: Final = frozenset({"no_such_overload"})


class Term:
    """What is known of a sub-expression.

    ``location`` is where its value is found for facts about it, of an optional that of its content;
    ``values`` are the only values that it can have, when it comes from constants. The facts of a
    bool hold when it is true or false, those of an optional when it is not empty.
    """

    __slots__ = (
        "errors",
        "location",
        "node",
        "type",
        "values",
        "volatile",
        "when_false",
        "when_true",
    )

    node: Expr
    type: Type
    errors: frozenset[str]
    volatile: bool
    when_true: Facts
    when_false: Facts
    location: Location | None
    values: tuple[Any, ...] | None

    def __init__(
        self,
        node: Expr,
        type_: Type,
        errors: frozenset[str] = NO_ERRORS,
        volatile: bool = False,
        location: Location | None = None,
    ) -> None:
        self.node = node
        self.type = type_
        self.errors = errors
        self.volatile = volatile
        self.location = location
        self.when_true = NOTHING
        self.when_false = NOTHING
        self.values = None


@dataclass(frozen=True, slots=True)
class Local:
    """A variable that a macro binds; ``errors`` are those of a value that is computed when used."""

    type: Type
    location: Location
    errors: frozenset[str] = NO_ERRORS
    volatile: bool = False
    when_true: Facts = NOTHING
    when_false: Facts = NOTHING
    values: tuple[Any, ...] | None = None


Visitor = Callable[["State", Any], Term]


class State:
    """The state of checking one expression: side tables, problems, variables and facts in force."""

    def __init__(
        self,
        parsed: Parsed,
        environment: Environment,
        visitors: Mapping[type[Expr], Visitor],
        known: Facts,
    ) -> None:
        self.parsed = parsed
        self.environment = environment
        self.resolver = resolver_of(environment.functions)
        self.known = known
        self.locals: dict[str, Local] = {}
        self.types: dict[int, Type] = {}
        self.overloads: dict[int, tuple[str, ...]] = {}
        self.error_kinds: dict[int, frozenset[str]] = {}
        self.uses: set[str] = set()
        self.reads: set[tuple[str, tuple[str, ...]]] = set()
        self.problems: list[Diagnostic] = []
        # The location of the list whose size a call tells, by the call's id.
        self.sizes: dict[int, Location] = {}
        # Facts that hold wherever their location is known, such as of the elements of a filter.
        self.axioms: set[tuple[Location, Any]] = set()
        # By root: the location that its value, or each of its elements, is also found at.
        self._aliases: dict[int, tuple[Location, int]] = {}
        self._visitors = visitors
        self._roots = 0

    def visit(self, node: Expr) -> Term:
        """What is known of a node; it and all below are entered in the side tables."""
        term = self._visitors[type(node)](self, node)
        self.record(node.id, term)
        return term

    def record(self, id: int, term: Term) -> None:
        type_ = term.type
        self.types[id] = type_ if type(type_) in _SETTLED else settled(type_)
        self.error_kinds[id] = term.errors

    def visit_knowing(self, node: Expr, facts: Facts) -> Term:
        """What is known of a node that is evaluated only when some facts hold."""
        if not facts:
            return self.visit(node)
        before = self.known
        self.known = before & facts
        term = self.visit(node)
        self.known = before
        return term

    def report(self, problem: Diagnostic) -> None:
        self.problems.append(problem)

    def report_failure(self, problem: Diagnostic) -> None:
        """Report what is well-typed and can only fail.

        In a policy that is a mistake. An expression on its own may be there to be evaluated, and
        then its error is what it comes to.
        """
        if not self.environment.roots:
            problem = replace(problem, severity=Severity.WARNING)
        self.problems.append(problem)

    def span(self, node: Expr | int) -> Span:
        return self.parsed.span(node)

    def text(self, node: Expr | int) -> str:
        """The text of a node for use in a message: in one line, and not long."""
        return shortened(" ".join(self.parsed.text(node).split()), 48)

    def new_root(self) -> int:
        """A root for a value without a name."""
        self._roots += 1
        return self._roots

    def element_of(self, location: Location | None) -> Location:
        """The location of some element of a list: what is known of each is known of it."""
        root = self.new_root()
        if location is not None:
            self._aliases[root] = ((*location, EACH), 0)
        return (root,)

    def part_of(self, location: Location | None) -> Location:
        """The location of a list of some elements of another list."""
        root = self.new_root()
        if location is not None:
            self._aliases[root] = ((*location, EACH), 1)
        return (root,)

    def holds(self, location: Location | None, what: Any) -> bool:
        """Whether a fact is known: ``PRESENT``, or a value that the location does not have."""
        if self.known.impossible:
            return True
        while location is not None:
            if self._is_known(location, what):
                return True
            root, steps = location[0], location[1:]
            # What holds of each element holds of one.
            each = tuple(EACH if type(step) is int else step for step in steps)
            if each != steps and self._is_known((root, *each), what):
                return True
            location = self._source(root, steps)
        return False

    def _is_known(self, location: Location, what: Any) -> bool:
        return (location, what) in self.known.items or (location, what) in self.axioms

    def _source(self, root: Any, steps: Location) -> Location | None:
        """Where else the value at a location is found, if it is an element or part of something."""
        alias = self._aliases.get(root) if type(root) is int else None
        if alias is None:
            return None
        base, dropped = alias
        if dropped and not (steps and (steps[0] is EACH or type(steps[0]) is int)):
            return None
        return (*base, *steps[dropped:])

    def always(self, location: Location) -> Iterator[tuple[Location, Any]]:
        """The facts about a value that hold without a condition, by the steps from it."""
        length = len(location)
        for place, what in self.axioms:
            if place[:length] == location:
                yield place[length:], what
        source = self._source(location[0], (*location[1:], EACH))
        if source is not None:
            for steps, what in self.always(source):
                yield (EACH, *steps), what

    def narrowed(self, type_: Type, location: Location | None) -> Type:
        """A type without null, where null is excluded."""
        if type(type_) is NullableType and self.holds(location, None):
            return type_.value
        return type_

    def placed(self, term: Term) -> Term:
        """A term whose location is that of its value: of an optional, from now on its content's."""
        if type(term.type) is OptionalType and term.location is not None:
            term.location = (*term.location, CONTENT)
            term.when_true = term.when_false = Facts.present(term.location)
        return term

    def without_null(self, term: Term, wanted: type | tuple[type, ...] = Type) -> Type:
        """The type of a term that must not be null; reported when it may be.

        What is not of the classes ``wanted`` beside null is left as it is: null is then not the
        problem.
        """
        type_ = term.type
        if type(type_) is NullableType and isinstance(type_.value, wanted):
            self.report(problems.nullable_unguarded(self.span(term.node), self.text(term.node)))
            return type_.value
        return type_
