"""A decision as the page has it: its JSON with places in the files as they are edited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evaluator.decision.decision import Decision
from evaluator.decision.parts import Location
from evaluator.policy.model import Localized, Rule
from evaluator.server.playground.answering.workspace import Loaded
from evaluator.source import Source, Span

__all__ = ["Telling", "texts"]


def texts(localized: Localized | None) -> dict[str, str]:
    """A text without expressions in it, by locale."""
    return {
        locale: "".join(part for part in template.parts if isinstance(part, str))
        for locale, template in (localized or {}).items()
    }


class Telling:
    """Tells decisions by some packs in a locale."""

    def __init__(self, loaded: Loaded, locale: str) -> None:
        self._places = loaded.places
        self._locale = locale
        self._spans: dict[tuple[str, str], Span] = {}
        self._sources: dict[str, Source] = {}
        for rule in _rules(loaded):
            self._spans[rule.policy, rule.id] = rule.span
            self._sources[rule.span.source.name] = rule.span.source

    def decision(self, decision: Decision) -> dict[str, Any]:
        """``DecisionJson``."""
        told = decision.to_dict(self._locale)
        for reason in (*told["reasons"], *told["notices"]):
            span = self._spans.get((reason["policy"], reason["rule"]))
            reason["at"] = self._places.maybe(span)
            if reason.get("error"):
                reason["error"]["at"] = self._cause(reason["error"]["at"])
        for error in told["errors"]:
            error["at"] = self._cause(error["at"])
        return told

    def _cause(self, at: Mapping[str, Any] | None) -> dict[str, Any] | None:
        if at is None:
            return None
        place = Location(at["file"], at["line"], at["column"])
        return self._places.located(place, self._sources)


def _rules(loaded: Loaded) -> Iterator[Rule]:
    for pack in loaded.packs:
        for variant in pack.variants:
            yield from variant.rules
