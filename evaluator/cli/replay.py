"""``evaluator replay``: logged decisions made again."""

from __future__ import annotations

import click

from evaluator.cli.inputs import host_functions
from evaluator.cli.logs import Damage, records
from evaluator.cli.reports import fails, report_options, show_report
from evaluator.cli.screens import Color, example
from evaluator.cli.versions import checked_locale, load_version, path_of
from evaluator.history.replaying import Replay
from evaluator.history.reporting import Report

__all__ = ["replay"]


@click.command(epilog=example("evaluator replay decisions.jsonl -p policies --fail-on any"))
@click.argument("logs", nargs=-1, required=True, type=click.Path(), metavar="LOG.jsonl...")
@click.option(
    "-p",
    "--policies",
    "path",
    type=click.Path(),
    default="policies",
    show_default=True,
    metavar="NEW",
    help="The folder of a pack or of packs, or of a git revision: HEAD~1:policies.",
)
@report_options
def replay(
    logs: tuple[str, ...],
    path: str,
    format_: str,
    fail_on: str | None,
    locale: str | None,
    functions: str | None,
    color: Color,
) -> int:
    """Decide logged requests again, each at its own time, and show what comes out otherwise.

    A log has a record a line, as `evaluator decide --log` writes them: {"request": ...,
    "decision": ..., "decided_at": ...}, or a decision with its request among its members. It may be
    compressed (.gz); - is standard input. Damaged lines are told on standard error, counted and
    left out; they do not change the exit code. Differences that may come from what is masked in a
    record are counted, and are no findings.
    """
    version = load_version(path, host_functions(functions), checked_locale(locale), color)
    run = Replay(version)
    damage = Damage(color)
    for place, record in records(logs, damage):
        problem = run.add(record, place)
        if problem is not None:
            damage.add(place, [problem])
    damage.finish()
    report = Report(
        ", ".join(logs),
        path,
        run.groups,
        run.findings(),
        new_prefix=version.prefix,
        damaged=damage.count,
        again=True,
        masked=run.masked,
    )
    show_report(report, format_, color, folder=path_of(version))
    return fails(report, fail_on)
