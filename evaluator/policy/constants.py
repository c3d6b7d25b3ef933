"""Constants and tables: their values, worked out once when a pack is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from evaluator.diagnostics import Diagnostics, Severity
from evaluator.language.checker import Declaration, Environment, check
from evaluator.language.functions.registry import Registry
from evaluator.language.interpreter import evaluate
from evaluator.language.syntax import Call, walk
from evaluator.language.types import ERROR
from evaluator.language.values import ABSENT, ErrorValue, Unknown
from evaluator.policy import pack_problems as problems
from evaluator.policy.dependencies import Dependencies
from evaluator.policy.expressions import Expressions
from evaluator.policy.model import Constant
from evaluator.policy.names import ROOTS, Definition, FileNames
from evaluator.policy.packs import PolicySource
from evaluator.policy.tables import read_table

__all__ = ["Known", "evaluate_constants"]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A constant or table: what it is to the checker, and what it is to decisions."""

    declaration: Declaration
    constant: Constant | None


class _Constants:
    """The names that an expression of a constant sees, as an ``Activation``."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def attribute(self, root: str, path: tuple[str, ...]) -> Any:
        return ABSENT

    def has(self, root: str, path: tuple[str, ...]) -> Any:
        return False

    def name(self, name: str) -> Any:
        return self._values.get(name, ABSENT)


def evaluate_constants(
    files: Mapping[PolicySource, FileNames],
    dependencies: Dependencies,
    expressions: Expressions,
    functions: Registry,
    host_functions: frozenset[str],
    diagnostics: Diagnostics,
) -> Mapping[Definition, Known]:
    """All constants and tables of a pack. One that is wrong is declared with an unknown type."""
    known: dict[Definition, Known] = {}
    for definition in dependencies.order:
        if definition.kind == "table":
            known[definition] = _table(definition, diagnostics)
        elif definition.kind == "constant":
            known[definition] = _constant(
                definition,
                files[definition.policy],
                known,
                expressions,
                functions,
                host_functions,
                diagnostics,
            )
    for definition in dependencies.circular:
        if definition.kind == "constant":
            known[definition] = _wrong(definition)
    return known


def _wrong(definition: Definition) -> Known:
    # What is no constant must not make the conditions that use it constant.
    return Known(Declaration(ERROR, "variable", span=definition.key.span), None)


def _table(definition: Definition, diagnostics: Diagnostics) -> Known:
    value, type_, found = read_table(definition.node)
    diagnostics.extend(found)
    if found:
        return _wrong(definition)
    span = definition.key.span
    return Known(
        Declaration(type_, "constant", value=value, span=span),
        Constant(definition.name, value, span),
    )


def _constant(
    definition: Definition,
    names: FileNames,
    known: Mapping[Definition, Known],
    expressions: Expressions,
    functions: Registry,
    host_functions: frozenset[str],
    diagnostics: Diagnostics,
) -> Known:
    parsed = definition.parsed
    if parsed is None:
        return _wrong(definition)
    free = expressions.names(parsed)
    variables = {
        name for name, other in names.visible.items() if name in free and other.kind == "variable"
    }
    outside = sorted(variables.union(free.intersection((*ROOTS, "now"))))
    calls = (node.function for node in walk(parsed.root) if isinstance(node, Call))
    hosts = sorted(host_functions.intersection(calls))
    if outside or hosts:
        span = parsed.span(parsed.root)
        diagnostics.add(problems.constant_not_constant(span, definition.name, [*outside, *hosts]))
        return _wrong(definition)
    declarations = {
        name: known[other].declaration for name, other in names.visible.items() if other in known
    }
    checked = check(parsed, Environment(declarations, functions=functions))
    diagnostics.extend(checked.diagnostics)
    constants = {
        name: constant.value
        for name, other in names.visible.items()
        if other in known and (constant := known[other].constant) is not None
    }
    failed = any(item.severity is Severity.ERROR for item in checked.diagnostics)
    if failed or not free.issubset(constants):
        return _wrong(definition)
    value = evaluate(checked, _Constants(constants), functions=functions)
    if isinstance(value, ErrorValue | Unknown):
        message = value.message if isinstance(value, ErrorValue) else "its value is not known"
        node = value.id if isinstance(value, ErrorValue) and value.id in parsed.places else None
        span = parsed.span(parsed.root if node is None else node)
        diagnostics.add(problems.constant_error(span, definition.name, message))
        return _wrong(definition)
    span = definition.key.span
    return Known(
        Declaration(checked.type, "constant", value=value, span=span),
        Constant(definition.name, value, span),
    )
