"""The README's commands and outputs; ``python -m tests.readme`` runs and rewrites them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["README", "Block", "blocks", "run"]

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and where the text stands in the README."""

    language: str
    text: str
    start: int

    @property
    def command(self) -> str | None:
        """The command of a console block, without its prompt; None where there is none."""
        first = self.text.split("\n", 1)[0]
        return first.removeprefix("$ ") if first.startswith("$ ") else None

    @property
    def output(self) -> str:
        return self.text.partition("\n")[2]


def blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    at = 0
    while (opening := text.find("\n```", at)) >= 0:
        start = text.index("\n", opening + 1) + 1
        end = text.index("\n```", start - 1) + 1
        yield Block(text[opening + 4 : start - 1], text[start:end], start)
        at = end


def run(command: str) -> str:
    """What a shell prints for a command, at the top of the repository and 100 columns wide."""
    done = subprocess.run(
        ["bash", "-c", f'evaluator() {{ "{sys.executable}" -P -m evaluator "$@"; }}\n{command}'],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "100", "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout + done.stderr


def rewrite() -> None:
    """Put the present output of each command into the README."""
    text = README.read_text("utf-8")
    for block in reversed(list(blocks(text))):
        if block.command is not None:
            fresh = f"$ {block.command}\n{run(block.command)}"
            text = text[: block.start] + fresh + text[block.start + len(block.text) :]
    README.write_text(text, "utf-8")


if __name__ == "__main__":
    rewrite()
