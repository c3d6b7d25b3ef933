"""Whether a file or folder is ours alone: what others may change is not trusted."""

from __future__ import annotations

import os
import stat
from pathlib import Path

__all__ = ["distrust", "distrust_folder"]


def distrust(found: os.stat_result, *, is_folder: bool) -> str | None:
    """Why something on disk is not to be trusted, said of it; None when it may be.

    ``found`` is of the thing itself, links not followed. Where the system knows no owners, as on
    Windows, only its kind is looked at.
    """
    if stat.S_ISLNK(found.st_mode):
        return "is a link"
    if is_folder and not stat.S_ISDIR(found.st_mode):
        return "is no folder"
    if not is_folder and not stat.S_ISREG(found.st_mode):
        return "is no regular file"
    if not hasattr(os, "geteuid"):
        return None
    if found.st_uid not in (os.geteuid(), 0):
        return "belongs to another user"
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        return "may be written by others"
    return None


def distrust_folder(folder: Path) -> tuple[Path, str] | None:
    """What is not to be trusted about a folder that exists, and why: itself, or one it lies in.

    In a folder that everybody may write to, others could put another in its place, unless only
    owners may take things away there, as in ``/tmp``.
    """
    why = distrust(folder.lstat(), is_folder=True)
    if why is not None:
        return folder, why
    if hasattr(os, "geteuid"):
        for parent in folder.resolve().parents:
            mode = parent.stat().st_mode
            if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
                return parent, "may be written by others"
    return None
