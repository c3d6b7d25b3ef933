"""The files that a playground is about, read into memory."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from evaluator.source import Folder

__all__ = ["read_files"]

_ENDINGS: Final = (".yaml", ".yml", ".json")
_LARGEST: Final = 16 * 1024 * 1024


def read_files(folder: Path) -> dict[str, bytes]:
    """The files of a folder that packs can be made of, by name; what cannot be read is left out.

    A pack that needs what was left out says so.
    """
    source = Folder(folder)
    found = {}
    for name in source.names():
        with suppress(OSError):
            if name.lower().endswith(_ENDINGS) and (folder / name).stat().st_size <= _LARGEST:
                found[name] = source.read(name)
    return found
