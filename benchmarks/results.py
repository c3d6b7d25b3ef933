"""What a benchmark found: tables to read, figures for programs; and their plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from benchmarks.measuring import Spread, spread

__all__ = ["TIMES", "Result", "Table", "duration", "range_of", "ratio", "rows_of", "text"]

WIDTH: Final = 100
TIMES: Final = ("", "time", "p10 .. p90", "ratio", "p10 .. p90")
"""The columns of ``rows_of``."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; the first column is text, the others are figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Table:
        rows = tuple(tuple(row) for row in data["rows"])
        return cls(data["title"], tuple(data["columns"]), rows)


@dataclass(frozen=True, slots=True)
class Result:
    """``values`` are the raw figures by name, ``notes`` what one has to know to read the tables."""

    tables: tuple[Table, ...]
    notes: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


def duration(seconds: float) -> str:
    """Seconds in the unit that suits them, with three digits."""
    for unit, factor in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        if seconds * factor >= 1:
            return f"{_three_digits(seconds * factor)} {unit}"
    return f"{_three_digits(seconds * 1e9)} ns"


def ratio(value: float) -> str:
    """A ratio with as many decimals as it deserves."""
    return f"{value:.2f}" if value < 10 else f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def range_of(figures: Spread, shown: Any = ratio) -> str:
    """From the tenth that is least to the tenth that is most."""
    return f"{shown(figures.p10)} .. {shown(figures.p90)}"


def rows_of(
    seconds: Mapping[str, Sequence[float]], against: Mapping[str, Spread], prefix: str = ""
) -> tuple[tuple[str, ...], ...]:
    """By rival: how long it takes, and how much longer than the reference, each with its range."""
    return tuple(
        (
            prefix + name,
            duration(spread(own).median),
            range_of(spread(own), duration),
            ratio(against[name].median),
            range_of(against[name]),
        )
        for name, own in seconds.items()
    )


def text(result: Result, environment: Mapping[str, Any]) -> str:
    """Everything as plain text of at most 100 columns, without colours."""
    parts = [_environment(environment)]
    parts += [_table(table) for table in result.tables]
    if result.notes:
        parts.append("\n".join(_wrapped(f"* {note}", "  ") for note in result.notes))
    return "\n\n".join(parts) + "\n"


def _three_digits(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:.1f}" if value < 100 else f"{value:,.0f}"


def _environment(environment: Mapping[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in environment["versions"].items())
    machine = environment["machine"]
    return "\n".join(
        (
            _wrapped(f"machine   {machine}", " " * 10),
            _wrapped(f"versions  {versions}", " " * 10),
            _wrapped(f"commit    {environment['commit']}", " " * 10),
        )
    )


def _table(table: Table) -> str:
    widths = [
        max(len(row[column]) for row in (table.columns, *table.rows))
        for column in range(len(table.columns))
    ]
    lines = [_wrapped(table.title, "")]
    lines += [_line(table.columns, widths), "  ".join("-" * width for width in widths)]
    lines += [_line(row, widths) for row in table.rows]
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first = cells[0].ljust(widths[0])
    others = [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True)]
    return "  ".join((first, *others)).rstrip()


def _wrapped(line: str, indent: str) -> str:
    return textwrap.fill(line, WIDTH, subsequent_indent=indent, break_long_words=False)
