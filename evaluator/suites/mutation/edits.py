"""Changes of the nodes of a YAML document as edits of its text; what is around stays as it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluator.documents.fragments import escape
from evaluator.documents.nodes import Mapping, Node, Scalar
from evaluator.documents.nodes import Sequence as SequenceNode
from evaluator.documents.writing import may_be_plain, quoted
from evaluator.source import Source
from evaluator.suites.mutation.mutants import Edit, edited

__all__ = [
    "flow_scalars",
    "replaced",
    "swapped",
    "with_entry",
    "within",
    "without_entry",
    "without_item",
]


def flow_scalars(root: Node) -> frozenset[Scalar]:
    """The single values that stand inside ``[...]`` or ``{...}``."""
    return frozenset(_in_flow(root))


def _in_flow(root: Node) -> Iterator[Scalar]:
    waiting: list[tuple[Node, bool]] = [(root, False)]
    while waiting:
        node, inside = waiting.pop()
        if isinstance(node, Scalar):
            if inside:
                yield node
        elif isinstance(node, SequenceNode):
            waiting += [(item, inside or node.flow) for item in node.items]
        else:
            waiting += [(value, inside or node.flow) for _, value in node.entries]


def replaced(node: Scalar, text: str, *, flow: bool) -> Edit:
    """The value says something else; ``flow`` tells that it stands inside brackets."""
    if node.style == "plain" and may_be_plain(text, flow=flow):
        return Edit(node.start, node.end, text)
    if node.style == "'" and "\n" not in text:
        return Edit(node.start, node.end, "'" + text.replace("'", "''") + "'")
    return Edit(node.start, node.end, quoted(text))


def within(node: Scalar, edit: Edit, *, flow: bool) -> Edit:
    """A stretch of what the value says is replaced, by offsets in ``node.text``.

    The rest stays as it is written where the style of the value allows for it.
    """
    meant = edited(node.text, (edit,))
    text = edit.text
    # The line break at the end of a block belongs to what comes next.
    end = min(edit.end, len(node.text.rstrip("\n"))) if node.style in "|>" else edit.end
    start, stop = _stretch(node, edit.start, end)
    if node.style == "plain":
        if not may_be_plain(meant, flow=flow):
            return replaced(node, meant, flow=flow)
    elif node.style in "|>":
        # The first line of a block tells how deep it is indented, so it must begin with something.
        if "\n" in text or not meant[:1].strip():
            return replaced(node, meant, flow=flow)
    elif node.style == "'":
        text = text.replace("'", "''")
    else:
        text = quoted(text)[1:-1]
    return Edit(start, stop, text)


def _stretch(node: Scalar, start: int, end: int) -> tuple[int, int]:
    """Where a stretch of what the value says stands in the source, escapes taken whole."""
    fragment, raw = node.fragment, node.source.text
    first = fragment.source_offset(start)
    if end <= start:
        return first, first
    last = fragment.source_offset(end - 1)
    if node.style == '"' and raw[last] == "\\":
        return first, last + escape(raw, last, node.end)[1]
    return first, last + (2 if node.style == "'" and raw[last] == "'" else 1)


def without_item(node: SequenceNode, number: int) -> Edit:
    """The list without one of its items; an emptied one is written ``[]``."""
    return _without(node, [(item.start, item.end) for item in node.items], number, "[]")


def without_entry(node: Mapping, key: str) -> Edit:
    """The mapping without a key and its value; an emptied one is written ``{}``."""
    places = [(name.start, max(name.end, value.end)) for name, value in node.entries]
    return _without(node, places, list(node).index(key), "{}")


def _without(
    node: SequenceNode | Mapping, places: Sequence[tuple[int, int]], number: int, empty: str
) -> Edit:
    if len(places) == 1:
        return Edit(node.start, node.end, empty)
    start, end = places[number]
    if node.flow:
        if number + 1 < len(places):
            return Edit(start, places[number + 1][0], "")
        return Edit(places[number - 1][1], end, "")
    text = node.source.text
    if isinstance(node, SequenceNode):
        start = text.rindex("-", 0, start)
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip(" "):
        # It shares its line with a dash above it, so that the next one moves up to here.
        following = places[number + 1][0]
        if isinstance(node, SequenceNode):
            following = text.rindex("-", 0, following)
        return Edit(start, following, "")
    stop = text.find("\n", end)
    return Edit(line, len(text) if stop < 0 else stop + 1, "")


def with_entry(node: Mapping, before: str, entry: str) -> Edit:
    """The mapping with an entry more, ``mode: report``, right before that of a key."""
    at = node.members[before][0].start
    between = ", " if node.flow else "\n" + " " * _column(node.source, at)
    return Edit(at, at, entry + between)


def _column(source: Source, offset: int) -> int:
    return source.position(offset).column - 1


def swapped(node: SequenceNode, number: int) -> tuple[Edit, Edit]:
    """An item of a list and the next one, each in the place of the other."""
    text = node.source.text
    one, other = node.items[number], node.items[number + 1]
    return (
        Edit(one.start, one.end, text[other.start : other.end]),
        Edit(other.start, other.end, text[one.start : one.end]),
    )
