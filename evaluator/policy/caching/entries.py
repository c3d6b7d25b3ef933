"""The files of a cache: found, checked from the first octet to the last, written, cleared away.

An entry is a line with the name of the format and the hash of the next line; that line, of JSON,
which says what the entry is for and has the hash of the rest; and the rest. Its name begins with
the key and ends with the digest of the files that it was made from.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

from evaluator.diagnostics import Diagnostic
from evaluator.policy.caching import problems
from evaluator.policy.caching.trust import distrust, distrust_folder

__all__ = ["FORMAT", "Entries", "Found", "is_entry"]

FORMAT: Final = b"evaluator-packs 1"
_SUFFIX: Final = ".evaluator"
_UNFINISHED: Final = ".unfinished"
_LONGEST_LINE: Final = 1 << 24  # of the second line, which names the files
_MOST_KEPT: Final = 64
_HEADER: Final = frozenset({"key", "digest", "names", "payload"})

Found = tuple[bytes, Sequence[str]]
"""What was written, and the names of the files that it was made from."""


def is_entry(name: str) -> bool:
    """Whether a file, by its name, is one of a cache."""
    return name.endswith((_SUFFIX, _UNFINISHED))


class Entries:
    """The entries of a folder with one key. ``problems`` is what was found wrong with them."""

    def __init__(self, folder: Path, key: str) -> None:
        self.problems: list[Diagnostic] = []
        self._folder = folder
        self._key = key
        self._is_trusted = True

    def find(self, digest: Callable[[Sequence[str]], str | None]) -> Found | None:
        """The entry that was made from files which are still what they were.

        ``digest`` gives the digest of files by their names; None if one of them cannot be read.
        """
        if self._folder.is_symlink() or self._folder.exists():
            self._check_folder()
        if not self._is_trusted:
            return None
        for path in self._candidates():
            found = self._read(path, digest)
            if found is not None:
                return found
        return None

    def write(self, payload: bytes, digest: str, names: Sequence[str]) -> None:
        """Adds an entry, or puts it in the place of another, at once for all who read."""
        import tempfile  # only where something is written

        if not self._is_trusted:
            return
        header = {
            "key": self._key,
            "digest": digest,
            "names": names,
            "payload": hashlib.sha256(payload).hexdigest(),
        }
        line = json.dumps(header, separators=(",", ":")).encode("ascii")
        first = FORMAT + b" " + _hash(line)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._check_folder()
            if not self._is_trusted:
                return
            descriptor, name = tempfile.mkstemp(_UNFINISHED, dir=self._folder)
            unfinished = Path(name)
            try:
                with os.fdopen(descriptor, "wb") as stream:
                    stream.writelines((first, b"\n", line, b"\n", payload))
                unfinished.replace(self._folder / self._name(digest))
            except BaseException:
                with suppress(OSError):
                    unfinished.unlink()
                raise
            self._clear()
        except OSError as error:
            self.problems.append(problems.not_writable(self._folder, error))

    def reject(self, digest: str, why: str) -> None:
        """Takes away an entry that has been found not to be what it says."""
        self._damaged(self._folder / self._name(digest), why)

    def _name(self, digest: str) -> str:
        return f"{self._key[:16]}-{digest.rpartition(':')[2][:32]}{_SUFFIX}"

    def _check_folder(self) -> None:
        try:
            found = distrust_folder(self._folder)
        except OSError as error:
            found = self._folder, f"cannot be looked at: {error.strerror or error}"
        if found is not None:
            self._is_trusted = False
            self.problems.append(problems.not_trusted(*found))

    def _candidates(self) -> Iterator[Path]:
        """The entries with our key, the newest first."""
        try:
            return iter(_newest_first(self._folder.glob(f"{self._key[:16]}-*{_SUFFIX}")))
        except OSError:
            return iter(())

    def _read(self, path: Path, digest: Callable[[Sequence[str]], str | None]) -> Found | None:
        try:
            # A link is not followed, and a pipe that somebody has put here not waited for.
            flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
            descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
        except FileNotFoundError:  # cleared away meanwhile
            return None
        except OSError as error:
            why = "is a link" if path.is_symlink() else f"cannot be read: {error.strerror or error}"
            self.problems.append(problems.not_trusted(path, why))
            return None
        with os.fdopen(descriptor, "rb") as stream:
            why_not = distrust(os.fstat(stream.fileno()), is_folder=False)
            if why_not is not None:
                self.problems.append(problems.not_trusted(path, why_not))
                return None
            header = _header(stream)
            if header is None:
                self._damaged(path, "is damaged")
                return None
            if header["key"] != self._key or path.name != self._name(header["digest"]):
                self._damaged(path, "is the entry of something else")
                return None
            if digest(header["names"]) != header["digest"]:
                return None
            payload = stream.read()
        if _hash(payload) != header["payload"].encode("ascii"):
            self._damaged(path, "is damaged")
            return None
        return payload, header["names"]

    def _damaged(self, path: Path, why: str) -> None:
        self.problems.append(problems.damaged(path, why))
        with suppress(OSError):
            path.unlink()

    def _clear(self) -> None:
        """Takes away the oldest of many entries, and what writers that were ended have left."""
        kept = _newest_first(self._folder.glob(f"*{_SUFFIX}"))
        unfinished = _newest_first(self._folder.glob(f"*{_UNFINISHED}"))
        for path in (*kept[_MOST_KEPT:], *unfinished[_MOST_KEPT:]):
            with suppress(OSError):
                path.unlink()


def _newest_first(paths: Iterator[Path]) -> list[Path]:
    found = []
    for path in paths:
        with suppress(OSError):
            found.append((path.lstat().st_mtime_ns, path.name, path))
    return [path for *_, path in sorted(found, reverse=True)]


def _header(stream: BinaryIO) -> Mapping[str, Any] | None:
    """The second line of an entry; None when it is not what was written."""
    first = stream.readline(len(FORMAT) + 66)
    line = stream.readline(_LONGEST_LINE)
    if first != FORMAT + b" " + _hash(line.removesuffix(b"\n")) + b"\n":
        return None
    header = json.loads(line)
    return header if isinstance(header, dict) and header.keys() == _HEADER else None


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode("ascii")
