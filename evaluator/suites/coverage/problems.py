"""The wording of what is wrong with what suites call unreachable: one function a problem."""

from __future__ import annotations

from collections.abc import Sequence

from evaluator.diagnostics import Diagnostic, shortened
from evaluator.policy.wording import choice, ticks
from evaluator.source import Span

__all__: list[str] = []  # every function here is for this package


def no_such_condition(span: Span, rule: str, written: str, known: Sequence[str]) -> Diagnostic:
    """Nothing that the rule depends on has this text."""
    parts = f"write a part as it is written there: {ticks(known, 6)}"
    help_, fix = choice(span, written, known, parts if known else "remove the entry: it has none")
    message = f"the rule `{rule}` has no condition `{shortened(written, 60)}`"
    return Diagnostic("EVL750", message, span, help=help_, fix=fix)


def is_met(span: Span, what: str) -> Diagnostic:
    """A case shows what is called unreachable."""
    message = f"this is called unreachable, but a case shows it: {what}"
    return Diagnostic("EVL750", message, span, help="remove the entry from `unreachable`")


def is_reachable(span: Span, what: str) -> Diagnostic:
    """The search found a request that shows what is called unreachable."""
    return Diagnostic(
        "EVL750",
        f"this is called unreachable, but a request was found that shows it: {what}",
        span,
        help="remove the entry from `unreachable`, and add the case that the report has for it",
    )
