"""Where output goes: consoles with or without colour, JSON, and diagnostics before an exit."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeVar

import click

from evaluator.diagnostics import Diagnostic

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

__all__ = [
    "Color",
    "color_option",
    "console",
    "example",
    "fail",
    "print_json",
    "show",
    "show_diagnostics",
]

Color = Literal["auto", "always", "never"]
F = TypeVar("F", bound=Callable[..., Any])


def example(command: str) -> str:
    """The end of a help text: a command to copy, which is not wrapped."""
    return f"\b\nExample:\n  {command}"


def color_option(function: F) -> F:
    """The option ``--color``."""
    return click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Colours: on a terminal only (unless NO_COLOR is set), always or never.",
    )(function)


def console(color: Color, *, err: bool = False) -> Console:
    """A console that takes user text as it is: no markup, no emoji names, no highlighting."""
    from rich.console import Console

    return Console(
        file=sys.stderr if err else sys.stdout,
        force_terminal={"auto": None, "always": True, "never": False}[color],
        no_color={"auto": None, "always": False, "never": True}[color],
        markup=False,
        emoji=False,
        highlight=False,
        soft_wrap=False,
    )


def show(renderable: RenderableType, color: Color, *, wrap: bool = True) -> None:
    """A screen on standard output, without the blanks that fill its lines up.

    Without ``wrap`` lines stay as long as they are, for what is to be copied.
    """
    screen = console(color)
    with screen.capture() as captured:
        screen.print(renderable, soft_wrap=not wrap)
    lines = captured.get().removesuffix("\n").split("\n")
    sys.stdout.write("".join(line.rstrip(" ") + "\n" for line in lines))


def print_json(data: Any, *, compact: bool = False) -> None:
    """JSON on standard output: indented, or one line.

    What the stream's encoding lacks is written as JSON escapes, which any reader takes.
    """
    narrow = codecs.lookup(sys.stdout.encoding or "ascii").name != "utf-8"
    text = json.dumps(
        data,
        ensure_ascii=narrow,
        indent=None if compact else 2,
        separators=(",", ":") if compact else None,
    )
    sys.stdout.write(text + "\n")


def show_diagnostics(
    diagnostics: Iterable[Diagnostic], color: Color, *, folder: str = "", err: bool = True
) -> None:
    """Diagnostics as text; ``folder`` is put before the names of their files."""
    from evaluator.render.diagnostics_text import diagnostic_text

    screen = console(color, err=err)
    for diagnostic in diagnostics:
        with screen.capture() as captured:
            screen.print(
                diagnostic_text(diagnostic, width=screen.width, folder=folder), soft_wrap=True
            )
        screen.file.write(captured.get())


def fail(diagnostics: Iterable[Diagnostic], color: Color, *, folder: str = "") -> NoReturn:
    """Show diagnostics on standard error and exit with 2."""
    show_diagnostics(diagnostics, color, folder=folder)
    raise click.exceptions.Exit(2)
