"""``timestamps``: reading RFC 3339 text, against what Python has for ISO 8601."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from benchmarks.measuring import in_turn, ratios, spread
from benchmarks.results import Result, Table, duration, range_of, ratio
from benchmarks.settings import Settings
from evaluator.language.instants import parse_instant
from tests import licences_by_hand

__all__ = ["run"]

_TEXTS: Final = {
    "with Z": "2026-03-03T09:00:00Z",
    "with an offset": "2026-03-03T09:00:00+02:00",
    "with nanoseconds": "2026-03-03T09:00:00.123456789Z",
}
_TIMES: Final = 2_000


def run(settings: Settings) -> Result:
    """Three forms of text; each is read into nanoseconds, or into a datetime."""
    rivals: dict[str, Callable[[str], Any]] = {
        "datetime.fromisoformat": datetime.fromisoformat,
        "parse_instant": parse_instant,
        "by hand": licences_by_hand._instant,
    }
    rows: list[tuple[str, ...]] = []
    values: dict[str, Any] = {}
    for form, text in _TEXTS.items():
        rounds = settings.choose(101, quick=11)
        seconds = in_turn(rivals, [[text] * _TIMES], rounds)
        against = ratios(seconds, "datetime.fromisoformat")["parse_instant"]
        values[form] = {
            "nanoseconds": {name: spread(own).median * 1e9 for name, own in seconds.items()},
            "ratio": against.as_json(),
        }
        rows.append(
            (
                form,
                *(duration(spread(own).median) for own in seconds.values()),
                ratio(against.median),
                range_of(against),
            )
        )
    columns = ("", "fromisoformat", "parse_instant", "by hand", "ratio", "p10 .. p90")
    table = Table("one text; ratio: parse_instant to fromisoformat", columns, tuple(rows))
    return Result((table,), _NOTES, {"timestamps": values})


_NOTES: Final = (
    (
        "datetime.fromisoformat takes 20260303 and 24:00 too, cuts nanoseconds, and gives a "
        "datetime, not a number to compare; the other two take RFC 3339 only and are exact."
    ),
)
