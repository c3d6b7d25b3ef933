"""Reports: what was found, each group with the places and edits that it comes from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from evaluator.history.answers import Answer, Given
from evaluator.history.changes import Change
from evaluator.history.definitions import Definition, Key, Kind
from evaluator.history.edits import Edit
from evaluator.history.groups import Example, Group, Groups
from evaluator.language.values import ABSENT

__all__ = ["Difference", "Finding", "Place", "Report", "differences", "place_of"]


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file; ``file`` is relative to the folder of its version."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """A group with what it comes from.

    ``old`` and ``new`` are where the rule or the output stands in each version, None where it does
    not, or where that is not known. ``edits`` are the definitions whose change explains it.
    """

    group: Group
    old: Place | None
    new: Place | None
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What a comparison, or a replay, came to.

    ``old`` and ``new`` are what the versions are called; ``old_prefix`` and ``new_prefix`` stand
    before the names of their files. ``unnoticed`` are edits that make no difference to any request
    that was tried; ``exhausted`` tells that requests at boundaries were all tried. ``damaged``
    counts what could not be read of logs. ``again`` tells that logged decisions were made again,
    ``masked`` how many records differ in nothing but what may come from masked places.
    """

    old: str
    new: str
    groups: Groups
    findings: Sequence[Finding]
    edits: Sequence[Edit] = ()
    unnoticed: Sequence[Edit] = ()
    old_prefix: str = ""
    new_prefix: str = ""
    exhausted: bool = True
    damaged: int = 0
    again: bool = False
    masked: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs, as JSON data; ``ABSENT`` for an output that is not there.

    ``field`` is spelt as in suites: ``decision``, ``rules``, ``remedies``, ``outputs.invoice``,
    ``notices``, ``errors``, ``valid_until``.
    """

    field: str
    old: Any
    new: Any


def differences(example: Example) -> Iterator[Difference]:
    """Every field in which the two answers of an example differ."""
    old, new = example.old, example.new
    parts = {change.part for change in example.changes}
    if old.effect != new.effect:
        yield Difference("decision", old.effect, new.effect)
    if parts & {"reason", "order"}:
        yield Difference("rules", _rules(old.reasons), _rules(new.reasons))
    if "remedy" in parts:
        yield from _remedies(example)
    if "valid_until" in parts:
        yield Difference("valid_until", old.valid_until, new.valid_until)
    for change in example.changes:
        if change.part == "output":
            before, after = (answer.outputs or {} for answer in (old, new))
            yield Difference(
                f"outputs.{change.name}",
                before.get(change.name, ABSENT),
                after.get(change.name, ABSENT),
            )
    if "notice" in parts:
        yield Difference("notices", _rules(old.notices), _rules(new.notices))
    if "error" in parts:
        yield Difference("errors", _errors(old), _errors(new))


def _rules(givens: tuple[Given, ...] | None) -> list[str]:
    return [
        f"{given.rule} (indeterminate)" if given.kind == "indeterminate" else given.rule
        for given in givens or ()
    ]


def _remedies(example: Example) -> Iterator[Difference]:
    old, new = example.old.remedies or {}, example.new.remedies or {}
    if list(old) != list(new):
        yield Difference(
            "remedies", *([f"{rule}/{name}" for rule, name in one] for one in (old, new))
        )
    for key in old:
        if key in new and old[key] != new[key]:
            yield Difference(f"remedies.{'/'.join(key)}", old[key], new[key])


def _errors(answer: Answer) -> list[str]:
    return sorted(f"{name}: {kind}" for name, kind in answer.errors or ())


def place_of(definitions: dict[Key, Definition], change: Change) -> Place | None:
    """Where the rule or the output that changed stands in a version."""
    wanted: list[tuple[Kind, str]] = []
    if change.part == "output":
        wanted.append(("output", change.name))
    elif change.rule is not None:
        wanted += [("rule", change.rule), ("output", change.rule)]
    pack = None if change.policy is None else change.policy.partition(".")[0]
    for kind, name in wanted:
        for key, one in definitions.items():
            if key[0] == kind and key[2] == name and pack in (None, key[1]) and one.span:
                return Place(one.file, one.span.line)
    return None
