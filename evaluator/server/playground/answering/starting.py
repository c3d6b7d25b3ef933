"""Which scenario is shown first: one from which a stranger learns what this is about."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from time import perf_counter
from typing import Final

from evaluator.server.playground.answering.instants import timeless
from evaluator.server.playground.answering.walking import Walk
from evaluator.server.playground.answering.workspace import Loaded
from evaluator.suites.outcome import Place

__all__ = ["start"]

_SECOND: Final = 1_000_000_000
_HOUR: Final = 3600 * _SECOND
_NEAR: Final = 30 * 24 * _HOUR
_MOST: Final = 400  # denials that are looked at
_CLOSER: Final = 8  # of these, those that are followed through time, of each reason
_SEGMENTS: Final = 20  # of time that are looked at
_SECONDS: Final = 4.0  # of looking, after which the rest is left out: more than is needed by far


def start(loaded: Loaded, places: Sequence[Place]) -> Place | None:
    """A denial with a remedy that leads to an allow, and that ends at a moment, if there is one.

    Best is one that time itself turns into an allow then. Of the denials for one reason, some of
    the best are looked at more closely.
    """
    latest = perf_counter() + _SECONDS
    found: dict[tuple[str, ...], list[tuple[int, Place]]] = {}
    denials = (place for place in places if place.step.expectation.effect == "deny")
    for place in islice(denials, _MOST):
        if perf_counter() > latest:
            break
        score, rules = _at_first_sight(loaded, place)
        if score:
            found.setdefault(rules, []).append((score, place))
    closer = [pair for pairs in found.values() for pair in sorted(pairs, key=_score)[:_CLOSER]]
    best: tuple[int, Place] | None = None
    for score, place in sorted(closer, key=_score):
        if best is not None and (score + _TURNS <= best[0] or perf_counter() > latest):
            break
        score += _through_time(loaded, place, latest - perf_counter())
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
    until = decision.valid_until if lifting else None
    # What ends in the next minutes or after a year is a curiosity of the moment.
    ends = until is not None and _HOUR <= until.nanoseconds - now <= _NEAR
    score = 5 + 8 * bool(lifting) + 6 * ends + 3 * kept + 2 * alone
    return score - odd - told - (place.step.label is not None), decision.rule_ids


_TURNS: Final = 6
_WAS: Final = 4
_WILL: Final = 2


def _through_time(loaded: Loaded, place: Place, seconds: float) -> int:
    """How much better time makes it: that it is allowed next, or was before, or will be."""
    request, now = timeless(place.step.question.request, place.step.question.now)
    walk = Walk(loaded, request, "en")
    segments = list(walk.segments(now - _NEAR, now + _NEAR, seconds=seconds, most=_SEGMENTS))
    allowed = [segment.start for segment in segments if segment.effect == "allow"]
    if not allowed:
        return 0
    following = next((one for one in segments if one.start > now), None)
    if following is not None and following.effect == "allow":
        return _TURNS
    return _WAS if allowed[0] < now else _WILL
