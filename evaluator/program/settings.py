"""Where an expression that stands in no file is evaluated: names, a kind of request, functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from evaluator.language.checker import Checked, Declaration, Environment, type_of_value
from evaluator.language.functions import STANDARD
from evaluator.language.types import TIMESTAMP, Type
from evaluator.policy.model import Constant, Pack, Scope, Variable, Variant
from evaluator.policy.patterns import ANY
from evaluator.policy.request_types import UNTYPED
from evaluator.source import Source, Span

__all__ = ["Setting", "bare_setting", "pack_setting", "policies_of", "reads_request"]

_NOWHERE: Final = Span(Source("<variables>", ""), 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """What an expression may use, to check it and to evaluate it.

    ``ambiguous`` are names that mean different things in different files of the pack, with the
    names of the policies that see them; ``hidden`` those of the pack that a variable has too.
    """

    pack: Pack
    variant: Variant
    scope: Scope
    environment: Environment
    ambiguous: Mapping[str, tuple[str, ...]]
    hidden: frozenset[str]


def bare_setting(variables: Mapping[str, Any], *, request: bool) -> Setting:
    """No pack: some variables, by CEL value, and perhaps an untyped request."""
    variant = Variant(UNTYPED, ANY, (), ())
    pack = Pack(
        name="",
        version="",
        title=None,
        combining="deny_overrides",
        default_locale="en",
        locales=("en",),
        time_zone="UTC",
        policies=(),
        variants=(variant,),
        functions=STANDARD,
        digest="",
        files=(),
    )
    return _setting(pack, variant, {}, variables, {}, UNTYPED.roots if request else {})


def pack_setting(
    pack: Pack, variant: Variant, policy: str | None, variables: Mapping[str, Any]
) -> Setting:
    """The names of one policy of a pack, or those of all its policies that mean one thing.

    Raises ``KeyError`` for a policy that is not among ``policies_of`` the variant.
    """
    scopes = dict(_scopes(variant))
    if policy is not None:
        return _setting(
            pack, variant, scopes[policy].names, variables, {}, variant.request_type.roots
        )
    found: dict[str, Constant | Variable] = {}
    seen: dict[str, list[str]] = {}
    ambiguous: dict[str, tuple[str, ...]] = {}
    for name_of_policy, scope in scopes.items():
        for name, definition in scope.names.items():
            seen.setdefault(name, []).append(name_of_policy)
            if found.setdefault(name, definition) is not definition:
                ambiguous[name] = ()
    names = {name: value for name, value in found.items() if name not in ambiguous}
    ambiguous = {name: tuple(seen[name]) for name in ambiguous if name not in variables}
    return _setting(pack, variant, names, variables, ambiguous, variant.request_type.roots)


def policies_of(variant: Variant) -> tuple[str, ...]:
    """The policies that have rules or outputs, in pack order."""
    return tuple(dict(_scopes(variant)))


def _scopes(variant: Variant) -> Iterator[tuple[str, Scope]]:
    for rule in variant.rules:
        yield rule.policy, rule.scope
    for output in variant.outputs:
        yield output.policy, output.scope


def _setting(
    pack: Pack,
    variant: Variant,
    names: Mapping[str, Constant | Variable],
    variables: Mapping[str, Any],
    ambiguous: Mapping[str, tuple[str, ...]],
    roots: Mapping[str, Type],
) -> Setting:
    given = {name: Constant(name, value, _NOWHERE) for name, value in variables.items()}
    declarations = {
        "now": Declaration(TIMESTAMP, "ident", volatile=True),
        **{name: _declaration(definition) for name, definition in names.items()},
        **{name: Declaration(type_of_value(value), "ident") for name, value in variables.items()},
    }
    environment = Environment(declarations, roots=roots, functions=pack.functions)
    hidden = frozenset(names.keys() & variables.keys())
    return Setting(pack, variant, Scope({**names, **given}), environment, ambiguous, hidden)


def _declaration(definition: Constant | Variable) -> Declaration:
    if isinstance(definition, Constant):
        type_ = type_of_value(definition.value)
        return Declaration(type_, "constant", value=definition.value, span=definition.span)
    checked = definition.expression
    return Declaration(
        checked.type,
        "variable",
        errors=checked.errors,
        volatile=checked.volatile,
        when_true=checked.when_true,
        when_false=checked.when_false,
        span=definition.span,
        always=checked.always,
    )


def reads_request(expression: Checked, scope: Scope) -> bool:
    """Whether an expression, or a variable that it uses, reads the request."""
    waiting: list[tuple[Checked, Scope]] = [(expression, scope)]
    seen: set[Variable] = set()
    while waiting:
        checked, names = waiting.pop()
        if checked.reads:
            return True
        for name in checked.uses:
            definition = names.names.get(name)
            if isinstance(definition, Variable) and definition not in seen:
                seen.add(definition)
                waiting.append((definition.expression, definition.scope))
    return False
