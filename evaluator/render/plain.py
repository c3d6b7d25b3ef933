"""Screens as text without colours, for what is no terminal."""

from __future__ import annotations

import io

from rich.console import Console, RenderableType

__all__ = ["plain_text"]


def plain_text(screen: RenderableType, *, width: int = 100) -> str:
    """The lines of a screen, without the blanks at their ends and without a last line break."""
    console = Console(
        file=io.StringIO(), width=width, no_color=True, markup=False, emoji=False, highlight=False
    )
    with console.capture() as captured:
        console.print(screen)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())
