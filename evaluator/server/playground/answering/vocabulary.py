"""What can be written in a file: attributes, names, functions, shared remedies, keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import PurePosixPath
from typing import Any, Final

from evaluator.diagnostics import shortened
from evaluator.language.functions import STANDARD
from evaluator.language.functions.catalogue import Entry, entries, entry_of
from evaluator.language.printer import print_value
from evaluator.language.syntax import Name, walk
from evaluator.language.types import (
    EnumType,
    Field,
    ListType,
    MapType,
    NullableType,
    ObjectType,
    OptionalType,
    Type,
)
from evaluator.language.values import type_of
from evaluator.policy.message_functions import MESSAGE_FUNCTIONS
from evaluator.policy.model import Applies, Constant, Pack, Variable, Variant
from evaluator.policy.schemas import published as of_policies
from evaluator.server.playground.answering.asking import Asked
from evaluator.server.playground.answering.expressions import expressions, scopes
from evaluator.server.playground.answering.moving import Moved
from evaluator.server.playground.answering.places import Places
from evaluator.server.playground.answering.types import type_text
from evaluator.server.playground.answering.workspace import Workspace
from evaluator.suites.schemas import published as of_suites

__all__ = ["schema_for", "vocabulary"]

_DEEPEST: Final = 8
_MOST_RULES: Final = 1_000
_MOST_ATTRIBUTES: Final = 2_000
_LONGEST_TEXT: Final = 200
_IDENTIFIER: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.")


def vocabulary(workspace: Workspace, asked: Asked) -> dict[str, Any]:
    """``VocabularyAnswer``. Where the edits cannot be loaded, of what could be loaded last."""
    file = asked.text("file")
    loaded = workspace.nearest(asked.edits)
    folder = workspace.folder_of(file)
    pack = next((one for one in loaded.packs if folder is not None and _lies(one, folder)), None)
    present = Moved.between(loaded, workspace, asked.edits)
    return {
        "attributes": [] if pack is None else _attributes(pack),
        "names": [] if pack is None else _names(pack, file, loaded.places, present),
        "functions": [_function(entry) for entry in (*_standard_entries(), *_entries_of(pack))],
        "macros": [
            {"name": entry.name, "signature": "\n".join(entry.forms), "summary": entry.summary}
            for entry in entries()
            if entry.family == "macros" and _is_name(entry.name)
        ],
        "rules": sorted({rule.id for one in _variants(pack) for rule in one.rules})[:_MOST_RULES],
        "remedies": _shared_remedies(pack),
        "actions": sorted({name for one in _applies(pack) for name in one.actions.literals}),
        "resources": sorted({name for one in _applies(pack) for name in one.resources.literals}),
        "imports": [] if pack is None else _others(pack, file, folder or ""),
        "schema": schema_for(file),
    }


def schema_for(file: str) -> Mapping[str, Any]:
    """The published schema that a file of this name has to satisfy; empty where there is none."""
    path = PurePosixPath(file)
    if path.suffix not in (".yaml", ".yml"):
        return {}
    if path.name in ("pack.yaml", "pack.yml"):
        return of_policies("pack")
    return of_suites() if path.parent.name == "suites" else of_policies("policy")


def _variants(pack: Pack | None) -> Iterable[Variant]:
    return () if pack is None else pack.variants


def _applies(pack: Pack | None) -> Iterator[Applies]:
    for variant in _variants(pack):
        yield from (rule.applies for rule in variant.rules)
        yield from (output.applies for output in variant.outputs)


def _lies(pack: Pack, folder: str) -> bool:
    return any(policy.file.startswith(folder) for policy in pack.policies)


def _others(pack: Pack, file: str, folder: str) -> list[str]:
    """The other policy files of a pack, as one of them imports them."""
    return [one.file.removeprefix(folder) for one in pack.policies if one.file != file]


def _attributes(pack: Pack) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for variant in pack.variants:
        for root, type_ in variant.request_type.roots.items():
            for path, field in _fields(root, type_, 0):
                known = found.get(path)
                if known is not None:
                    known["optional"] = known["optional"] or not field.always
                elif len(found) < _MOST_ATTRIBUTES:
                    found[path] = {
                        "path": path,
                        "type": type_text(field.type),
                        "optional": not field.always,
                        "description": field.description,
                        "values": _values(field.type),
                    }
    return list(found.values())


def _fields(path: str, type_: Type, depth: int) -> Iterator[tuple[str, Field]]:
    """The members of an object and of what is in it; those of a list's items under ``path[]``."""
    while isinstance(type_, NullableType | OptionalType):
        type_ = type_.value
    if isinstance(type_, ListType):
        yield from _fields(f"{path}[]", type_.element, depth + 1)
    elif isinstance(type_, ObjectType) and depth < _DEEPEST:
        for name, field in type_.fields.items():
            below = f"{path}.{name}"
            yield below, field
            yield from _fields(below, field.type, depth + 1)


