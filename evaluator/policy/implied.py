"""Rules that an earlier rule makes needless: whenever they fire, it has fired as well.

Only what can be read off the text is told: a condition that has all the parts of an earlier one,
joined by ``&&``, for no other requests and no other time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from evaluator.diagnostics import Diagnostics
from evaluator.language.printer import print_expression
from evaluator.language.syntax import Expr, Literal, Logical
from evaluator.policy import problems
from evaluator.policy.expressions import free_names
from evaluator.policy.model import Combining, Effect, Period, Rule, Scope, Variant
from evaluator.policy.patterns import Patterns

__all__ = ["report_implied"]

_Part = tuple[str, tuple[int, ...]]
"""A part of a condition: its text, and the identities of what the names in it stand for."""

_LOSING: Final[dict[Combining, Effect]] = {"deny_overrides": "allow", "allow_overrides": "deny"}
# More names than these are looked for one by one.
_MANY: Final = 16


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
    """A rule with the parts of its condition; none means that it always fires."""

    rule: Rule
    parts: frozenset[_Part]


def _pairs(rules: Iterable[Rule], combining: Combining) -> Iterator[tuple[Rule, Rule]]:
    """Each rule that is implied, after the first rule that implies it."""
    entries = [_Entry(rule, _parts(rule)) for rule in rules if rule.mode == "enforce"]
    index = _Index(entries)
    for entry in entries:
        earlier = index.find(entry, lambda one, later=entry: _needless(one, later, combining))  # type: ignore[misc]
        if earlier is not None:
            yield earlier.rule, entry.rule
        index.add(entry)


def _needless(earlier: _Entry, later: _Entry, combining: Combining) -> bool:
    """Whether ``later`` need not be there, given that its parts include those of ``earlier``."""
    one, other = earlier.rule, later.rule
    if combining == "first_match":
        # An allow rule that errs has not fired; a deny rule with the same part then has.
        if (one.effect, other.effect) == ("allow", "deny") and one.condition is not None:
            return not one.condition.errors
        return True
    if one.effect != other.effect:
        return False
    # A narrower rule of the effect that wins may be there for its reason and its remedies.
    return other.effect == _LOSING[combining] or earlier.parts == later.parts


def _parts(rule: Rule) -> frozenset[_Part]:
    if rule.condition is None:
        return frozenset()
    return frozenset(_part(node, rule.scope) for node in _flat(rule.condition.root))


def _flat(node: Expr) -> Iterator[Expr]:
    if isinstance(node, Logical) and node.operator == "&&":
        for operand in node.operands:
            yield from _flat(operand)
    elif not (isinstance(node, Literal) and node.value is True):
        yield node


def _part(node: Expr, scope: Scope) -> _Part:
    names = sorted(free_names(node))
    return print_expression(node), tuple(id(scope.names.get(name)) for name in names)


_Key = tuple[_Part | None, str, str, Period | None]


class _Index:
    """The rules so far, each under the rarest of its parts and what it is for.

    What is for many resources, many actions or patterns of them stands under the empty name.
    """

    def __init__(self, entries: Iterable[_Entry]) -> None:
        self._uses = Counter(part for entry in entries for part in entry.parts)
        self._entries: dict[_Key, list[tuple[int, _Entry]]] = {}
        self._size = 0

    def add(self, entry: _Entry) -> None:
        """Adds a rule after those that are there."""
        rarest = min(entry.parts, key=lambda part: (self._uses[part], part), default=None)
        applies = entry.rule.applies
        for resource in _names(applies.resources):
            for action in _names(applies.actions):
                key = (rarest, resource, action, entry.rule.effective)
                self._entries.setdefault(key, []).append((self._size, entry))
        self._size += 1

    def find(self, later: _Entry, accept: Callable[[_Entry], bool]) -> _Entry | None:
        """The first rule that fires whenever ``later`` does, of those that are accepted."""
        found: tuple[int, _Entry] | None = None
        for key in self._keys(later):
            for place, entry in self._entries.get(key, ()):
                if found is not None and place >= found[0]:
                    break
                if entry.parts <= later.parts and _covers(entry, later) and accept(entry):
                    found = (place, entry)
                    break
        return None if found is None else found[1]

    def _keys(self, later: _Entry) -> Iterator[_Key]:
        rule = later.rule
        for part in (None, *later.parts):
            for resource in _sought(rule.applies.resources):
                for action in _sought(rule.applies.actions):
                    for period in {None, rule.effective}:
                        yield part, resource, action, period


def _covers(earlier: _Entry, later: _Entry) -> bool:
    wide, narrow = earlier.rule.applies, later.rule.applies
    return narrow.resources.within(wide.resources) and narrow.actions.within(wide.actions)


def _names(patterns: Patterns) -> Iterable[str]:
    many = patterns.has_wildcard or len(patterns.literals) > _MANY
    return ("",) if many else patterns.literals


def _sought(patterns: Patterns) -> Iterable[str]:
    """Names under which each rule stands that is for all that the patterns match."""
    return ("",) if patterns.has_wildcard else ("", next(iter(patterns.literals), ""))
