"""The licence pack and requests that it denies, for benchmarks of what comes after the effect."""

from __future__ import annotations

from typing import Any, Final

import evaluator
from benchmarks.machine import ROOT
from benchmarks.settings import Settings
from tests.licence_requests import requests

__all__ = ["FOLDER", "asked", "load"]

FOLDER: Final = ROOT / "policies" / "licenses"
_SEED: Final = 7


def load() -> evaluator.PolicySet:
    """The pack, its code generated."""
    return evaluator.load(FOLDER).warm()


def asked(settings: Settings) -> list[dict[str, Any]]:
    """Some valid requests, of which about half are denied."""
    return list(requests(_SEED, settings.requests or settings.choose(300, quick=50)))
