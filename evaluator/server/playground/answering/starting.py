"""Which scenario is shown first: one from which a stranger learns what this is about."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Final

from evaluator.server.playground.answering.instants import timeless
from evaluator.server.playground.answering.walking import Walk
from evaluator.server.playground.answering.workspace import Loaded
from evaluator.suites.outcome import Place

__all__ = ["start"]

_SECOND: Final = 1_000_000_000
_NEAR: Final = 30 * 86_400 * _SECOND
_MOST: Final = 400  # denials that are looked at
_CLOSER: Final = 6  # of these, those that are followed through time, of each reason


def start(loaded: Loaded, places: Sequence[Place]) -> Place | None:
    """A denial with a remedy that leads to an allow, which was allowed some time before, if any.

    Of the denials for one reason, some of the best are looked at more closely.
    """
    found: dict[tuple[str, ...], list[tuple[int, Place]]] = {}
    denials = (place for place in places if place.step.expectation.effect == "deny")
    for place in islice(denials, _MOST):
        score, rules = _at_first_sight(loaded, place)
        if score:
            found.setdefault(rules, []).append((score, place))
    closer = [pair for pairs in found.values() for pair in sorted(pairs, key=_score)[:_CLOSER]]
    best: tuple[int, Place] | None = None
    for score, place in sorted(closer, key=_score):
        if best is not None and score + _THROUGH_TIME <= best[0]:
            break
        score += _through_time(loaded, place)
        if best is None or score > best[0]:
            best = score, place
    return None if best is None else best[1]


def _score(pair: tuple[int, Place]) -> int:
    return -pair[0]


def _at_first_sight(loaded: Loaded, place: Place) -> tuple[int, tuple[str, ...]]:
    """How good it is at one moment, and why it is denied; 0 for what is none or has an error."""
    question = place.step.question
    request, now = timeless(question.request, question.now)
    decision = loaded.decide(request, now)
    if decision.allowed or decision.rules_erred:
        return 0, ()
    lifting = [
        tried.request
        for _, tried in decision.verified()
        if tried.decision is not None and tried.decision.allowed and tried.request is not None
    ]
    kept = any(changed.get("action") == request.get("action") for changed in lifting)
    # One step of a table is named by its parts, one at an odd nanosecond is about that, and a case
    # that tells the time is about telling it.
    odd = 2 * (now % _SECOND != 0)
    told = "time" in question.request.get("context", ())
    alone = len(decision.rule_ids) == 1
    score = 5 + 8 * bool(lifting) + 3 * kept + 2 * alone
    return score - odd - told - (place.step.label is not None), decision.rule_ids


_THROUGH_TIME: Final = 6


def _through_time(loaded: Loaded, place: Place) -> int:
    """How much better time makes it: that it was allowed before, or will be."""
    request, now = timeless(place.step.question.request, place.step.question.now)
    walk = Walk(loaded, request, "en")
    allowed = [
        segment
        for segment in walk.segments(now - _NEAR, now + _NEAR, seconds=0.2)
        if segment.effect == "allow"
    ]
    if not allowed:
        return 0
    return _THROUGH_TIME if allowed[0].start < now else _THROUGH_TIME // 2
