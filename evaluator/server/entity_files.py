"""Entities from a file: JSON, or YAML that says the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from evaluator.diagnostics import Diagnostic, Severity
from evaluator.documents.composing import compose
from evaluator.documents.nodes import Mapping, Node, Scalar, Sequence, to_python
from evaluator.documents.reading import decode
from evaluator.server import problems
from evaluator.server.entities import Entity, StoredEntities

__all__ = ["read_entities"]


def read_entities(data: bytes, name: str) -> tuple[StoredEntities | None, tuple[Diagnostic, ...]]:
    """The entities of a file, or None and what is wrong with it.

    The file has ``subjects`` and ``resources``, lists of ``{type, id, properties}``, and
    ``actions``, a list of names; each may be left out.
    """
    source = decode(data, name)
    if isinstance(source, Diagnostic):
        return None, (source,)
    document = compose(source)
    found = list(document.diagnostics)
    root = document.root
    if root is not None and not document.has_errors:
        found += _problems(root)
    if root is None or any(item.severity is Severity.ERROR for item in found):
        return None, tuple(found)
    entries = to_python(root)
    return (
        StoredEntities(
            map(_entity, entries.get("subjects", [])),
            map(_entity, entries.get("resources", [])),
            entries.get("actions", []),
            version=hashlib.sha256(data).hexdigest(),
        ),
        tuple(found),
    )


def _entity(entry: dict[str, Any]) -> Entity:
    return Entity(entry["type"], entry["id"], entry.get("properties", {}))


def _problems(root: Node) -> Iterator[Diagnostic]:
    if not isinstance(root, Mapping):
        yield problems.entities_shape(root.span)
        return
    for key, value in root.entries:
        if key.text not in ("subjects", "resources", "actions"):
            yield problems.entities_key(key.span, key.text)
        elif not isinstance(value, Sequence):
            yield problems.entities_list(value.span, key.text)
        elif key.text == "actions":
            yield from (
                problems.action_name(item.span) for item in value.items if not _is_text(item)
            )
        else:
            yield from _entity_problems(value)


def _entity_problems(entities: Sequence) -> Iterator[Diagnostic]:
    known: dict[tuple[str, str], Node] = {}
    for item in entities.items:
        if not isinstance(item, Mapping):
            yield problems.entity_shape(item.span)
            continue
        for name in ("type", "id"):
            if not _is_text(item.get(name)):
                yield problems.entity_name(item.span, name)
        properties = item.get("properties")
        if properties is not None and not isinstance(properties, Mapping):
            yield problems.entity_properties(properties.span)
        type_, id_ = item.get("type"), item.get("id")
        if isinstance(type_, Scalar) and isinstance(id_, Scalar):
            first = known.setdefault((type_.text, id_.text), item)
            if first is not item:
                yield problems.entity_repeated(id_.span, type_.text, id_.text, first.span)


def _is_text(node: Node | None) -> bool:
    return isinstance(node, Scalar) and isinstance(node.value, str)
