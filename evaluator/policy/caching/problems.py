"""What can be wrong with a cache, in words. The packs are then loaded from their files."""

from __future__ import annotations

from pathlib import Path

from evaluator.diagnostics import Diagnostic

__all__ = ["damaged", "not_kept", "not_trusted", "not_writable"]


def not_trusted(path: Path, why: str) -> Diagnostic:
    """A folder or file that others may have changed. ``why`` goes on after its name."""
    return Diagnostic(
        "EVL760",
        f"the cache is not used, since `{path}` {why}",
        help="name a folder for the cache that is yours and that nobody else may write to",
    )


def damaged(path: Path, why: str) -> Diagnostic:
    """A file that is not what was written, or not where. ``why`` goes on after its name."""
    return Diagnostic(
        "EVL761",
        f"`{path}` in the cache {why}",
        help="it has been removed and is written anew; nothing is left to do if this does not "
        "happen again",
    )


def not_writable(folder: Path, error: OSError) -> Diagnostic:
    """A cache that nothing can be added to."""
    reason = error.strerror or str(error)
    return Diagnostic(
        "EVL762",
        f"nothing can be written to the cache `{folder}`: {reason[:1].lower()}{reason[1:]}",
        help="name a folder for the cache that you may write to",
    )


def not_kept(folder: Path, what: str) -> Diagnostic:
    """Packs that have an object in them which a cache cannot keep."""
    return Diagnostic(
        "EVL762",
        f"nothing is written to the cache `{folder}`: it cannot keep a `{what}`",
        help="load them without a cache",
    )
