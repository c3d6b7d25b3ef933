"""``evaluator diff``: what two versions of policies decide differently."""

from __future__ import annotations

import time
from collections.abc import Sequence

import click

from evaluator.cli.inputs import host_functions
from evaluator.cli.logs import Damage, records
from evaluator.cli.reports import fails, report_options, show_report
from evaluator.cli.running import progress
from evaluator.cli.screens import Color, example
from evaluator.cli.versions import checked_locale, load_version, path_of
from evaluator.diagnostics import Severity
from evaluator.history.comparing import Comparison
from evaluator.history.exploring import explore
from evaluator.history.reporting import Report
from evaluator.history.versions import Version
from evaluator.render.escape import visible
from evaluator.suites.model import Question
from evaluator.suites.reading import read_suites

__all__ = ["diff"]


@click.command(epilog=example("evaluator diff main:policies policies --fail-on flip-to-allow"))
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--requests",
    "files",
    multiple=True,
    type=click.Path(),
    metavar="FILE",
    help="Decide the requests in a file: JSON, JSON Lines of requests or of logged decisions"
    " (.gz too), - for standard input. May be given several times.",
)
@click.option(
    "--suites", "from_suites", is_flag=True, help="Decide those of both versions' suites."
)
@click.option(
    "--boundaries",
    "at_boundaries",
    is_flag=True,
    help="Make requests up: each constant of what was edited, one below and one above.",
)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=10_000,
    show_default=True,
    metavar="N",
    help="Make up N requests at most.",
)
@report_options
def diff(
    old: str,
    new: str,
    files: tuple[str, ...],
    from_suites: bool,
    at_boundaries: bool,
    limit: int,
    format_: str,
    fail_on: str | None,
    locale: str | None,
    functions: str | None,
    color: Color,
) -> int:
    """Show what two versions of policies decide differently, and by which edit.

    OLD and NEW are folders, or folders of git revisions: HEAD~1:policies, main:./policies. The
    requests come from the suites of both and from the boundaries of what was edited, unless one of
    --requests, --suites and --boundaries says otherwise.
    """
    bound = host_functions(functions)
    checked_locale(locale)
    versions = [load_version(name, bound, locale, color) for name in (old, new)]
    comparison = Comparison(*versions)
    damage = Damage(color)
    everything = not (files or from_suites or at_boundaries)
    asked: list[Question] = []
    if from_suites or everything:
        asked += _ask_suites(comparison, versions)
    if files:
        asked += _ask_files(comparison, files, damage)
    exhausted, unnoticed = True, comparison.unnoticed()
    if at_boundaries or everything:
        if not (from_suites or everything):  # they are worth beginning from, and are not counted
            asked += _suites(comparison, versions)
        now = asked[0].now if asked else time.time_ns()
        with progress(limit, color) as advance:
            explored = explore(comparison, asked, now=now, budget=limit, advance=advance)
        exhausted, unnoticed = explored.exhausted, explored.unnoticed
    damage.finish()
    report = Report(
        old,
        new,
        comparison.groups,
        comparison.findings(),
        comparison.edits,
        unnoticed,
        versions[0].prefix,
        versions[1].prefix,
        exhausted,
        damage.count,
    )
    show_report(report, format_, color, folder=path_of(versions[1]))
    return fails(report, fail_on)


def _ask_suites(comparison: Comparison, versions: Sequence[Version]) -> list[Question]:
    asked = []
    for version in versions:
        for name, question in _steps(version):
            comparison.ask(question, "suites", origin=name)
            asked.append(question)
    return asked


def _suites(comparison: Comparison, versions: Sequence[Version]) -> list[Question]:
    """The questions of the suites, as seeds only."""
    found = []
    for version in versions:
        for _, question in _steps(version):
            comparison.seed(question)
            found.append(question)
    return found


def _steps(version: Version) -> list[tuple[str, Question]]:
    """The steps of a version's suites; suites with errors are shown and left out."""
    read = read_suites(version.files, version.packs)
    errors = [one for one in read.diagnostics if one.severity is Severity.ERROR]
    if errors:
        click.echo(
            f"Suites of {visible(version.name)} with errors are left out:"
            f" {visible(str(errors[0]))}"
            + (f"; and {len(errors) - 1} more" if len(errors) > 1 else ""),
            err=True,
        )
    found = []
    for suite in read.suites:
        for case, step in suite.steps():
            label = "" if step.label is None else f" [{step.label}]"
            found.append((f"{suite.name}: {case.name}{label}", step.question))
    return found


def _ask_files(comparison: Comparison, files: Sequence[str], damage: Damage) -> list[Question]:
    """Asks what is in files, at its own moment or now; some of it, for examples of texts."""
    now = time.time_ns()
    some: list[Question] = []
    for place, record in records(files, damage):
        question = Question(record.request, now if record.decided_at is None else record.decided_at)
        comparison.ask(question, "requests", origin=place, each=True)
        if len(some) < 1_000:
            some.append(question)
    return some
