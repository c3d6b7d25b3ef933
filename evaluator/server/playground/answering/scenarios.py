"""Scenarios on the wire: the steps of suites, by an id and by what makes up their names."""

from __future__ import annotations

from typing import Any

from evaluator.language.instants import parse_duration, parse_instant
from evaluator.language.values import Timestamp
from evaluator.suites.outcome import Place

__all__ = ["named", "scenario_id"]


def scenario_id(place: Place) -> str:
    """What a scenario is called on the wire."""
    return place.name


def named(place: Place) -> dict[str, Any]:
    """``ScenarioName``: the name of the case, and which of its steps it is.

    The page says that in the reader's language: a distance in time, a moment, or the parts that a
    table crosses.
    """
    return {"name": place.case.name, "step": _step(place.step.label)}


def _step(label: str | None) -> dict[str, Any] | None:
    if label is None:
        return None
    after = parse_duration(label) if label.startswith(("+", "-")) else None
    if after is not None:
        # As text: a page has no integers of 64 bits in its JSON.
        return {"after": str(after)}
    instant = parse_instant(label)
    if instant is not None:
        return {"at": str(Timestamp(instant))}
    return {"parts": label.split(", ")}
