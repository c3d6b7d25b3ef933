"""The policies of this repository, loaded once, and their answers in the shape of those by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import evaluator
from tests.licence_requests import Request
from tests.licences_by_hand import Answer, Reason

POLICIES = Path(__file__).parents[2] / "policies"


@pytest.fixture(scope="session")
def policies() -> evaluator.PolicySet:
    return evaluator.load(POLICIES)


@pytest.fixture(scope="session")
def engine(policies: evaluator.PolicySet) -> Callable[[Request], Answer]:
    """The engine's answer to a request, which must have neither errors nor notices."""
    return lambda request: _answer(policies.decide(request))


def _answer(decision: evaluator.Decision) -> Answer:
    assert decision.errors == ()
    assert decision.notices == ()
    reasons = tuple(
        Reason(reason.rule, reason.kind, tuple(remedy.id for remedy in reason.remedies))
        for reason in decision.reasons
    )
    outputs = {name: _codes(value) for name, value in decision.outputs.items()}
    return Answer(decision.effect, reasons, outputs)


def _codes(value: Any) -> Any:
    """An output as JSON has it, but of codes with their texts the codes."""
    if isinstance(value, evaluator.Timestamp):
        return str(value)
    if not (isinstance(value, list) and value and isinstance(value[0], dict)):
        return value
    assert all(item.keys() == {"code", "text"} and item["text"].strip() for item in value)
    return [item["code"] for item in value]
