"""The expressions of a pack checked against one request type, each in the scope of its file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from evaluator.diagnostics import Diagnostic, Diagnostics, Severity
from evaluator.documents.nodes import Node, Scalar
from evaluator.language.checker import (
    NOTHING,
    Checked,
    Declaration,
    Environment,
    Facts,
    check,
)
from evaluator.language.functions.registry import Registry
from evaluator.language.syntax import Parsed
from evaluator.language.types import BOOL, ERROR, TIMESTAMP, Type
from evaluator.policy.constants import Known
from evaluator.policy.dependencies import Dependencies
from evaluator.policy.expressions import Expressions
from evaluator.policy.message_functions import with_messages
from evaluator.policy.model import Constant, Scope, Variable
from evaluator.policy.names import ROOTS, Definition, FileNames, SharedRemedy
from evaluator.policy.packs import PolicySource
from evaluator.policy.request_types import RequestType

__all__ = ["Inspection", "Link", "PackNames", "Usage"]

Inspection = Callable[[Checked], Iterable[Diagnostic]]
"""Tells what is wrong with a checked expression for the use that is made of it."""

_ROOTS: Final = frozenset(ROOTS)
_NOW: Final = Declaration(TIMESTAMP, "ident", volatile=True)


class Usage:
    """What rules, outputs and messages have been seen to use, over all request types."""

    def __init__(self) -> None:
        self.definitions: set[Definition] = set()
        self.remedies: set[SharedRemedy] = set()
        self.imported: set[tuple[PolicySource, PolicySource]] = set()
        # Problems of variables that no request type had a use for so far: those of the type that
        # found the fewest.
        self.unused_problems: dict[Definition, tuple[Diagnostic, ...]] = {}


@dataclass(frozen=True, slots=True, eq=False)
class PackNames:
    """What linking needs to know of a pack, whatever the request type."""

    files: Mapping[PolicySource, FileNames]
    expressions: Expressions
    dependencies: Dependencies
    known: Mapping[Definition, Known]
    functions: Registry
    usage: Usage
    diagnostics: Diagnostics


class Link:
    """One request type joined with a pack. Variables are checked here, once each.

    Their problems are reported when something uses them: a file that is shared by actions with
    different schemas may hold variables which make sense for some of them only.
    """

    def __init__(self, pack: PackNames, request_type: RequestType) -> None:
        self.pack = pack
        self.request_type = request_type
        self._scopes: dict[PolicySource, Scope] = {}
        self._environments: dict[PolicySource, Environment] = {}
        self._message_environments: dict[PolicySource, Environment] = {}
        self._declarations: dict[PolicySource, dict[str, Declaration]] = {}
        self._seen_by: dict[Definition, list[tuple[PolicySource, str]]] = {}
        self._variables: dict[Definition, Variable] = {}
        self._problems: dict[Definition, tuple[Diagnostic, ...]] = {}
        self._checked: dict[tuple[object, ...], tuple[Checked, Type | None]] = {}
        self._everywhere: dict[str, Checked] = {}
        # Facts by themselves; and by identity, with what keeps that.
        self._facts: dict[Facts, Facts] = {NOTHING: NOTHING}
        self._known_facts: dict[int, tuple[Facts, Facts]] = {}
        self._with_messages = with_messages(pack.functions)
        self._declare()

    def scope(self, policy: PolicySource) -> Scope:
        """The names that the expressions of a file see."""
        return self._scopes[policy]

    def expression(
        self,
        policy: PolicySource,
        parsed: Parsed | None,
        *,
        assuming: Facts = NOTHING,
    ) -> Checked | None:
        """An expression of a file, checked; None if it could not be parsed. Problems are noted."""
        if parsed is None:
            return None
        return self._check(policy, parsed, self._environments[policy], None, assuming)

    def part(
        self, policy: PolicySource, parsed: Parsed, inspect: Inspection, *, assuming: Facts
    ) -> Checked:
        """An expression in a message, checked. Problems are noted, those of ``inspect`` too."""
        environment = self._message_environments[policy]
        return self._check(policy, parsed, environment, None, assuming, inspect)

    def _check(
        self,
        policy: PolicySource,
        parsed: Parsed,
        environment: Environment,
        expected: Type | None,
        assuming: Facts,
        inspect: Inspection | None = None,
    ) -> Checked:
        """Checks what is written alike, and means the same, once; problems have their own places.

        What an expression means depends on what its names stand for, not on the others of a file.
        """
        names = self.pack.expressions.names(parsed)
        declared = environment.declarations
        if assuming is not NOTHING:
            assuming = self._same_facts(assuming)
        # Identities, as they are cheap: what is kept below keeps what they are of.
        key: tuple[object, ...] = (id(parsed.root), id(expected), id(assuming), inspect)
        if not names.isdisjoint(declared):
            self._note_use(policy, names)
            key += tuple(map(declared.get, names))
        known = self._checked.get(key)
        if known is not None:
            return known[0].moved(parsed)
        checked = check(parsed, environment, expected=expected, assuming=assuming)
        found = [*checked.diagnostics, *(inspect(checked) if inspect else ())]
        if found:
            self.pack.diagnostics.extend(found)
        else:
            self._checked[key] = (checked, expected)
        return checked

    def _same_facts(self, facts: Facts) -> Facts:
        """Of equal facts always the same ones."""
        known = self._known_facts.get(id(facts))
        if known is None:
            known = (self._facts.setdefault(facts, facts), facts)
            self._known_facts[id(facts)] = known
        return known[0]

    def condition(
        self, policy: PolicySource, node: Node | None, *, assuming: Facts = NOTHING
    ) -> Checked | None:
        """A condition of a file, checked; None if there is none, or none that could be parsed."""
        plain = node if type(node) is Scalar and assuming is NOTHING else None
        if plain is not None:
            known = self._everywhere.get(plain.text)
            if known is not None:
                return known.at(plain.fragment)
        parsed = self.pack.expressions.condition(node)
        if parsed is None:
            return None
        checked = self._check(policy, parsed, self._environments[policy], BOOL, assuming)
        # What takes no names but those of the request means the same in all files.
        everywhere = self.pack.expressions.names(parsed) <= _ROOTS and not checked.diagnostics
        if plain is not None and everywhere:
            self._everywhere[plain.text] = checked
        return checked

    def definition(self, policy: PolicySource, name: str) -> Definition | None:
        """What a name of a file stands for."""
        return self.pack.files[policy].visible.get(name)

    def variable(self, definition: Definition) -> Variable | None:
        return self._variables.get(definition)

    def finish(self) -> None:
        """Remembers the problems of variables that were not used with this request type."""
        unused = self.pack.usage.unused_problems
        for definition, problems in self._problems.items():
            known = unused.get(definition)
            if known is None or len(problems) < len(known):
                unused[definition] = problems

    def _declare(self) -> None:
        pack = self.pack
        names: dict[PolicySource, dict[str, Constant | Variable]] = {}
        for policy, file in pack.files.items():
            names[policy] = {}
            self._scopes[policy] = Scope(names[policy])
            # All names are there from the start, so that one that is misspelt finds the one meant.
            declarations = {
                name: Declaration(ERROR, "variable", span=definition.key.span)
                for name, definition in file.visible.items()
            }
            self._declarations[policy] = {**declarations, "now": _NOW}
            for name, definition in file.visible.items():
                self._seen_by.setdefault(definition, []).append((policy, name))
        for definition, known in pack.known.items():
            self._set(definition, known.declaration, known.constant, names)
        for definition in pack.dependencies.order:
            if definition.kind == "variable":
                self._set(definition, *self._variable(definition), names)
        roots = self.request_type.roots
        for policy, declarations in self._declarations.items():
            self._environments[policy] = Environment(
                declarations, roots=roots, functions=pack.functions
            )
            self._message_environments[policy] = Environment(
                declarations, roots=roots, functions=self._with_messages
            )

    def _set(
        self,
        definition: Definition,
        declaration: Declaration,
        value: Constant | Variable | None,
        names: Mapping[PolicySource, dict[str, Constant | Variable]],
    ) -> None:
        for policy, name in self._seen_by.get(definition, ()):
            self._declarations[policy][name] = declaration
            if value is not None:
                names[policy][name] = value

    def _variable(self, definition: Definition) -> tuple[Declaration, Variable | None]:
        span = definition.key.span
        policy = definition.policy
        if definition.parsed is None:
            return Declaration(ERROR, "variable", span=span), None
        environment = Environment(
            self._declarations[policy],
            roots=self.request_type.roots,
            functions=self.pack.functions,
        )
        checked = check(definition.parsed, environment)
        self._problems[definition] = checked.diagnostics
        failed = any(item.severity is Severity.ERROR for item in checked.diagnostics)
        declaration = Declaration(
            ERROR if failed else checked.type,
            "variable",
            errors=checked.errors,
            volatile=checked.volatile,
            when_true=checked.when_true,
            when_false=checked.when_false,
            span=span,
            always=checked.always,
        )
        variable = Variable(definition.name, policy.name, checked, self._scopes[policy], span)
        self._variables[definition] = variable
        return declaration, variable

    def _note_use(self, policy: PolicySource, names: Iterable[str]) -> None:
        visible = self.pack.files[policy].visible
        used = [visible[name] for name in names if name in visible]
        self._use(used)
        self.pack.usage.imported.update((policy, definition.policy) for definition in used)

    def _use(self, definitions: Iterable[Definition]) -> None:
        usage = self.pack.usage
        for definition in self.pack.dependencies.closure(definitions):
            usage.definitions.add(definition)
            self.pack.diagnostics.extend(self._problems.pop(definition, ()))
