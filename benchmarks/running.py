"""Running a benchmark by its name."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from benchmarks.machine import environment
from benchmarks.results import Result
from benchmarks.settings import Settings

__all__ = ["measure"]


def measure(name: str, settings: Settings) -> tuple[Result, dict[str, Any]]:
    """What a benchmark finds, and that as JSON with where it was found.

    Each is a module of its name with ``run(settings)``, and ``PACKAGES`` where the versions of
    other packages matter.
    """
    module = import_module(f"benchmarks.{name}")
    result: Result = module.run(settings)
    told = {
        "benchmark": name,
        "command": " ".join(("python -m benchmarks", name, *(["--quick"] * settings.quick))),
        "environment": environment(getattr(module, "PACKAGES", ())),
        "tables": [table.as_json() for table in result.tables],
        "notes": list(result.notes),
        **result.values,
    }
    return result, told
