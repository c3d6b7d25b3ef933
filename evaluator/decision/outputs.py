"""Outputs: what a decision tells besides its effect."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from evaluator.language.values import ErrorValue, Optional
from evaluator.policy.model import Effect, Output
from evaluator.program.evaluation import Evaluation

__all__ = ["evaluate_outputs"]


def evaluate_outputs(
    definitions: tuple[Output, ...],
    effect: Effect,
    evaluation: Evaluation,
    report: Callable[[Output, ErrorValue], None],
) -> Iterator[tuple[Output, object]]:
    """Each output that applies, with its value: the first definition of a name that applies wins.

    One whose value is an empty optional is left out, one that errs is reported and left out; in
    both cases later definitions of the name are not tried.
    """
    computed = evaluation.outputs(definitions, effect)
    if computed is not None:
        yield from computed
        return
    settled: set[str] = set()
    for output in definitions:
        if output.name in settled or effect not in output.on:
            continue
        if output.when is not None:
            holds = evaluation.value(output.when, output.scope)
            if isinstance(holds, ErrorValue):
                settled.add(output.name)
                report(output, holds)
                continue
            if holds is not True:
                continue
        settled.add(output.name)
        value = _value(output, evaluation)
        if isinstance(value, Optional):
            if not value.present:
                continue
            value = value.value
        if isinstance(value, ErrorValue):
            report(output, value)
        else:
            yield output, value


def _value(output: Output, evaluation: Evaluation) -> object:
    """The value, without noting moments where it moves with time: its changes are not a change."""
    if evaluation.moments is not None and output.value.volatile:
        evaluation = evaluation.at_rest()
    return evaluation.value(output.value, output.scope)
