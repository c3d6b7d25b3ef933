"""``explain``: each rule's condition with the value of every sub-expression, and its place."""

from __future__ import annotations

from typing import Any, Final

from evaluator.decision.explanation import Node, RuleExplanation
from evaluator.server.playground.answering.asking import Asked
from evaluator.server.playground.answering.durations import with_hours
from evaluator.server.playground.answering.places import Places
from evaluator.server.playground.answering.telling import Telling
from evaluator.server.playground.answering.workspace import Workspace

__all__ = ["explain"]

_MOST_NODES: Final = 20_000
_DEEPEST: Final = 60


def explain(workspace: Workspace, asked: Asked) -> dict[str, Any]:
    """``ExplainAnswer``."""
    loaded = workspace.deciding(asked.edits)
    explanation = loaded.explain(asked.request, asked.instant("now"), asked.locale)
    writing = _Writing(loaded.places)
    return {
        "decision": Telling(loaded, asked.locale).decision(explanation.decision),
        "rules": [writing.rule(rule) for rule in explanation.rules],
    }


class _Writing:
    """Writes trees, as far as a page can show them: those of long lists are cut."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._left = _MOST_NODES

    def rule(self, rule: RuleExplanation) -> dict[str, Any]:
        assert rule.span is not None
        return {
            "rule": rule.rule,
            "policy": rule.policy,
            "effect": rule.effect,
            "mode": rule.mode,
            "at": self._places.of(rule.span),
            "state": rule.state,
            "decisive": rule.decisive,
            "condition": None if rule.condition is None else self._node(rule.condition, 0),
        }

    def _node(self, node: Node, depth: int) -> dict[str, Any]:
        assert node.span is not None
        self._left -= 1
        children = []
        if depth < _DEEPEST:
            for child in node.telling():
                if self._left <= 0:
                    break
                children.append(self._node(child, depth + 1))
        return {
            "text": node.text,
            "value": None if node.value is None else with_hours(node.value),
            "kind": node.kind,
            "at": self._places.of(node.span),
            "matters": node.matters,
            "label": node.label,
            "children": children,
        }
