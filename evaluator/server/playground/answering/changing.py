"""``changes``: what the edits change: definitions, scenarios decided otherwise, suites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from time import perf_counter
from typing import Any, Final

from evaluator.history.edits import Edit, Part, Reach, edits
from evaluator.history.texts import Line
from evaluator.policy.model import Effect
from evaluator.render.differences import difference_words
from evaluator.server.playground.answering.asking import Asked
from evaluator.server.playground.answering.durations import with_hours
from evaluator.server.playground.answering.instants import timeless
from evaluator.server.playground.answering.scenarios import named, scenario_id
from evaluator.server.playground.answering.workspace import Loaded, Workspace
from evaluator.source import Span
from evaluator.suites.outcome import Place
from evaluator.suites.running import Runner

__all__ = ["changes"]

_SECONDS: Final = 3.0  # of deciding, after which the rest is left out
_SHOWN: Final = 200  # of each kind of thing
_LINES: Final = 12  # of a definition that is shown


def changes(workspace: Workspace, asked: Asked) -> dict[str, Any]:
    """``ChangesAnswer``."""
    old, new = workspace.base, workspace.deciding(asked.edits)
    comparing = _Comparing(old, new)
    scenarios = old.scenarios
    suites_edited = any("suites/" in name for name in asked.edits)
    flips, reasons, decided = comparing.flips(scenarios)
    return {
        "edits": list(comparing.edited()),
        "flips": flips[:_SHOWN],
        "reasons": reasons[:_SHOWN],
        "suites": comparing.suites(scenarios, edited=suites_edited),
        "decided": decided,
    }


@dataclass(frozen=True, slots=True)
class _Answer:
    effect: Effect
    rules: tuple[str, ...]


class _Comparing:
    """Compares the policies with the edits to those without."""

    def __init__(self, old: Loaded, new: Loaded) -> None:
        self._old = old
        self._new = new
        self._latest = perf_counter() + _SECONDS
        before, after = old.version.definitions, new.version.definitions
        self._edits = edits(before, after)
        self._reach = Reach(self._edits, before, after)
        self._spans = {
            (rule.policy, rule.id): rule.span
            for pack in new.packs
            for variant in pack.variants
            for rule in variant.rules
        }

    def edited(self) -> Iterator[dict[str, Any]]:
        """The definitions that differ, a part of one each."""
        for edit in self._edits[:_SHOWN]:
            kind = edit.how if edit.how in ("added", "removed") else "changed"
            for part in edit.parts or (Part("", (), ()),):
                before, after = _texts(edit, part)
                yield {
                    "what": " ".join(filter(None, (edit.kind, edit.name, part.name))),
                    "kind": kind,
                    "at": self._new.places.maybe(_place(edit, part)),
                    "before": before,
                    "after": after,
                }

    def flips(
        self, scenarios: Sequence[Place]
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
        """The scenarios decided otherwise, those for other reasons, and how many were asked."""
        flipped: list[dict[str, Any]] = []
        other_reasons: list[dict[str, Any]] = []
        known: dict[str, _Answer] = self._old.kept.setdefault("answers", {})
        for number, place in enumerate(scenarios):
            if perf_counter() > self._latest:
                return flipped, other_reasons, number
            before = known.get(place.name)
            if before is None:
                before = known[place.name] = _answer(self._old, place)
            after = _answer(self._new, place)
            if before != after:
                found = flipped if before.effect != after.effect else other_reasons
                found.append(self._flip(place, before, after))
        return flipped, other_reasons, len(scenarios)

    def _flip(self, place: Place, before: _Answer, after: _Answer) -> dict[str, Any]:
        return {
            "scenario": scenario_id(place),
            "suite": place.suite.name,
            **named(place),
            "before": before.effect,
            "after": after.effect,
            "rules": {"before": list(before.rules), "after": list(after.rules)},
            "at": self._new.places.maybe(self._cause(place.suite.pack, before, after)),
        }

    def _cause(self, pack: str, before: _Answer, after: _Answer) -> Span | None:
        """The line that is behind a difference: the edit, or the rule that decides now."""
        differing = [rule for rule in after.rules if rule not in before.rules]
        differing += [rule for rule in before.rules if rule not in after.rules]
        for rule in differing:
            for edit in self._reach.behind("rule", rule, pack):
                if edit.new is not None and edit.new.span is not None:
                    part = next(iter(edit.parts), Part("", (), ()))
                    return _place(edit, part)
        return next(
            (span for (_, id_), span in self._spans.items() if id_ in differing),
            None,
        )

    def suites(self, scenarios: Sequence[Place], *, edited: bool) -> dict[str, Any]:
        """How many steps pass before and after, and those that fail after.

        Where there is no time for all, both are of the same steps.
        """
        latest = self._latest + _SECONDS / 3
        old, new = (Runner(one.packs, interpret=True) for one in (self._old, self._new))
        known: dict[str, bool] = self._old.kept.setdefault("passes", {})
        before, after = Counter[bool](), Counter[bool]()
        failing: list[Place] = []
        for place, now in zip_longest(scenarios, self._new.scenarios if edited else scenarios):
            if perf_counter() > latest:
                break
            if place is not None:
                if place.name not in known:
                    known[place.name] = old.passes(place.step)
                before[known[place.name]] += 1
            if now is not None:
                passes = new.passes(now.step)
                after[passes] += 1
                if not passes:
                    failing.append(now)
        return {
            "before": {"passed": before[True], "failed": before[False]},
            "after": {"passed": after[True], "failed": after[False]},
            "failing": [
                {
                    "scenario": scenario_id(place),
                    **named(place),
                    "differences": [difference_words(one) for one in new.run(place.step)],
                    "at": self._new.places.of(place.step.span),
                }
                for place in failing[:_SHOWN]
            ],
        }


def _answer(loaded: Loaded, place: Place) -> _Answer:
    request, now = timeless(place.step.question.request, place.step.question.now)
    decision = loaded.decide(request, now)
    return _Answer(decision.effect, decision.rule_ids)


def _place(edit: Edit, part: Part) -> Span | None:
    """Where an edit is in the files as they are now."""
    if edit.new is None:
        return None
    lines = (line.span for line in part.added)
    return next((span for span in lines if span is not None), edit.new.span)


def _texts(edit: Edit, part: Part) -> tuple[str | None, str | None]:
    """What was and what is now: as files have it, where that differs, or else as the values are."""
    as_written = [line.written or line.text for line in part.removed]
    differs = as_written != [line.written or line.text for line in part.added]
    are_values = edit.kind in ("constant", "table")

    def text(line: Line) -> str:
        if differs and line.written:
            return line.written
        return with_hours(line.text) if are_values else line.text

    return _text([*map(text, part.removed)]), _text([*map(text, part.added)])


def _text(lines: Sequence[str]) -> str | None:
    if not lines:
        return None
    return "\n".join([*lines[:_LINES], "…"] if len(lines) > _LINES else lines)
