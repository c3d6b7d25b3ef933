"""``timeline``: the decision over time, by successive ``valid_until``, and what is marked in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from evaluator.language.instants import MAX_INSTANT, MIN_INSTANT
from evaluator.language.values import Timestamp
from evaluator.server.playground.answering.asking import Asked, InvalidError
from evaluator.server.playground.answering.instants import Mark, marks, timeless
from evaluator.server.playground.answering.walking import Segment, Walk
from evaluator.server.playground.answering.workspace import Loaded, Workspace

__all__ = ["timeline"]

_DAY: Final = 86_400 * 1_000_000_000
_REACH: Final = 200 * _DAY  # how far before and after the moment is looked
_SECONDS: Final = 1.5  # of looking, after which the rest is left out
_APART: Final = 12  # what is so many times farther away than the last thing shown is not near
_FEW: Final = 3  # things in time that are shown though they be far apart


def timeline(workspace: Workspace, asked: Asked) -> dict[str, Any]:
    """``TimelineAnswer``."""
    loaded = workspace.deciding(asked.edits)
    now = asked.instant("now")
    start, end = asked.optional_instant("from"), asked.optional_instant("until")
    if start is not None and end is not None and start >= end:
        raise InvalidError("`from` is not before `until`")
    request, _ = timeless(asked.request, now)
    walk = Walk(loaded, request, asked.locale)
    found = _marks(loaded, request)
    reach = (
        _within(now - _REACH if start is None else start),
        _within(now + _REACH if end is None else end),
    )
    segments = list(walk.segments(*reach, seconds=_SECONDS))
    if start is None and end is None:
        changes = [segment.start for segment in segments[1:]]
        start, end = _span(now, changes, [mark.at for mark in found])
    else:
        start, end = reach
    # Who has asked for no span has been looked for far beyond what is shown.
    complete = walk.complete or bool(segments and segments[-1].until and segments[-1].until >= end)
    shown = [
        one for one in segments if one.start < end and (one.until is None or one.until > start)
    ]
    return {
        "from": str(Timestamp(start)),
        "until": str(Timestamp(end)),
        "complete": complete,
        "segments": list(_told(shown, start)),
        "marks": [
            {"at": str(Timestamp(mark.at)), "attribute": mark.attribute, "label": mark.label}
            for mark in found
            if start <= mark.at <= end
        ],
    }


def _is_after(until: int | None, instant: int) -> bool:
    return until is None or until > instant


def _within(instant: int) -> int:
    return max(MIN_INSTANT, min(instant, MAX_INSTANT))


def _marks(loaded: Loaded, request: Mapping[str, Any]) -> list[Mark]:
    action = request.get("action")
    name = action.get("name") if isinstance(action, Mapping) else None
    known: dict[str, Mark] = {}
    for pack in loaded.packs:
        for variant in pack.variants:
            if isinstance(name, str) and variant.actions.matches(name):
                for mark in marks(request, variant.request_type):
                    known.setdefault(mark.attribute, mark)
                break
    return sorted(known.values(), key=lambda mark: mark.at)


def _span(now: int, changes: Sequence[int], marks_: Sequence[int]) -> tuple[int, int]:
    """A stretch of time in which there is something to see.

    It begins a day before the moment or earlier, and ends a day after it or later: from what is
    near to the moment, to what is near to that, as long as the next thing is not so far away that
    all others would be lost in a corner. At most four hundred days.
    """
    start, end = now - _DAY, now + _DAY
    things = sorted(
        {at for at in (*changes, *marks_) if abs(at - now) <= _REACH}, key=lambda at: abs(at - now)
    )
    last = _DAY
    following = min((at for at in changes if at > now), default=None)
    for number, at in enumerate(things):
        distance = abs(at - now)
        needed = following is not None and following >= at > now
        if number >= _FEW and distance > _APART * last and not needed:
            break
        start, end = min(start, at), max(end, at)
        last = max(last, distance)
    margin = (end - start) // 12
    return _within(start - margin), _within(end + margin)


def _told(segments: Sequence[Segment], start: int) -> Iterator[dict[str, Any]]:
    effect = None
    for segment in segments:
        yield {
            "from": str(Timestamp(max(segment.start, start))),
            "until": None if segment.until is None else str(Timestamp(segment.until)),
            "decision": segment.effect,
            "rules": list(segment.rules),
            "messages": list(segment.messages),
            "same": segment.effect == effect,
        }
        effect = segment.effect
