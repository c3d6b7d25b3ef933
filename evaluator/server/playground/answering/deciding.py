"""``decide``: the decision for each action, and what each remedy comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from evaluator.decision.decision import Decision
from evaluator.decision.wire import plain
from evaluator.server.playground.answering.asking import Asked
from evaluator.server.playground.answering.telling import Telling, texts
from evaluator.server.playground.answering.workspace import Workspace

__all__ = ["decide", "with_action"]

_MOST_ACTIONS: Final = 32


def decide(workspace: Workspace, asked: Asked) -> dict[str, Any]:
    """``DecideAnswer``."""
    loaded = workspace.deciding(asked.edits)
    request, now = asked.request, asked.instant("now")
    titles = {policy.name: texts(policy.title) for pack in loaded.packs for policy in pack.policies}
    telling = Telling(loaded, asked.locale)
    decisions = {}
    for action in dict.fromkeys(asked.texts("actions", _MOST_ACTIONS)):
        decision = loaded.decide(with_action(request, action), now, asked.locale)
        told = telling.decision(decision)
        policies = {reason["policy"] for reason in told["reasons"]} - {None}
        decisions[action] = {
            "decision": told,
            "remedies": list(_remedies(decision)),
            "policies": {name: titles.get(name, {}) for name in sorted(policies)},
        }
    return {"decisions": decisions}


def with_action(request: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The request about another action."""
    action = request.get("action")
    properties = action if isinstance(action, Mapping) else {}
    return {**request, "action": {**properties, "name": name}}


def _remedies(decision: Decision) -> Iterator[dict[str, Any]]:
    for remedy in decision.remedies:
        told: dict[str, Any] = {
            "rule": remedy.rule,
            "remedy": remedy.id,
            "sets": bool(remedy.sets),
            "lifts": None,
            "then": None,
            "changed": None,
        }
        if remedy.sets:
            tried = decision.verify(remedy)
            told["lifts"] = tried.verified
            if tried.decision is not None:
                told["then"] = tried.decision.effect
                told["changed"] = plain(tried.request)
        yield told
