"""The file of a decision log: appended to in whole groups of lines, and begun anew when it is full.

Several processes may write to one file, each a group at a time. The lock is on the file of the head
(``decisions.jsonl.head``), which says how far the log has come, is written in place and never
renamed. It is held while lines are written, not while the disk takes them: what one process has
written is on disk when its own fsync has returned.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from evaluator.diagnostics import Diagnostic
from evaluator.history.chain import HEAD_SIZE, Link, Sealer, read_head, write_head
from evaluator.server.log import problems
from evaluator.server.log.rotation import begun_at, full_files, full_name, number_of
from evaluator.server.log.settings import Rotation
from evaluator.server.log.stamping import stamped
from evaluator.server.log.tails import NotOursError, SealedOtherwiseError, read_tail
from evaluator.server.log.writing import write_all

__all__ = ["ChainedFile"]

# What is written and taken back to see whether there is room; cut off like any line without an end.
_TRIAL: Final = b" " * 16 * 1024


class ChainedFile:
    """A log that records are chained in. Belongs to one thread.

    ``report`` hears of what was found at the end of the file: a line that was cut off, or that the
    log had been longer. ``clock`` tells nanoseconds since the epoch; nothing but the age of a file
    and ``written_at`` depends on it. Raises ``OSError``, ``NotOursError`` for a file that is no
    decision log, and ``SealedOtherwiseError``; none of them changes it.
    """

    def __init__(
        self,
        path: Path,
        sealer: Sealer,
        rotation: Rotation,
        *,
        report: Callable[[Diagnostic], None],
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self._path = Path(os.path.realpath(path))  # a link stays where it is when files change
        self._head_path = self._path.with_name(f"{self._path.name}.head")
        self._sealer = sealer
        self._rotation = rotation
        self._report = report
        self._clock = clock
        self._head: int | None = None
        self._file: int | None = None
        self._identity: tuple[int, int] | None = None
        self._end = 0
        self._begun: int | None = None
        self._link: Link | None = None
        try:
            with self._locked() as head:
                self._look(head)
        except BaseException:
            self._leave()
            raise

    @property
    def link(self) -> Link | None:
        """The last record, as far as this process knows."""
        return self._link

    def append(self, members: Sequence[bytes]) -> None:
        """Writes records, all or none, and returns when they are on disk. Raises ``OSError``.

        ``members`` are those of each record that are not of the chain. To write no records is to
        try whether some could be written.
        """
        if not (self._append(members) or self._append(members)):
            raise OSError(errno.ENOENT, "the file is removed as soon as it is written")

    def close(self) -> None:
        """Lets go of the files."""
        for descriptor in (self._file, self._head):
            if descriptor is not None:
                os.close(descriptor)
        self._file = self._head = None

    def _leave(self) -> None:
        """Lets go of a file that is not to be written, and leaves no head beside it."""
        if self._head is not None and not os.fstat(self._head).st_size:
            with suppress(OSError):
                self._head_path.unlink()
        self.close()

    def _append(self, members: Sequence[bytes]) -> bool:
        """Whether the records are in the file that has its name; False if that was removed."""
        with self._locked() as head:
            file, before = self._look(head)
            if members and self._is_full():
                file = self._rotate(file)
            start = self._end
            link = before
            lines = []
            now = self._clock()
            for item in stamped(members, now):
                line, link = self._sealer.seal(link, item)
                lines.append(line)
            data = b"".join(lines)
            try:
                write_all(file, data or _TRIAL)
            except OSError:
                os.ftruncate(file, start)
                raise
            if not members:
                os.ftruncate(file, start)
            elif self._begun is None:
                self._begun = now
            self._end += len(data)
            self._link = link
        try:
            os.fsync(file)
        except OSError:
            self._take_back(start, before)
            raise
        if os.fstat(file).st_nlink == 0:
            self._link = before
            return False
        with suppress(OSError), self._locked() as head:  # the records are there all the same
            self._note(head, link)
        return True

    def _take_back(self, start: int, before: Link) -> None:
        """Cuts off what may not have come to the disk, unless somebody has written behind it."""
        with self._locked():
            file, self._file = self._file, None  # an error is told once: do not ask this one again
            assert file is not None
            with suppress(OSError):
                if os.fstat(file).st_size == self._end:
                    os.ftruncate(file, start)
                    self._link = before
            os.close(file)

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """Holds the lock of the log; the file of the head."""
        while True:
            if self._head is None:
                self._head = os.open(self._head_path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
            head = self._head
            fcntl.flock(head, fcntl.LOCK_EX)
            if _identity(os.fstat(head)) == _identity_of(self._head_path):
                break
            self._head = None  # it was removed or replaced while we waited
            os.close(head)
        try:
            yield head
        finally:
            fcntl.flock(head, fcntl.LOCK_UN)

    def _look(self, head: int) -> tuple[int, Link]:
        """The file that has the name now, and the last record, whoever has written it."""
        file = self._file
        if file is None or self._identity != _identity_of(self._path):
            file = self._open()
        size = os.fstat(file).st_size
        if self._link is None or size != self._end:
            tail = read_tail(file, size)
            is_first_look = self._link is None
            if is_first_look and tail.last and not self._sealer.is_genuine(tail.last):
                # With another key there would be two halves that no one key can verify.
                raise SealedOtherwiseError
            if tail.end < size:
                os.ftruncate(file, tail.end)
                self._report(problems.line_cut(self._path, size - tail.end))
            self._end = tail.end
            self._begun = begun_at(file)
            self._link = self._newest(head, tail.link)
        return file, self._link

    def _open(self) -> int:
        if self._file is not None:
            os.close(self._file)
            self._file = None
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NONBLOCK
        file = os.open(self._path, flags, 0o640)
        state = os.fstat(file)
        if not stat.S_ISREG(state.st_mode):
            os.close(file)
            raise OSError(errno.EINVAL, "it is no regular file; - is standard output")
        if not state.st_size:
            _sync_folder(self._path.parent)
        self._file = file
        self._identity = _identity(state)
        self._end = -1  # not looked at yet
        return file

    def _newest(self, head: int, last: Link | None) -> Link:
        """The record to go on from: that which the end of the log has, unless more was known.

        What is known and not there any more leaves a gap that stays visible.
        """
        if last is None:
            last = self._last_of_full_files()
        noted = read_head(os.pread(head, HEAD_SIZE, 0))
        if noted is not None and noted.number:
            if last is None or (last.chain == noted.chain and last.number < noted.number):
                if self._link is None:
                    count = 0 if last is None else last.number
                    self._report(problems.shorter(self._path, noted.number, count))
                last = noted
        elif last is None:
            last = noted
        known = self._link
        if known is not None and (
            last is None or last.chain != known.chain or last.number < known.number
        ):
            last = known
        if last is None:
            last = Link(secrets.token_hex(8))
            self._note(head, last)
        return last

    def _last_of_full_files(self) -> Link | None:
        for path in reversed(full_files(self._path)):
            file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            try:
                return read_tail(file, os.fstat(file).st_size).link
            except NotOursError:
                continue
            finally:
                os.close(file)
        return None

    def _note(self, head: int, link: Link) -> None:
        """Says in the file of the head how far the log has come, if nobody has come further."""
        noted = read_head(os.pread(head, HEAD_SIZE, 0))
        if noted is None or noted.chain != link.chain or noted.number <= link.number:
            os.pwrite(head, write_head(link), 0)

    def _is_full(self) -> bool:
        if self._end and self._end >= self._rotation.size:
            return True
        seconds = self._rotation.seconds
        if seconds is None or self._begun is None:
            return False
        return self._clock() - self._begun >= seconds * 1e9

    def _rotate(self, file: int) -> int:
        """Gives the full file the name that its first record makes, and begins another."""
        os.fsync(file)
        self._path.rename(full_name(self._path, number_of(file)))
        file = self._open()
        self._end = 0
        self._begun = None
        keep = self._rotation.keep
        if keep is not None:
            full = full_files(self._path)
            for path in full[: max(0, len(full) - keep)]:
                path.unlink(missing_ok=True)
        return file


def _identity(state: os.stat_result) -> tuple[int, int]:
    return state.st_dev, state.st_ino


def _identity_of(path: Path) -> tuple[int, int] | None:
    try:
        return _identity(path.stat())
    except FileNotFoundError:
        return None


def _sync_folder(folder: Path) -> None:
    """Puts the name of a new file on disk, without which its content is lost."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
