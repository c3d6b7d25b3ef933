"""``messages``: reasons in words, in two languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from benchmarks import licences
from benchmarks.measuring import in_turn, ratios, spread
from benchmarks.results import TIMES, Result, Table, rows_of
from benchmarks.settings import Settings

__all__ = ["run"]

_EFFECT: Final = "the effect alone"


def run(settings: Settings) -> Result:
    """What reading the parts of a decision adds to making it."""
    policies = licences.load()
    asked = licences.asked(settings)

    def reasons(locale: str) -> Callable[[Any], object]:
        return lambda request: [
            reason.message for reason in policies.decide(request, locale=locale).reasons
        ]

    rivals: dict[str, Callable[[Any], object]] = {
        _EFFECT: lambda request: policies.decide(request).allowed,
        "reasons in English": reasons("en"),
        "reasons in Danish": reasons("da"),
        "remedies": lambda request: policies.decide(request).remedies,
        "outputs": lambda request: policies.decide(request).outputs,
        "valid_until": lambda request: policies.decide(request).valid_until,
        "everything, as JSON": lambda request: policies.decide(request).to_dict(),
    }
    seconds = in_turn(rivals, [asked], settings.choose(15, quick=3))
    against = ratios(seconds, _EFFECT)
    title = f"a decision of the licence pack and what is read of it, {len(asked)} requests"
    table = Table(title, TIMES, rows_of(seconds, against))
    values = {name: spread(own).median for name, own in seconds.items()}
    return Result((table,), _NOTES, {"messages": values})


_NOTES: Final = (
    (
        "Each row decides anew and reads one part; parts are made when they are read. About half "
        "of the requests are denied, many for several reasons."
    ),
)
