"""Policies here, a client of a service, and one that waits: a program takes either."""

from __future__ import annotations

import inspect

import pytest

from evaluator import Decision, Explanation, PolicySet
from evaluator.integrations.client import AsyncClient, Client
from evaluator.integrations.policies import AnyDecision, AnyExplanation, AsyncPolicies, Policies
from evaluator.integrations.remote import RemoteDecision, RemoteExplanation


def takes_policies(policies: Policies) -> Policies:
    return policies


def takes_async_policies(policies: AsyncPolicies) -> AsyncPolicies:
    return policies


def takes_decision(decision: AnyDecision) -> AnyDecision:
    return decision


def takes_explanation(explanation: AnyExplanation) -> AnyExplanation:
    return explanation


def checked(here: PolicySet, decision: Decision, explanation: Explanation) -> None:
    """Nobody calls it: the type checker says whether it could be."""
    takes_policies(here)
    takes_policies(Client("http://pdp"))
    takes_async_policies(AsyncClient("http://pdp"))
    takes_decision(decision)
    takes_decision(RemoteDecision("deny", (), decision.decided_at))
    takes_explanation(explanation)
    takes_explanation(RemoteExplanation(RemoteDecision("deny", (), decision.decided_at), ()))


METHODS = ["decide", "decide_many", "allowed", "require", "explain"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("client", [Client, AsyncClient])
def test_the_methods_take_what_those_of_policies_take(client: type, method: str) -> None:
    here = inspect.signature(getattr(PolicySet, method)).parameters
    there = inspect.signature(getattr(client, method)).parameters
    assert list(here.values()) == list(there.values())


def test_all_that_is_promised_is_there() -> None:
    promised = [name for name in vars(Policies) if not name.startswith("_")]
    assert sorted(promised) == sorted(METHODS)
    read = [name for name in vars(AnyDecision) if not name.startswith("_")]
    assert len(read) > 10
    for name in read:
        assert hasattr(RemoteDecision, name), name
