"""What rules and outputs tell in one locale: what can be known once is, the rest in one call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from evaluator.decision.formatting import with_message_functions
from evaluator.decision.messages import chosen, formatter_for, known_locale
from evaluator.decision.parts import Location, Reason, Remedy
from evaluator.decision.remedies import Changes
from evaluator.language.values import ABSENT, Optional
from evaluator.policy.model import Localized, Output, Pack, Rule, Template
from evaluator.policy.model import Remedy as RemedyDefinition
from evaluator.policy.request_types import host_value
from evaluator.program.evaluation import Evaluation
from evaluator.program.telling import RuleTexts

__all__ = ["Offers", "RuleTeller", "plain_labels"]

Offers = Sequence[tuple[str, Changes]]
"""The id of each remedy that is offered, and the change behind it."""


def plain_labels(pack: Pack, output: Output, locale: str) -> Mapping[str, str]:
    """The texts of an output's codes in a locale, of those that have no values in them."""
    known = known_locale(locale, pack.default_locale)
    texts = {}
    for code, label in (output.labels or {}).items():
        template, _ = chosen(pack, label, known)
        if _is_plain(template):
            texts[code] = "".join(_strings(template))
    return texts


class RuleTeller:
    """Tells a rule that fired: its reason with all remedies, by generated code."""

    def __init__(self, pack: Pack, rule: Rule, locale: str) -> None:
        self._rule = rule
        self._at = Location.of(rule.span)
        known = known_locale(locale, pack.default_locale)
        languages = set()

        def template(localized: Localized) -> Template:
            found, language = chosen(pack, localized, known)
            if not _is_plain(found):
                languages.add(language)
            return found

        own = [rule.reason, rule.description]
        templates = [None if localized is None else template(localized) for localized in own]
        remedies = rule.remedies if rule.effect == "deny" else ()
        texts = RuleTexts(
            rule,
            tuple(found for found in templates if found is not None),
            tuple((remedy, template(remedy.message)) for remedy in remedies),
        )
        # Where a translation is missing, texts of two languages stand side by side.
        self._texts = texts if len(languages) < 2 else None
        language = next(iter(languages), pack.default_locale)
        format_ = formatter_for(pack, known, language)
        self._functions = with_message_functions(pack.functions, format_)
        self._renders = [_renderer(found, format_.text) for found in templates]
        self._remedies = [_Offered(rule, *pair, format_.text) for pair in texts.remedies]
        self._still: Reason | None = None
        if not remedies and not languages:
            self._still = self._reason([()] * len(texts.own), ())

    def tell(self, evaluation: Evaluation) -> tuple[Reason, Offers] | None:
        """The reason, and the offers that it makes; None where it is to be told part by part."""
        if self._still is not None:
            return self._still, ()
        if self._texts is None:
            return None
        found = evaluation.texts(self._texts, self._functions)
        if found is None:
            return None
        values = iter(found)
        own = [next(values) for _ in self._texts.own]
        remedies = []
        offers = []
        for offered, value in zip(self._remedies, values, strict=True):
            if value is not None:
                changes = offered.changes(value[0])
                offers.append((offered.id, changes))
                remedies.append(offered.remedy(changes, value[1]))
        return self._reason(own, tuple(remedies)), offers

    def _reason(self, own: Sequence[Sequence[Any]], remedies: tuple[Remedy, ...]) -> Reason:
        rule = self._rule
        values = iter(own)
        message, description = (
            None if render is None else render(next(values)) for render in self._renders
        )
        return Reason(
            rule.id, rule.policy, rule.effect, message or rule.id, description, remedies, self._at
        )


class _Offered:
    """A remedy in one locale."""

    def __init__(
        self, rule: Rule, remedy: RemedyDefinition, template: Template, text: Callable[[Any], str]
    ) -> None:
        self.id = remedy.id
        self._rule = rule
        self._render = _renderer(template, text)
        self._places = [(one.root, one.path) for one in remedy.sets]
        self._pointers = [one.pointer for one in remedy.sets]

    def changes(self, values: Sequence[Any]) -> Changes:
        return dict(zip(self._places, map(_settled, values), strict=True))

    def remedy(self, changes: Changes, values: Sequence[Any]) -> Remedy:
        sets = dict(zip(self._pointers, map(host_value, changes.values()), strict=True))
        assert self._render is not None
        return Remedy(self.id, self._rule.id, self._rule.policy, self._render(values), sets)


def _settled(value: Any) -> Any:
    if type(value) is Optional:
        return value.value if value.present else ABSENT
    return value


def _renderer(
    template: Template | None, text: Callable[[Any], str]
) -> Callable[[Sequence[Any]], str] | None:
    """What puts values, in words, in their places in a text."""
    if template is None:
        return None
    if _is_plain(template):
        whole = "".join(_strings(template))
        return lambda values: whole
    parts = template.parts

    def render(values: Sequence[Any]) -> str:
        following = iter(values)
        return "".join([part if type(part) is str else text(next(following)) for part in parts])

    return render


def _is_plain(template: Template) -> bool:
    return all(isinstance(part, str) for part in template.parts)


def _strings(template: Template) -> Iterator[str]:
    return (part for part in template.parts if isinstance(part, str))
