"""The files of the page, as they were built: read once, compressed once, known by their hash."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

__all__ = ["PAGE", "PUBLISHED", "Asset", "MissingPageError", "read_assets"]

PUBLISHED: Final = Path(__file__).parent / "published"
"""Where the built page lies."""

PAGE: Final = "index.html"

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
_WORTHWHILE: Final = 1024


class MissingPageError(Exception):
    """There is no built page; the text says where it was looked for."""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, its content type, its compressed bytes where that is worth it, and its tag."""

    content: bytes
    type: str
    compressed: bytes | None
    tag: str


def read_assets(folder: Path = PUBLISHED) -> Mapping[str, Asset]:
    """The files of a built page by name. Raises ``MissingPageError``."""
    if not (folder / PAGE).is_file():
        raise MissingPageError(f"there is no built page in {folder}")
    return {
        path.name: _asset(path)
        for path in sorted(folder.iterdir())
        if path.is_file() and path.suffix in _TYPES
    }


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    compressed = gzip.compress(content, 9, mtime=0) if len(content) >= _WORTHWHILE else None
    if path.name == PAGE:
        compressed = None  # it has a new nonce each time
    tag = hashlib.blake2b(content, digest_size=12).hexdigest()
    return Asset(content, _TYPES[path.suffix], compressed, f'"{tag}"')
