"""What a pack defines or imports and never uses."""

from __future__ import annotations

from evaluator.policy import pack_problems as problems
from evaluator.policy.linking import PackNames

__all__ = ["report_unused"]


def report_unused(names: PackNames) -> None:
    """Warns of unused definitions, shared remedies and imports; unused variables get checked."""
    usage, add = names.usage, names.diagnostics.add
    used = set(usage.definitions)
    imported = set(usage.imported)
    for definition, uses in names.dependencies.uses.items():
        used.update(other for other in uses if other is not definition)
        imported.update((definition.policy, other.policy) for other in uses)
    for policy, file in names.files.items():
        for definition in file.own.values():
            if definition not in usage.definitions:
                names.diagnostics.extend(usage.unused_problems.get(definition, ()))
            if definition not in used:
                span = definition.key.span
                add(problems.unused_definition(span, definition.kind, definition.name))
        for remedy in file.own_remedies.values():
            if remedy not in usage.remedies:
                add(problems.unused_definition(remedy.id_node.span, "remedy", remedy.id))
        for step in file.imports:
            if (policy, step.target) not in imported:
                add(problems.import_unused(step.node.span, step.node.text))
