"""The files that a service is set up with: their bytes, or what keeps them from being read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from evaluator.diagnostics import Diagnostic
from evaluator.server.config import problems
from evaluator.source import Span

__all__ = ["missing_file", "missing_folder", "read_bytes"]

_MOST: Final = 16 * 1024 * 1024


def read_bytes(path: Path, name: str, *, most: int = _MOST) -> bytes | Diagnostic:
    """What a file of so many bytes at most holds; never raises.

    ``name`` is what the diagnostic calls it.
    """
    problem = missing_file(path, name, None)
    if problem is not None:
        return problem
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        return problems.unreadable(None, name, _reason(error))
    if len(data) > most:
        return problems.unreadable(None, name, f"it has more than {most:,} bytes")
    return data


def missing_file(path: Path, name: str, at: Span | None) -> Diagnostic | None:
    """What is wrong with a path that has to be that of a file, as far as looking tells."""
    if path.is_file():
        return None
    if path.exists():  # reading a pipe would wait for a writer
        return problems.unreadable(at, name, "it is no regular file")
    return problems.no_file(at, name, _beside(path))


def missing_folder(path: Path, name: str, at: Span | None) -> Diagnostic | None:
    """What is wrong with a path that has to be that of a folder."""
    return None if path.is_dir() else problems.no_folder(at, name, _beside(path))


def _beside(path: Path) -> Iterable[str]:
    try:
        return [other.name for other in path.parent.iterdir()]
    except OSError:
        return ()


def _reason(error: OSError) -> str:
    text = error.strerror or str(error)
    return text[:1].lower() + text[1:]
