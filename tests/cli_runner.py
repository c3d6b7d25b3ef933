"""Runs the command line as a person does: a process with its own environment and streams."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

__all__ = ["ROOT", "evaluator"]

ROOT = Path(__file__).parents[1]


def evaluator(
    *args: str,
    input: str | bytes = b"",
    cwd: Path = ROOT,
    width: int = 100,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """The finished process; its streams are text."""
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "-P", "-m", "evaluator", *args],
        input=input.decode("utf-8") if isinstance(input, bytes) else input,
        cwd=cwd,
        env={
            **kept,
            "COLUMNS": str(width),
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "utf-8",
            **environment,
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
