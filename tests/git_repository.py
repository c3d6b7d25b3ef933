"""Git repositories for tests: commits of files, whatever the configuration of who runs them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

__all__ = ["commit", "git"]

_ENVIRONMENT = {
    "GIT_AUTHOR_DATE": "2026-03-03T09:00:00Z",
    "GIT_AUTHOR_EMAIL": "ann@example.com",
    "GIT_AUTHOR_NAME": "Ann",
    "GIT_COMMITTER_DATE": "2026-03-03T09:00:00Z",
    "GIT_COMMITTER_EMAIL": "ann@example.com",
    "GIT_COMMITTER_NAME": "Ann",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
}


def git(folder: Path, *arguments: str) -> str:
    """What a git command prints."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **_ENVIRONMENT},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def commit(files: Mapping[str, str], folder: Path) -> str:
    """Commits files, in a repository that is made if need be; the id of the commit."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message=change")
    return git(folder, "rev-parse", "HEAD")
