"""Text with places in it: sources, spans, fragments of a source, and where sources come from."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Protocol, runtime_checkable

__all__ = [
    "Files",
    "Folder",
    "Fragment",
    "MemoryFiles",
    "Position",
    "Segments",
    "Source",
    "Span",
]


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text as a person counts: line and column from 1, columns in code points."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A named text. Offsets are code points from 0; a line ends at LF, CR LF or CR."""

    name: str
    text: str
    _found: list[list[int]] = field(init=False, repr=False, default_factory=list)

    def __repr__(self) -> str:
        return f"Source({self.name!r}, {len(self.text)} code points)"

    @property
    def _starts(self) -> list[int]:
        """Where lines start; found when somebody asks, which of most sources nobody does."""
        if not self._found:
            self._found.append(_line_starts(self.text))
        return self._found[0]

    @property
    def line_count(self) -> int:
        return len(self._starts)

    def position(self, offset: int) -> Position:
        """The line and column of an offset; one past the end is a place too."""
        offset = max(0, min(offset, len(self.text)))
        starts = self._starts
        line = bisect_right(starts, offset)
        return Position(line, offset - starts[line - 1] + 1)

    def utf16_column(self, offset: int) -> int:
        """The column (from 1) in UTF-16 code units, as SARIF and language servers count."""
        start = self._starts[self.position(offset).line - 1]
        return len(self.text[start:offset].encode("utf-16-le", "surrogatepass")) // 2 + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column (both from 1), kept inside the text."""
        starts = self._starts
        start = starts[max(0, min(line, len(starts)) - 1)]
        return max(0, min(start + column - 1, len(self.text)))

    def line(self, number: int) -> str:
        """The text of a line (from 1) without its line break."""
        starts = self._starts
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def span(self, start: int, end: int) -> Span:
        """The span from one offset up to, not including, another."""
        return Span(self, start, max(start, end))


