"""What of a set of applicable rules may change as time passes, told from the expressions alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from evaluator.language.checker import Checked
from evaluator.policy.model import Effect, Output, Remedy, Rule, Scope
from evaluator.program.expressions import Expressions
from evaluator.program.index import Applicable

__all__ = ["Timed", "timed_parts"]


@dataclass(frozen=True, slots=True, eq=False)
class Timed:
    """The parts that depend on time.

    ``rules`` are those whose condition or period does, ``remedies`` the rules that have a remedy
    which does. ``outputs`` has, by effect, every definition of the outputs of which one does.
    ``reads_time`` tells that something reads ``context.time`` rather than ``now``.
    """

    rules: tuple[Rule, ...]
    remedies: frozenset[Rule]
    outputs: dict[Effect, tuple[Output, ...]]
    reads_time: bool

    def __bool__(self) -> bool:
        return bool(self.rules or self.remedies or any(self.outputs.values()))


def timed_parts(part: Applicable, expressions: Expressions) -> Timed:
    """What of the rules and outputs for a request depends on time."""
    effects: tuple[Effect, Effect] = ("allow", "deny")

    def timed(found: Iterable[tuple[Checked, Scope]]) -> bool:
        return any(expressions.is_timed(*one) for one in found)

    return Timed(
        rules=tuple(
            rule for rule in part.rules if rule.effective is not None or timed(_of_rule(rule))
        ),
        remedies=frozenset(
            rule
            for rule in part.rules
            if any(timed(_of_remedy(rule, remedy)) for remedy in rule.remedies)
        ),
        outputs={
            effect: _outputs(part.outputs, effect, lambda output: timed(_of_output(output)))
            for effect in effects
        },
        reads_time=any(expressions.reads_time(*one) for one in _all(part)),
    )


def _outputs(
    outputs: tuple[Output, ...], effect: Effect, timed: Callable[[Output], bool]
) -> tuple[Output, ...]:
    on = [output for output in outputs if effect in output.on]
    names = {output.name for output in on if timed(output)}
    return tuple(output for output in on if output.name in names)


_Found = Iterator[tuple[Checked, Scope]]


def _all(part: Applicable) -> _Found:
    for rule in part.rules:
        yield from _of_rule(rule)
        for remedy in rule.remedies:
            yield from _of_remedy(rule, remedy)
    for output in part.outputs:
        yield from _of_output(output)


def _of_rule(rule: Rule) -> _Found:
    if rule.condition is not None:
        yield rule.condition, rule.scope


def _of_remedy(rule: Rule, remedy: Remedy) -> _Found:
    found: list[tuple[Any, Scope]] = [(remedy.shared_when, remedy.scope), (remedy.when, rule.scope)]
    yield from ((condition, scope) for condition, scope in found if condition is not None)
    for assignment in remedy.sets:
        yield assignment.expression, remedy.scope


def _of_output(output: Output) -> _Found:
    if output.when is not None:
        yield output.when, output.scope
    yield output.value, output.scope
