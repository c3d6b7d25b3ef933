"""Which scenario is shown first: one from which a stranger learns what this is about."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final

from evaluator.server.playground.answering.instants import timeless
from evaluator.server.playground.answering.walking import Walk
from evaluator.server.playground.answering.workspace import Loaded
from evaluator.suites.outcome import Place

__all__ = ["start"]

_DAY: Final = 86_400 * 1_000_000_000
_NEAR: Final = 30 * _DAY
_MOST: Final = 400  # denials that are looked at


def start(loaded: Loaded, places: Sequence[Place]) -> Place | None:
    """The first denial with a remedy that leads to an allow; one that time lifts too, if any.

    Plain cases come before those of a matrix, which are named by their parts alone.
    """
    best: tuple[int, Place] | None = None
    plain = (place for place in places if place.step.label is None)
    others = (place for place in places if place.step.label is not None)
    for number, place in enumerate(chain(plain, others)):
        if number >= _MOST and best is not None:
            break
        score = _score(loaded, place)
        if score and (best is None or score > best[0]):
            best = score, place
            if score == _BEST:
                break
    return None if best is None else best[1]


_BEST: Final = 12  # all of it


def _score(loaded: Loaded, place: Place) -> int:
    """0 for what is allowed; else how much there is to see: a remedy that works, time that does."""
    if place.step.expectation.effect != "deny":
        return 0
    request, now = timeless(place.step.question.request, place.step.question.now)
    decision = loaded.decide(request, now)
    if decision.allowed or decision.rules_erred:
        return 0
    lifting = [
        tried.request
        for _, tried in decision.verified()
        if tried.decision is not None and tried.decision.allowed and tried.request is not None
    ]
    kept = any(changed.get("action") == request.get("action") for changed in lifting)
    score = 1 + 4 * bool(lifting) + 2 * kept + (len(decision.rule_ids) == 1)
    if not lifting:
        return score
    walk = Walk(loaded, request, "en").segments(now - _NEAR, now + _NEAR, seconds=0.2)
    effects = {segment.effect for segment in walk}
    return score + 4 * (len(effects) > 1)
