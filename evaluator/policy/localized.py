"""Texts by language: linked as templates or plain texts, and whether each language has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.diagnostics import Diagnostic, Diagnostics, Severity
from evaluator.documents.nodes import Mapping as MappingNode
from evaluator.documents.nodes import Node, Scalar
from evaluator.language.checker import Checked, Facts
from evaluator.language.syntax import Call, Expr, Literal, MapExpr, walk
from evaluator.language.types import ERROR
from evaluator.policy import problems
from evaluator.policy.linking import Link
from evaluator.policy.message_functions import DATE_STYLES, PLURAL_FORMS
from evaluator.policy.model import Localized, Template
from evaluator.policy.packs import PolicySource
from evaluator.policy.templates import is_renderable

__all__ = ["Translations", "localized", "plain_texts"]


class Translations:
    """The texts of a pack and the languages that each is in.

    The languages that occur anywhere are those that every text should have; the pack's default
    language it must have, since a reader of any other language gets it.
    """

    def __init__(self, default: str, diagnostics: Diagnostics) -> None:
        self.default = default
        self._default_alone = (default,)
        self._diagnostics = diagnostics
        self._texts: dict[Node, tuple[str, ...]] = {}
        self._locales: dict[str, Scalar | None] = {default: None}

    def texts(self, node: Node | None) -> Sequence[tuple[str, Scalar]]:
        """(locale, text) of a localised text, which is noted."""
        if isinstance(node, Scalar):
            self._texts[node] = self._default_alone
            return ((self.default, node),)
        if not isinstance(node, MappingNode):
            return ()
        found = []
        for key, value in node.entries:
            if key.text not in self._locales:
                self._locales[key.text] = key
            if isinstance(value, Scalar):
                found.append((key.text, value))
        self._texts[node] = tuple(locale for locale, _ in found)
        return found

    @property
    def locales(self) -> tuple[str, ...]:
        """The languages of all texts, the default among them, in alphabetical order."""
        return tuple(sorted(self._locales))

    def finish(self) -> None:
        """Reports unknown languages and missing translations."""
        known = set()
        for locale, key in self._locales.items():
            if key is None or is_locale(locale):
                known.add(locale)
            else:
                self._diagnostics.add(problems.locale_unknown(key.span, locale))
        missing: dict[tuple[str, ...], list[str]] = {}
        for node, locales in self._texts.items():
            if locales not in missing:
                missing[locales] = sorted(
                    locale
                    for locale in known
                    if locale != self.default and not _covered(locale, locales)
                )
            if self.default not in locales:
                self._diagnostics.add(problems.default_translation_missing(node.span, self.default))
            if missing[locales]:
                self._diagnostics.add(problems.translation_missing(node.span, missing[locales]))


def _covered(locale: str, locales: tuple[str, ...]) -> bool:
    """Whether a reader of a language gets a text in it, or in the language without the region."""
    return any(locale == one or locale.startswith(f"{one}-") for one in locales)


def is_locale(tag: str) -> bool:
    """Whether Unicode's repository of locales, as Babel has it, knows a tag such as ``da-DK``."""
    from babel import Locale, UnknownLocaleError

    if "_" in tag:
        return False
    try:
        Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError, TypeError):
        return False
    return True


def plain_texts(node: Node | None, translations: Translations) -> Localized | None:
    """A title by language. It is no template: braces stand for themselves."""
    found = {locale: Template((text.text,), text.span) for locale, text in translations.texts(node)}
    return found or None


def localized(
    link: Link,
    policy: PolicySource,
    node: Node | None,
    translations: Translations,
    assuming: Facts,
) -> Localized | None:
    """A message by language, its expressions checked; None where there is none."""
    if node is None:
        return None
    found = {}
    for locale, text in translations.texts(node):
        parts: list[str | Checked] = []
        for part in link.pack.expressions.template(text):
            if isinstance(part, str):
                parts.append(part)
                continue
            parts.append(link.part(policy, part, _part_problems, assuming=assuming))
        found[locale] = Template(tuple(parts), text.span)
    return found or None


def _part_problems(checked: Checked) -> Iterator[Diagnostic]:
    """What keeps a checked expression from being put into words."""
    if any(item.severity is Severity.ERROR for item in checked.diagnostics):
        return
    parsed = checked.parsed
    if checked.type != ERROR and not is_renderable(checked.type):
        span = parsed.span(checked.root.id)
        yield problems.not_renderable(span, parsed.text(checked.root.id), str(checked.type))
    for node in walk(checked.root):
        if isinstance(node, Call) and node.target is None:
            if node.function == "date":
                yield from _date_problems(checked, node)
            elif node.function == "plural" and len(node.args) == 2:
                yield from _plural_problems(checked, node.args[1])


def _date_problems(checked: Checked, node: Call) -> Iterator[Diagnostic]:
    for number, argument in enumerate(node.args[1:]):
        if not isinstance(argument, Literal) or not isinstance(argument.value, str):
            continue
        span = checked.parsed.span(argument.id)
        if number == 0 and argument.value not in DATE_STYLES:
            yield problems.date_style(span, argument.value, DATE_STYLES)
        elif number == 1 and not is_time_zone(argument.value):
            yield problems.time_zone_unknown(span, argument.value)


def _plural_problems(checked: Checked, forms: Expr) -> Iterator[Diagnostic]:
    if not isinstance(forms, MapExpr):
        return
    keys: dict[object, Expr] = {
        entry.key.value: entry.key for entry in forms.entries if isinstance(entry.key, Literal)
    }
    for key, node in keys.items():
        if key not in PLURAL_FORMS:
            yield problems.plural_form(checked.parsed.span(node.id), str(key), PLURAL_FORMS)
    if len(keys) == len(forms.entries) and "other" not in keys:
        yield problems.plural_without_other(checked.parsed.span(forms.id))


def is_time_zone(name: str) -> bool:
    """Whether the time zone database knows a name such as ``Europe/Copenhagen``."""
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # not found, a folder or forbidden, no such form
        return False
    return True
