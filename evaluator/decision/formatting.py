"""Values as a person of a locale reads them: numbers, dates, durations and lists, by Babel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from evaluator.language.functions.registry import Function, Overload, Registry
from evaluator.language.instants import NANOS
from evaluator.language.values import Duration, ErrorValue, Map, Optional, Timestamp
from evaluator.policy.message_functions import MESSAGE_FUNCTIONS

if TYPE_CHECKING:
    from babel import Locale

__all__ = ["ELLIPSIS", "Formatter", "formatter", "with_message_functions"]

ELLIPSIS: Final = "…"
_REMEMBERED: Final = 1024
_YES_NO: Final = {"da": ("ja", "nej"), "en": ("yes", "no")}


@lru_cache(maxsize=64)
def formatter(locale: str, zone: str) -> Formatter:
    """The formatter of a locale tag (``da``, ``en-GB``) and a time zone name."""
    return Formatter(locale, zone)


class Formatter:
    """Formats values for one locale and time zone, and implements the functions of messages."""

    def __init__(self, locale: str, zone: str) -> None:
        from babel import Locale
        from babel.numbers import format_decimal

        self._locale: Locale = Locale.parse(locale.replace("-", "_"))
        self._zone = zone
        # Babel takes ten microseconds for what decisions tell again and again.
        self._decimal = lru_cache(_REMEMBERED, typed=True)(
            lambda number: format_decimal(number, locale=self._locale)
        )
        self._date = lru_cache(_REMEMBERED)(self._put_date)
        self.functions = _implemented(
            {
                "message_date": lambda at: self._date(at, "medium", zone),
                "message_date_style": lambda at, style: self._date(at, style, zone),
                "message_date_style_zone": self._date,
                "message_plural": self._plural,
            }
        )

    def text(self, value: Any) -> str:
        """A value in words; an empty optional and null are an ellipsis."""
        if isinstance(value, str):
            return value
        if value is None:
            return ELLIPSIS
        if isinstance(value, bool):
            return _YES_NO.get(self._locale.language, ("true", "false"))[0 if value else 1]
        if isinstance(value, (int, float)):
            return self._decimal(value)
        if isinstance(value, Timestamp):
            text = self._date(value, "medium", self._zone)
            return text if isinstance(text, str) else str(value)
        if isinstance(value, Duration):
            return self._duration(value)
        if isinstance(value, (list, tuple)):
            from babel.lists import format_list

            return format_list([self.text(item) for item in value], locale=self._locale)
        if isinstance(value, Optional):
            return self.text(value.value) if value.present else ELLIPSIS
        return str(value)

    def _put_date(self, at: Timestamp, style: str, zone: str) -> str | ErrorValue:
        """The date in a style: short, medium, long or full, or ``iso`` for RFC 3339 in UTC.

        With ``datetime-`` or ``time-`` before the style it is date and time, or the time alone.
        """
        from babel.dates import format_date, format_datetime, format_time, get_timezone

        if style == "iso":
            return str(at)
        kind, _, width = style.rpartition("-")
        if kind not in ("", "datetime", "time") or width not in ("short", "medium", "long", "full"):
            return ErrorValue("invalid_argument", f"`{style}` is not a style of date()")
        try:
            local = at.datetime.astimezone(get_timezone(zone))
        except (LookupError, OverflowError, ValueError):
            return ErrorValue("invalid_argument", f"`{zone}` is not a time zone")
        if kind == "datetime":
            return format_datetime(local, width, tzinfo=local.tzinfo, locale=self._locale)
        if kind == "time":
            return format_time(local, width, tzinfo=local.tzinfo, locale=self._locale)
        return format_date(local, width, locale=self._locale)

    def _duration(self, value: Duration) -> str:
        from babel.lists import format_list
        from babel.units import format_unit

        seconds, nanos = divmod(abs(value.nanoseconds), NANOS)
        minutes, second = divmod(seconds, 60)
        hours, minute = divmod(minutes, 60)
        day, hour = divmod(hours, 24)
        parts: list[tuple[float, str]] = [
            (amount, unit)
            for amount, unit in ((day, "day"), (hour, "hour"), (minute, "minute"))
            if amount
        ]
        if second or nanos or not parts:
            parts.append((second + nanos / NANOS if nanos else second, "second"))
        if value.nanoseconds < 0:
            parts[0] = (-parts[0][0], parts[0][1])
        texts = [
            format_unit(amount, f"duration-{unit}", locale=self._locale) for amount, unit in parts
        ]
        return format_list(texts, style="unit", locale=self._locale)

    def _plural(self, number: int, forms: Map) -> str | ErrorValue:
        """The form of a number's CLDR plural category; ``other`` where it is not given."""
        category = self._locale.plural_form(abs(number))
        for key in (category, "other"):
            form = forms.get(key)
            if isinstance(form, str):
                return form
        return ErrorValue("no_such_key", f"plural() has neither a form `{category}` nor `other`")


def _implemented(implementations: Mapping[str, Callable[..., Any]]) -> tuple[Function, ...]:
    """The functions of messages with these implementations in the place of the placeholders."""
    return tuple(
        Function(
            function.name,
            function.summary,
            tuple(
                Overload(
                    overload.id,
                    overload.parameters,
                    overload.result,
                    implementations[overload.id],
                    overload.member,
                    overload.errors,
                    overload.cost,
                )
                for overload in function.overloads
            ),
            function.examples,
            function.family,
        )
        for function in MESSAGE_FUNCTIONS
    )


@lru_cache(maxsize=64)  # one for each pack, locale and time zone
def with_message_functions(functions: Registry, formatter: Formatter) -> Registry:
    """A pack's functions and those of messages in the formatter's locale."""
    return functions.extended(formatter.functions)
