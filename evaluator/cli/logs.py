"""Logs and files of requests that a command reads, record by record, and what they lack."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import click

from evaluator.cli.screens import Color, console
from evaluator.diagnostics import Diagnostic
from evaluator.documents.json_documents import load_json
from evaluator.history.log import Damaged, Record, read_log, read_record
from evaluator.render.escape import visible

__all__ = ["Damage", "opened", "records"]

_MOST_SHOWN = 20


class Damage:
    """What is wrong with lines: counted, and shown on standard error, the first ones at least."""

    def __init__(self, color: Color) -> None:
        self._color = color
        self.count = 0

    def add(self, place: str, diagnostics: Sequence[Diagnostic]) -> None:
        """Tells of a damaged line."""
        self.count += 1
        if self.count <= _MOST_SHOWN:
            from rich.text import Text

            first = diagnostics[0]
            told = f" ({first.help})" if first.help else ""
            text = Text(f"{visible(place)}: ", "bold")
            text.append(f"damaged[{first.code}]", "magenta")
            text.append(f": {visible(first.message + told)}")
            console(self._color, err=True).print(text, soft_wrap=True)

    def finish(self) -> None:
        """Tells how many there were beyond those that were shown."""
        if self.count > _MOST_SHOWN:
            click.echo(f"and {self.count - _MOST_SHOWN:,} more damaged lines", err=True)


def records(names: Sequence[str], damage: Damage) -> Iterator[tuple[str, Record]]:
    """The records of some files with their places, ``log.jsonl:17``.

    Files that end in .json hold one record, or a list of them; all others, which may be compressed
    (.gz), and standard input (-) hold one a line.
    """
    for name in names:
        found = _document(Path(name)) if name.endswith(".json") else _lines(name)
        for one in found:
            place = f"{'<stdin>' if name == '-' else name}:{one.line}"
            if isinstance(one, Damaged):
                damage.add(place, one.diagnostics)
            else:
                yield place, one


def _lines(name: str) -> Iterator[Record | Damaged]:
    with opened(name) as stream:
        yield from read_log(stream)


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """A log to read, decompressed if its name ends in .gz; - is standard input."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115  # closed below
    except OSError as error:
        raise _unreadable(name, error) from None
    with file:
        yield cast(BinaryIO, gzip.GzipFile(fileobj=file)) if name.endswith(".gz") else file


def _document(path: Path) -> Iterator[Record | Damaged]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(str(path), error) from None
    value, diagnostics = load_json(data, name=str(path))
    if diagnostics:
        yield Damaged(1, diagnostics)
        return
    for number, item in enumerate(value if isinstance(value, list) else [value], 1):
        found = read_record(item, number)
        yield Damaged(number, found) if isinstance(found, tuple) else found


def _unreadable(name: str, error: OSError) -> click.UsageError:
    if isinstance(error, IsADirectoryError):
        return click.UsageError(f"{name!r} is a folder, not a file with requests.")
    return click.UsageError(f"{name!r}: {error.strerror or error}.")
