"""``evaluator explain``: a decision with the value of every sub-expression."""

from __future__ import annotations

import click

import evaluator
from evaluator.cli.changes import changes_of, with_changes
from evaluator.cli.decide import parsed
from evaluator.cli.inputs import inputs, load_policies
from evaluator.cli.options import request_options
from evaluator.cli.screens import Color, example, fail, print_json, show

__all__ = ["explain"]


@click.command(epilog=example("evaluator explain -p policies request.json --rule my-rule"))
@request_options
@click.option("--all", "every_rule", is_flag=True, help="Show the tree of every rule.")
@click.option(
    "--rule", "only", multiple=True, metavar="ID", help="Show these rules only, as trees."
)
def explain(
    requests: tuple[str, ...],
    path: str,
    settings: tuple[str, ...],
    now: str | None,
    locale: str | None,
    functions: str | None,
    cache: str | None,
    format_: str,
    exit_code: bool,
    color: Color,
    every_rule: bool,
    only: tuple[str, ...],
) -> int:
    """Decide a request and show why: each rule, and every part of its condition with its value.

    Rules that fired or decided are shown as trees, the others in a line each; --all shows all
    trees. What is dimmed did not matter.
    """
    policies = load_policies(path, functions, locale, color, cache=cache)
    changes = changes_of(settings, now, policies.packs)
    _check_rules(policies, only)
    code = 0
    several = len(requests) > 1
    for number, given in enumerate(inputs(requests, whole=format_ == "text")):
        if given.diagnostics:
            fail(given.diagnostics, color)
        raw = with_changes(given.value, changes)
        try:
            explanation = policies.explain(raw)
        except evaluator.RequestError as error:
            fail(given.located(error), color)
        if only:
            explanation = explanation.of(only)
        if exit_code and not explanation.decision.allowed:
            code = 1
        if format_ == "json":
            print_json(explanation.to_dict(), compact=given.streamed or several)
        else:
            from evaluator.render.explanation_text import explanation_text

            screen = explanation_text(explanation, parsed(raw), every_rule=every_rule or bool(only))
            if number:
                click.echo()
            show(screen, color)
    return code


def _check_rules(policies: evaluator.PolicySet, only: tuple[str, ...]) -> None:
    if not only:
        return  # of policies from a cache, no rule is made that is not asked for
    known = {
        rule.id for pack in policies.packs for variant in pack.variants for rule in variant.rules
    }
    for rule in only:
        if rule not in known:
            guess = evaluator.diagnostics.did_you_mean(rule, known)
            hint = f" Did you mean {guess}?" if guess else ""
            raise click.UsageError(f"There is no rule {rule!r}.{hint}")
