"""Rules that an earlier rule makes needless: whenever they fire, it has fired as well.

Only what can be read off the text is told: a condition that has all the parts of an earlier one,
joined by ``&&``, for no other requests and no other time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from evaluator.diagnostics import Diagnostics
from evaluator.language.likeness import likeness
from evaluator.language.syntax import Expr, Literal, Logical
from evaluator.policy import problems
from evaluator.policy.expressions import free_names
from evaluator.policy.model import Combining, Effect, Period, Rule, Variant
from evaluator.policy.patterns import Patterns

__all__ = ["report_implied"]

_Part = int
"""A part of a condition: the number of what it says and of what the names in it stand for."""

_LOSING: Final[dict[Combining, Effect]] = {"deny_overrides": "allow", "allow_overrides": "deny"}
# Errors of requests that break their schema or are too big.
_BROKEN_REQUEST: Final = frozenset({"invalid_attribute", "cost_exceeded"})
# A rule for more pairs of a resource and an action than these is compared one by one.
_MANY: Final = 64


def report_implied(
    variants: Sequence[Variant], combining: Combining, diagnostics: Diagnostics
) -> None:
    """Warns of each rule that an earlier one implies, once, whatever the number of variants.

    The rules are those of a pack without errors.
    """
    present = Counter(rule.id for variant in variants for rule in variant.rules)
    implied: Counter[str] = Counter()
    pairs: dict[str, tuple[Rule, Rule]] = {}
    for variant in variants:
        for earlier, later in _pairs(variant.rules, combining):
            implied[later.id] += 1
            pairs.setdefault(later.id, (earlier, later))
    first_match = combining == "first_match"
    for id_, (earlier, later) in pairs.items():
        if implied[id_] == present[id_]:
            known = (earlier.id, earlier.span)
            diagnostics.add(
                problems.rule_implied(later.span, id_, later.effect, known, first_match=first_match)
            )


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """A rule, its place in the order, and the parts of its condition; none: it always fires."""

    rule: Rule
    number: int
    parts: frozenset[_Part]


def _pairs(rules: Iterable[Rule], combining: Combining) -> Iterator[tuple[Rule, Rule]]:
    """Each rule that is implied, after the first rule that implies it."""
    parts = _Parts()
    entries = [
        _Entry(rule, number, parts.of(rule))
        for number, rule in enumerate(rules)
        if rule.mode == "enforce"
    ]
    index = _Index(entries, combining)
    for entry in entries:
        earlier = index.find(entry)
        if earlier is not None:
            yield earlier.rule, entry.rule
        index.add(entry)


def _needless(earlier: _Entry, later: _Entry, combining: Combining) -> bool:
    """Whether ``later`` need not be there, given that ``earlier`` covers it."""
    one, other = earlier.rule, later.rule
    if combining == "first_match":
        # An allow rule that errs has not fired; a deny rule with the same part then has.
        return (one.effect, other.effect) != ("allow", "deny") or not _may_err(one)
    if one.effect != other.effect:
        return False
    # A narrower rule of the effect that wins may be there for its reason and its remedies.
    return other.effect == _LOSING[combining] or earlier.parts == later.parts


def _may_err(rule: Rule) -> bool:
    """Whether the condition of a rule may err on a request that is as it should be."""
    return rule.condition is not None and not rule.condition.errors <= _BROKEN_REQUEST


class _Parts:
    """The parts of conditions, which are numbered as they come."""

    def __init__(self) -> None:
        # Of a tree, by its identity: what each part says, and the names in it; and the parts
        # of those whose names mean the same everywhere, since there are none.
        self._said: dict[int, tuple[tuple[Hashable, tuple[str, ...]], ...]] = {}
        self._nameless: dict[int, frozenset[_Part]] = {}
        self._numbers: dict[tuple[Hashable, tuple[int, ...]], _Part] = {}

    def of(self, rule: Rule) -> frozenset[_Part]:
        """The parts that are joined by ``&&`` in a rule's condition; none if it has none."""
        if rule.condition is None:
            return frozenset()
        root = rule.condition.root
        known = self._nameless.get(id(root))
        if known is not None:
            return known
        said = self._said.get(id(root))
        if said is None:
            named = bool(rule.condition.uses)
            said = tuple(
                (likeness(node), tuple(sorted(free_names(node))) if named else ())
                for node in _flat(root)
            )
            self._said[id(root)] = said
        get = rule.scope.names.get
        keys = [(what, tuple([id(get(name)) for name in names])) for what, names in said]
        parts = frozenset([self._numbers.setdefault(key, len(self._numbers)) for key in keys])
        if not any(names for _, names in said):
            self._nameless[id(root)] = parts
        return parts


