"""The fingerprint of a pack: one text that changes when any byte that was read for it does."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from evaluator.source import Files

__all__ = ["RecordedFiles", "digest"]


class RecordedFiles:
    """Files that remember what was read of them: ``contents`` by name.

    ``outside`` holds the names that were refused since they lead out of the folder.
    """

    def __init__(self, files: Files) -> None:
        self._files = files
        self.contents: dict[str, bytes] = {}
        self.outside: set[str] = set()

    def names(self) -> Iterator[str]:
        return iter(self._files.names())

    def read(self, name: str) -> bytes:
        known = self.contents.get(name)
        if known is not None:
            return known
        try:
            content = self._files.read(name)
        except PermissionError as error:
            if error.errno is None:  # the operating system's own refusals have a number
                self.outside.add(name)
            raise
        self.contents[name] = content
        return content


def digest(contents: Mapping[str, bytes]) -> str:
    """``sha256:`` and the hash of names, lengths and bytes, in the order of the names."""
    total = hashlib.sha256()
    for name in sorted(contents):
        encoded = name.encode("utf-8", "surrogatepass")
        content = contents[name]
        total.update(len(encoded).to_bytes(8, "big") + encoded)
        total.update(len(content).to_bytes(8, "big") + content)
    return f"sha256:{total.hexdigest()}"
