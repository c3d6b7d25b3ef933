"""Decisions with reasons and remedies, from YAML policies.

>>> import evaluator
>>> policies = evaluator.load("policies")
>>> decision = policies.decide(request)
>>> decision.allowed, decision.reasons, decision.valid_until
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from evaluator.decision import (
        Decision,
        Location,
        Notice,
        PackInfo,
        Problem,
        Reason,
        Remedy,
        Verification,
    )
    from evaluator.decision.explanation import Explanation
    from evaluator.decision.partial import PartialDecision
    from evaluator.diagnostics import Diagnostic, Severity
    from evaluator.engine import Clock, PolicySet, load
    from evaluator.errors import (
        Denied,
        EvaluationError,
        EvaluatorError,
        PolicyError,
        RequestError,
        ServiceError,
    )
    from evaluator.expression import Expression
    from evaluator.language.values import Duration, Timestamp
    from evaluator.policy.request import Request
    from evaluator.source import Files, Folder, MemoryFiles

__version__ = "0.1.0"

# Where each public name lives. They are imported when first used, so that `import evaluator` stays
# cheap for a program that only needs an exception's name.
_HOMES = {
    "evaluator.decision": (
        "Decision",
        "Location",
        "Notice",
        "PackInfo",
        "Problem",
        "Reason",
        "Remedy",
        "Verification",
    ),
    "evaluator.decision.explanation": ("Explanation",),
    "evaluator.decision.partial": ("PartialDecision",),
    "evaluator.diagnostics": ("Diagnostic", "Severity"),
    "evaluator.engine": ("Clock", "PolicySet", "load"),
    "evaluator.errors": (
        "Denied",
        "EvaluationError",
        "EvaluatorError",
        "PolicyError",
        "RequestError",
        "ServiceError",
    ),
    "evaluator.expression": ("Expression",),
    "evaluator.language.values": ("Duration", "Timestamp"),
    "evaluator.policy.request": ("Request",),
    "evaluator.source": ("Files", "Folder", "MemoryFiles"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Clock",
    "Decision",
    "Denied",
    "Diagnostic",
    "Duration",
    "EvaluationError",
    "EvaluatorError",
    "Explanation",
    "Expression",
    "Files",
    "Folder",
    "Location",
    "MemoryFiles",
    "Notice",
    "PackInfo",
    "PartialDecision",
    "PolicyError",
    "PolicySet",
    "Problem",
    "Reason",
    "Remedy",
    "Request",
    "RequestError",
    "ServiceError",
    "Severity",
    "Timestamp",
    "Verification",
    "load",
]


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(home), name)
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
