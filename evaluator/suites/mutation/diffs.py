"""Mutants as unified diffs."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from evaluator.suites.mutation.mutants import Mutant

__all__ = ["unified_diff"]


def unified_diff(mutant: Mutant, originals: Mapping[str, str], *, folder: str = "") -> str:
    """The diff of the changed file, with two lines around; ``folder`` is put before its name.

    A file that goes is a diff to ``/dev/null`` without its lines.
    """
    name = (folder + mutant.file).lstrip("/")
    before = originals[mutant.file].splitlines()
    after = mutant.texts(originals)[mutant.file].splitlines()
    lines = list(difflib.unified_diff(before, after, f"a/{name}", f"b/{name}", n=2, lineterm=""))
    if mutant.removed is not None:
        gone = (folder + mutant.removed).lstrip("/")
        lines += [f"--- a/{gone}", "+++ /dev/null"]
    return "\n".join(lines) + "\n"
