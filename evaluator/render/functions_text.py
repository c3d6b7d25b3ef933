"""The reference of functions as text: the list of them by family, and all about one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from evaluator.language.functions.catalogue import FAMILIES, Entry
from evaluator.language.functions.registry import Example
from evaluator.language.values import ERROR_KINDS

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.text import Text

__all__ = ["functions_list", "functions_text"]

_HEADING: Final = "bold"
_NAME: Final = "cyan"
_ERROR: Final = "red"
# So long a line may be without its indentation.
_NARROW: Final = 76


def functions_list(entries: Iterable[Entry]) -> RenderableType:
    """A line for each entry, under the titles of the families."""
    from rich.console import Group
    from rich.text import Text

    shown = list(entries)
    width = max((len(entry.name) for entry in shown), default=0)
    parts: list[RenderableType] = []
    for family, members in groupby(shown, lambda entry: entry.family):
        if parts:
            parts.append(Text())
        parts.append(Text(FAMILIES[family], _HEADING))
        parts.append(_rows(((entry.name, entry.summary) for entry in members), width, _NAME))
    return Group(*parts)


def functions_text(entries: Iterable[Entry]) -> RenderableType:
    """All about some entries: what they do, how they are called, how they fail, examples."""
    from rich.console import Group
    from rich.text import Text

    parts: list[RenderableType] = []
    for entry in entries:
        if parts:
            parts.append(Text())
        parts.extend(_entry(entry))
    return Group(*parts)


def _entry(entry: Entry) -> Iterator[RenderableType]:
    from rich.text import Text

    family = FAMILIES[entry.family]
    yield Text.assemble((entry.name, f"{_HEADING} {_NAME}"), (f"  {family}", "dim"))
    yield Text(entry.summary)
    others = [name for name in entry.others if name[0].isalpha()]
    if others:
        yield Text(f"Also: {', '.join(others)}")
    yield Text("\nSignatures", _HEADING)
    for form in entry.forms:
        yield _indented(Text(form))
    yield Text("\nErrors", _HEADING)
    if entry.errors:
        width = max(map(len, entry.errors))
        yield _rows(((kind, ERROR_KINDS[kind]) for kind in entry.errors), width, _ERROR)
    else:
        yield _indented(Text("none of its own"))
    yield Text("\nCost", _HEADING)
    yield _indented(Text(entry.cost or "nothing"))
    yield Text("\nExamples", _HEADING)
    yield from _examples([(one.expression, _result(one)) for one in entry.examples])


def _result(example: Example) -> Text:
    from rich.text import Text

    result = Text("-> ", "dim")
    if example.error is None:
        return result.append(example.value, "not dim")
    return result.append(f"error {example.error}", f"not dim {_ERROR}")


def _examples(examples: Sequence[tuple[str, Text]]) -> Iterator[RenderableType]:
    """Expressions with their results behind them, or below where one is long."""
    from rich.text import Text

    width = max(len(expression) for expression, _ in examples)
    beside = all(width + 2 + len(result) <= _NARROW for _, result in examples)
    for expression, result in examples:
        if beside:
            yield _indented(Text(expression.ljust(width + 2)).append_text(result))
        else:
            yield _indented(Text(expression))
            yield _indented(result, 4)


def _indented(text: RenderableType, by: int = 2) -> RenderableType:
    from rich.padding import Padding

    return Padding(text, (0, 0, 0, by))


def _rows(rows: Iterable[tuple[str, str]], width: int, style: str) -> RenderableType:
    """Two columns, the first of which is never wrapped."""
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=2 + width, no_wrap=True)
    table.add_column(overflow="fold")
    for name, words in rows:
        table.add_row(Text(f"  {name}", style), Text(words))
    return table
