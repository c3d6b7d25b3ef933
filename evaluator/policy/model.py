"""Linked policies: what loading makes of the files, and what decisions are made from.

Nothing changes what is here; expressions are checked, names resolved, templates parsed. A pack
whose actions have several request schemas is linked once for each, since types differ: see
``Variant``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

from evaluator.diagnostics import Diagnostic
from evaluator.language.checker import Checked
from evaluator.language.functions.registry import Registry
from evaluator.policy.patterns import Patterns
from evaluator.policy.request_types import RequestType
from evaluator.source import Span

__all__ = [
    "Applies",
    "Assignment",
    "Citation",
    "Combining",
    "Constant",
    "Effect",
    "Loaded",
    "Localized",
    "Lookup",
    "Mode",
    "Output",
    "Pack",
    "Period",
    "Policy",
    "Remedy",
    "Rule",
    "Scope",
    "Template",
    "Texts",
    "Titles",
    "Variable",
    "Variant",
]

Effect = Literal["allow", "deny"]
Mode = Literal["enforce", "report"]
Combining = Literal["deny_overrides", "allow_overrides", "first_match"]


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """A message: texts and checked expressions in turn, in the order they are written."""

    parts: tuple[str | Checked, ...]
    span: Span


Localized = Mapping[str, Template]
"""A message by locale, ``en`` or ``da-DK``; the pack's default locale is among the keys."""

Texts = Mapping[str, str]
"""A plain text by locale."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule comes from: title and section of a document, and numbers of its facts."""

    title: str | None
    section: str | None
    facts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Applies:
    """What a rule or an output is for. ``actions`` is already narrowed by its own."""

    resources: Patterns
    actions: Patterns


@dataclass(frozen=True, slots=True)
class Period:
    """[start, until) in nanoseconds since the epoch; None is open."""

    start: int | None
    until: int | None

    def holds(self, instant: int) -> bool:
        return (self.start is None or self.start <= instant) and (
            self.until is None or instant < self.until
        )


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """A named value: of ``constants`` or of ``tables``."""

    name: str
    value: Any
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """A named expression. Identity is what makes it one: importers share the object."""

    name: str
    file: str
    expression: Checked
    scope: Scope
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The names that the expressions of one file see, its own and those it imports."""

    names: Mapping[str, Constant | Variable]


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """One change of a remedy: ``context`` and ("effective",), the JSON pointer, the new value."""

    root: str
    path: tuple[str, ...]
    pointer: str
    expression: Checked


@dataclass(frozen=True, slots=True, eq=False)
class Remedy:
    """What would help. ``scope`` is that of the file it was written in (an import's, if shared)."""

    id: str
    when: Checked | None  # the condition given where it is used
    shared_when: Checked | None  # the condition of a shared remedy itself, in its own scope
    message: Localized
    description: Localized | None
    sets: tuple[Assignment, ...]
    source: Citation | None
    scope: Scope
    span: Span


@dataclass(slots=True, eq=False)
class Rule:
    """A rule: what it is for, when it fires and what it then says.

    Nothing changes one. To freeze them would make each twice as slow to make, and there are many.
    """

    id: str
    policy: str
    effect: Effect
    mode: Mode
    applies: Applies
    effective: Period | None
    condition: Checked | None
    scope: Scope
    reason: Localized | None
    description: Localized | None
    remedies: tuple[Remedy, ...]
    source: Citation | None
    span: Span  # of the value of `id`


@dataclass(frozen=True, slots=True, eq=False)
class Output:
    """One definition of an output. Several may share a name; the first that applies wins."""

    name: str
    policy: str
    on: frozenset[Effect]
    applies: Applies
    when: Checked | None
    value: Checked
    labels: Mapping[str, Localized] | None
    title: Localized | None
    scope: Scope
    source: Citation | None
    span: Span  # of the name


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """What is known of a policy file beside its rules."""

    name: str
    file: str
    title: Localized | None
    source: Citation | None
    span: Span


@dataclass(frozen=True, slots=True)
class Titles:
    """What people call things where decisions are shown; no decision depends on them.

    Attributes are spelt as in expressions, items of lists without an index. ``values`` are those of
    enums, by attribute.
    """

    types: Mapping[str, Texts]
    actions: Mapping[str, Texts]
    attributes: Mapping[str, Texts]
    values: Mapping[str, Mapping[str, Texts]]


@dataclass(frozen=True, slots=True, eq=False)
class Lookup:
    """What the rules and outputs of a variant are for: by their numbers, outputs after the rules.

    Those whose resource types and actions are all spelt out stand in ``exact`` under each pair;
    the others, with wildcards, in ``wild`` with what they are for. ``types`` and ``actions`` are
    the names that any of them spells out.
    """

    exact: Mapping[tuple[str, str], Sequence[int]]
    wild: Sequence[tuple[int, Applies]]
    types: frozenset[str]
    actions: frozenset[str]

    @classmethod
    def of(cls, rules: Sequence[Rule], outputs: Sequence[Output]) -> Lookup:
        exact: dict[tuple[str, str], list[int]] = {}
        wild: list[tuple[int, Applies]] = []
        types: set[str] = set()
        actions: set[str] = set()
        every = [*(rule.applies for rule in rules), *(output.applies for output in outputs)]
        last: Applies | None = None
        is_wild = False
        lists: list[list[int]] = []
        for number, applies in enumerate(every):
            if applies is not last:  # neighbours are mostly for the same
                last = applies
                resources, its_actions = applies.resources, applies.actions
                types |= resources.literals
                actions |= its_actions.literals
                is_wild = resources.has_wildcard or its_actions.has_wildcard
                pairs = () if is_wild else product(resources.literals, its_actions.literals)
                lists = [exact.setdefault(pair, []) for pair in pairs]
            if is_wild:
                wild.append((number, applies))
            for numbers in lists:
                numbers.append(number)
        return cls(exact, wild, frozenset(types), frozenset(actions))


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """A pack as it is for the actions of one request schema; rules and outputs in pack order.

    Of a pack that comes from a cache, rules and outputs are made when they are asked for; its
    ``lookup`` tells what they are for, so that not all of them have to be.
    """

    request_type: RequestType
    actions: Patterns
    rules: Sequence[Rule]
    outputs: Sequence[Output]
    lookup: Lookup | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """``variants`` are disjoint: the first whose ``actions`` match a request's action is its own.

    ``functions`` is what expressions see; ``message_functions`` what templates see besides
    (``date``, ``plural``; their implementations depend on the locale, see ``decision``).
    """

    name: str
    version: str
    title: Localized | None
    combining: Combining
    default_locale: str
    locales: tuple[str, ...]  # of all texts, sorted
    time_zone: str
    policies: Sequence[Policy]
    variants: tuple[Variant, ...]
    functions: Registry
    digest: str  # "sha256:..."
    files: tuple[str, ...]  # every file that was read
    titles: Titles | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """The packs, in the order of their folders' names, and what was found: sorted by place.

    With an error among the diagnostics there are no packs.
    """

    packs: tuple[Pack, ...]
    diagnostics: tuple[Diagnostic, ...]
