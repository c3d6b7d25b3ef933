"""``evaluator test``: the suites of packs run."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

import click

from evaluator.cli.running import failures
from evaluator.cli.screens import Color, color_option, console, example, print_json, show
from evaluator.cli.suites import Loaded, load_suites, target_of
from evaluator.suites.outcome import Failure, Place, SuiteOutcome, places
from evaluator.suites.selecting import SelectionError, selection

__all__ = ["test"]

Formats = click.Choice(["text", "json", "junit", "github"])


@click.command(epilog=example('evaluator test policies -k "roles and not MOSA"'))
@click.argument("path", type=click.Path(), default="policies", metavar="[PATH]")
@click.option(
    "-k",
    "expression",
    metavar="EXPR",
    help="Run the steps whose names contain these texts, joined by and, or, not and ( ).",
)
@click.option(
    "--format",
    "format_",
    type=Formats,
    default="text",
    show_default=True,
    help="How to print.",
)
@click.option("--fail-fast", is_flag=True, help="Stop at the first failure.")
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=0),
    default=1,
    metavar="N",
    help="Run in N processes; 0 for one a processor.",
)
@click.option("--functions", metavar="MODULE:ATTRIBUTE", help="A mapping with the host functions.")
@color_option
def test(
    path: str,
    expression: str | None,
    format_: str,
    fail_fast: bool,
    jobs: int,
    functions: str | None,
    color: Color,
) -> int:
    """Run the suites of packs: what the policies must decide, case by case.

    PATH is the folder of a pack or of packs (policies by default), or one suite. A case is one
    step, or several: one for each moment or combination. Exits with 1 when a step fails, with 2
    when a policy or a suite cannot be read.
    """
    loaded = load_suites(target_of(path), functions, color, format_=format_)
    chosen = _chosen(loaded, expression)
    found: list[Failure] = []
    processes = jobs or os.cpu_count() or 1
    for failure in failures(loaded, chosen, processes=processes, functions=functions, color=color):
        found.append(failure)
        _show_failure(failure, format_, color, loaded.target.prefix)
        if fail_fast:
            break
    _show_end(list(_outcomes(loaded, chosen, found)), format_, color, loaded.target.prefix)
    return 1 if found else 0


def _chosen(loaded: Loaded, expression: str | None) -> list[Place]:
    found = places(loaded.suites)
    if expression is None:
        return found
    try:
        selected = selection(expression)
    except SelectionError as error:
        raise click.UsageError(f"-k {expression!r}: {error}.") from None
    chosen = [place for place in found if selected(place.name)]
    if not chosen:
        raise click.UsageError(f"-k {expression!r} matches none of {len(found)} steps.")
    return chosen


def _outcomes(
    loaded: Loaded, chosen: Sequence[Place], found: Sequence[Failure]
) -> Iterator[SuiteOutcome]:
    for suite in loaded.suites:
        run = [place for place in chosen if place.suite is suite]
        failed = [failure for failure in found if failure.place.suite is suite]
        if run:
            yield SuiteOutcome(suite, run, failed)


def _show_failure(failure: Failure, format_: str, color: Color, folder: str) -> None:
    if format_ == "text":
        from evaluator.render.suite_text import failure_text

        show(failure_text(failure, width=console(color).width, folder=folder), color)
        click.echo()
    elif format_ == "github":
        from evaluator.render.suite_github import failure_command

        click.echo(failure_command(failure, folder=folder))


def _show_end(outcomes: Sequence[SuiteOutcome], format_: str, color: Color, folder: str) -> None:
    if format_ == "json":
        from evaluator.render.suite_json import outcomes_json

        print_json(outcomes_json(outcomes, folder=folder))
    elif format_ == "junit":
        from evaluator.render.suite_junit import outcomes_junit

        text = outcomes_junit(outcomes, folder=folder) + "\n"
        encoding = sys.stdout.encoding or "ascii"
        sys.stdout.write(text.encode(encoding, "xmlcharrefreplace").decode(encoding))
    elif format_ == "github":
        from evaluator.render.suite_text import total

        click.echo(total(outcomes))
    else:
        from evaluator.render.suite_text import suites_text

        show(suites_text(outcomes), color)
