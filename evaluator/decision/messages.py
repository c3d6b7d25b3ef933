"""Localised messages: which translation is chosen, and templates rendered with values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Final

from evaluator.decision.formatting import ELLIPSIS, Formatter, formatter, with_message_functions
from evaluator.language.functions.registry import Registry
from evaluator.language.values import ErrorValue
from evaluator.policy.model import Localized, Pack, Scope, Template
from evaluator.program.evaluation import Evaluation

__all__ = [
    "BUILTIN_LOCALES",
    "Messages",
    "builtin",
    "chosen",
    "fallbacks",
    "formatter_for",
    "known_locale",
    "pack_locales",
]

Report = Callable[[ErrorValue], None]
"""What is told of each part of a message that could not be evaluated."""

_BUILTIN: Final[Mapping[str, Mapping[str, str]]] = {
    "no-rule-allows": {
        "en": "No rule allows this.",
        "da": "Ingen regel tillader dette.",
    },
    "no-policy-applies": {
        "en": "No policy covers the action “{action}” on a “{resource}”.",
        "da": "Ingen politik dækker handlingen “{action}” på en “{resource}”.",
    },
    "invalid-request": {
        "en": "The request is not valid: {problem}.",
        "da": "Forespørgslen er ikke gyldig: {problem}.",
    },
    "indeterminate": {
        "en": "This rule could not be evaluated: {problem}.",
        "da": "Denne regel kunne ikke evalueres: {problem}.",
    },
    "service-unavailable": {
        "en": "The service that decides gave no decision: {problem}.",
        "da": "Tjenesten, der afgør dette, gav ingen afgørelse: {problem}.",
    },
}
BUILTIN_LOCALES: Final = tuple(sorted(_BUILTIN["invalid-request"]))
"""The locales that the evaluator's own messages are written in."""


@lru_cache(maxsize=256)
def fallbacks(locale: str, default: str) -> tuple[str, ...]:
    """The locales to try in turn: ``da-DK``, ``da``, then the default and its own language."""
    found: dict[str, None] = {}
    for tag in (locale, default):
        parts = tag.replace("_", "-").split("-")
        while parts:
            found["-".join(parts)] = None
            parts.pop()
    return tuple(found)


@lru_cache(maxsize=256)
def known_locale(locale: str, default: str) -> str:
    """The locale tag if Babel knows it or its language, otherwise the default."""
    from babel import Locale, UnknownLocaleError

    for candidate in fallbacks(locale, default):
        try:
            Locale.parse(candidate.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            continue
        return candidate
    return "en"


def builtin(key: str, locale: str, **values: str) -> str:
    """One of the evaluator's own messages; English where there is no translation."""
    translations = _BUILTIN[key]
    for candidate in fallbacks(locale, "en"):
        if candidate in translations:
            return translations[candidate].format(**values)
    raise AssertionError("English is always there")


def pack_locales(packs: Iterable[Pack]) -> tuple[str, ...]:
    """The locales that the texts of some packs are written in, sorted."""
    return tuple(sorted({locale for pack in packs for locale in pack.locales}))


def chosen(pack: Pack, localized: Localized, locale: str) -> tuple[Template, str]:
    """A text in a locale that Babel knows, or the nearest there is, and the language it is in."""
    for candidate in fallbacks(locale, pack.default_locale):
        template = localized.get(candidate)
        if template is not None:
            return template, candidate
    return next(iter(localized.values())), pack.default_locale


def formatter_for(pack: Pack, locale: str, language: str) -> Formatter:
    """What formats the values in a text of some language for a reader in a locale."""
    # A reader in da-DK of a text in `da` still wants the numbers of da-DK.
    regional = locale.startswith(language)
    return formatter(locale if regional else language, pack.time_zone)


class Messages:
    """Renders the templates of one pack in one locale, on one evaluation."""

    def __init__(self, pack: Pack, evaluation: Evaluation, locale: str) -> None:
        self._pack = pack
        self._evaluation = evaluation
        self._locale = known_locale(locale, pack.default_locale)
        self._functions: dict[str, Registry] = {}

    def text(self, localized: Localized, scope: Scope, report: Report) -> str:
        """The message in the locale, or the nearest there is; parts that fail are an ellipsis.

        The values in it are formatted for the language that the text is written in.
        """
        template, language = chosen(self._pack, localized, self._locale)
        if len(template.parts) == 1 and isinstance(template.parts[0], str):
            return template.parts[0]
        format_ = formatter_for(self._pack, self._locale, language)
        if language not in self._functions:
            self._functions[language] = with_message_functions(self._evaluation.functions, format_)
        texts = []
        for part in template.parts:
            if isinstance(part, str):
                texts.append(part)
                continue
            value = self._evaluation.value(part, scope, functions=self._functions[language])
            if isinstance(value, ErrorValue):
                report(value)
                texts.append(ELLIPSIS)
            else:
                texts.append(format_.text(value))
        return "".join(texts)
