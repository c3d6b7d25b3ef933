"""What a change of the files comes to in the linked packs: which rules and outputs are others."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from evaluator.language.checker import Checked
from evaluator.language.printer import print_expression, print_value
from evaluator.policy.model import (
    Localized,
    Output,
    Pack,
    Remedy,
    Rule,
    Scope,
    Template,
    Variable,
)
from evaluator.suites.search.expressions import Expression

__all__ = ["Changed", "Signatures"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Changed:
    """The parts of two versions of some packs that differ, those of both versions.

    ``rules`` may decide otherwise: their effect, condition or place is another. Of the rules in
    ``told`` it is the texts or the remedies.
    """

    rules: tuple[Rule, ...]
    outputs: tuple[Output, ...]
    told: tuple[Rule, ...]

    @property
    def is_nothing(self) -> bool:
        return not (self.rules or self.outputs or self.told)

    def told_expressions(self) -> Iterator[Expression]:
        """The expressions that what is told depends on, beside the conditions of the rules."""
        for rule in self.told:
            yield from _told(rule)
        for output in self.outputs:
            yield output.value, output.scope
            for label in (output.labels or {}).values():
                yield from _parts(label, output.scope)
            if output.when is not None:
                yield output.when, output.scope


class Signatures:
    """Compares linked packs by what their parts say, variables and constants followed.

    What is said once is printed once, and known by a number from then on.
    """

    def __init__(self, packs: Sequence[Pack]) -> None:
        self._packs = packs
        self._numbers: dict[Hashable, int] = {}
        self._known: dict[int, tuple[object, int]] = {}
        self._differences(packs)
        self._kept = self._known

    def changed(self, packs: Sequence[Pack]) -> Changed:
        """What differs in another version of the packs, which is not remembered."""
        self._known = dict(self._kept)
        try:
            return self._differences(packs)
        finally:
            self._known = self._kept

    def _differences(self, packs: Sequence[Pack]) -> Changed:
        rules: list[Rule] = []
        outputs: list[Output] = []
        told: list[Rule] = []
        for one, other in zip(self._packs, packs, strict=True):
            everything = one.combining != other.combining
            for before, after in zip(one.variants, other.variants, strict=True):
                rules += _others(before.rules, after.rules, self._decides, everything=everything)
                outputs += _others(before.outputs, after.outputs, self._output)
                told += _others(before.rules, after.rules, self._tells)
        return Changed(tuple(rules), tuple(outputs), tuple(told))

    def _decides(self, rule: Rule) -> int:
        applies = (rule.applies.resources.texts, rule.applies.actions.texts)
        condition = self._optional(rule.condition, rule.scope)
        return self._number(
            ("rule", rule.id, rule.effect, rule.mode, applies, rule.effective, condition)
        )

    def _tells(self, rule: Rule) -> int:
        remedies = tuple(self._remedy(remedy, rule.scope) for remedy in rule.remedies)
        texts = [self._localized(text, rule.scope) for text in (rule.reason, rule.description)]
        return self._number(("told", rule.id, *texts, remedies))

    def _remedy(self, remedy: Remedy, scope: Scope) -> int:
        return self._number(
            (
                "remedy",
                remedy.id,
                self._optional(remedy.when, scope),
                self._optional(remedy.shared_when, remedy.scope),
                self._localized(remedy.message, remedy.scope),
                tuple(
                    (item.pointer, self._expression(item.expression, remedy.scope))
                    for item in remedy.sets
                ),
            )
        )

    def _output(self, output: Output) -> int:
        labels = output.labels or {}
        return self._number(
            (
                "output",
                output.name,
                output.on,
                output.applies.resources.texts,
                output.applies.actions.texts,
                self._optional(output.when, output.scope),
                self._expression(output.value, output.scope),
                tuple((code, self._localized(labels[code], output.scope)) for code in labels),
            )
        )

    def _localized(self, texts: Localized | None, scope: Scope) -> Hashable:
        if texts is None:
            return None
        return tuple((locale, self._template(texts[locale], scope)) for locale in texts)

    def _template(self, template: Template, scope: Scope) -> Hashable:
        return tuple(
            part if isinstance(part, str) else self._expression(part, scope)
            for part in template.parts
        )

    def _optional(self, checked: Checked | None, scope: Scope) -> int | None:
        return None if checked is None else self._expression(checked, scope)

    def _expression(self, checked: Checked, scope: Scope) -> int:
        known = self._known.get(id(checked))
        if known is not None:
            return known[1]
        names = []
        for name in sorted(checked.uses):
            definition = scope.names.get(name)
            if isinstance(definition, Variable):
                names.append((name, self._expression(definition.expression, definition.scope)))
            elif definition is not None:
                names.append((name, self._number(print_value(definition.value))))
        found = self._number((print_expression(checked.root), tuple(names)))
        self._known[id(checked)] = (checked, found)  # kept, so that its id stays its own
        return found

    def _number(self, signature: Hashable) -> int:
        return self._numbers.setdefault(signature, len(self._numbers))


def _others(
    old: Sequence[T], new: Sequence[T], sign: Callable[[T], int], *, everything: bool = False
) -> Iterator[T]:
    """The items of either list that the other does not have in that order."""
    before, after = list(map(sign, old)), list(map(sign, new))
    if before == after and not everything:
        return
    known, others = set(after), set(before)
    same_items = known == others
    for items, signs, there in ((old, before, known), (new, after, others)):
        for item, its in zip(items, signs, strict=True):
            if everything or same_items or its not in there:
                yield item


def _told(rule: Rule) -> Iterator[Expression]:
    for remedy in rule.remedies:
        for whens, scope in ((remedy.when, rule.scope), (remedy.shared_when, remedy.scope)):
            if whens is not None:
                yield whens, scope
        yield from ((item.expression, remedy.scope) for item in remedy.sets)
        yield from _parts(remedy.message, remedy.scope)
    yield from _parts(rule.reason, rule.scope)
    yield from _parts(rule.description, rule.scope)


def _parts(texts: Localized | None, scope: Scope) -> Iterable[Expression]:
    for template in (texts or {}).values():
        for part in template.parts:
            if not isinstance(part, str):
                yield part, scope
