"""Imports: which files a policy file takes names from, and that they do so in no circle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evaluator.diagnostics import Diagnostics
from evaluator.documents.nodes import Scalar
from evaluator.policy import pack_problems as problems
from evaluator.policy.packs import PackSource, PolicySource
from evaluator.policy.paths import folder_of
from evaluator.policy.reading import items

__all__ = ["Import", "resolve_imports"]


@dataclass(frozen=True, slots=True, eq=False)
class Import:
    """An import: where it is written, and the file that it names."""

    node: Scalar
    target: PolicySource


def resolve_imports(
    pack: PackSource, diagnostics: Diagnostics
) -> Mapping[PolicySource, tuple[Import, ...]]:
    """The imports of each policy file. Paths are relative to the folder of the file itself.

    A file that the pack does not list is reported once: where it is first imported, if it is.
    """
    by_path = {policy.path: policy for policy in pack.policies}
    listed = frozenset(by_path)
    found: dict[PolicySource, tuple[Import, ...]] = {}
    unlisted: dict[str, Scalar] = {}
    for policy in pack.policies:
        imports: dict[str, Import] = {}
        for node in items(policy.root.get("imports")):
            if not isinstance(node, Scalar):
                continue
            path = pack.resolve(node, diagnostics, base=folder_of(policy.path))
            if path is None:
                continue
            if path in imports:
                first = imports[path].node.span
                diagnostics.add(problems.imported_twice(node.span, node.text, first))
            elif path in by_path:
                imports[path] = Import(node, by_path[path])
            elif path in pack.names and not _failed(pack, path):
                unlisted.setdefault(path, node)
            elif path not in pack.names:
                diagnostics.add(problems.import_missing(node.span, node.text, sorted(listed)))
        found[policy] = tuple(imports.values())
    _report_unlisted(pack, unlisted, diagnostics)
    _report_cycles(found, diagnostics)
    return found


def _failed(pack: PackSource, path: str) -> bool:
    """Whether a file is listed, but could not be read, which has been reported."""
    return pack.missing and any(
        isinstance(node, Scalar) and node.text == path for node in items(pack.root.get("files"))
    )


def _report_unlisted(
    pack: PackSource, imported: Mapping[str, Scalar], diagnostics: Diagnostics
) -> None:
    entry = pack.root.entry("files")
    if entry is None:
        return  # which has been reported
    files = entry[0].span
    for path, node in imported.items():
        diagnostics.add(problems.import_not_listed(node.span, path, files))
    for path in pack.unlisted:
        if path not in imported:
            diagnostics.add(problems.unlisted(files, path))


def _report_cycles(
    imports: Mapping[PolicySource, tuple[Import, ...]], diagnostics: Diagnostics
) -> None:
    """Reports each circle once, at the import that closes it."""
    done: set[PolicySource] = set()
    for start in imports:
        path: list[PolicySource] = []
        steps = [iter((Import(start.listed, start),))]
        while steps:
            step = next(steps[-1], None)
            if step is None:
                steps.pop()
                if path:
                    done.add(path.pop())
            elif step.target in path:
                circle = [policy.path for policy in path[path.index(step.target) :]]
                diagnostics.add(problems.import_cycle(step.node.span, [*circle, circle[0]]))
            elif step.target not in done:
                path.append(step.target)
                steps.append(iter(imports[step.target]))
