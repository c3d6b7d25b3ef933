"""``explain``: a decision with the value of every sub-expression."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from benchmarks import licences
from benchmarks.measuring import in_turn, ratios, spread
from benchmarks.results import TIMES, Result, Table, rows_of
from benchmarks.settings import Settings

__all__ = ["run"]

_DECIDE: Final = "decide"


def run(settings: Settings) -> Result:
    """Deciding by generated code, and explaining by the interpreter that records."""
    policies = licences.load()
    asked = licences.asked(settings)
    rivals: dict[str, Callable[[Any], object]] = {
        _DECIDE: lambda request: policies.decide(request).allowed,
        "explain": policies.explain,
        "explain, as JSON": lambda request: policies.explain(request).to_dict(),
    }
    seconds = in_turn(rivals, [asked], settings.choose(11, quick=3))
    against = ratios(seconds, _DECIDE)
    title = f"the licence pack, {len(asked)} requests; ratio: to decide"
    table = Table(title, TIMES, rows_of(seconds, against))
    values = {name: spread(own).median for name, own in seconds.items()}
    return Result((table,), (), {"explain": values})
