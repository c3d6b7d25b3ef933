"""The value of an expression for a terminal: alone, as an error, or with that of every part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.text import Text

from evaluator.decision.explanation import Node
from evaluator.language.printer import print_value
from evaluator.language.values import ErrorValue
from evaluator.render.diagnostics_text import excerpt
from evaluator.render.escape import visible
from evaluator.source import Span

__all__ = ["error_text", "tree_text", "value_text"]

_WIDEST: Final = 110
_GAP: Final = 3
_LABEL: Final = 24
_MOST_TURNS: Final = 5
"""So many turns of a loop are shown; of longer ones the first, and those that decided."""


def value_text(value: Any) -> RenderableType:
    """The value as an expression would spell it."""
    text = visible(print_value(value))
    return Text(text, _style(text), overflow="fold")


def error_text(error: ErrorValue, span: Span | None) -> RenderableType:
    """What went wrong, and the part of the expression where it did."""
    head = Text(f"error {error.kind}: ", "bold red").append(visible(error.message), "bold")
    if span is None:
        return head
    place = excerpt(span, width=76)
    place.rstrip()
    return Group(head, place)


def tree_text(root: Node) -> RenderableType:
    """Each part of the expression in a line, below what it is a part of, and its value beside it.

    Dim is what did not matter. Long parts and values are cut, so that the picture stays one.
    """
    return _Picture(root)


class _Guides(NamedTuple):
    """How a branch begins, the last one, what stands below either, and what is left out."""

    branch: str
    last: str
    below: str
    below_last: str
    more: str


_LINES: Final = _Guides("├ ", "└ ", "│ ", "  ", "…")
_LETTERS: Final = _Guides("+ ", "` ", "| ", "  ", "...")  # for terminals that know ASCII alone


class _Picture:
    """Two columns; the values get what they need, as far as the parts keep most of the width."""

    def __init__(self, root: Node) -> None:
        self._root = root
        # What a variable stands for is drawn where it is first used.
        self._drawn: set[tuple[str, int, int]] = set()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        self._drawn.clear()
        guides = _LETTERS if options.ascii_only else _LINES
        rows = list(self._lines(self._root, "", "", guides))
        width = min(options.max_width, _WIDEST)
        parts = max(part.cell_len for part, _ in rows)
        values = max(value.cell_len for _, value in rows)
        values = min(values, max(width - parts - _GAP, width // 3))
        parts = min(parts, width - values - _GAP)
        for part, value in rows:
            _cut(part, parts, guides)
            _cut(value, values, guides)
            part.pad_right(parts - part.cell_len)
            yield Text.assemble(part, " " * _GAP, value, no_wrap=True)

    def _lines(
        self, node: Node, first: str, rest: str, guides: _Guides
    ) -> Iterator[tuple[Text, Text]]:
        """The line of a node and those below it; ``first`` and ``rest`` stand before them."""
        text = Text().append(first, "dim")
        if node.label == "definition":
            text.append("= ", "dim")
        elif node.label:
            label = Text(visible(node.label))
            _cut(label, _LABEL, guides)
            text.append(f"with {label}: ", "dim")
        text.append(visible(node.text), "" if node.matters else "dim")
        yield text, _value(node)
        shown = [child for child in _summarised(node.telling()) if self._is_new(child)]
        for number, child in enumerate(shown):
            last = number == len(shown) - 1
            branch = guides.last if last else guides.branch
            if isinstance(child, int):
                turns = "turn" if child == 1 else "turns"
                yield Text(f"{rest}{branch}{guides.more} and {child} more {turns}", "dim"), Text()
            else:
                below = guides.below_last if last else guides.below
                yield from self._lines(child, rest + branch, rest + below, guides)

    def _is_new(self, child: Node | int) -> bool:
        if isinstance(child, int) or child.label != "definition":
            return True
        place = (child.at.file, child.at.line, child.at.column)
        known = place in self._drawn
        self._drawn.add(place)
        return not known


def _cut(text: Text, width: int, guides: _Guides) -> None:
    if text.cell_len > width:
        text.truncate(max(width - len(guides.more), 0))
        text.append(guides.more)


def _value(node: Node) -> Text:
    if node.kind == "skipped":
        return Text("not evaluated", "dim italic")
    if node.kind == "error":
        kind, _, _ = (node.value or "").partition(":")
        return Text(f"error {kind}", "bold red")
    text = visible(node.value or "")
    return Text(text, _style(text) if node.matters else "dim")


def _summarised(parts: Iterable[Node]) -> Iterator[Node | int]:
    """The parts; of a long loop the first turns, how many are left out, and the last."""
    turns: list[Node] = []
    for part in parts:
        if part.label and part.label != "definition":
            turns.append(part)
        else:
            yield part
    labels = list(dict.fromkeys(turn.label for turn in turns))
    if len(labels) <= _MOST_TURNS + 1:
        yield from turns
        return
    kept = {*labels[: _MOST_TURNS - 1], labels[-1]}
    yield from (turn for turn in turns[:-1] if turn.label in kept and turn.label != labels[-1])
    yield len(labels) - len(kept)
    yield from (turn for turn in turns if turn.label == labels[-1])


_STYLES: Final = {"true": "bold green", "false": "bold red"}


def _style(text: str) -> str:
    return _STYLES.get(text, "cyan")
