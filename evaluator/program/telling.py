"""What a rule that fired tells, as one Python function: the values in its texts, its remedies."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evaluator.language.checker import Checked
from evaluator.policy.model import Remedy, Rule, Scope, Template
from evaluator.program.generating import Code
from evaluator.program.producing import Emit, Part

__all__ = ["RuleTexts", "emit_texts", "parts_of_texts"]


@dataclass(frozen=True, slots=True, eq=False)
class RuleTexts:
    """The texts of a rule in one language: its own, and the message of each of its remedies."""

    rule: Rule
    own: tuple[Template, ...]
    remedies: tuple[tuple[Remedy, Template], ...]


def parts_of_texts(texts: RuleTexts) -> Iterable[Part]:
    """The expressions that ``emit_texts`` evaluates."""
    for template in texts.own:
        yield from ((part, texts.rule.scope) for part in _expressions(template))
    for remedy, template in texts.remedies:
        yield from _conditions(texts.rule, remedy)
        yield from ((assignment.expression, remedy.scope) for assignment in remedy.sets)
        yield from ((part, remedy.scope) for part in _expressions(template))


def emit_texts(texts: RuleTexts) -> Emit:
    """The values in each text in turn, then of each remedy None or two tuples.

    These are what it sets and the values in its message; None is one that is not offered.
    """

    def emit(code: Code) -> None:
        builder = code.builder
        found: list[ast.expr] = []
        for template in texts.own:
            values = [_value(code, part, texts.rule.scope) for part in _expressions(template)]
            found.append(builder.tupled(values))
        for remedy, template in texts.remedies:
            offer = builder.fresh("offer")
            builder.assign(offer, builder.constant(None))
            _emit_offer(code, remedy, template, list(_conditions(texts.rule, remedy)), offer)
            found.append(builder.load(offer))
        builder.give(builder.tupled(found))

    return emit


def _emit_offer(
    code: Code, remedy: Remedy, template: Template, conditions: list[Part], offer: str
) -> None:
    """Assigns what a remedy tells where the conditions that are left hold."""
    builder, compiler = code.builder, code.compiler
    if conditions:
        (condition, scope), *others = conditions
        compiler.begin()
        with compiler.inside(condition, code.lookup(scope)) as root:
            test = compiler.truth(root)
        with compiler.branch(), builder.when(test):
            _emit_offer(code, remedy, template, others, offer)
        return
    sets = [_value(code, assignment.expression, remedy.scope) for assignment in remedy.sets]
    values = [_value(code, part, remedy.scope) for part in _expressions(template)]
    builder.assign(offer, builder.tupled([builder.tupled(sets), builder.tupled(values)]))


def _value(code: Code, expression: Checked, scope: Scope) -> ast.expr:
    """The value of an expression, in a variable: later statements come after it."""
    compiler = code.compiler
    compiler.begin()
    with compiler.inside(expression, code.lookup(scope)) as root:
        return compiler.named(compiler.plain(compiler.visit(root)))


def _conditions(rule: Rule, remedy: Remedy) -> Iterator[Part]:
    """When a remedy is offered: the condition of its own, and that of where it is used."""
    for condition, scope in ((remedy.shared_when, remedy.scope), (remedy.when, rule.scope)):
        if condition is not None:
            yield condition, scope


def _expressions(template: Template) -> Iterator[Checked]:
    return (part for part in template.parts if not isinstance(part, str))
