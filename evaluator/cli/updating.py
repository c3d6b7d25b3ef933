"""``evaluator test --update``: expectations rewritten, once somebody has agreed."""

from __future__ import annotations

import difflib
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from evaluator.cli.screens import Color, console
from evaluator.cli.suites import Target
from evaluator.render.escape import visible
from evaluator.suites.outcome import Failure, Place
from evaluator.suites.updating import Updates, updates

__all__ = ["refuse_dirty_tree", "update"]

_STYLES = {"-": "red", "+": "green", "@": "cyan"}


def refuse_dirty_tree(target: Target) -> None:
    """Exits with 2 if the policies lie in a git tree with changes that are not committed."""
    folder = target.folder if target.folder.is_dir() else target.folder.parent
    try:
        found = subprocess.run(
            ["git", "status", "--porcelain"],
            cwd=folder,
            capture_output=True,
            check=False,
        )
    except OSError:  # there is no git
        return
    if found.returncode == 0 and found.stdout.strip():
        raise click.UsageError(
            "--update rewrites files, and the git tree has changes that are not committed."
            " Commit them first, or add --force."
        )


def update(
    target: Target,
    failures: Sequence[Failure],
    places: Sequence[Place],
    *,
    agreed: bool,
    color: Color,
) -> bool:
    """Shows what would be rewritten, asks unless ``agreed``, and writes; whether it did."""
    found = updates(failures, places)
    for kept in found.kept:
        name = kept.failure.place.name
        place = kept.failure.place.step.span
        click.echo(f"left as it is: {visible(name)}", err=True)
        click.echo(f"  {target.prefix}{place}: {kept.because}", err=True)
    if not found.texts:
        return False
    _show_diff(found, target, color)
    if not agreed:
        if not sys.stdin.isatty():
            raise click.UsageError("--update asks before it writes; without a terminal add --yes.")
        files = f"{len(found.texts)} file{'' if len(found.texts) == 1 else 's'}"
        if not click.confirm(f"Rewrite {files}?", err=True):
            return False
    for source, text in found.texts.items():
        path = target.folder / source.name
        mark = b"\xef\xbb\xbf" if path.read_bytes().startswith(b"\xef\xbb\xbf") else b""
        path.write_bytes(mark + text.encode("utf-8"))
    return True


def _show_diff(found: Updates, target: Target, color: Color) -> None:
    from rich.text import Text

    for source, text in found.texts.items():
        name = str(Path(target.prefix) / source.name)
        screen = Text()
        for line in _diff(name, source.text, text):
            screen.append(visible(line, keep="\t") + "\n", _STYLES.get(line[:1], ""))
        screen.rstrip()
        console(color).print(screen, soft_wrap=True)


def _diff(name: str, old: str, new: str) -> Iterator[str]:
    return difflib.unified_diff(old.splitlines(), new.splitlines(), name, name, lineterm="")
