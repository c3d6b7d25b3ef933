"""``evaluator mutate``: what the suites of packs do not notice when the policies are changed."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from evaluator.cli.inputs import host_functions
from evaluator.cli.screens import Color, color_option, example, fail, print_json, show
from evaluator.cli.suites import load_suites, target_of
from evaluator.cli.trying import tried
from evaluator.source import Folder
from evaluator.suites.mutation.mutants import Mutant
from evaluator.suites.mutation.preparing import evenly, failing, prepare, snapshot
from evaluator.suites.mutation.verdicts import Report
from evaluator.suites.selecting import SelectionError, selection

__all__ = ["mutate"]


@click.command(epilog=example("evaluator mutate policies -k reduction-window-closed"))
@click.argument("path", type=click.Path(), default="policies", metavar="[PATH]")
@click.option(
    "-k",
    "expression",
    metavar="EXPR",
    help="Change the rules, outputs and definitions whose names contain these texts, joined by"
    " and, or, not and ( ).",
)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    metavar="N",
    help="Try N mutants only, evenly spread, the same in every run.",
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=0),
    default=0,
    metavar="N",
    help="Try them in N processes; 0, the default, for one a processor.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="How to print.",
)
@click.option("--functions", metavar="MODULE:ATTRIBUTE", help="A mapping with the host functions.")
@color_option
def mutate(
    path: str,
    expression: str | None,
    limit: int | None,
    jobs: int,
    format_: str,
    functions: str | None,
    color: Color,
) -> int:
    """Change policies a little, one place at a time, and see whether their suites notice.

    A change is noticed when a step of a suite fails. One that is not is shown with a request that
    is then decided otherwise, and with the case that would notice it. Changes that make no
    difference are set aside. PATH is as for `evaluator test`. Exits with 1 when a change went
    unnoticed, with 2 when a policy or a suite cannot be read, or a step fails as it is.
    """
    target = target_of(path)
    loaded = load_suites(target, functions, color, format_=format_)
    prepared = prepare(
        snapshot(Folder(target.folder), loaded.packs),
        within=target.within,
        functions=host_functions(functions),
    )
    problem = failing(prepared)
    if problem is not None:
        fail([problem], color, folder=target.prefix)
    generated = prepared.generated
    chosen = _chosen(generated.mutants, expression)
    results = tried(
        prepared,
        evenly(chosen, limit),
        within=target.within,
        functions=functions,
        processes=jobs or os.cpu_count() or 1,
        color=color,
    )
    report = Report(tuple(results), len(chosen), len(prepared.places), generated.originals)
    _show(report, target.prefix, format_, color)
    return 1 if report.of("survived") else 0


def _chosen(mutants: Sequence[Mutant], expression: str | None) -> Sequence[Mutant]:
    if expression is None:
        return mutants
    try:
        selected = selection(expression)
    except SelectionError as error:
        raise click.UsageError(f"-k {expression!r}: {error}.") from None
    chosen = [mutant for mutant in mutants if selected(mutant.subject)]
    if not chosen:
        names = len({mutant.subject for mutant in mutants})
        raise click.UsageError(f"-k {expression!r} matches none of {names} names.")
    return chosen


def _show(report: Report, folder: str, format_: str, color: Color) -> None:
    if format_ == "json":
        from evaluator.render.mutation_json import mutation_json

        print_json(mutation_json(report, folder=folder))
    elif format_ == "github":
        from evaluator.render.mutation_github import mutation_commands

        for line in mutation_commands(report, folder=folder):
            click.echo(line)
    else:
        from evaluator.render.mutation_text import mutation_text

        show(mutation_text(report, folder=folder), color, wrap=False)
