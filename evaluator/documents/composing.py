"""YAML text to nodes that carry their places, with every problem that can be found in one go.

Of YAML only what a policy needs is taken: one document of mappings with text keys, lists and
scalars. Tags, anchors, aliases, merge keys and directives are refused, so nothing is read twice and
no file can unfold in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from evaluator.diagnostics import Diagnostic
from evaluator.documents import problems
from evaluator.documents.limits import DEFAULT_LIMITS, Limits
from evaluator.documents.lines import is_comment, line_at
from evaluator.documents.nodes import Document, Mapping, Node, Scalar, Sequence, Style
from evaluator.documents.repairs import Repair, repaired
from evaluator.documents.scalars import may_resolve, resolve
from evaluator.source import Source, Span

__all__ = ["compose"]

# How often a file with syntax errors is read anew behind a repair, and how many code points that
# may take altogether: so many problems of this kind are enough for one look.
_MOST_REPAIRS: Final = 25
_MOST_REREAD: Final = 4_000_000

# Up to this code point a syntax error that libyaml tells of is confirmed by the parser in Python,
# which stops at the same place: libyaml was seen to fail early, once, on brackets without end.
_MOST_CONFIRMED: Final = 10_000

_BYTE_ORDER_MARK: Final = "\ufeff"
# What most texts are made of.
_FINE: Final = bytes((*b"\t\r\n", *range(0x20, 0x7F)))


def compose(
    source: Source, *, limits: Limits = DEFAULT_LIMITS, native: bool | None = None
) -> Document:
    """The document that a YAML text holds. Never raises, whatever the text.

    A root that comes with errors is what the text was probably meant to be: an expression that YAML
    cannot read unquoted, say, is there as a scalar. A byte order mark counts as no column, so the
    document's source leaves it out. ``native`` chooses the parser, True for libyaml and False for
    the one in Python; both say the same.
    """
    if source.text.startswith(_BYTE_ORDER_MARK):
        source = Source(source.name, source.text[1:])
    found = list(_characters(source))
    if found:
        return Document(source, None, tuple(found))
    repairs: dict[int, Repair] = {}
    for line in _directives(source):
        found.append(problems.directive(line))
        repairs[line.start] = Repair(line.start, line.end, " ")
    budget = _MOST_REREAD
    while True:
        composer = _Composer(source, limits, repairs)
        explained = composer.read(native)
        if explained is None:
            break
        diagnostic, repair = explained
        found.append(diagnostic)
        budget -= len(source.text)
        if repair is None or repair.start in repairs or len(repairs) == _MOST_REPAIRS or budget < 0:
            composer.root = None
            break
        repairs[repair.start] = repair
    found += composer.problems
    found.sort(key=lambda item: item.span.start if item.span else 0)
    return Document(source, composer.root, tuple(found[: limits.max_problems]))


def _characters(source: Source) -> Iterator[Diagnostic]:
    """A problem for each character that YAML does not allow, at the first place that it has.

    Line separators other than CR and LF are among them: YAML 1.1 ends lines at them, YAML 1.2 and
    editors do not, so that a line could hide in a comment.
    """
    text = source.text
    if text.isascii() and not text.encode("ascii").translate(None, _FINE):
        return
    for character in sorted(set(text)):
        code = ord(character)
        if (
            (code < 0x20 and character not in "\t\r\n")
            or 0x7F <= code < 0xA0
            or 0xD800 <= code < 0xE000
            or code in (0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF)
        ):
            at = text.index(character)
            yield problems.bad_character(source.span(at, at + 1))


def _directives(source: Source) -> Iterator[Span]:
    """The lines above the document that begin with ``%``, but for one that says YAML 1.2."""
    text = source.text
    line = line_at(text, 0)
    while is_comment(text, line) or text[line.start] == "%":
        if text.startswith("%", line.start) and text[line.start : line.end].split() != _YAML_1_2:
            yield source.span(line.start, line.end)
        if line.next >= len(text):
            return
        line = line_at(text, line.next)


_YAML_1_2: Final = ["%YAML", "1.2"]
_YAML_TAGS: Final = frozenset(
    f"!!{name}"
    for name in (
        *("binary", "bool", "float", "int", "map", "merge"),
        *("null", "omap", "seq", "set", "str", "timestamp"),
    )
)


class _Composer:
    """One reading of a source, with some stretches of it repaired."""

    def __init__(self, source: Source, limits: Limits, repairs: dict[int, Repair]) -> None:
        self.root: Node | None = None
        self.problems: list[Diagnostic] = []
        self._source = source
        self._limits = limits
        self._repairs = repairs
        self._last: Scalar | None = None

    def read(self, native: bool | None) -> tuple[Diagnostic, Repair | None] | None:
        """Reads on to the end, or to a syntax error, which is returned with its repair."""
        from evaluator.documents import yaml_events
        from evaluator.documents.explaining import explain

        text = repaired(self._source.text, self._repairs)
        parser = yaml_events.open_parser(text, native=native)
        try:
            self.root = self._document(parser.get_event)
        except yaml_events.YAMLError as error:
            failure = yaml_events.failure_of(error)
            if native is not False and failure.at <= _MOST_CONFIRMED:
                self.problems.clear()
                return self.read(native=False)
            return explain(self._source, failure, self._last)
        return None

    def _document(self, get_event: Any) -> Node | None:
        """The root of the only document; None, and reported, when there is none or too much."""
        # This loop runs half a million times for a large pack, hence its plainness.
        from yaml import events

        scalar, alias = events.ScalarEvent, events.AliasEvent
        mapping, sequence = events.MappingStartEvent, events.SequenceStartEvent
        mapping_end, sequence_end = events.MappingEndEvent, events.SequenceEndEvent
        source, repairs = self._source, self._repairs
        stack: list[tuple[int, bool, list[Node], _Members | None, Node | None]] = []
        # What is inside of the innermost list, or else of the innermost mapping, with the key whose
        # value is to come. The problems with keys wait for the end of their mapping.
        nodes: list[Node] = []
        members: _Members | None = None
        key: Node | None = None
        waiting: dict[int, list[Diagnostic]] = {}
        node: Node
        end = 0  # of the last node
        left = self._limits.max_nodes
        while True:
            event = get_event()
            kind = type(event)
            left -= 1
            if left < 0:
                span = self._span(event.start_mark.index, event.end_mark.index)
                self._add(problems.too_many_nodes(span, self._limits.max_nodes))
                return None
            if kind is scalar:
                start = event.start_mark.index
                style: Style = event.style or "plain"
                if event.tag or event.anchor or start in repairs or style == "|" or style == ">":
                    node = self._scalar(event, start, style)
                    end = node.end
                else:
                    end = event.end_mark.index
                    node = Scalar(source, start, end, event.value, style)
                self._last = node
            elif kind is mapping or kind is sequence:
                start = event.start_mark.index
                if event.tag or event.anchor:
                    self._properties(start)
                stack.append((start, bool(event.flow_style), nodes, members, key))
                nodes, members, key = [], {} if kind is mapping else None, None
                if len(stack) > self._limits.max_depth:
                    span = self._span(start, event.end_mark.index)
                    self._add(problems.too_deep(span, self._limits.max_depth))
                    return None
                continue
            elif kind is mapping_end or kind is sequence_end:
                if waiting:
                    for problem in waiting.pop(len(stack), ()):
                        self._add(problem)
                start, flow, above, above_members, key = stack.pop()
                end = event.end_mark.index if flow else max(end, start)
                if members is not None:
                    node = Mapping(source, start, end, members, flow)
                else:
                    node = Sequence(source, start, end, tuple(nodes), flow)
                nodes, members = above, above_members
            elif kind is alias:
                before = nodes[-1] if nodes else key
                node = self._alias(event, before)
                end = node.end
            elif kind is events.DocumentStartEvent and nodes:
                at = event.start_mark.index
                self._add(problems.several_documents(self._span(at, line_at(source.text, at).end)))
                break
            elif kind is events.StreamEndEvent:
                break
            else:
                continue
            if members is None:
                nodes.append(node)
            elif key is None:
                key = node
            else:
                if (
                    type(key) is Scalar
                    and (text := key.text) not in members
                    and (key.style != "plain" or not may_resolve(text))
                    and text != "<<"
                ):
                    members[text] = (key, node)
                else:
                    waiting.setdefault(len(stack), []).extend(_odd_member(members, key, node))
                key = None
        root = nodes[0] if nodes else None
        if root is None or (type(root) is Scalar and root.style == "plain" and not root.text):
            if not self._repairs:  # else there was something
                self._add(problems.empty(self._span(0, 0)))
            return None
        return root

    def _span(self, start: int, end: int) -> Span:
        return Span(self._source, start, end)

    def _add(self, problem: Diagnostic) -> None:
        if len(self.problems) < self._limits.max_problems:
            self.problems.append(problem)

    def _scalar(self, event: Any, start: int, style: Style) -> Scalar:
        """A scalar that is a block, has a tag or an anchor, or was repaired."""
        source = self._source
        text = source.text
        end = event.end_mark.index
        repair = self._repairs.get(start)
        if repair is not None and repair.text is not None:
            return Scalar(source, start, repair.end, repair.text, "raw")
        if event.tag or event.anchor:
            value = self._properties(start, end)
            if value < 0:
                return Scalar(source, start, end, text[start:end], "raw")
            start = value
        if style in ("|", ">"):
            end = start + len(text[start:end].rstrip(" \t\r\n"))
        return Scalar(source, start, end, event.value, style)

    def _properties(self, at: int, end: int = -1) -> int:
        """Reports the tag and the anchor that a node begins with; where they end.

        -1 is returned for a tag that is one by accident: a scalar, up to ``end``, that begins with
        ``!`` and was meant as an expression.
        """
        text = self._source.text
        while text[at : at + 1] in ("!", "&"):
            token = at
            at += 1
            while at < len(text) and _is_of_property(text[token], text[at]):
                at += 1
            span = self._span(token, at)
            if text[token] == "&":
                self._add(problems.anchor(span))
            elif end < 0 or text[token:at] in _YAML_TAGS:
                self._add(problems.tag(span, known=True))
            else:
                self._add(problems.tag(self._span(token, end)))
                return -1
            while at < len(text) and text[at] in " \t\r\n":
                at += 1
        return at if end < 0 else min(at, end)

    def _alias(self, event: Any, before: Node | None) -> Scalar:
        start, end = event.start_mark.index, event.end_mark.index
        if not (type(before) is Scalar and _is_merge(before)):  # which is a problem by itself
            self._add(problems.alias(self._span(start, end)))
        return Scalar(self._source, start, end, self._source.text[start:end], "raw")


_Members = dict[str, tuple[Scalar, Node]]


def _odd_member(members: _Members, key: Node, value: Node) -> Iterator[Diagnostic]:
    """Adds a member whose key may be no text or be there already; what is wrong with it."""
    if type(key) is not Scalar:
        yield problems.key_not_a_string(key.span)
    elif _is_merge(key):
        yield problems.merge_key(key.span)
    elif key.text in members:
        yield problems.duplicate_key(key.span, key.text, members[key.text][0].span)
    else:
        if key.style == "plain" and not isinstance(resolve(key.text), str):
            yield problems.key_not_a_string(key.span)
        members[key.text] = (key, value)


def _is_of_property(indicator: str, character: str) -> bool:
    """Whether a character goes on with the name of an anchor, or else with a tag."""
    if indicator == "&":
        return character.isalnum() or character in "-_"
    return character not in " \t\r\n"


def _is_merge(key: Scalar) -> bool:
    return key.text == "<<" and key.style == "plain"
