"""Expectations read: from the nodes of a suite to what decisions are compared with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from evaluator.diagnostics import Diagnostic, Diagnostics
from evaluator.documents.nodes import Mapping as MappingNode
from evaluator.documents.nodes import Node, Scalar, Sequence, to_python
from evaluator.documents.validating import validate
from evaluator.language.instants import parse_instant
from evaluator.policy.model import Effect
from evaluator.policy.reading import child, entries, items, scalar, scalars
from evaluator.source import Span
from evaluator.suites import problems
from evaluator.suites.expectations import (
    Expectation,
    ExpectedIds,
    ExpectedInstant,
    ExpectedText,
    ExpectedValue,
)
from evaluator.suites.known import RESERVED, Known
from evaluator.suites.schemas import expectation_schema

__all__ = ["FIELDS", "Assertions"]

TEXTS: Final = ("messages", "descriptions", "labels")

FIELDS: Final = frozenset(
    {"decision", "rules", "remedies", "outputs", "absent", "valid_until", "notices", "errors"}
    | {"messages", "descriptions", "labels", "contains", "then"}
)
_EFFECTS: Final[dict[str, Effect]] = {"allow": "allow", "deny": "deny"}


class Assertions:
    """Makes expectations, and reports what in them names nothing or makes no sense."""

    def __init__(self, known: Known, diagnostics: Diagnostics) -> None:
        self._known = known
        self._diagnostics = diagnostics

    def read(self, node: Node, *, validated: bool = False) -> Expectation | None:
        """The expectation that a node holds; None, after a report, if it holds none.

        ``validated`` tells that the shape of the node has been looked at already.
        """
        if not validated:
            if isinstance(node, Scalar) and node.text not in _EFFECTS:
                self._report(problems.effect_unknown(node.span, node.text))
                return None
            if isinstance(node, Sequence):
                self._report(problems.expectation_is_list(node.span))
                return None
            if isinstance(node, MappingNode) and node.members and not node.members.keys() & FIELDS:
                key, _ = node.entries[0]
                self._report(problems.table_too_deep(key.span, key.text))
                return None
            found = validate(node, expectation_schema())
            if found:
                self._diagnostics.extend(found)
                return None
        stated = node if isinstance(node, Scalar) else child(node, "decision")
        effect = _EFFECTS.get(stated.text) if isinstance(stated, Scalar) else None
        if effect is None:
            return None
        if isinstance(node, Scalar):
            return _short(effect, node)
        return self._long(effect, node)

    def _long(self, effect: Effect, node: Node) -> Expectation:
        rules = self._ids(node, "rules", self._rules) if self._has(node, "rules") else None
        if effect == "deny" and rules is None:
            entry = node.entry("decision") if isinstance(node, MappingNode) else None
            self._report(problems.denial_without_rules(entry[1].span if entry else node.span))
        remedies = self._ids(node, "remedies", lambda ids: self._remedies(ids, rules))
        return Expectation(
            effect=effect,
            short=False,
            rules=rules,
            remedies=remedies,
            outputs=self._outputs(node),
            absent=self._absent(node),
            valid_until=self._valid_until(node),
            notices=self._ids(node, "notices", self._rules),
            errors=self._ids(node, "errors", self._erring),
            texts=tuple(self._texts(node)),
            then=self._then(node, effect, remedies),
            node=node,
        )

    def _has(self, node: Node, name: str) -> bool:
        return child(node, name) is not None or child(child(node, "contains"), name) is not None

    def _ids(self, node: Node, name: str, check: Callable[[Iterable[Scalar]], None]) -> ExpectedIds:
        """The ids of a field, or those under ``contains``; none where neither is written."""
        whole, part = child(node, name), child(child(node, "contains"), name)
        if whole is not None and part is not None:
            self._twice(name, part.span, whole.span)
        written = part if whole is None else whole
        if written is None:
            return ExpectedIds((), True, node.span)
        found = [item for item in items(written) if isinstance(item, Scalar)]
        check(found)
        return ExpectedIds(tuple(item.text for item in found), whole is not None, written.span)

    def _twice(self, name: str, part: Span, whole: Span) -> None:
        message = f"`{name}` is given whole, and in part under `contains`"
        self._report(problems.contradictory(part, message, "keep one of them", whole))

    def _rules(self, ids: Iterable[Scalar]) -> None:
        known = self._known.rules
        for item in ids:
            if not self._is_rule(item.text):
                self._report(problems.rule_unknown(item.span, item.text, {*known, *RESERVED}))

    def _is_rule(self, name: str) -> bool:
        return name in self._known.rules or name in RESERVED

    def _erring(self, ids: Iterable[Scalar]) -> None:
        known = self._known.rules | self._known.outputs | self._known.remedies_of(None).keys()
        for item in ids:
            if item.text not in known:
                self._report(problems.erring_unknown(item.span, item.text, known))

    def _remedies(self, ids: Iterable[Scalar], rules: ExpectedIds | None) -> None:
        of = rules.ids if rules is not None and rules.exact else None
        if of is not None and not all(self._is_rule(rule) for rule in of):
            of = None  # the remedy may be of the rule that was meant
        known = self._known.remedies_of(of)
        for item in ids:
            if item.text not in known:
                self._report(problems.remedy_unknown(item.span, item.text, known, of or ()))

    def _outputs(self, node: Node) -> dict[str, ExpectedValue]:
        found: dict[str, ExpectedValue] = {}
        places: dict[str, Span] = {}
        for exact, owner in ((True, node), (False, child(node, "contains"))):
            for key, value in entries(child(owner, "outputs")):
                self._output(key)
                if key.text in found:
                    self._twice(key.text, key.span, places[key.text])
                found[key.text] = ExpectedValue(to_python(value), exact, value.span)
                places[key.text] = key.span
        return found

    def _absent(self, node: Node) -> dict[str, Span]:
        found = {}
        outputs = child(node, "outputs")
        for item in scalars(child(node, "absent")):
            self._output(item)
            found[item.text] = item.span
            entry = outputs.entry(item.text) if isinstance(outputs, MappingNode) else None
            if entry is not None:
                message = f"the output `{item.text}` is to be there, and not to be there"
                self._report(problems.contradictory(item.span, message, "keep one", entry[0].span))
        return found

    def _output(self, name: Scalar) -> None:
        if name.text not in self._known.outputs:
            self._report(problems.output_unknown(name.span, name.text, self._known.outputs))

    def _valid_until(self, node: Node) -> ExpectedInstant | None:
        written = scalar(child(node, "valid_until"))
        if written is None:
            return None
        if written.value is None:
            return ExpectedInstant(None, written.span)
        instant = parse_instant(written.text)
        if instant is None:
            self._report(problems.moment_invalid(written.span, written.text))
            return None
        return ExpectedInstant(instant, written.span)

    def _texts(self, node: Node) -> Iterable[ExpectedText]:
        checks = {
            "messages": self._message_key,
            "descriptions": self._description_key,
            "labels": self._label_key,
        }
        for field in TEXTS:
            for locale, texts in entries(child(node, field)):
                if locale.text not in self._known.locales:
                    known = self._known.locales
                    self._report(problems.locale_unknown(locale.span, locale.text, known))
                for key, text in entries(texts):
                    owner, slash, rest = key.text.partition("/")
                    part = rest if slash else None
                    checks[field](key, owner, part)
                    contains = tuple(item.text for item in scalars(child(text, "contains")))
                    whole = text.text if isinstance(text, Scalar) else None
                    yield ExpectedText(field, locale.text, owner, part, whole, contains, text.span)

    def _message_key(self, key: Scalar, rule: str, remedy: str | None) -> None:
        known = self._known.rules
        if not self._is_rule(rule):
            self._report(problems.rule_unknown(key.span, rule, {*known, *RESERVED}))
        elif remedy is not None:
            remedies = self._known.remedies_of([rule])
            if remedy not in remedies:
                self._report(problems.remedy_unknown(key.span, remedy, remedies, [rule]))

    def _description_key(self, key: Scalar, rule: str, part: str | None) -> None:
        described = self._known.described
        if part is not None or rule not in described:
            self._report(problems.description_unknown(key.span, key.text, described))

    def _label_key(self, key: Scalar, output: str, code: str | None) -> None:
        labels = self._known.labels
        if code is None or output not in labels or code not in labels[output]:
            known = [f"{name}/{one}" for name, codes in labels.items() for one in codes]
            self._report(problems.label_unknown(key.span, key.text, known))

    def _then(self, node: Node, effect: Effect, remedies: ExpectedIds) -> dict[str, Expectation]:
        found: dict[str, Expectation] = {}
        known = self._known.remedies_of(None)
        for key, value in entries(child(node, "then")):
            if effect == "allow":
                message = "what is allowed has no remedies"
                self._report(problems.contradictory(key.span, message, "remove `then`"))
            elif key.text not in known:
                self._report(problems.remedy_unknown(key.span, key.text, known, ()))
            elif not known[key.text]:
                self._report(problems.remedy_changes_nothing(key.span, key.text))
            elif remedies.exact and key.text not in remedies.ids:
                message = f"the remedy `{key.text}` is not among those that are expected"
                help_ = f"add `{key.text}` to `remedies`"
                self._report(problems.contradictory(key.span, message, help_))
            expectation = self.read(value, validated=True)
            if expectation is not None:
                found[key.text] = expectation
        return found

    def _report(self, diagnostic: Diagnostic) -> None:
        self._diagnostics.add(diagnostic)


def _short(effect: Effect, node: Scalar) -> Expectation:
    none = ExpectedIds((), True, node.span)
    return Expectation(effect, True, None, none, {}, {}, None, none, none, (), {}, node)
