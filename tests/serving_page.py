"""The service of ``docs/serving.md``, and what its commands print.

``python -m tests.serving_page`` runs the commands and writes what they print into the page.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.readme import ROOT, Block, blocks
from tests.server.processes import started

__all__ = ["PAGE", "Run", "commands", "running"]

PAGE: Final = ROOT / "docs" / "serving.md"
# What is another one each time.
_TOLD: Final = (
    (re.compile(r'"(decided_at|valid_until)": "[^"]+"'), r'"\1": "2026-03-03T09:00:00Z"'),
    (re.compile(r'"id": "[0-9a-f]{12}-[0-9a-f]+"'), '"id": "5b1c0a7e42d9-1"'),
    (
        re.compile(r"Chain [0-9a-f]{16}: \d+ records?, .+"),
        "Chain 5ba34688f2a652c2: 1 record, number 1.",
    ),
    (
        re.compile(r"sha256:[0-9a-f]{64}"),
        "sha256:b29c810db8aa7f88ce757adaeda7979b2f79569dd8b9b71ba7fc102f79ca140b",
    ),
)


class Run:
    """Runs the commands of the page against one service, at the top of the repository."""

    def __init__(self, port: int, folder: Path) -> None:
        self._port = port
        self._folder = folder

    def __call__(self, command: str) -> str:
        command = command.replace("localhost:8181", f"127.0.0.1:{self._port}")
        command = command.replace("decisions.jsonl", str(self._folder / "decisions.jsonl"))
        shell = f'evaluator() {{ "{sys.executable}" -P -m evaluator "$@"; }}\n'
        shell += f'python() {{ "{sys.executable}" "$@"; }}\n'
        done = subprocess.run(
            ["bash", "-c", shell + command],
            cwd=ROOT,
            env={
                **os.environ,
                "COLUMNS": "100",
                "PYTHONPATH": str(ROOT),
                "PYTHONIOENCODING": "utf-8",
            },
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        told = (done.stdout + done.stderr).replace(f"{self._folder}/", "")
        for pattern, replacement in _TOLD:
            told = pattern.sub(replacement, told)
        return told


@contextmanager
def running() -> Iterator[Run]:
    """The service that the page starts, with a log."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        options = ("-p", "policies/licenses", "--log", str(folder / "decisions.jsonl"))
        with started(*options, "--durability", "strict") as service:
            yield Run(service.port, folder)


def commands() -> list[Block]:
    """The blocks with a command, in the order in which they are run."""
    return [block for block in blocks(PAGE.read_text("utf-8")) if block.command is not None]


def rewrite() -> None:
    """Puts what the commands print now into the page."""
    text = PAGE.read_text("utf-8")
    with running() as run:
        printed = [(block, run(str(block.command))) for block in commands()]
    for block, told in reversed(printed):
        fresh = f"$ {block.command}\n{told}"
        text = text[: block.start] + fresh + text[block.start + len(block.text) :]
    PAGE.write_text(text, "utf-8")


if __name__ == "__main__":
    rewrite()
