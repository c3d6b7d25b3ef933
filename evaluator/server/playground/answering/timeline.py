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
_REACHES: Final = (_DAY // 24, 2 * _DAY, 14 * _DAY, 60 * _DAY, _REACH)
_MANY: Final = 60  # changes in a reach, beyond which a larger one is not looked through
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
    found = _marks(loaded, request)
    looking = _Looking(loaded, request, asked.locale)
    if start is None and end is None:
        first, last, segments, complete = looking.around(now)
        changes = [segment.start for segment in segments[1:]]
        start, end = _span(now, changes, [mark.at for mark in found])
        start, end = max(start, first), min(end, last)
    else:
        start = _within(now - _REACH if start is None else start)
        end = _within(now + _REACH if end is None else end)
        segments, complete = looking.between(start, max(end, start + 1))
    shown = [one for one in segments if one.start < end and _is_after(one.until, start)]
    return {
        "from": str(Timestamp(start)),
        "until": str(Timestamp(end)),
        "complete": complete,
        "segments": list(_told(shown, start)),
        "marks": [
            {"at": str(Timestamp(mark.at)), "attribute": mark.attribute}
            for mark in found
            if start <= mark.at <= end
        ],
    }


def _is_after(until: int | None, instant: int) -> bool:
    return until is None or until > instant


def _within(instant: int) -> int:
    return max(MIN_INSTANT, min(instant, MAX_INSTANT))


class _Looking:
    """Looks for the segments of a request's time."""

    def __init__(self, loaded: Loaded, request: Mapping[str, Any], locale: str) -> None:
        self._arguments = loaded, request, locale

    def between(self, start: int, end: int) -> tuple[list[Segment], bool]:
        """The segments between two instants, and whether these are all of them."""
        walk = Walk(*self._arguments)
        segments = list(walk.segments(start, end, seconds=_SECONDS))
        return segments, walk.complete

    def around(self, now: int) -> tuple[int, int, list[Segment], bool]:
        """From when until when was looked, and what ``between`` says of it.

        That is as far from a moment as the segments are not too many to be told apart.
        """
        start, end = _within(now - _REACHES[0]), _within(now + _REACHES[0])
        best = start, end, *self.between(start, end)
        for reach in _REACHES[1:]:
            start, end = _within(now - reach), _within(now + reach)
            segments, complete = self.between(start, end)
            if not complete or len(segments) > _MANY:
                break
            best = start, end, segments, complete
        return best


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
