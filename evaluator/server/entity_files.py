"""Entities from a file, JSON or YAML: those in it, and those of databases that it names."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from evaluator.diagnostics import Diagnostic, Severity
from evaluator.documents.composing import compose
from evaluator.documents.json_documents import load_json, parse_json
from evaluator.documents.limits import Limits
from evaluator.documents.nodes import Mapping, Node, Scalar, Sequence, to_python
from evaluator.documents.reading import decode
from evaluator.server import problems
from evaluator.server.entities import Entities, Entity, StoredEntities
from evaluator.server.sources.opening import open_query
from evaluator.server.sources.place import Place
from evaluator.server.sources.queried import QueriedEntities, Query

__all__ = ["read_entities"]

_PARTS: Final = ("subjects", "resources", "actions")
# The file is as long as it may be; how many values that makes is not for this to say.
_LIMITS: Final = Limits(max_nodes=50_000_000)

Read = tuple[Entities | None, tuple[Diagnostic, ...]]
Report = Callable[[Diagnostic], None]


def read_entities(
    data: bytes, name: str, *, folder: Path = Path(), report: Report = lambda _: None
) -> Read:
    """The entities of a file, or None and what is wrong with it.

    The file has ``subjects`` and ``resources``, lists of ``{type, id, properties}``, and
    ``actions``, a list of names; each may be left out, and each may be ``{url, query}`` instead,
    for what a database has. Files of databases are named from ``folder`` on. ``report`` is told of
    databases that fail later.
    """
    is_json = False
    if data.lstrip()[:1] == b"{":
        value, diagnostics = load_json(data)
        is_json = not diagnostics
        if is_json and _is_sound(value):
            return _stored(value, data), ()
    source = decode(data, name)
    if isinstance(source, Diagnostic):
        return None, (source,)
    # JSON may write characters in ways that YAML has not.
    document = parse_json(source) if is_json else compose(source, limits=_LIMITS)
    found = list(document.diagnostics)
    root = document.root
    if root is not None and not document.has_errors:
        found += _problems(root)
    if not isinstance(root, Mapping) or _have_errors(found):
        return None, tuple(found)
    queries, unusable = _queries(root, name, folder, report)
    found += unusable
    if _have_errors(found):
        return None, tuple(found)
    stored = _stored(
        {
            key.text: to_python(value)
            for key, value in root.entries
            if not isinstance(value, Mapping)
        },
        data,
    )
    if not queries:
        return stored, tuple(found)
    return QueriedEntities(stored, queries, version=stored.version), tuple(found)


def _have_errors(found: list[Diagnostic]) -> bool:
    return any(item.severity is Severity.ERROR for item in found)


def _stored(entries: dict[str, Any], data: bytes) -> StoredEntities:
    return StoredEntities(
        map(_entity, entries.get("subjects", [])),
        map(_entity, entries.get("resources", [])),
        entries.get("actions", []),
        version=hashlib.sha256(data).hexdigest(),
    )


def _entity(entry: dict[str, Any]) -> Entity:
    return Entity(entry["type"], entry["id"], entry.get("properties") or {})


# JSON in which nothing is wrong, which takes a tenth of the time and memory


def _is_sound(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() <= set(_PARTS)
        and all(isinstance(entries, list) for entries in value.values())
        and all(isinstance(name, str) for name in value.get("actions", ()))
        and all(
            all(map(_is_entity, entries)) and _all_differ(entries)
            for part, entries in value.items()
            if part != "actions"
        )
    )


def _is_entity(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("type"), str)
        and isinstance(entry.get("id"), str)
        and isinstance(entry.get("properties", {}), dict)
    )


def _all_differ(entries: list[dict[str, Any]]) -> bool:
    return len({(entry["type"], entry["id"]) for entry in entries}) == len(entries)


# Documents with places, to tell what is wrong


def _problems(root: Node) -> Iterator[Diagnostic]:
    if not isinstance(root, Mapping):
        yield problems.entities_shape(root.span)
        return
    for key, value in root.entries:
        if key.text not in _PARTS:
            yield problems.entities_key(key.span, key.text)
        elif isinstance(value, Mapping):
            continue  # a query
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


# Queries


def _queries(
    root: Mapping, name: str, folder: Path, report: Report
) -> tuple[dict[str, Query], list[Diagnostic]]:
    queries: dict[str, Query] = {}
    found: list[Diagnostic] = []
    for key, value in root.entries:
        if not isinstance(value, Mapping):
            continue
        place = Place(key.text, name, key.span if _are_apart(key, value) else None)
        wrong = [
            *(problems.query_key(place, other) for other in value if other not in _TEXTS),
            *(problems.query_text(place, text) for text in _TEXTS if not _is_text(value.get(text))),
        ]
        if wrong:
            found += wrong
            continue
        url, query = (value.members[text][1] for text in _TEXTS)
        assert isinstance(url, Scalar)
        assert isinstance(query, Scalar)
        opened = open_query(url.text, query.text, place, folder, report)
        problem = opened if isinstance(opened, Diagnostic) else opened.problem()
        if problem is not None:
            found.append(problem)
        elif isinstance(opened, Query):
            queries[key.text] = opened
    return queries, found


_TEXTS: Final = ("url", "query")


def _are_apart(key: Scalar, value: Mapping) -> bool:
    """Whether a key stands on another line than its value, which has an address in it."""
    return "\n" in key.source.text[key.end : value.start]
