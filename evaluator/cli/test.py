"""``evaluator test``: the suites of packs run."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click

from evaluator.cli.coverage_options import CoverageOptions, coverage_options, report_coverage
from evaluator.cli.running import failures
from evaluator.cli.screens import Color, color_option, console, example, print_json, show
from evaluator.cli.suites import Loaded, Target, load_suites, target_of
from evaluator.cli.updating import refuse_dirty_tree, update
from evaluator.cli.watching import Watch
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
@click.option(
    "--update", "updating", is_flag=True, help="Rewrite what is expected of failed steps."
)
@click.option("--yes", is_flag=True, help="With --update: do not ask.")
@click.option("--force", is_flag=True, help="With --update: though the git tree has changes.")
@click.option("--watch", "watching", is_flag=True, help="Run again whenever a file changes.")
@coverage_options
@color_option
def test(
    path: str,
    expression: str | None,
    format_: str,
    fail_fast: bool,
    jobs: int,
    functions: str | None,
    updating: bool,
    yes: bool,
    force: bool,
    watching: bool,
    coverage: CoverageOptions | None,
    color: Color,
) -> int:
    """Run the suites of packs: what the policies must decide, case by case.

    PATH is the folder of a pack or of packs (policies by default), or one suite. A case is one
    step, or several: one for each moment or combination. Exits with 1 when a step fails or less is
    shown than must be, with 2 when a policy or a suite cannot be read.
    """
    processes = jobs or os.cpu_count() or 1
    run = _Run(target_of(path), expression, format_, fail_fast, processes, functions, color)
    if updating and format_ != "text":
        raise click.UsageError("--update goes with --format text.")
    if updating and watching:
        raise click.UsageError("Choose --update or --watch.")
    if coverage is not None and watching:
        raise click.UsageError("Choose --coverage or --watch.")
    if watching:
        return run.again_and_again()
    if updating and not force:
        refuse_dirty_tree(run.target)
    loaded, found = run.once()
    if updating and found:
        everything = places(loaded.suites)
        if update(run.target, found, everything, agreed=yes, color=color):
            loaded, found = run.once()
    if coverage is None or (found and fail_fast):
        return 1 if found else 0
    chosen = _chosen(loaded, expression)
    apart = format_ in ("json", "junit")
    return max(report_coverage(coverage, loaded, chosen, color, err=apart), 1 if found else 0)


@dataclass(frozen=True, slots=True)
class _Run:
    """What a run of the command is asked for."""

    target: Target
    expression: str | None
    format_: str
    fail_fast: bool
    processes: int
    functions: str | None
    color: Color

    def once(self) -> tuple[Loaded, list[Failure]]:
        """Runs the steps and shows what they come to."""
        loaded = load_suites(self.target, self.functions, self.color, format_=self.format_)
        chosen = _chosen(loaded, self.expression)
        found: list[Failure] = []
        for failure in failures(
            loaded,
            chosen,
            processes=self.processes,
            functions=self.functions,
            color=self.color,
        ):
            found.append(failure)
            self._show_failure(failure)
            if self.fail_fast:
                break
        self._show_end(list(_outcomes(loaded, chosen, found)))
        return loaded, found

    def again_and_again(self) -> int:
        """Runs the steps now and after each change, until somebody interrupts."""
        watch = Watch(self.target.folder)
        while True:
            try:
                self.once()
            except click.ClickException as error:
                error.show()
            except click.exceptions.Exit:  # what is wrong has been shown
                pass
            sys.stdout.flush()
            click.echo("Waiting for changes; Ctrl-C ends it.", err=True)
            watch.wait()

    def _show_failure(self, failure: Failure) -> None:
        folder = self.target.prefix
        if self.format_ == "text":
            from evaluator.render.suite_text import failure_text

            show(failure_text(failure, width=console(self.color).width, folder=folder), self.color)
            click.echo()
        elif self.format_ == "github":
            from evaluator.render.suite_github import failure_command

            click.echo(failure_command(failure, folder=folder))

    def _show_end(self, outcomes: Sequence[SuiteOutcome]) -> None:
        folder = self.target.prefix
        if self.format_ == "json":
            from evaluator.render.suite_json import outcomes_json

            print_json(outcomes_json(outcomes, folder=folder))
        elif self.format_ == "junit":
            from evaluator.render.suite_junit import outcomes_junit

            text = outcomes_junit(outcomes, folder=folder) + "\n"
            encoding = sys.stdout.encoding or "ascii"
            sys.stdout.write(text.encode(encoding, "xmlcharrefreplace").decode(encoding))
        elif self.format_ == "github":
            from evaluator.render.suite_text import total

            click.echo(total(outcomes))
        else:
            from evaluator.render.suite_text import suites_text

            show(suites_text(outcomes), self.color)


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
