"""What a decision tells: reasons, remedies, outputs, validity in time, localised messages."""

from evaluator.decision.decision import Decision, Verification
from evaluator.decision.parts import Location, Notice, PackInfo, Problem, Reason, Remedy

__all__ = [
    "Decision",
    "Location",
    "Notice",
    "PackInfo",
    "Problem",
    "Reason",
    "Remedy",
    "Verification",
]
