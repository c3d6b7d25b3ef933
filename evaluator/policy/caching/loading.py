"""Loading packs through a cache: from it where it has them, else from the files, and into it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from evaluator.diagnostics import Severity
from evaluator.policy.caching import problems
from evaluator.policy.caching.entries import Entries, is_entry
from evaluator.policy.caching.keys import key
from evaluator.policy.caching.unpacking import unpacked
from evaluator.policy.digest import digest
from evaluator.policy.host_binding import HostFunctions
from evaluator.policy.model import Loaded
from evaluator.source import Files

__all__ = ["load_through"]


def load_through(
    folder: str | os.PathLike[str], files: Files, *, functions: HostFunctions
) -> Loaded:
    """The packs in some files, as ``load_packs`` gives them, with the cache in a folder.

    All files that packs were made of are read, and compared by their hash. Packs with errors are
    not kept. What is wrong with the cache is told in warnings, and the files are loaded.
    """
    reading = _Reading(files)
    try:
        names = reading.list()
    except OSError:
        return _load(files, functions)
    place = Path(folder)
    # A cache may lie among the files, which then grow when something is added to it.
    entries = Entries(place, key([name for name in names if not is_entry(name)], functions))
    found = entries.find(reading.digest)
    if found is not None:
        payload, read = found
        try:
            loaded = unpacked(payload, reading.contents(read), functions)
        except Exception:  # noqa: BLE001  # whatever came of it, the files are there
            entries.reject(str(reading.digest(read)), "is not what an evaluator writes")
        else:
            return _with(loaded, entries)
    reading.begin()
    loaded = _load(reading, functions)
    if reading.is_complete and not any(
        item.severity is Severity.ERROR for item in loaded.diagnostics
    ):
        _keep(loaded, reading.contents(sorted(reading.asked)), entries, place)
    return _with(loaded, entries)


def _keep(loaded: Loaded, contents: Mapping[str, bytes], entries: Entries, place: Path) -> None:
    # Only those who write need what writes.
    from evaluator.policy.caching.encoding import NotKeptError
    from evaluator.policy.caching.packing import packed

    try:
        payload = packed(loaded, contents)
    except NotKeptError as error:
        entries.problems.append(problems.not_kept(place, str(error)))
    else:
        entries.write(payload, digest(contents), list(contents))


def _load(files: Files, functions: HostFunctions) -> Loaded:
    from evaluator.policy.loading import load_packs  # which imports YAML and JSON Schema

    return load_packs(files, functions=functions)


def _with(loaded: Loaded, entries: Entries) -> Loaded:
    """The packs with the problems of the cache, first."""
    return replace(loaded, diagnostics=(*entries.problems, *loaded.diagnostics))


class _Reading:
    """Files as they are at one time: listed once, and each read once.

    ``asked`` are the names of those read since ``begin``; ``is_complete`` tells that all could be.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self._names: tuple[str, ...] = ()
        self._contents: dict[str, bytes] = {}
        self._digests: dict[tuple[str, ...], str] = {}
        self.begin()

    def begin(self) -> None:
        self.asked: set[str] = set()
        self.is_complete = True

    def list(self) -> Sequence[str]:
        """The names of all files, sorted. Raises ``OSError``."""
        self._names = tuple(sorted(self._files.names()))
        return self._names

    def names(self) -> Iterator[str]:
        return iter(self._names)

    def read(self, name: str) -> bytes:
        self.asked.add(name)
        content = self._contents.get(name)
        if content is None:
            try:
                content = self._contents[name] = self._files.read(name)
            except Exception:
                self.is_complete = False
                raise
        return content

    def contents(self, names: Sequence[str]) -> dict[str, bytes]:
        """The bytes of files that have been read."""
        return {name: self._contents[name] for name in names}

    def digest(self, names: Sequence[str]) -> str | None:
        """The digest of some files; None when one of them cannot be read."""
        key = tuple(names)
        try:
            if key not in self._digests:  # entries of one key mostly name the same files
                self._digests[key] = digest({name: self.read(name) for name in names})
        except (OSError, ValueError, RuntimeError):
            return None
        return self._digests[key]