def _line_starts(text: str) -> list[int]:
    starts = [0]
    at = 0
    while True:
        feed = text.find("\n", at)
        carriage = text.find("\r", at, feed if feed >= 0 else len(text))
        if carriage >= 0:
            at = carriage + (2 if carriage + 1 == feed else 1)
        elif feed >= 0:
            at = feed + 1
        else:
            return starts
        starts.append(at)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a source: offsets in code points, the end exclusive. It may be empty."""

    source: Source
    start: int
    end: int

    @property
    def position(self) -> Position:
        return self.source.position(self.start)

    @property
    def end_position(self) -> Position:
        return self.source.position(self.end)

    @property
    def line(self) -> int:
        return self.position.line

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """The stretch from the start of this span to the end of another of the same source."""
        return Span(self.source, min(self.start, other.start), max(self.end, other.end))

    def __str__(self) -> str:
        return f"{self.source.name}:{self.position}"

    def __repr__(self) -> str:
        return f"Span({self}, {self.text[:40]!r})"


Segments = tuple[tuple[int, int], ...]
"""Pairs (offset in a fragment, offset in its source), ascending."""
_Search = tuple[Any, ...]  # a function and its arguments
_new = object.__new__


class Fragment:
    """A text that stands inside a source, perhaps with other offsets there. Nothing changes it.

    An expression in a folded or quoted YAML scalar differs from the file's text by indentation and
    escapes. From the first pair of ``segments`` on, fragment and source run in step until the next
    pair. ``end`` is the source offset of the end.
    """

    __slots__ = ("_where", "source", "text")

    def __init__(self, text: str, source: Source, segments: Segments, end: int) -> None:
        self.text = text
        self.source = source
        # In one, so that no thread sees half of it: where it stands, or what finds that.
        self._where: tuple[Segments, int] | _Search = (segments, end)

    def __repr__(self) -> str:
        return f"Fragment({self.text[:40]!r} of {self.source.name!r})"

    @classmethod
    def located(
        cls,
        text: str,
        source: Source,
        locate: Callable[..., tuple[Segments, int]],
        *arguments: Any,
    ) -> Fragment:
        """A fragment whose ``segments`` and ``end`` are found when somebody asks for them.

        Most fragments are never asked, and to find where they stand takes long.
        """
        made = _new(cls)
        made.text = text
        made.source = source
        made._where = (locate, *arguments)
        return made

    @property
    def segments(self) -> Segments:
        return self._found()[0]

    @property
    def end(self) -> int:
        return self._found()[1]

    def _found(self) -> tuple[Segments, int]:
        where = self._where
        if callable(where[0]):
            locate, *arguments = where
            where = self._where = locate(*arguments)
        return where

    @classmethod
    def whole(cls, text: str, name: str = "<expression>") -> Fragment:
        """A text that is its own source."""
        return cls(text, Source(name, text), ((0, 0),), len(text))

    def source_offset(self, offset: int) -> int:
        """Where a code point of the fragment stands in the source."""
        if offset >= len(self.text):
            return self.end
        index = bisect_right(self.segments, (offset, 1 << 62)) - 1
        start, at = self.segments[max(index, 0)]
        return at + offset - start

    def span(self, start: int, end: int) -> Span:
        """The stretch of the source that holds ``text[start:end]``."""
        first = self.source_offset(start)
        if end <= start:
            return Span(self.source, first, first)
        last = self.source_offset(end - 1)
        stop = last + 1
        raw = self.source.text
        following = self.source_offset(end)
        # An escape, such as \\n or '': it reaches up to where the next code point stands.
        if (raw[last:stop] == "\\" and following > stop) or (
            raw[last : stop + 1] == "''" and following == stop + 1
        ):
            stop = following
        return Span(self.source, first, max(first, stop))

    def part(self, start: int, end: int) -> Fragment:
        """``text[start:end]`` as a fragment of its own, its offsets from 0."""
        return Fragment.located(self.text[start:end], self.source, self._part, start, end)

    def _part(self, start: int, end: int) -> tuple[Segments, int]:
        inner = ((offset - start, at) for offset, at in self.segments if start < offset < end)
        place = self.span(start, end)
        return ((0, place.start), *inner), place.end

    @property
    def whole_span(self) -> Span:
        return self.span(0, len(self.text))


@runtime_checkable
class Files(Protocol):
    """Where the files of packs are read from: a folder, a git revision, an overlay of edits.

    Names are relative, with ``/`` between the parts, whatever the machine's habit.
    """

    def names(self) -> Iterable[str]:
        """The names of all files there are, in no particular order."""
        ...

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises ``OSError`` when it cannot be read."""
        ...


class Folder:
    """The files below a folder on disk. Links that lead out of it are not followed."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def __repr__(self) -> str:
        return f"Folder({str(self.path)!r})"

    def names(self) -> Iterator[str]:
        for folder, folders, files in os.walk(self.path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                yield (Path(folder) / name).relative_to(self.path).as_posix()

    def read(self, name: str) -> bytes:
        path = self.path.joinpath(*PurePosixPath(name).parts)
        if not path.resolve().is_relative_to(self.path.resolve()):
            raise PermissionError(f"{name} leads out of the folder")
        if path.exists() and not path.is_file() and not path.is_dir():
            raise OSError(f"{name} is no regular file")  # reading a pipe would wait for a writer
        return path.read_bytes()


class MemoryFiles:
    """Files held in memory: what tests, editors and untrusted text use."""

    def __init__(self, files: Mapping[str, bytes | str]) -> None:
        self._files = {
            name: text.encode("utf-8") if isinstance(text, str) else bytes(text)
            for name, text in files.items()
        }

    def __repr__(self) -> str:
        return f"MemoryFiles({sorted(self._files)})"

    def names(self) -> Iterator[str]:
        return iter(sorted(self._files))

    def read(self, name: str) -> bytes:
        try:
            return self._files[name]
        except KeyError:
            raise FileNotFoundError(f"there is no file {name}") from None
