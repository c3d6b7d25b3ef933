"""The records of a decision log: what of a decision, its request and its caller is written down."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from evaluator.server.log.masking import Masks
from evaluator.server.log.sampling import Sample
from evaluator.server.seams import Made

__all__ = ["Records"]


class Records:
    """Makes records: masked, and of allowing decisions a sample."""

    def __init__(self, masks: Masks, sample: Sample | None) -> None:
        self._masks = masks
        self._sample = sample

    def of(self, made: Made) -> bytes | None:
        """The members of the record that are not of the chain, as JSON without braces.

        None for what is not in the sample. What could not be evaluated is kept like a denial.
        """
        decision = made.decision
        sample = None
        if decision.allowed and not decision.rules_erred:
            sample = self._sample
        if sample is not None and made.id not in sample:
            return None
        told = made.told
        record: dict[str, Any] = {
            "id": made.id,
            "caller": made.caller.name,
            "caller_type": made.caller.type,
            "decided_at": told["decided_at"],
            "request": made.request,
            "decision": told,
        }
        if self._masks:
            request, told, masked = self._masks.put_on(made.request, told)
            record |= {"request": request, "decision": told, "masked": masked}
        if sample is not None:
            record["sampled"] = sample.share
        return _encoded(record)[1:-1]


def _encoded(record: dict[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(record)
    except (UnicodeEncodeError, OverflowError, TypeError, ValueError, RecursionError):
        text = json.dumps(record, allow_nan=False, separators=(",", ":"), default=dict)
        return text.encode("ascii")
