"""Where figures come from: the machine, the versions of all rivals, the commit."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any, Final

__all__ = ["ROOT", "environment", "keep_on_core", "resident", "stay_on_core"]

ROOT: Final = Path(__file__).resolve().parent.parent
_ALWAYS: Final = ("pyyaml", "jsonschema", "google-re2", "babel")


def environment(packages: Iterable[str] = ()) -> dict[str, Any]:
    """``machine``, ``versions`` by package name, ``commit``: all as text."""
    versions = {name: _version(name) for name in (*_ALWAYS, *packages)}
    return {
        "machine": (
            f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}, "
            f"{platform.python_implementation()} {platform.python_version()}"
        ),
        "versions": {name: version for name, version in versions.items() if version},
        "commit": _commit(),
    }


def resident(process: int | str = "self") -> int:
    """The bytes of memory that a process, this one, holds; 0 where the system does not tell."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text("ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def stay_on_core(number: int) -> None:
    """Keeps this process on one of the cores that there are, where the system can."""
    keep_on_core(0, number)


def keep_on_core(process: int, number: int) -> None:
    """Keeps a process on one of the cores that there are, where the system can; 0 is this one."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(process, {cores[number % len(cores)]})


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    for line in lines:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown processor"


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _commit() -> str:
    commit = _git("rev-parse", "--short=12", "HEAD")
    if commit is None:
        return "unknown"
    return f"{commit} with changes" if _git("status", "--porcelain") else commit


def _git(*arguments: str) -> str | None:
    try:
        told = subprocess.run(
            ("git", *arguments), cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return told.stdout.strip()
