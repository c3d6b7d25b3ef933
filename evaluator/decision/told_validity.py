"""Until when what is told of a decision holds word for word, the values in its texts included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evaluator.decision.formatting import with_message_functions
from evaluator.decision.messages import formatter_for, known_locale
from evaluator.language.checker import Checked
from evaluator.language.temporal import Moments
from evaluator.policy.model import Localized, Output, Rule, Scope
from evaluator.policy.request import Request
from evaluator.program.deciding import Settled
from evaluator.program.evaluation import Evaluation
from evaluator.program.index import Applicable
from evaluator.program.judging import Program

__all__ = ["told_until"]


def told_until(
    program: Program, settled: Settled, request: Request, now: int, until: int | None
) -> int | None:
    """The first instant after ``now`` at which a value that is told may differ, ``until`` at last.

    ``now`` itself where what is told moves with time. ``until`` is that of the decision; the ids
    that it covers are not looked at.
    """
    moments = Moments(now)
    verdict = program.verdict(settled, request, now)
    parts = [
        (part, evaluation.following(moments))
        for part, evaluation in zip(verdict.applicable, verdict.evaluations, strict=True)
    ]
    for finding in (*settled.outcome.reasons, *settled.outcome.notices):
        for part, evaluation in parts:
            if part.contains(finding.rule):
                _follow(program, part, evaluation, _of_rule(finding.rule))
    for part, evaluation in parts:
        for output in part.outputs:
            if settled.effect in output.on:
                _follow(program, part, evaluation, _of_output(output))
    if moments.opaque:
        return now
    return min((edge for edge in (until, moments.next) if edge is not None), default=None)


_Told = tuple[Checked, Scope]


def _follow(
    program: Program, part: Applicable, evaluation: Evaluation, told: Iterable[_Told]
) -> None:
    """Notes when the values of some expressions change, of those that depend on time."""
    expressions = program.expressions(part)
    pack = part.pack
    assert evaluation.moments is not None
    for expression, scope in told:
        if expressions.is_timed(expression, scope):
            locale = known_locale(pack.default_locale, pack.default_locale)
            functions = with_message_functions(pack.functions, formatter_for(pack, locale, locale))
            evaluation.moments.settle(evaluation.value(expression, scope, functions=functions))


def _of_rule(rule: Rule) -> Iterator[_Told]:
    for localized in (rule.reason, rule.description):
        yield from ((part, rule.scope) for part in _expressions(localized))
    for remedy in rule.remedies:
        yield from ((part, remedy.scope) for part in _expressions(remedy.message))
        yield from ((assignment.expression, remedy.scope) for assignment in remedy.sets)


def _of_output(output: Output) -> Iterator[_Told]:
    if output.value.volatile:
        yield output.value, output.scope
    for label in (output.labels or {}).values():
        yield from ((part, output.scope) for part in _expressions(label))


def _expressions(localized: Localized | None) -> Iterator[Checked]:
    """The expressions in all translations of a text."""
    for template in (localized or {}).values():
        yield from (part for part in template.parts if not isinstance(part, str))
