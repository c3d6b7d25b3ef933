"""Outputs: each definition linked, their types compared, their labels held against the codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from evaluator.diagnostics import Diagnostics, Severity
from evaluator.documents.nodes import Node, Scalar, Sequence
from evaluator.language.checker import NOTHING, Checked, Facts
from evaluator.language.types import DYN, ERROR, STRING, EnumType, ListType, OptionalType, Type
from evaluator.policy import pack_problems, problems
from evaluator.policy.applies import Narrowing
from evaluator.policy.assignability import agree
from evaluator.policy.citations import citation
from evaluator.policy.codes import possible_strings
from evaluator.policy.linking import Link
from evaluator.policy.localized import Translations, localized, plain_texts
from evaluator.policy.model import Applies, Effect, Localized, Output
from evaluator.policy.names import is_identifier
from evaluator.policy.packs import PolicySource
from evaluator.policy.reading import child, entries, scalars

__all__ = ["OutputSource", "collect_outputs", "compare_types", "link_output"]


@dataclass(frozen=True, slots=True, eq=False)
class OutputSource:
    """A definition of an output as it is written, and what it is for."""

    policy: PolicySource
    policy_name: str
    name: Scalar
    node: Node
    applies: Applies


def collect_outputs(
    files: Iterable[tuple[PolicySource, str, Applies | None]], diagnostics: Diagnostics
) -> Iterator[OutputSource]:
    """The definitions of all outputs of a pack in its order."""
    for policy, policy_name, applies in files:
        narrowing = None if applies is None else Narrowing(applies, diagnostics)
        for name, node in entries(policy.root.get("outputs")):
            if not is_identifier(name.text.replace("-", "_")):
                diagnostics.add(pack_problems.id_invalid(name.span, name.text))
            for definition in node.items if isinstance(node, Sequence) else (node,):
                if narrowing is not None:
                    its = narrowing.to(child(definition, "actions"))
                    yield OutputSource(policy, policy_name, name, definition, its)


def link_output(link: Link, source: OutputSource, translations: Translations) -> Output | None:
    """An output with its expressions checked; None if its value could not be parsed."""
    policy, node = source.policy, source.node
    when = link.condition(policy, child(node, "when"))
    holds = NOTHING if when is None else when.when_true
    parsed = link.pack.expressions.expression(child(node, "value"))
    value = link.expression(policy, parsed, assuming=holds)
    labels = _labels(link, policy, child(node, "labels"), translations, holds)
    title = plain_texts(child(node, "title"), translations)
    if value is None:
        return None
    if labels is not None and not _failed(value):
        _check_labels(link, policy, source, value)
    effects = [item.text for item in scalars(child(node, "on"))] or ["allow"]
    return Output(
        name=source.name.text,
        policy=source.policy_name,
        on=frozenset(cast("list[Effect]", effects)),
        applies=source.applies,
        when=when,
        value=value,
        labels=labels,
        title=title,
        scope=link.scope(policy),
        source=citation(child(node, "source")),
        span=source.name.span,
    )


def _failed(checked: Checked) -> bool:
    return any(item.severity is Severity.ERROR for item in checked.diagnostics)


def _labels(
    link: Link,
    policy: PolicySource,
    node: Node | None,
    translations: Translations,
    holds: Facts,
) -> Mapping[str, Localized] | None:
    if node is None:
        return None
    found = {}
    for code, texts in entries(node):
        label = localized(link, policy, texts, translations, holds)
        if label is not None:
            found[code.text] = label
    return found


def _check_labels(link: Link, policy: PolicySource, source: OutputSource, value: Checked) -> None:
    """Labels are for codes, which are strings; one without the other is warned of."""
    add = link.pack.diagnostics.add
    labels = {key.text: key for key, _ in entries(child(source.node, "labels"))}
    if not _is_text(value.type):
        span = value.parsed.span(value.root.id)
        add(problems.labels_of_no_codes(span, source.name.text, str(value.type)))
        return
    codes = possible_strings(link, policy, value)
    if codes is None:
        return
    for code, key in labels.items():
        if code not in codes:
            add(problems.label_unknown(key.span, code, codes))
    missing = sorted(codes.difference(labels))
    if missing:
        add(problems.label_missing(source.name.span, source.name.text, missing))


def _is_text(type_: Type) -> bool:
    if isinstance(type_, OptionalType):
        type_ = type_.value
    if isinstance(type_, ListType):
        type_ = type_.element
    return type_ in (STRING, DYN, ERROR) or isinstance(type_, EnumType)


def compare_types(outputs: Iterable[Output], diagnostics: Diagnostics) -> None:
    """Reports definitions of one output that differ in type from the first of that name."""
    first: dict[str, Output] = {}
    for output in outputs:
        known = first.setdefault(output.name, output)
        if not agree(known.value.type, output.value.type):
            diagnostics.add(
                problems.output_type_conflict(
                    output.value.parsed.span(output.value.root.id),
                    output.name,
                    str(output.value.type),
                    known.value.parsed.span(known.value.root.id),
                    str(known.value.type),
                )
            )
