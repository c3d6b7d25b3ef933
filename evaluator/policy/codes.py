"""Which strings an expression can yield, where its literals tell: the codes of an output."""

from __future__ import annotations

from typing import Any, Final

from evaluator.language.checker import Checked
from evaluator.language.syntax import (
    Bind,
    Call,
    Comprehension,
    ComprehensionKind,
    Conditional,
    Expr,
    ListExpr,
    Literal,
    Name,
)
from evaluator.language.types import EnumType, ListType, OptionalType, Type
from evaluator.policy.linking import Link
from evaluator.policy.model import Constant
from evaluator.policy.packs import PolicySource

__all__ = ["possible_strings", "strings_of_type"]

_TRANSFORMING = frozenset({ComprehensionKind.MAP, ComprehensionKind.TRANSFORM_LIST})
_SAME_ELEMENTS = frozenset({"distinct", "sort", "reverse", "first", "last", "optional.of"})


def possible_strings(link: Link, policy: PolicySource, checked: Checked) -> frozenset[str] | None:
    """The strings that a string, a list of strings or an optional of these can consist of.

    None if they cannot be told. Variables are followed.
    """
    found: set[str] = set()
    seen: set[object] = set()
    stack: list[_Step] = [(policy, checked, checked.root, frozenset())]
    while stack:
        strings = _visit(link, stack.pop(), stack, seen)
        if strings is None:
            return None
        found |= strings
    return frozenset(found)


_Step = tuple[PolicySource, Checked, Expr, frozenset[str]]
"""The file, the expression, a node in it and the names that macros bind around the node."""
_NOTHING: Final[frozenset[str]] = frozenset()


def _visit(link: Link, step: _Step, stack: list[_Step], seen: set[object]) -> frozenset[str] | None:
    """The strings that a node yields itself; the nodes whose values it passes on are stacked."""
    policy, checked, node, bound = step
    passed_on: tuple[Expr | None, ...]
    match node:
        case Literal(value=value):
            return _strings(value)
        case Conditional():
            passed_on = (node.then, node.otherwise)
        case ListExpr():
            passed_on = node.elements
        case Call(function="_+_") if isinstance(checked.types.get(node.id), ListType):
            passed_on = node.args
        case Call(function="optional.none"):
            passed_on = ()
        case Call() if node.function in _SAME_ELEMENTS:
            passed_on = (node.target, *node.args)
        case Comprehension(kind=kind) if kind in _TRANSFORMING:
            passed_on = (node.body,)
            bound = bound.union(node.variables)
        case Comprehension(kind=ComprehensionKind.FILTER | ComprehensionKind.SORT_BY):
            passed_on = (node.range,)
        case Bind():
            passed_on = (node.body,)
            bound = bound | {node.name}
        case Name() if node.name not in bound:
            return _follow(link, policy, node.name.removeprefix("."), stack, seen)
        case _:
            return strings_of_type(checked.types.get(node.id))
    stack.extend((policy, checked, one, bound) for one in passed_on if one is not None)
    return _NOTHING


def _follow(
    link: Link, policy: PolicySource, name: str, stack: list[_Step], seen: set[object]
) -> frozenset[str] | None:
    constant = link.scope(policy).names.get(name)
    if isinstance(constant, Constant):
        return _strings(constant.value)
    definition = link.definition(policy, name)
    variable = link.variable(definition) if definition is not None else None
    if definition is None or variable is None:
        return None
    if definition not in seen:
        seen.add(definition)
        expression = variable.expression
        stack.append((definition.policy, expression, expression.root, frozenset()))
    return _NOTHING


def strings_of_type(type_: Type | None) -> frozenset[str] | None:
    """The strings that values of a type consist of: those of an enum, or of a list of them."""
    while isinstance(type_, ListType | OptionalType):
        type_ = type_.element if isinstance(type_, ListType) else type_.value
    return frozenset(type_.values) if isinstance(type_, EnumType) else None


def _strings(value: Any) -> frozenset[str] | None:
    if isinstance(value, str):
        return frozenset({value})
    if isinstance(value, list | tuple):
        parts = [_strings(item) for item in value]
        known = [part for part in parts if part is not None]
        return frozenset().union(*known) if len(known) == len(parts) else None
    return None
