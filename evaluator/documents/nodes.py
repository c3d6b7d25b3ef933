"""The nodes of a document: scalars, sequences and mappings that know where they stand.

YAML and JSON are read into the same nodes. A pack of 10,000 rules has half a million of them, so
they hold offsets only; spans, values and fragments are made when asked for. For the same reason
they are not frozen (which would make each three times as slow to create), but nothing changes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from evaluator.diagnostics import Diagnostic, Severity
from evaluator.documents.fragments import fragment_of
from evaluator.documents.scalars import ScalarValue, resolve
from evaluator.source import Fragment, Source, Span

__all__ = ["Document", "Mapping", "Node", "Scalar", "Sequence", "Style", "to_python"]

Style = Literal["plain", "raw", "'", '"', "|", ">"]
"""How a scalar is written. ``raw`` is source text taken as it stands, where YAML reads nonsense."""


@dataclass(slots=True, eq=False)
class Scalar:
    """A single value. ``text`` is what it says, quotes, escapes and folds removed."""

    source: Source
    start: int
    end: int
    text: str
    style: Style = "plain"

    @property
    def span(self) -> Span:
        """Where it stands, quotes and block header included."""
        return Span(self.source, self.start, self.end)

    @property
    def value(self) -> ScalarValue:
        """What it stands for: the text itself unless it is plain; see ``scalars.resolve``."""
        return resolve(self.text) if self.style == "plain" else self.text

    @property
    def fragment(self) -> Fragment:
        """The text with the place of each of its code points in the file."""
        return fragment_of(self.source, self.start, self.end, self.text, self.style)

    def __repr__(self) -> str:
        return f"Scalar({self.text[:40]!r} at {self.span})"


@dataclass(slots=True, eq=False)
class Sequence:
    """A list. ``flow`` tells ``[a, b]`` from items on lines of their own."""

    source: Source
    start: int
    end: int
    items: tuple[Node, ...]
    flow: bool

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    def __repr__(self) -> str:
        return f"Sequence({len(self.items)} items at {self.span})"


@dataclass(slots=True, eq=False)
class Mapping:
    """Keys with values, in the order they are written: ``members`` by the text of the key."""

    source: Source
    start: int
    end: int
    members: dict[str, tuple[Scalar, Node]]
    flow: bool

    @property
    def span(self) -> Span:
        return Span(self.source, self.start, self.end)

    @property
    def entries(self) -> tuple[tuple[Scalar, Node], ...]:
        """The keys and values."""
        return tuple(self.members.values())

    def get(self, key: str) -> Node | None:
        """The value of a key, or None when the mapping does not have it."""
        entry = self.members.get(key)
        return entry[1] if entry else None

    def entry(self, key: str) -> tuple[Scalar, Node] | None:
        """The key itself, for its place, and its value."""
        return self.members.get(key)

    def __contains__(self, key: str) -> bool:
        return key in self.members

    def __iter__(self) -> Iterator[str]:
        return iter(self.members)

    def __len__(self) -> int:
        return len(self.members)

    def __repr__(self) -> str:
        return f"Mapping({list(self.members)[:8]} at {self.span})"


Node = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """What reading a text yields: the root node where there is one, and every problem met.

    With errors, a root is the text as far as it can be guessed: good for finding further problems,
    not for use.
    """

    source: Source
    root: Node | None
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def has_errors(self) -> bool:
        return any(item.severity is Severity.ERROR for item in self.diagnostics)


def to_python(node: Node) -> Any:
    """The node as ``dict``, ``list``, ``str``, ``int``, ``float``, ``bool`` and ``None``."""
    result: list[Any] = [None]
    # What is still to be made, and where it goes: no depth of nesting uses up Python's stack.
    waiting: list[tuple[Node, Any, Any]] = [(node, result, 0)]
    while waiting:
        node, target, place = waiting.pop()
        if type(node) is Scalar:
            target[place] = resolve(node.text) if node.style == "plain" else node.text
        elif type(node) is Mapping:
            members = target[place] = dict.fromkeys(key.text for key, _ in node.entries)
            waiting += [(value, members, key.text) for key, value in node.entries]
        elif type(node) is Sequence:
            items = target[place] = [None] * len(node.items)
            waiting += [(item, items, at) for at, item in enumerate(node.items)]
    return result[0]
