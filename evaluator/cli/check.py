"""``evaluator check``: every problem of packs and their suites."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

import evaluator
from evaluator.cli.inputs import host_functions, prefix
from evaluator.cli.screens import (
    Color,
    color_option,
    console,
    example,
    print_json,
    show_diagnostics,
)
from evaluator.diagnostics import Diagnostic, Severity
from evaluator.source import Folder

__all__ = ["check"]


@click.command(epilog=example("evaluator check policies --format github"))
@click.argument("paths", nargs=-1, type=click.Path(), metavar="[PATH]...")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="How to print.",
)
@click.option("--strict", is_flag=True, help="Warnings count as findings too.")
@click.option("--functions", metavar="MODULE:ATTRIBUTE", help="A mapping with the host functions.")
@color_option
def check(
    paths: tuple[str, ...], format_: str, strict: bool, functions: str | None, color: Color
) -> int:
    """Find every problem of the packs in some folders (policies by default), and of their suites.

    A PATH is the folder of a pack, of packs, or a file of a pack. Exits with 1 when there is an
    error, with --strict also when there is a warning.
    """
    from evaluator.policy.loading import load_packs
    from evaluator.suites.reading import read_suites

    bound = host_functions(functions)
    found: list[tuple[str, Diagnostic]] = []
    names = list(dict.fromkeys(_folders(paths or ("policies",))))
    for name in names:
        files = Folder(name)
        loaded = load_packs(files, functions=bound)
        read = read_suites(files, loaded.packs)
        found.extend(
            (prefix(name), diagnostic) for diagnostic in (*loaded.diagnostics, *read.diagnostics)
        )
    _show(found, ", ".join(names), format_, color)
    weigh = [item for _, item in found if strict or item.severity is Severity.ERROR]
    return 1 if weigh else 0


def _folders(paths: tuple[str, ...]) -> Iterator[str]:
    """The folders to look at; of a file inside a pack that of the pack."""
    for name in paths:
        path = Path(name)
        if path.is_dir():
            yield str(path)
            continue
        if not path.exists():
            raise click.UsageError(f"There is no file or folder {name!r}.")
        root = next((folder for folder in path.parents if (folder / "pack.yaml").is_file()), None)
        if root is None:
            raise click.UsageError(f"{name!r} is in no pack: no folder above has a pack.yaml.")
        yield str(root)


def _show(found: list[tuple[str, Diagnostic]], names: str, format_: str, color: Color) -> None:
    if format_ == "json":
        from evaluator.render.json import diagnostics_json

        print_json(diagnostics_json(found))
    elif format_ == "sarif":
        from evaluator.render.sarif import sarif

        print_json(sarif(found, version=evaluator.__version__))
    elif format_ == "github":
        from evaluator.render.github import diagnostic_command

        for folder, diagnostic in found:
            click.echo(diagnostic_command(diagnostic, folder=folder))
    else:
        from evaluator.render.diagnostics_text import summary

        for folder, diagnostic in found:
            show_diagnostics([diagnostic], color, folder=folder, err=False)
        console(color).print(summary((item for _, item in found), names))
