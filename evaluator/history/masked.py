"""Differences that may come from what a log has masked, and not from the policies.

A masked record does not say all that its decision was made on. What reads a masked place may come
out otherwise for want of that alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from evaluator.history.answers import Answer
from evaluator.history.changes import Change
from evaluator.history.log import MASK
from evaluator.policy.model import Pack, Rule
from evaluator.suites.search.expressions import (
    Expression,
    decisive_expressions,
    findings,
    of_output,
    of_rule,
    told_expressions,
)

__all__ = ["Masked"]

_Path = tuple[str, ...]
_Paths = frozenset[_Path]
_PARTS_OF_ENTITIES: Final = frozenset({"subject", "action", "resource"})
# What rules are looked up by: nobody knows which ones would have been.
_SELECTING: Final = frozenset({("resource", "type"), ("action", "name")})
_DECIDING: Final = frozenset({"reason", "decision"})


class Masked:
    """What of some packs reads the places that a record has masked."""

    def __init__(self, packs: Sequence[Pack]) -> None:
        self._packs = tuple(packs)

    def certain(
        self, logged: Answer, found: tuple[Change, ...], masked: Iterable[str]
    ) -> tuple[Change, ...]:
        """Those differences that masked places, given as JSON pointers, cannot be the cause of.

        None, where a rule reads such a place that may have decided: all else may follow from it.
        ``logged`` is the answer to which they are differences.
        """
        paths = frozenset(map(_path, masked))
        if paths & _SELECTING:
            return ()
        doubtful = {
            change
            for change in found
            if _overlap(self._reads(change), paths) or _has_mask(_value(logged, change))
        }
        if any(change.part in _DECIDING for change in doubtful):
            return ()
        return tuple(change for change in found if change not in doubtful)

    def _reads(self, change: Change) -> _Paths:
        if change.part == "decision":
            return self._decisive
        if change.part == "valid_until":
            return self._all
        if change.part == "output":
            return self._outputs.get(change.name, frozenset())
        rule = change.rule or ""
        if change.part in ("remedy", "error"):
            return self._remedies.get(rule, frozenset()) | self._outputs.get(rule, frozenset())
        return self._rules.get(rule, frozenset())

    @cached_property
    def _rules(self) -> dict[str, _Paths]:
        """What the conditions of rules read, by their ids."""
        return _by_name((rule.id, of_rule(rule, remedies=False)) for rule in self._every_rule())

    @cached_property
    def _remedies(self) -> dict[str, _Paths]:
        """What rules read with their remedies."""
        return _by_name((rule.id, of_rule(rule)) for rule in self._every_rule())

    @cached_property
    def _outputs(self) -> dict[str, _Paths]:
        """What outputs read, by their names."""
        variants = (variant for pack in self._packs for variant in pack.variants)
        return _by_name(
            (output.name, of_output(output)) for one in variants for output in one.outputs
        )

    def _every_rule(self) -> Iterator[Rule]:
        return (rule for pack in self._packs for one in pack.variants for rule in one.rules)

    @cached_property
    def _decisive(self) -> _Paths:
        return findings(decisive_expressions(self._packs)).attributes

    @cached_property
    def _all(self) -> _Paths:
        return self._decisive | findings(told_expressions(self._packs)).attributes


def _by_name(expressions: Iterable[tuple[str, Iterable[Expression]]]) -> dict[str, _Paths]:
    """What is read under each name; packs may have called different things alike."""
    found: dict[str, _Paths] = {}
    for name, own in expressions:
        found[name] = found.get(name, frozenset()) | findings(own).attributes
    return found


def _value(logged: Answer, change: Change) -> Any:
    """What an output was, or what a remedy did set."""
    if change.part == "output":
        return (logged.outputs or {}).get(change.name)
    if change.part == "remedy":
        rule, _, remedy = change.name.partition("/")
        return (logged.remedies or {}).get((rule, remedy))
    return None


def _has_mask(value: Any) -> bool:
    """Whether texts in a value were masked: those that masked places have are so everywhere."""
    if isinstance(value, Mapping):
        return any(map(_has_mask, value.values()))
    if isinstance(value, list):
        return any(map(_has_mask, value))
    return isinstance(value, str) and MASK in value


def _path(pointer: str) -> _Path:
    """The attribute that a place of a request is of, as expressions have it."""
    root, *rest = (
        part.replace("~1", "/").replace("~0", "~") for part in pointer.removeprefix("/").split("/")
    )
    if root in _PARTS_OF_ENTITIES and rest[:1] == ["properties"]:
        rest = rest[1:]
    return root, *rest


def _overlap(reads: _Paths, paths: _Paths) -> bool:
    """Whether an attribute that is read is one of some others, a part of one, or has one in it."""
    return any(one[: len(other)] == other[: len(one)] for one in reads for other in paths)
