"""A partial decision for a terminal: the verdict or what it depends on, and each condition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.padding import Padding
from rich.text import Text

from evaluator.decision.partial import Condition, PartialDecision
from evaluator.policy.request import Request
from evaluator.render.escape import visible

__all__ = ["partial_text"]

_WIDEST: Final = 110
_STYLES: Final = {"allow": "green", "deny": "red"}


def partial_text(decision: PartialDecision, request: Request | None = None) -> RenderableType:
    """The screen of a partial decision."""
    return Constrain(Group(*_parts(decision, request)), _WIDEST)


def _parts(decision: PartialDecision, request: Request | None) -> Iterator[RenderableType]:
    yield _headline(decision, request)
    for reason in decision.reasons:
        line = Text("• ").append(visible(reason.rule), "bold")
        line.append(f"  {reason.kind}", _STYLES.get(reason.kind, "dim"))
        yield line.append("  fires in any case" if decision.effect is None else "", "dim")
    for condition in decision.conditions:
        yield _condition(condition)


def _headline(decision: PartialDecision, request: Request | None) -> Text:
    if decision.effect is None:
        text = Text(f"? DEPENDS ON {', '.join(decision.depends_on)}", "bold yellow")
    elif decision.effect == "allow":
        text = Text("✓ ALLOW", "bold green")
    else:
        text = Text("✗ DENY", "bold red")
    if decision.effect is not None:
        text.append("  whatever is unknown", "dim")
    if request is not None:
        asked = (
            f"  {request.subject_type} {request.subject_id} · {request.action_name}"
            f" · {request.resource_type} {request.resource_id}"
        )
        text.append(visible(asked), "default")
    return text


def _condition(condition: Condition) -> RenderableType:
    head = Text("• ").append(visible(condition.rule), "bold")
    head.append(f"  {condition.effect}", _STYLES[condition.effect])
    head.append("  when", "dim").append(f"  {condition.at}", "dim")
    return Group(head, Padding(Text(visible(condition.when), overflow="fold"), (0, 0, 0, 2)))
