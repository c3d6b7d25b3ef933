"""The verification of decision logs: cuts, edits, gaps and records that have been moved."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from evaluator.diagnostics import Diagnostic
from evaluator.history import problems
from evaluator.history.chain import Head, Link, Sealed, Sealer, read_sealed
from evaluator.history.log import LONGEST

__all__ = ["Chain", "Finding", "Verification", "first_link"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and where. ``line`` is None for what a whole file lacks."""

    file: str
    line: int | None
    diagnostic: Diagnostic

    @property
    def place(self) -> str:
        """Such as ``decisions.jsonl:17``."""
        return self.file if self.line is None else f"{self.file}:{self.line}"


@dataclass(slots=True, eq=False)
class Chain:
    """What has been read of a chain: its first record, its last, how many, and where that stands.

    ``first`` is greater than 1 where older files of the log are not there.
    """

    first: int
    last: Link
    count: int
    place: str


class Verification:
    """Reads the files of a log in their order; afterwards ``chains`` has what they hold."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer
        self._wanted: dict[tuple[str, int], Head] = {}
        self._heads: list[tuple[str, Head]] = []
        self.chains: dict[str, Chain] = {}

    def expect(self, head: Head, file: str) -> None:
        """Says that the log has come at least so far. To be called before the files are read."""
        if head.number:
            self._heads.append((file, head))
            self._wanted[head.chain, head.number] = head

    def read(self, stream: BinaryIO, file: str) -> Iterator[Finding]:
        """Reads a file in constant memory, and gives what is wrong with it as it comes.

        What keeps the file from being read to its end is the last that comes.
        """
        number = 0
        while True:
            number += 1
            try:
                line = _line(stream)
            except (OSError, EOFError, zlib.error) as error:
                said = str(error) or type(error).__name__
                yield Finding(file, number, problems.log_unreadable(said))
                return
            if line == b"":
                return
            for diagnostic in self._read(line, f"{file}:{number}"):
                yield Finding(file, number, diagnostic)

    def _read(self, line: bytes | None, place: str) -> Iterator[Diagnostic]:
        sealed = None if line is None else read_sealed(line[:-1])
        if line is None:
            yield problems.record_too_long(LONGEST)
        elif not line.endswith(b"\n"):
            yield problems.line_unfinished()
        elif sealed is None:
            yield problems.line_unchained()
        else:
            yield from self._add(sealed, place)

    def finish(self) -> Iterator[Finding]:
        """What the log lacks of what was expected of it. To be called when all files are read."""
        for file, head in self._heads:
            chain = self.chains.get(head.chain)
            if chain is None:
                yield Finding(file, None, problems.log_cut(head.number, None))
            elif chain.last.number < head.number:
                yield Finding(file, None, problems.log_cut(head.number, chain.last.number))

    def _add(self, sealed: Sealed, place: str) -> Iterator[Diagnostic]:
        link = sealed.link
        if not self._sealer.is_kind(sealed):
            yield problems.seal_of_another_kind(is_keyed=self._sealer.is_keyed)
        elif not self._sealer.is_genuine(sealed):
            yield problems.record_altered(link.number, is_keyed=self._sealer.is_keyed)
        wanted = self._wanted.get((link.chain, link.number))
        if wanted is not None and wanted.hash != link.hash:
            yield problems.record_replaced(link.number)
        chain = self.chains.get(link.chain)
        if chain is None:
            if link.number == 1 and sealed.previous is not None:
                yield problems.record_unlinked(link.number)
            self.chains[link.chain] = Chain(link.number, link, 1, place)
            return
        chain.count += 1
        last = chain.last
        if link.number <= last.number:
            yield problems.record_moved(link.number, last.number, chain.place)
            return
        if link.number > last.number + 1:
            yield problems.records_missing(last.number + 1, link.number - 1, chain.place)
        elif sealed.previous != last.hash:
            yield problems.record_unlinked(link.number)
        chain.last = link
        chain.place = place


def _line(stream: BinaryIO) -> bytes | None:
    """The next line, empty at the end; None for one that is too long, which is passed over."""
    line = stream.readline(LONGEST + 1)
    if len(line) <= LONGEST or line.endswith(b"\n"):
        return line
    while line and not line.endswith(b"\n"):
        line = stream.readline(LONGEST)
    return None


def first_link(stream: BinaryIO) -> Link | None:
    """The link of the first record in a file, by which files are put into their order."""
    try:
        sealed = read_sealed(stream.readline(LONGEST).removesuffix(b"\n"))
    except (OSError, EOFError, zlib.error):  # reading it through tells of that
        return None
    return None if sealed is None else sealed.link
