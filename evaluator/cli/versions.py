"""The versions of policies that a command compares: folders, or folders of git revisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from evaluator.cli.inputs import prefix
from evaluator.cli.screens import Color, fail
from evaluator.diagnostics import Diagnostic, Severity
from evaluator.history.revisions import open_revision, split_revision
from evaluator.history.versions import Version
from evaluator.policy.loading import load_packs
from evaluator.policy.localized import is_locale
from evaluator.source import Files, Folder

__all__ = ["checked_locale", "load_version", "path_of"]


def load_version(
    name: str,
    functions: Mapping[str, Callable[..., Any]] | None,
    locale: str | None,
    color: Color,
) -> Version:
    """The policies in a folder, or in ``REV:folder``. With errors, shows them and exits with 2."""
    files, before = _files(name, color)
    loaded = load_packs(files, functions=functions)
    if any(one.severity is Severity.ERROR for one in loaded.diagnostics):
        fail(loaded.diagnostics, color, folder=before)
    return Version(name, files, loaded.packs, prefix=before, locale=locale)


def _files(name: str, color: Color) -> tuple[Files, str]:
    """Where a version is read from, and what stands before the names of its files."""
    path = Path(name)
    if path.is_dir():
        return Folder(path), prefix(name)
    written = split_revision(name)
    if path.exists():
        raise click.UsageError(f"{name!r} is a file; name the folder of a pack, or of packs.")
    if written is None:
        raise click.UsageError(
            f"There is no folder {name!r}; of a git revision write REV:FOLDER, HEAD~1:policies."
        )
    opened = open_revision(".", *written)
    if isinstance(opened, Diagnostic):
        fail([opened], color)
    return opened, name if name.endswith((":", "/")) else f"{name}/"


def path_of(version: Version) -> str:
    """What stands before the names of a version's files where they are on disk, or would be."""
    if isinstance(version.files, Folder):
        return version.prefix
    _, _, folder = version.prefix.rpartition(":")
    return folder.removeprefix("./")


def checked_locale(locale: str | None) -> str | None:
    """The locale, if it is one. A wrong one is bad usage."""
    if locale is not None and not is_locale(locale.replace("_", "-")):
        raise click.UsageError(f"--locale takes a tag such as da or en-GB, not {locale!r}.")
    return locale
