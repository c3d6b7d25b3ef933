"""Which locale a client reads: ``Accept-Language`` (RFC 9110, section 12.5.4)."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

__all__ = ["locale_of"]

_LONGEST = 256  # octets of a header that is looked at


@lru_cache(maxsize=512)
def locale_of(accepted: str, known: Collection[str]) -> str | None:
    """The first locale that a client accepts and texts are written in, or their language is.

    None where there is none, or the header is none: then the packs' own default is good enough.
    """
    if len(accepted) > _LONGEST:
        return None
    for tag in _preferred(accepted):
        if tag in known or tag.partition("-")[0] in known:
            return tag
    return None


def _preferred(accepted: str) -> list[str]:
    weighted = []
    for place, item in enumerate(accepted.split(",")):
        tag, *parameters = (part.strip() for part in item.split(";"))
        weight = 1.0
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name.strip() == "q":
                try:
                    weight = float(value)
                except ValueError:
                    weight = 0.0
        if weight > 0 and tag and tag != "*":
            weighted.append((-weight, place, _spelt(tag)))
    return [tag for _, _, tag in sorted(weighted)]


def _spelt(tag: str) -> str:
    """``DA-dk`` as locales are written, ``da-DK``."""
    language, _, region = tag.replace("_", "-").partition("-")
    return f"{language.lower()}-{region.upper()}" if region else language.lower()
