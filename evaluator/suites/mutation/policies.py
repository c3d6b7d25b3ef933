"""The mutants of one policy file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from evaluator.documents.nodes import Mapping, Node, Scalar, Sequence
from evaluator.policy.model import Combining
from evaluator.policy.reading import child, entries, items, scalar, text
from evaluator.suites.mutation.conditions import Conditions
from evaluator.suites.mutation.definitions import table_drafts
from evaluator.suites.mutation.drafts import Draft
from evaluator.suites.mutation.edits import (
    flow_scalars,
    swapped,
    with_entry,
    without_entry,
    without_item,
)
from evaluator.suites.mutation.mutants import Edit, Mutant
from evaluator.suites.mutation.operators import Vocabulary
from evaluator.suites.mutation.rules import applied, remedy_drafts, rule_drafts, without

__all__ = ["policy_mutants"]

_OTHER_EFFECT: Final = {"allow": "deny", "deny": "allow"}


def policy_mutants(root: Mapping, vocabulary: Vocabulary, combining: Combining) -> Iterator[Mutant]:
    """The mutants of a policy file, in the order of its text."""
    made = [
        _mutant(root, subject, draft)
        for subject, drafts in _File(root, vocabulary, combining).drafts()
        for draft in drafts
    ]
    return iter(sorted(made, key=lambda mutant: (mutant.line, mutant.column)))


def _mutant(root: Mapping, subject: str, draft: Draft) -> Mutant:
    place = root.source.position(draft.at)
    name = root.source.name
    return Mutant(
        draft.operator, draft.change, subject, name, place.line, place.column, draft.edits
    )


class _File:
    """The drafts of a policy file, by what they change."""

    def __init__(self, root: Mapping, vocabulary: Vocabulary, combining: Combining) -> None:
        self._root = root
        self._conditions = Conditions(vocabulary, flow_scalars(root))
        self._combining = combining

    def drafts(self) -> Iterator[tuple[str, Iterable[Draft]]]:
        root = self._root
        applies = root.get("applies_to")
        if isinstance(applies, Mapping):
            name = text(root.get("policy")) or ""
            for key in ("resource", "actions"):
                yield name, applied(applies, key, optional=False)
        for key in ("constants", "variables"):
            for defined, value in entries(root.get(key)):
                yield defined.text, self._conditions.expression(value)
        for defined, value in entries(root.get("tables")):
            yield defined.text, table_drafts(value)
        for remedy in items(root.get("remedies")):
            if isinstance(remedy, Mapping):
                yield text(remedy.get("id")) or "", remedy_drafts(remedy, self._conditions)
        yield from self._rules()
        for defined, node in entries(root.get("outputs")):
            yield defined.text, self._output(defined, node)

    def _rules(self) -> Iterator[tuple[str, Iterable[Draft]]]:
        rules = self._root.get("rules")
        if not isinstance(rules, Sequence):
            return
        last = len(rules.items) - 1
        for number, rule in enumerate(rules.items):
            if not isinstance(rule, Mapping):
                continue
            id_ = text(rule.get("id")) or ""
            edit = without_item(rules, number) if last else without_entry(self._root, "rules")
            yield id_, [Draft("rule", f"without the rule `{id_}`", rule.start, (edit,))]
            yield id_, rule_drafts(rule, self._conditions)
            if self._combining == "first_match" and number < last:
                other = text(child(rules.items[number + 1], "id"))
                change = f"`{id_}` comes after `{other}`"
                yield id_, [Draft("order", change, rule.start, swapped(rules, number))]

    def _output(self, name: Scalar, node: Node) -> Iterator[Draft]:
        definitions = items(node) or (node,)
        for number, definition in enumerate(definitions):
            if not isinstance(definition, Mapping):
                continue
            at = name.start if definition is node else definition.start
            if isinstance(node, Sequence) and len(definitions) > 1:
                edit = without_item(node, number)
            elif len(entries(self._root.get("outputs"))) > 1:
                outputs = self._root.get("outputs")
                assert isinstance(outputs, Mapping)
                edit = without_entry(outputs, name.text)
            else:
                edit = without_entry(self._root, "outputs")
            yield Draft("output", f"without this definition of `{name.text}`", at, (edit,))
            yield from self._effects(definition)
            yield from applied(definition, "actions", optional=True)
            if "when" in definition:
                yield without("condition", definition, "when")
                yield from self._conditions.condition(definition.get("when"))
            yield from self._conditions.expression(definition.get("value"))

    def _effects(self, definition: Mapping) -> Iterator[Draft]:
        """With another effect, with one of two only, or with both."""
        on = definition.get("on")
        listed = items(on)
        single = scalar(on) or (scalar(listed[0]) if len(listed) == 1 else None)
        if on is None:
            at = definition.members["value"][0].start
            for effects in ("[deny]", "[allow, deny]"):
                edit = with_entry(definition, "value", f"on: {effects}")
                yield Draft("output", f"given `on: {effects}`", at, (edit,))
        elif single is not None:
            other = _OTHER_EFFECT[single.text]
            new = [other] if isinstance(on, Sequence) else [other, "[allow, deny]"]
            for effects in new:
                edit = Edit(single.start, single.end, effects)
                yield Draft("output", f"given `on: {effects}`", single.start, (edit,))
        elif isinstance(on, Sequence):
            for number, item in enumerate(listed):
                if isinstance(item, Scalar):
                    change = f"not given on `{item.text}`"
                    yield Draft("output", change, item.start, (without_item(on, number),))
