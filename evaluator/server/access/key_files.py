"""The file of API keys read: to keys, or to every problem that it has."""

from __future__ import annotations

from collections.abc import Iterator

from evaluator.diagnostics import Diagnostic, Severity
from evaluator.documents.nodes import Node, Scalar, to_python
from evaluator.language.instants import parse_instant
from evaluator.policy.reading import child, items, scalar
from evaluator.server.access.keys import ApiKey, KeyRing
from evaluator.server.config import problems
from evaluator.server.config.reading import read_document

__all__ = ["read_keys"]


def read_keys(data: bytes, name: str) -> tuple[KeyRing | None, tuple[Diagnostic, ...]]:
    """The keys in a file, or None and what is wrong with it. Never raises."""
    root, found = read_document(data, name, "api-keys")
    if root is None:
        return None, found
    found = (*found, *_problems(root))
    if any(item.severity is Severity.ERROR for item in found):
        return None, found
    return KeyRing(map(_key, to_python(root)["keys"])), found


def _key(entry: dict[str, str | list[str]]) -> ApiKey:
    expires, scopes = entry.get("expires"), entry.get("scopes")
    return ApiKey(
        str(entry["name"]),
        bytes.fromhex(str(entry["sha256"])),
        None if expires is None else parse_instant(str(expires)),
        None if scopes is None else tuple(scopes),
    )


def _problems(root: Node) -> Iterator[Diagnostic]:
    known: dict[str, Scalar] = {}
    for item in items(child(root, "keys")):
        name, digest = scalar(child(item, "name")), scalar(child(item, "sha256"))
        expires = scalar(child(item, "expires"))
        if expires is not None and parse_instant(expires.text) is None:
            yield problems.expiry(expires.span, expires.text)
        if name is not None and digest is not None:
            first = known.setdefault(digest.text, digest)
            if first is not digest:
                yield problems.key_repeated(digest.span, name.text, first.span)
