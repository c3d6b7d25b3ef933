"""The variants of a pack: its request schemas, and which actions each is for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaluator.diagnostics import Diagnostic, Diagnostics
from evaluator.documents.json_documents import SCHEMA_CODES, parse_json
from evaluator.documents.nodes import Scalar
from evaluator.documents.reading import read_source
from evaluator.policy import pack_problems, problems
from evaluator.policy.packs import PackSource
from evaluator.policy.patterns import ANY, Patterns, pattern_problem
from evaluator.policy.reading import entries
from evaluator.policy.request_types import UNTYPED, RequestType, from_schema

__all__ = ["Actions", "read_variants"]


@dataclass(frozen=True, slots=True, eq=False)
class Actions:
    """A request type with the actions whose requests it describes.

    ``before`` are the actions of the variants that come first and hence have a say first.
    """

    request_type: RequestType
    actions: Patterns
    before: Patterns

    def concerns(self, patterns: Patterns) -> bool:
        """Whether an action that matches the patterns may come to this variant."""
        if self.actions is ANY and patterns.texts:
            return True
        return any(
            one.overlaps(self.actions) and not one.within(self.before)
            for one in (Patterns((text,)) for text in patterns.texts)
        )


def read_variants(pack: PackSource, diagnostics: Diagnostics) -> tuple[Actions, ...]:
    """The request types of a pack, each read once; the last is for all actions that are left.

    Actions that share a schema share a variant unless the order of the patterns tells them apart.
    """
    node = pack.root.get("request")
    reader = _Reader(pack, diagnostics)
    if isinstance(node, Scalar):
        return (Actions(reader.read(node), ANY, Patterns(())),)
    groups: list[tuple[RequestType, list[str]]] = []
    for key, value in entries(node):
        problem = pattern_problem(key.text)
        if problem is not None:
            diagnostics.add(problems.pattern_invalid(key.span, key.text, problem))
        elif isinstance(value, Scalar):
            _place(groups, reader.read(value), key.text)
    if not any(Patterns(("**",)).within(Patterns(tuple(texts))) for _, texts in groups):
        groups.append((UNTYPED, ["**"]))
    return tuple(_actions(groups))


def _place(groups: list[tuple[RequestType, list[str]]], type_: RequestType, text: str) -> None:
    pattern = Patterns((text,))
    for known, texts in reversed(groups):
        if known is type_:
            texts.append(text)
            return
        if pattern.overlaps(Patterns(tuple(texts))):
            break
    groups.append((type_, [text]))


def _actions(groups: list[tuple[RequestType, list[str]]]) -> Iterator[Actions]:
    before: list[str] = []
    for type_, texts in groups:
        yield Actions(type_, Patterns(tuple(texts)), Patterns(tuple(before)))
        before.extend(texts)


class _Reader:
    """Reads schemas, each file once, whatever number of actions it is for."""

    def __init__(self, pack: PackSource, diagnostics: Diagnostics) -> None:
        self._pack = pack
        self._diagnostics = diagnostics
        self._known: dict[str, RequestType] = {}

    def read(self, node: Scalar) -> RequestType:
        """The request type of a file; ``UNTYPED``, after a report, where there is none."""
        path = self._pack.resolve(node, self._diagnostics)
        if path is None:
            return UNTYPED
        if path not in self._known:
            self._known[path] = self._read(node, path)
        return self._known[path]

    def _read(self, node: Scalar, path: str) -> RequestType:
        pack = self._pack
        if path not in pack.names:
            known = sorted(name for name in pack.names if name.lower().endswith(".json"))
            self._diagnostics.add(pack_problems.schema_missing(node.span, node.text, known))
            return UNTYPED
        name = pack.folder + path
        source = read_source(pack.files, name, at=node.span)
        if isinstance(source, Diagnostic):
            if name in pack.files.outside:
                source = pack_problems.path_leaves_pack(node.span, node.text)
            self._diagnostics.add(source)
            return UNTYPED
        document = parse_json(source, codes=SCHEMA_CODES)
        self._diagnostics.extend(document.diagnostics)
        if document.root is None or document.has_errors:
            return UNTYPED
        request_type, found = from_schema(document.root, path)
        self._diagnostics.extend(found)
        return request_type