def _values(type_: Type) -> list[str] | None:
    """The texts that a value may be, or that the items of a list may be."""
    while isinstance(type_, NullableType | OptionalType):
        type_ = type_.value
    if isinstance(type_, ListType):
        return _values(type_.element)
    return list(type_.values) if isinstance(type_, EnumType) else None


def _names(
    pack: Pack, file: str, places: Places, present: Callable[[str], Moved]
) -> list[dict[str, Any]]:
    types: dict[str, Type] | None = None
    found: dict[str, dict[str, Any]] = {}
    for own, scope in scopes(pack):
        if own != file:
            continue
        for name, definition in scope.names.items():
            place = places.of(definition.span)
            at = present(place["file"]).place(place)
            if name not in found and at is not None:
                if types is None and isinstance(definition, Constant):
                    types = _types_of_constants(pack)
                found[name] = {"name": name, **_named(definition, types or {}), "at": at}
    return list(found.values())


def _named(definition: Constant | Variable, types: Mapping[str, Type]) -> dict[str, Any]:
    if isinstance(definition, Variable):
        parsed = definition.expression.parsed
        text = " ".join(parsed.text(parsed.root).split())
        kind, type_ = "variable", definition.expression.type
    else:
        text = print_value(definition.value)
        type_ = types.get(definition.name) or type_of(definition.value)
        section = _section(definition)
        kind = "table" if section == "tables" else "constant"
    return {"kind": kind, "type": type_text(type_), "text": shortened(text, _LONGEST_TEXT)}


def _section(definition: Constant) -> str:
    """The key at the start of a line, above a definition, that it stands under."""
    for line in reversed(definition.span.source.text[: definition.span.start].splitlines()):
        if line[:1].isalpha():
            return line.partition(":")[0]
    return ""


def _types_of_constants(pack: Pack) -> dict[str, Type]:
    """What the checker holds constants and tables for, by name, as far as expressions use them."""
    found: dict[str, Type] = {}
    for expression in expressions(pack):
        for node in walk(expression.checked.root):
            if isinstance(node, Name):
                found.setdefault(node.name, expression.checked.types[node.id])
    return {name: type_ for name, type_ in found.items() if isinstance(type_, MapType | ListType)}


def _shared_remedies(pack: Pack | None) -> list[str]:
    """The remedies that some rule takes with ``use``: those that two rules or files share."""
    found: set[str] = set()
    for variant in _variants(pack):
        for rule in variant.rules:
            found.update(remedy.id for remedy in rule.remedies if remedy.scope is not rule.scope)
    return sorted(found)


def _function(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "signature": "\n".join(entry.forms),
        "method": any(_is_member(form, entry.name) for form in entry.forms),
        "summary": entry.summary,
        "family": entry.family,
        "example": _example(entry),
    }


def _is_member(form: str, name: str) -> bool:
    return f".{name}(" in form and not form.startswith(f"{name}(")


def _example(entry: Entry) -> str | None:
    for example in entry.examples:
        if example.error is None:
            return f"{example.expression} == {example.value}"
    return None


@cache
def _standard_entries() -> tuple[Entry, ...]:
    return tuple(
        entry
        for entry in (*entries(), *map(entry_of, MESSAGE_FUNCTIONS))
        if entry.family != "macros" and _is_name(entry.name)
    )


def _is_name(name: str) -> bool:
    """Whether a name can be typed: operators are none."""
    return name[:1].isalpha() and _IDENTIFIER.issuperset(name) and name != "in"


def _entries_of(pack: Pack | None) -> Iterator[Entry]:
    """The functions of the host that a pack declares."""
    if pack is not None:
        for function in pack.functions:
            if function.name not in STANDARD and _is_name(function.name):
                yield entry_of(function)
