"""An explanation for a terminal: each rule as a tree of conditions, every one with its value."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from evaluator.decision.explanation import Explanation, Node, RuleExplanation
from evaluator.policy.request import Request
from evaluator.render.decision_text import decision_text
from evaluator.render.escape import visible
from evaluator.render.words import Words, words

__all__ = ["explanation_text"]

_STATES = {
    "fired": ("●", "bold"),
    "not fired": ("○", "dim"),
    "error": ("?", "bold red"),
    "not in force": ("–", "dim"),
    "not reached": ("–", "dim"),
}


def explanation_text(
    explanation: Explanation, request: Request | None = None, *, every_rule: bool = False
) -> RenderableType:
    """The decision, then its rules: the decisive ones as trees, the others in a line each.

    With ``every_rule`` all of them are trees.
    """
    say = words(explanation.decision.locale)
    return Group(
        decision_text(explanation.decision, request),
        Text(),
        Text(f"{say['rules']}  ", "bold").append(f"({say['no_matter']})", "dim"),
        *(_rule(rule, say, every_rule) for rule in explanation.rules),
    )


def _rule(rule: RuleExplanation, say: Words, every_rule: bool) -> RenderableType:
    sign, style = _STATES[rule.state]
    if rule.state == "fired":
        style += " green" if rule.effect == "allow" else " red"
    head = Text(f"{sign} ", style)
    head.append(visible(rule.rule), style)
    head.append(f"  {rule.effect}", "dim")
    if rule.mode == "report":
        head.append(f" ({say['on_trial']})", "yellow")
    head.append(f"  {say[rule.state]}", style)
    if rule.decisive:
        head.append(f", {say['decided']}", style)
    head.append(f"  {rule.at}", "dim")
    if rule.condition is None:
        if rule.state == "fired":
            head.append(f"  {say['always']}", "dim")
        return head
    if not (every_rule or rule.decisive or rule.state in ("fired", "error")):
        return head
    tree = Tree(head, guide_style="dim")
    _grow(tree, rule.condition, say)
    return tree


def _grow(tree: Tree, node: Node, say: Words) -> None:
    branch = tree.add(_line(node, say))
    for child in _worth_showing(node):
        _grow(branch, child, say)


def _worth_showing(node: Node) -> Iterator[Node]:
    for child in node.children:
        # A bare name says again what the line above it said; its definition is what is new.
        if child.label is None and child.text == node.text and child.value == node.value:
            yield from _worth_showing(child)
        else:
            yield child


def _line(node: Node, say: Words) -> Text:
    dimmed = "" if node.matters else "dim"
    text = Text()
    if node.label == "definition":
        text.append("= ", "dim")
    elif node.label:
        text.append(f"[{visible(say['turn'].format(label=node.label))}] ", "dim")
    text.append(visible(node.text), dimmed)
    text.append("  ")
    if node.kind == "skipped":
        text.append(say["not_needed"], "dim italic")
    else:
        text.append(visible(node.value or ""), _style(node))
    text.append(f"  {node.at.line}:{node.at.column}", "dim")
    return text


def _style(node: Node) -> str:
    if node.kind == "error":
        return "bold red"
    style = {"true": "green", "false": "red"}.get(node.value or "", "cyan")
    return f"{style}{'' if node.matters else ' dim'}"