def _flat(node: Expr) -> Iterator[Expr]:
    if isinstance(node, Logical) and node.operator == "&&":
        for operand in node.operands:
            yield from _flat(operand)
    elif not (isinstance(node, Literal) and node.value is True):
        yield node


_Place = tuple[str, str, Period | None]
"""What a rule is for: the beginnings of a resource and of an action, and when."""


class _Index:
    """The rules so far, each under the rarest of its parts and what it is for.

    A pattern with a wildcard stands for its beginning, what is for many pairs for every beginning.
    """

    def __init__(self, entries: Iterable[_Entry], combining: Combining) -> None:
        self._combining = combining
        self._uses = Counter([part for entry in entries for part in entry.parts])
        self._entries: dict[_Part | None, dict[_Place, list[_Entry]]] = {}
        # By the identity of what rules are for, since many are for the same.
        self._own: dict[tuple[int, Period | None], Sequence[_Place]] = {}
        self._wider: dict[tuple[int, Period | None], Sequence[_Place]] = {}

    def add(self, entry: _Entry) -> None:
        """Adds a rule after those that are there."""
        rarest = min(entry.parts, key=self._uses.__getitem__, default=None)
        if rarest is not None and self._uses[rarest] == 1:
            return  # no other rule has all its parts
        places = self._entries.setdefault(rarest, {})
        for place in _known(self._own, _places, entry.rule):
            known = places.get(place)
            if known is None:
                places[place] = [entry]
            else:
                known.append(entry)

    def find(self, later: _Entry) -> _Entry | None:
        """The first rule that makes ``later`` needless."""
        found: _Entry | None = None
        for part in (None, *later.parts):
            places = self._entries.get(part)
            if places is None:
                continue
            for place in _known(self._wider, _wider_places, later.rule):
                for entry in places.get(place, ()):
                    if found is not None and entry.number >= found.number:
                        break
                    if _covers(entry, later) and _needless(entry, later, self._combining):
                        found = entry
                        break
        return found


def _known(
    known: dict[tuple[int, Period | None], Sequence[_Place]],
    make: Callable[[Rule], Iterator[_Place]],
    rule: Rule,
) -> Sequence[_Place]:
    key = (id(rule.applies), rule.effective)
    found = known.get(key)
    if found is None:
        found = known[key] = tuple(make(rule))
    return found


def _places(rule: Rule) -> Iterator[_Place]:
    """Where a rule is found."""
    applies = rule.applies
    resources = {_beginning(text) for text in applies.resources.texts}
    actions = {_beginning(text) for text in applies.actions.texts}
    if len(resources) * len(actions) > _MANY:
        resources, actions = {""}, {""}
    return product(resources, actions, (rule.effective,))


def _wider_places(rule: Rule) -> Iterator[_Place]:
    """Where the rules are found that may be for all that a rule is for."""
    applies = rule.applies
    return product(
        _beginnings(applies.resources), _beginnings(applies.actions), {None, rule.effective}
    )


def _covers(earlier: _Entry, later: _Entry) -> bool:
    """Whether ``earlier`` asks for no more than ``later``, and is for all that ``later`` is for."""
    if not earlier.parts <= later.parts:
        return False
    wide, narrow = earlier.rule.applies, later.rule.applies
    return narrow.resources.within(wide.resources) and narrow.actions.within(wide.actions)


def _beginning(pattern: str) -> str:
    """A pattern up to its first wildcard."""
    return pattern.partition("*")[0]


def _beginnings(patterns: Patterns) -> Iterator[str]:
    """The beginnings of the patterns that may cover all of these: that cover the first of them."""
    yield ""
    for pattern in patterns.texts[:1]:
        beginning = _beginning(pattern)
        place = beginning.find(":")
        while place >= 0:
            yield beginning[: place + 1]
            place = beginning.find(":", place + 1)
        if beginning == pattern:
            yield pattern
