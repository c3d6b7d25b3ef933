"""What keeps mutants from being tried, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from evaluator.diagnostics import Diagnostic, Note
from evaluator.suites.outcome import Place

__all__ = ["steps_fail"]

_MOST_NOTES: Final = 5


def steps_fail(failing: Sequence[Place], steps: int) -> Diagnostic:
    """Steps that fail on the policies as they are; one of them at least."""
    first, *others = failing
    return Diagnostic(
        "EVL770",
        f"{len(failing):,} of {steps:,} steps fail on the policies as they are",
        first.step.span,
        help="make `evaluator test` pass first: only a step that passes can notice a change",
        notes=tuple(
            Note(f"`{place.name}` fails too", place.step.span) for place in others[:_MOST_NOTES]
        ),
    )
