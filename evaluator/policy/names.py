"""The names of a pack's files: what each defines, what it sees by imports, what is reserved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from evaluator.diagnostics import Diagnostics
from evaluator.documents.nodes import Node, Scalar
from evaluator.language.functions.registry import Registry
from evaluator.language.syntax import ComprehensionKind, Parsed
from evaluator.language.tokens import RESERVED
from evaluator.policy import pack_problems, problems
from evaluator.policy.expressions import Expressions
from evaluator.policy.imports import Import
from evaluator.policy.packs import PolicySource
from evaluator.policy.reading import entries, items, text

__all__ = [
    "ROOTS",
    "Definition",
    "FileNames",
    "SharedRemedy",
    "collect_names",
    "is_identifier",
    "reserved_names",
]

Kind = Literal["constant", "table", "variable"]
_SECTIONS: Final[tuple[tuple[str, Kind], ...]] = (
    ("constants", "constant"),
    ("tables", "table"),
    ("variables", "variable"),
)

ROOTS: Final = ("subject", "action", "resource", "context")

_WORDS: Final = RESERVED.union(
    ("true", "false", "null", "in"),
    ("bool", "bytes", "double", "duration", "dyn", "int", "list", "map", "null_type"),
    ("optional_type", "string", "timestamp", "type", "uint", "has", "cel", "optional", "existsOne"),
)
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_LETTERS_AND_DIGITS: Final = _LETTERS | frozenset("0123456789")


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """A name with what it stands for; ``parsed`` is None for tables and for what cannot be read."""

    kind: Kind
    name: str
    policy: PolicySource
    key: Scalar
    node: Node
    parsed: Parsed | None


@dataclass(frozen=True, slots=True, eq=False)
class SharedRemedy:
    """A remedy of a file's own list, which rules take with ``use``."""

    id: str
    policy: PolicySource
    id_node: Scalar
    node: Node


@dataclass(frozen=True, slots=True, eq=False)
class FileNames:
    """What one file defines and sees. ``visible`` and ``remedies`` hold the imported ones too."""

    policy: PolicySource
    imports: tuple[Import, ...]
    own: Mapping[str, Definition]
    own_remedies: Mapping[str, SharedRemedy]
    visible: Mapping[str, Definition]
    remedies: Mapping[str, SharedRemedy]


def reserved_names(functions: Registry) -> frozenset[str]:
    """What no definition may be called: the request, ``now``, functions, types, words of CEL."""
    called = (name.split(".", 1)[0] for name in functions.names)
    macros = (str(kind) for kind in ComprehensionKind)
    names = (name for name in (*called, *macros) if is_identifier(name))
    return _WORDS.union(ROOTS, ("now",), names)


def is_identifier(name: str) -> bool:
    """Whether a text has the form of an identifier of CEL."""
    return bool(name) and name[0] in _LETTERS and _LETTERS_AND_DIGITS.issuperset(name)


def collect_names(
    imports: Mapping[PolicySource, tuple[Import, ...]],
    expressions: Expressions,
    reserved: frozenset[str],
    diagnostics: Diagnostics,
) -> Mapping[PolicySource, FileNames]:
    """The names of all files, clashes and names that are not allowed reported."""
    own = {
        policy: _own_definitions(policy, expressions, reserved, diagnostics) for policy in imports
    }
    remedies = {policy: _own_remedies(policy, diagnostics) for policy in imports}
    found = {}
    for policy, its_imports in imports.items():
        visible = dict(own[policy])
        shared = dict(remedies[policy])
        for step in its_imports:
            if step.target is policy:
                continue
            _add(visible, own[step.target], step, diagnostics)
            _add(shared, remedies[step.target], step, diagnostics)
        found[policy] = FileNames(
            policy, its_imports, own[policy], remedies[policy], visible, shared
        )
    return found


def _own_definitions(
    policy: PolicySource,
    expressions: Expressions,
    reserved: frozenset[str],
    diagnostics: Diagnostics,
) -> dict[str, Definition]:
    found: dict[str, Definition] = {}
    for section, kind in _SECTIONS:
        for key, node in entries(policy.root.get(section)):
            name = key.text
            parsed = None if kind == "table" else expressions.expression(node)
            if name in reserved:
                diagnostics.add(pack_problems.name_reserved(key.span, name))
            elif not is_identifier(name):
                diagnostics.add(pack_problems.name_invalid(key.span, name))
            elif name in found:
                diagnostics.add(pack_problems.name_clash(key.span, name, found[name].key.span))
            else:
                found[name] = Definition(kind, name, policy, key, node, parsed)
    return found


def _own_remedies(policy: PolicySource, diagnostics: Diagnostics) -> dict[str, SharedRemedy]:
    found: dict[str, SharedRemedy] = {}
    for node in items(policy.root.get("remedies")):
        for key, value in entries(node):
            if key.text != "id" or not isinstance(value, Scalar):
                continue
            if value.text in found:
                first = found[value.text].id_node.span
                diagnostics.add(problems.remedy_repeated(value.span, value.text, first))
            else:
                found[value.text] = SharedRemedy(text(value) or "", policy, value, node)
    return found


def _add(
    names: dict[str, Definition] | dict[str, SharedRemedy],
    imported: Mapping[str, Definition] | Mapping[str, SharedRemedy],
    step: Import,
    diagnostics: Diagnostics,
) -> None:
    for name, definition in imported.items():
        known = names.get(name)
        if known is not None and known is not definition:
            diagnostics.add(
                pack_problems.import_clash(
                    step.node.span, name, _place(known).span, _place(definition).span
                )
            )
        else:
            names[name] = definition  # type: ignore[assignment]  # both are of one kind


def _place(definition: Definition | SharedRemedy) -> Scalar:
    return definition.key if isinstance(definition, Definition) else definition.id_node
