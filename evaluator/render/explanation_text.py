"""An explanation for a terminal: each rule as a tree of conditions, every one with its value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Group, RenderableType
from rich.text import Text
from rich.tree import Tree

from evaluator.decision.explanation import Explanation, Node, RuleExplanation
from evaluator.policy.request import Request
from evaluator.render.decision_text import decision_text
from evaluator.render.escape import visible
from evaluator.render.words import Words, words

__all__ = ["explanation_text", "rule_trees"]

_STATES = {
    "fired": ("●", "bold"),
    "not fired": ("○", "dim"),
    "error": ("?", "bold red"),
    "not in force": ("-", "dim"),
    "not reached": ("-", "dim"),
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
        *_Rules(say, every_rule).shown(explanation.rules),
    )


def rule_trees(rules: Iterable[RuleExplanation], locale: str) -> RenderableType:
    """Some rules, all of them as trees, in which what did not matter is not gone into."""
    return Group(*_Rules(words(locale), every_rule=True, brief=True).shown(rules))


class _Rules:
    """Draws rules; a variable's definition is drawn where it is first used, and named later.

    With ``brief`` nothing is drawn below what did not matter.
    """

    def __init__(self, say: Words, every_rule: bool, *, brief: bool = False) -> None:
        self._say = say
        self._every_rule = every_rule
        self._brief = brief
        self._drawn: set[tuple[str, int, int]] = set()

    def shown(self, rules: Iterable[RuleExplanation]) -> Iterator[RenderableType]:
        """A line or a tree for each rule."""
        for rule in rules:
            head = self._head(rule)
            wanted = self._every_rule or rule.decisive or rule.state in ("fired", "error")
            if rule.condition is None or not wanted:
                yield head
            else:
                tree = Tree(head, guide_style="dim")
                self._grow(tree, rule.condition, rule.at.file)
                yield tree

    def _head(self, rule: RuleExplanation) -> Text:
        say = self._say
        sign, style = _STATES[rule.state]
        if rule.state == "fired":
            style += " green" if rule.effect == "allow" else " red"
        head = Text(f"{sign} ", style)
        head.append(visible(rule.rule), style)
        head.append(f"  {rule.effect}", "dim")
        if rule.mode == "report":
            head.append(f" ({say['on_trial']})", "magenta")
        head.append(f"  {say[rule.state]}", style)
        if rule.decisive:
            head.append(f", {say['decided']}", style)
        head.append(f"  {rule.at}", "dim")
        if rule.condition is None and rule.state == "fired":
            head.append(f"  {say['always']}", "dim")
        return head

    def _grow(self, tree: Tree, node: Node, file: str) -> None:
        """Adds a node and what it is made of; ``file`` is the one that the reader is in."""
        branch = tree.add(self._line(node, file))
        if self._brief and not node.matters:
            return
        for child in node.telling():
            if child.label == "definition":
                place = (child.at.file, child.at.line, child.at.column)
                if place in self._drawn:
                    continue
                self._drawn.add(place)
            self._grow(branch, child, node.at.file)

    def _line(self, node: Node, file: str) -> Text:
        text = Text()
        if node.label == "definition":
            text.append("= ", "dim")
        elif node.label:
            text.append(f"[{visible(self._say['turn'].format(label=node.label))}] ", "dim")
        text.append(visible(node.text), "" if node.matters else "dim")
        text.append("  ")
        if node.kind == "skipped":
            text.append(self._say["not_needed"], "dim italic")
        else:
            value = visible(node.value or "")
            text.append(value if node.matters else f"({value})", _style(node))
        place = "" if node.at.file == file else f"{node.at.file}:"
        text.append(f"  {place}{node.at.line}:{node.at.column}", "dim")
        return text


def _style(node: Node) -> str:
    if node.kind == "error":
        return "bold red"
    style = {"true": "green", "false": "red"}.get(node.value or "", "cyan")
    return f"{style}{'' if node.matters else ' dim'}"
