"""What ``docs/testing.md`` shows, done; ``python -m tests.testing_page`` writes the outputs anew.

The page is worked through from top to bottom in an empty folder. A block with the name of a file is
written there; after ``>>`` and a name it is appended. In a block ``console`` each line after ``$ ``
is a command, and what follows is what it prints, 80 columns wide, as far as that is the same every
time.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.readme import Block, blocks

__all__ = ["PAGE", "Shown", "commands", "play", "run"]

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "testing.md"

_SHELL: Final = """
evaluator() { "$PYTHON" -P -m evaluator "$@"; }
pytest() { "$PYTHON" -m pytest --disable-plugin-autoload -p evaluator -p no:cacheprovider "$@"; }
"""
_TIMING: Final = re.compile(r" in \d+\.\d\ds")
_PROMPT: Final = re.compile(r"^\$ (.*(?:\\\n.*)*)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Shown:
    """A console block, with what its commands print now."""

    block: Block
    printed: str


def commands(block: Block) -> Iterator[str]:
    """The commands of a console block, without their prompts."""
    yield from _PROMPT.findall(block.text)


def play(text: str, folder: Path) -> Iterator[Shown]:
    """Works through a page in an empty folder; gives each console block as it comes out."""
    for block in blocks(text):
        language, _, place = block.language.partition(" ")
        if language == "console":
            printed = "".join(f"$ {one}\n{run(one, folder)}" for one in commands(block))
            yield Shown(block, printed)
        elif place:
            _write(folder, place, block.text)


def run(command: str, folder: Path) -> str:
    """What a shell prints for a command in a folder."""
    done = subprocess.run(
        ["bash", "-c", _SHELL + command],
        cwd=folder,
        env={
            "PATH": os.environ["PATH"],
            "PYTHON": sys.executable,
            "PYTHONPATH": str(ROOT),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONIOENCODING": "utf-8",
            "COLUMNS": "80",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            **{f"GIT_{who}_{what}": "page" for who in _WHO for what in ("NAME", "EMAIL")},
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return _TIMING.sub(" in 0.12s", done.stdout)


_WHO: Final = ("AUTHOR", "COMMITTER")


def _write(folder: Path, place: str, text: str) -> None:
    appends = place.startswith(">> ")
    path = folder / place.removeprefix(">> ")
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text("utf-8") if appends else ""
    path.write_text(before + text, "utf-8")


def rewrite() -> None:
    """Put what commands print now into the page."""
    text = PAGE.read_text("utf-8")
    with tempfile.TemporaryDirectory() as folder:
        for shown in reversed(list(play(text, Path(folder)))):
            start, end = shown.block.start, shown.block.start + len(shown.block.text)
            text = text[:start] + shown.printed + text[end:]
    PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    rewrite()
