"""The functions that messages have besides those of all expressions: ``date`` and ``plural``.

What they return depends on the locale of the reader, so that only their declarations stand here.
The implementations are placeholders, which whoever renders a message replaces.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from evaluator.language.functions import STANDARD
from evaluator.language.functions.registry import Function, Overload, Registry
from evaluator.language.types import INT, STRING, TIMESTAMP, MapType

__all__ = ["DATE_STYLES", "MESSAGE_FUNCTIONS", "PLURAL_FORMS", "with_messages"]

DATE_STYLES: Final = (
    *(
        f"{kind}{width}"
        for kind in ("", "datetime-", "time-")
        for width in ("short", "medium", "long", "full")
    ),
    "iso",
)
"""What the style of ``date`` may be: the day, the day with the time, the time alone, RFC 3339."""

PLURAL_FORMS: Final = ("zero", "one", "two", "few", "many", "other")
"""The plural categories of CLDR, which are the keys of ``plural``."""


def _unrendered(value: Any, *_: Any) -> str:
    return str(value)


MESSAGE_FUNCTIONS: Final = (
    Function(
        "date",
        "A timestamp as a date in the language of the message, in the pack's time zone or another.",
        (
            Overload(
                "message_date",
                (TIMESTAMP,),
                STRING,
                _unrendered,
                errors=frozenset({"invalid_argument"}),
            ),
            Overload(
                "message_date_style",
                (TIMESTAMP, STRING),
                STRING,
                _unrendered,
                errors=frozenset({"invalid_argument"}),
            ),
            Overload(
                "message_date_style_zone",
                (TIMESTAMP, STRING, STRING),
                STRING,
                _unrendered,
                errors=frozenset({"invalid_argument"}),
            ),
        ),
        family="messages",
    ),
    Function(
        "plural",
        "The word form that goes with a number in the language of the message.",
        (
            Overload(
                "message_plural",
                (INT, MapType(STRING, STRING)),
                STRING,
                _unrendered,
                errors=frozenset({"no_such_key"}),
            ),
        ),
        family="messages",
    ),
)


def with_messages(functions: Registry) -> Registry:
    """What messages see where expressions see these functions."""
    return _standard() if functions is STANDARD else functions.extended(MESSAGE_FUNCTIONS)


@cache
def _standard() -> Registry:
    return STANDARD.extended(MESSAGE_FUNCTIONS)
