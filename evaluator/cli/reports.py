"""What ``diff`` and ``replay`` have in common: the options of reports, printing, exit codes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from evaluator.cli.screens import Color, color_option, print_json, show
from evaluator.history.reporting import Report

__all__ = ["fails", "report_options", "show_report"]

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--format",
        "format_",
        type=click.Choice(["text", "json", "github"]),
        default="text",
        show_default=True,
        help="How to print.",
    ),
    click.option(
        "--fail-on",
        type=click.Choice(["flip-to-allow", "any"]),
        help="Exit with 1 if a request is newly allowed, or if any is decided otherwise.",
    ),
    click.option("--locale", metavar="TAG", help="The locale of messages, such as da."),
    click.option(
        "--functions", metavar="MODULE:ATTRIBUTE", help="A mapping with the host functions."
    ),
    color_option,
)


def report_options(function: F) -> F:
    """Format, when to fail, locale and host functions."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def show_report(report: Report, format_: str, color: Color, *, folder: str) -> None:
    """The report in a format; ``folder`` is put before the files of the new version."""
    if format_ == "json":
        from evaluator.render.diff_json import diff_json

        print_json(diff_json(report))
    elif format_ == "github":
        from evaluator.render.diff_github import diff_commands
        from evaluator.render.diff_words import totals

        for line in diff_commands(report, folder=folder):
            click.echo(line)
        click.echo(totals(report))
    else:
        from evaluator.render.diff_text import diff_text

        show(diff_text(report), color)
    sys.stdout.flush()


def fails(report: Report, fail_on: str | None) -> int:
    """The exit code that ``--fail-on`` asks for."""
    if fail_on == "any":
        return int(report.groups.differing > 0)
    return int(fail_on == "flip-to-allow" and report.groups.flips["allow"] > 0)
