"""The checked expressions of packs, wherever they stand: in rules, remedies, outputs, messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evaluator.language.checker import Checked
from evaluator.policy.model import Localized, Output, Pack, Remedy, Rule, Scope, Variable
from evaluator.policy.request_types import RequestType

__all__ = ["Expression", "expressions", "scopes"]


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """An expression with what it was checked for and with: request type and names."""

    checked: Checked
    request_type: RequestType
    scope: Scope


def expressions(pack: Pack) -> Iterator[Expression]:
    """Every expression of a pack once for each of its request types."""
    for variant in pack.variants:
        seen: set[int] = set()
        for checked, scope in _of_all(variant.rules, variant.outputs):
            if id(checked) not in seen:
                seen.add(id(checked))
                yield Expression(checked, variant.request_type, scope)


def scopes(pack: Pack) -> Iterator[tuple[str, Scope]]:
    """The names that the files of a pack see, by file, as far as something uses them."""
    by_policy = {policy.name: policy.file for policy in pack.policies}
    for variant in pack.variants:
        definitions: list[Rule | Output] = [*variant.rules, *variant.outputs]
        for definition in definitions:
            yield by_policy[definition.policy], definition.scope
            yield from ((one.file, one.scope) for one in _variables(definition.scope))
        for rule in variant.rules:
            yield from ((one.span.source.name, one.scope) for one in rule.remedies)


def _of_all(rules: Iterable[Rule], outputs: Iterable[Output]) -> Iterator[tuple[Checked, Scope]]:
    known: set[int] = set()
    for rule in rules:
        yield from _of_scope(rule.scope, known)
        for checked in _of_rule(rule):
            yield checked, rule.scope
        for remedy in rule.remedies:
            yield from _of_scope(remedy.scope, known)
            yield from _of_remedy(remedy, rule.scope)
    for output in outputs:
        yield from _of_scope(output.scope, known)
        for checked in _of_output(output):
            yield checked, output.scope


def _of_scope(scope: Scope, known: set[int]) -> Iterator[tuple[Checked, Scope]]:
    """The variables that are seen, each once."""
    if id(scope) in known:
        return
    known.add(id(scope))
    for variable in _variables(scope):
        yield variable.expression, variable.scope
        yield from _of_scope(variable.scope, known)


def _variables(scope: Scope) -> Iterator[Variable]:
    return (one for one in scope.names.values() if isinstance(one, Variable))


def _of_rule(rule: Rule) -> Iterator[Checked]:
    if rule.condition is not None:
        yield rule.condition
    yield from _of_message(rule.reason)
    yield from _of_message(rule.description)


def _of_remedy(remedy: Remedy, scope: Scope) -> Iterator[tuple[Checked, Scope]]:
    if remedy.when is not None:
        yield remedy.when, scope
    own = [remedy.shared_when] if remedy.shared_when is not None else []
    own += [*_of_message(remedy.message), *_of_message(remedy.description)]
    own += [assignment.expression for assignment in remedy.sets]
    for checked in own:
        yield checked, remedy.scope


def _of_output(output: Output) -> Iterator[Checked]:
    if output.when is not None:
        yield output.when
    yield output.value
    for label in (output.labels or {}).values():
        yield from _of_message(label)


def _of_message(message: Localized | None) -> Iterator[Checked]:
    for template in (message or {}).values():
        yield from (part for part in template.parts if not isinstance(part, str))
