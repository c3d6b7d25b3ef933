"""The outputs of a decision as one Python function, and what of it time may change as another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from evaluator.language.checker import Checked
from evaluator.language.compiling.calls import MOMENTS
from evaluator.language.values import Optional
from evaluator.policy.model import Effect, Output, Rule, Scope
from evaluator.program.generating import Code

__all__ = [
    "Emit",
    "Part",
    "emit_outputs",
    "emit_watch",
    "parts_of_outputs",
    "parts_of_rules",
    "produced",
]

Emit = Callable[[Code], None]
"""Puts statements into a function; the last gives what it returns."""

Part = tuple[Checked, Scope]


def parts_of_outputs(outputs: Iterable[Output]) -> Iterable[Part]:
    """The expressions of outputs."""
    for output in outputs:
        if output.when is not None:
            yield output.when, output.scope
        yield output.value, output.scope


def parts_of_rules(rules: Iterable[Rule]) -> Iterable[Part]:
    """The conditions of rules."""
    return ((rule.condition, rule.scope) for rule in rules if rule.condition is not None)


def emit_outputs(outputs: Sequence[Output], effect: Effect) -> Emit:
    """Of each name the number of the first definition that applies, or -1, and its value."""

    def emit(code: Code) -> None:
        builder = code.builder
        found = []
        for numbers in _by_name(outputs, effect):
            number, value = builder.fresh("number"), builder.fresh("value")
            builder.assign(number, builder.constant(-1))
            builder.assign(value, builder.constant(None))
            _emit_definitions(code, outputs, numbers, number, value)
            found += [builder.load(number), builder.load(value)]
        builder.give(builder.tupled(found))

    return emit


def _by_name(outputs: Sequence[Output], effect: Effect) -> Iterable[list[int]]:
    found: dict[str, list[int]] = {}
    for number, output in enumerate(outputs):
        if effect in output.on:
            found.setdefault(output.name, []).append(number)
    return found.values()


def _emit_definitions(
    code: Code, outputs: Sequence[Output], numbers: Sequence[int], number: str, value: str
) -> None:
    """The first of some definitions that applies, into two local variables."""
    if not numbers:
        return
    builder, compiler = code.builder, code.compiler
    output = outputs[numbers[0]]

    def take() -> None:
        compiler.begin()
        # When a value that moves is another one is no change of the decision.
        lookup = code.lookup(output.scope, at_rest=output.value.volatile)
        with compiler.inside(output.value, lookup) as root:
            builder.assign(value, compiler.plain(compiler.visit(root)))
        builder.assign(number, builder.constant(numbers[0]))

    if output.when is None:
        take()
        return
    compiler.begin()
    with compiler.inside(output.when, code.lookup(output.scope)) as root:
        test = compiler.truth(root)
    with compiler.branch(), builder.block() as then:
        take()
    with compiler.branch(), builder.block() as otherwise:
        _emit_definitions(code, outputs, numbers[1:], number, value)
    builder.choose(test, then, otherwise)


def produced(outputs: Sequence[Output], found: Sequence[Any]) -> list[tuple[Output, Any]]:
    """What the function of ``emit_outputs`` gave: each output that is there, with its value."""
    pairs = []
    values = iter(found)
    for number, value in zip(values, values, strict=True):
        if type(value) is Optional:
            if not value.present:
                continue
            value = value.value
        if number >= 0:
            pairs.append((number, value))
    pairs.sort(key=_number)
    return [(outputs[number], value) for number, value in pairs]


def _number(pair: tuple[int, Any]) -> int:
    return pair[0]


def emit_watch(rules: Sequence[Rule], outputs: Sequence[Output], effect: Effect) -> Emit:
    """Notes when the conditions of rules in force change, then does what ``emit_outputs`` does."""

    def emit(code: Code) -> None:
        for rule in rules:
            _emit_rule(code, rule)
        emit_outputs(outputs, effect)(code)

    return emit


def _emit_rule(code: Code, rule: Rule) -> None:
    builder, compiler = code.builder, code.compiler
    period = rule.effective
    if period is not None:
        edges = [builder.constant(edge) for edge in (period.start, period.until)]
        builder.do(builder.method(builder.load(MOMENTS), "note", *edges))
    if rule.condition is None:
        return
    compiler.begin()
    if period is None:
        _emit_condition(code, rule.condition, rule.scope)
    else:
        in_force = builder.call(period.holds, builder.load("now"))
        with compiler.branch(), builder.when(in_force):
            _emit_condition(code, rule.condition, rule.scope)


def _emit_condition(code: Code, condition: Checked, scope: Scope) -> None:
    with code.compiler.inside(condition, code.lookup(scope)) as root:
        code.builder.do(code.compiler.truth(root))
