"""The value of an expression for a terminal: alone, as an error, or with that of every part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

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
    return _Picture(list(_lines(root, "", "", set())))


class _Picture:
    """Two columns; the values get what they need, as far as the parts keep most of the width."""

    def __init__(self, rows: list[tuple[Text, Text]]) -> None:
        self._rows = rows

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = min(options.max_width, _WIDEST)
        parts = max(part.cell_len for part, _ in self._rows)
        values = max(value.cell_len for _, value in self._rows)
        values = min(values, max(width - parts - _GAP, width // 3))
        parts = min(parts, width - values - _GAP)
        for part, value in self._rows:
            part.truncate(parts, overflow="ellipsis", pad=True)
            value.truncate(values, overflow="ellipsis")
            yield Text.assemble(part, " " * _GAP, value, no_wrap=True)


def _lines(
    node: Node, first: str, rest: str, drawn: set[tuple[str, int, int]]
) -> Iterator[tuple[Text, Text]]:
    """The line of a node and those below it; ``first`` and ``rest`` are the guides before them.

    What a variable stands for is drawn where it is first used.
    """
    text = Text().append(first, "dim")
    if node.label == "definition":
        text.append("= ", "dim")
    elif node.label:
        label = Text(visible(node.label))
        label.truncate(_LABEL, overflow="ellipsis")
        text.append(f"with {label}: ", "dim")
    text.append(visible(node.text), "" if node.matters else "dim")
    yield text, _value(node)
    shown = []
    for child in _summarised(_worth_showing(node)):
        if not isinstance(child, str) and child.label == "definition":
            place = (child.at.file, child.at.line, child.at.column)
            if place in drawn:
                continue
            drawn.add(place)
        shown.append(child)
    for number, child in enumerate(shown):
        last = number == len(shown) - 1
        branch, below = ("└ ", "  ") if last else ("├ ", "│ ")
        if isinstance(child, str):
            yield Text(f"{rest}{branch}{child}", "dim"), Text()
        else:
            yield from _lines(child, rest + branch, rest + below, drawn)


def _value(node: Node) -> Text:
    if node.kind == "skipped":
        return Text("not evaluated", "dim italic")
    if node.kind == "error":
        kind, _, _ = (node.value or "").partition(":")
        return Text(f"error {kind}", "bold red")
    text = visible(node.value or "")
    return Text(text, _style(text) if node.matters else "dim")


def _worth_showing(node: Node) -> Iterator[Node]:
    """The parts of a node that tell more than the line of the node itself."""
    for child in node.children:
        if child.label is None and child.text == node.text and child.value == node.value:
            yield from _worth_showing(child)
        else:
            yield child


def _summarised(parts: Iterable[Node]) -> Iterator[Node | str]:
    """The parts, of the turns of a long loop the first few and the last."""
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
    left = len(labels) - len(kept)
    yield f"… and {left} more {'turn' if left == 1 else 'turns'}"
    yield from (turn for turn in turns if turn.label == labels[-1])


_STYLES: Final = {"true": "bold green", "false": "bold red"}


def _style(text: str) -> str:
    return _STYLES.get(text, "cyan")
