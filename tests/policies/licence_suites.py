"""The licence pack's files and suites, read once for the tests that are about them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from evaluator.policy.loading import load_packs
from evaluator.source import Folder
from evaluator.suites.model import Suite
from evaluator.suites.reading import read_suites

__all__ = ["PACK", "pack_files", "suites"]

PACK: Final = Path(__file__).parents[2] / "policies" / "licenses"


@cache
def pack_files() -> Mapping[str, str]:
    """The text of every file of the pack but its suites, by name."""
    return {
        path.name: path.read_text(encoding="utf-8") for path in PACK.iterdir() if path.is_file()
    }


@cache
def suites() -> tuple[Suite, ...]:
    files = Folder(PACK)
    read = read_suites(files, load_packs(files).packs)
    assert [str(item) for item in read.diagnostics] == []
    return read.suites
