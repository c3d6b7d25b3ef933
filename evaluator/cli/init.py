"""``evaluator init``: a small, complete pack whose comments teach the format."""

from __future__ import annotations

import shlex
from importlib import resources
from pathlib import Path

import click

from evaluator.cli.screens import example

__all__ = ["init"]

# Where each template goes in the new folder.
_FILES = {
    "pack.yaml": "pack.yaml",
    "common.yaml": "common.yaml",
    "documents.yaml": "documents.yaml",
    "request.schema.json": "request.schema.json",
    "documents.suite.yaml": "suites/documents.suite.yaml",
    "request.json": "examples/request.json",
}


@click.command(epilog=example("evaluator init policies/documents"))
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> int:
    """Write a small, complete pack into a folder that is new or empty."""
    if folder.is_file():
        raise click.UsageError(f"{str(folder)!r} is a file; name a new folder.")
    if folder.is_dir() and any(folder.iterdir()):
        raise click.UsageError(f"{str(folder)!r} is not empty; nothing was written.")
    templates = resources.files("evaluator.cli").joinpath("templates")
    contents = {
        place: templates.joinpath(name).read_text("utf-8") for name, place in _FILES.items()
    }
    try:
        for place, text in contents.items():
            target = folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.UsageError(f"{str(folder)!r}: {error.strerror}.") from None
    example = folder / _FILES["request.json"]
    folder_, example_ = shlex.quote(str(folder)), shlex.quote(str(example))
    click.echo(f"A pack stands in {folder}. Try it:\n")
    click.echo(f"  evaluator check {folder_}")
    click.echo(f"  evaluator test {folder_}")
    click.echo(f"  evaluator decide -p {folder_} {example_}")
    click.echo(f"  evaluator explain -p {folder_} {example_} --set resource.classified=true")
    return 0
