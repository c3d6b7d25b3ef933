"""The suites that a command is to look at: found from a path, loaded with their packs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from evaluator.cli.inputs import host_functions, prefix
from evaluator.cli.screens import Color, show_diagnostics
from evaluator.diagnostics import Diagnostic, Severity
from evaluator.engine import collector_paused
from evaluator.policy.model import Pack
from evaluator.source import Folder
from evaluator.suites.model import Suite
from evaluator.suites.reading import FOLDER, SUITE, Read, read_suites

__all__ = ["Loaded", "Target", "load_suites", "target_of"]


@dataclass(frozen=True, slots=True)
class Target:
    """The folder to load packs from, and which of the suites there are meant.

    ``within`` is the beginning of the names of their files, "" for all.
    """

    folder: Path
    within: str

    @property
    def prefix(self) -> str:
        """What stands before the names of files when they are shown."""
        return prefix(str(self.folder))


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """Packs and the suites that are meant, with all that was read."""

    target: Target
    packs: tuple[Pack, ...]
    suites: tuple[Suite, ...]
    read: Read


def target_of(path: str) -> Target:
    """What a path means: the folder of a pack or of packs, or a suite, or a folder, in a pack."""
    given = Path(path)
    if not given.exists():
        raise click.UsageError(
            f"There is no file or folder {path!r}; name the folder of a pack, of packs, or a suite."
        )
    if given.is_dir() and (
        (given / "pack.yaml").is_file() or any(given.glob("*/pack.yaml")) or not _home(given)
    ):
        return Target(given, "")
    home = _home(given)
    if home is None:
        raise click.UsageError(f"{path!r} is in no pack: no folder above has a pack.yaml.")
    within = given.resolve().relative_to(home.resolve()).as_posix()
    if given.is_file() and not (within.startswith(FOLDER) and within.endswith(SUITE)):
        raise click.UsageError(f"{path!r} is no suite: suites are called suites/NAME.suite.yaml.")
    return Target(home, within if given.is_file() else f"{within}/")


def _home(path: Path) -> Path | None:
    """The folder of the pack that a path lies in, as it was written."""
    above = [folder for folder in path.parents if (folder / "pack.yaml").is_file()]
    if above:
        return above[0]
    return next(
        (folder for folder in path.resolve().parents if (folder / "pack.yaml").is_file()), None
    )


def load_suites(
    target: Target, functions: str | None, color: Color, *, format_: str = "text"
) -> Loaded:
    """The packs and suites. With errors, shows them all and exits with 2; warnings are shown.

    With the format ``github`` they are printed as workflow commands.
    """
    from evaluator.policy.loading import load_packs

    files = Folder(target.folder)
    with collector_paused():
        loaded = load_packs(files, functions=host_functions(functions))
    read = read_suites(files, loaded.packs)
    found = [*loaded.diagnostics, *read.diagnostics]
    _show(found, target.prefix, color, format_)
    if any(item.severity is Severity.ERROR for item in found):
        raise click.exceptions.Exit(2)
    suites = tuple(suite for suite in read.suites if suite.file.startswith(target.within))
    if not suites:
        where = str(target.folder / target.within)
        names = ", ".join(f"{Path(target.prefix, _of(pack))}" for pack in loaded.packs[:3])
        raise click.UsageError(
            f"There are no suites in {where!r}; write one as {names}/suites/NAME.suite.yaml."
        )
    return Loaded(target, loaded.packs, suites, read)


def _of(pack: Pack) -> str:
    return next(
        (name[: -len("pack.yaml")] for name in pack.files if name.endswith("pack.yaml")), ""
    )


def _show(found: list[Diagnostic], folder: str, color: Color, format_: str) -> None:
    if format_ == "github":
        from evaluator.render.github import diagnostic_command

        for diagnostic in found:
            click.echo(diagnostic_command(diagnostic, folder=folder))
    else:
        show_diagnostics(found, color, folder=folder)
